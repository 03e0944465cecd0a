"""A comparison: its entries share what they must, see the same examples in the same order,
and refuse what cannot be run in a sentence.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from aecore.datasets import DATASETS, load
from aecore.experiment.comparison import (
    MOST,
    Comparison,
    ComparisonEntry,
    ComparisonError,
    as_text,
    entry_knobs,
    from_text,
    own_defaults,
)
from aecore.experiment.comparison_presets import COMPARISON_PRESETS
from aecore.experiment.settings import RunSettings
from aecore.training import loop
from aecore.training.loop import begin, fit
from aecore.variants import VARIANTS
from ui.screens.race.names import entry_names

TWO = (ComparisonEntry("linear"), ComparisonEntry("undercomplete", {"latent_size": 5}))
EVERY = tuple(map(ComparisonEntry, VARIANTS))


def first_epoch(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> Tensor:
    """The examples that a training takes its first epoch's steps on, as they come."""
    data, seen = load(settings.data), []
    make_step = loop.make_step

    def watched(*arguments: Any) -> Any:
        step = make_step(*arguments)
        return lambda clean, rate: seen.append(clean.clone()) or step(clean, rate)

    monkeypatch.setattr(loop, "make_step", watched)
    x, model = (
        torch.from_numpy(data.train.x),
        VARIANTS[settings.variant].build(settings.model, data.shape, torch.Generator().manual_seed(0)),
    )
    steps = math.ceil(len(x) / settings.training.batch_size)
    for _ in fit(begin(model, settings.training), x, x[:10], settings.training):
        if len(seen) >= steps:
            break
    monkeypatch.setattr(loop, "make_step", make_step)
    return torch.cat(seen[:steps]).flatten(1)


def test_all_entries_have_the_races_data_epochs_batch_size_and_seed() -> None:
    for settings in Comparison.on("digits", EVERY[:MOST], epochs=7, batch_size=32, seed=11).settings():
        assert (settings.data, settings.training.epochs, settings.training.batch_size, settings.training.seed) == (
            "digits",
            7,
            32,
            11,
        )


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_entry_sees_the_same_examples_in_the_same_order(variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Comparison.on(
        "digits", (ComparisonEntry("linear"), ComparisonEntry(variant)), epochs=1, batch_size=100, seed=3
    ).settings()
    seen = first_epoch(first, monkeypatch)
    assert len(seen) == len(load("digits").train)
    assert torch.equal(first_epoch(second, monkeypatch), seen)


def test_another_seed_is_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (
        first_epoch(Comparison.on("digits", TWO, epochs=1, seed=seed).settings()[0], monkeypatch) for seed in (0, 1)
    )
    assert not torch.equal(one, other)
    assert torch.allclose(one.sum(0), other.sum(0), atol=1e-3), "the examples themselves are the same"


@pytest.mark.parametrize("data", [name for name, about in DATASETS.items() if not about.remote])
@pytest.mark.parametrize("name", COMPARISON_PRESETS)
def test_a_comparison_preset_can_be_trained_on_all_data_or_is_not_offered(name: str, data: str) -> None:
    race = COMPARISON_PRESETS[name].on(data)
    if race is None:
        assert not DATASETS[data].is_image
        return
    assert len(race.settings()) == len(race.entries) >= 2
    assert len(set(entry_names(race))) == len(race.entries)
    assert from_text(as_text(race)) == race


def test_entries_of_one_name_are_numbered() -> None:
    race = Comparison.on(
        "digits",
        (ComparisonEntry("linear"), ComparisonEntry("linear"), ComparisonEntry("linear", {"learning_rate": 0.01})),
    )
    assert entry_names(race) == ["Linear (PCA)", "Linear (PCA) (2)", "Linear (PCA) · learning rate 0.01"]


def test_on_other_data_an_invalid_entry_takes_the_defaults() -> None:
    race = Comparison.on(
        "faces",
        (ComparisonEntry("linear", {"latent_size": 500}), ComparisonEntry("undercomplete", {"learning_rate": 0.01})),
        seed=4,
    )
    moved = race.moved_to("digits")
    assert moved.entries == (ComparisonEntry("linear"), ComparisonEntry("undercomplete", {"learning_rate": 0.01}))
    assert (moved.data, moved.seed, moved.epochs) == ("digits", 4, 150)


def test_an_entry_can_be_added_changed_and_taken_out() -> None:
    race = Comparison.on("digits", TWO)
    more = race.with_entry(2, ComparisonEntry("deep"))
    assert [entry.variant for entry in more.entries] == ["linear", "undercomplete", "deep"]
    assert [entry.variant for entry in more.with_entry(0, ComparisonEntry("k-sparse")).entries] == [
        "k-sparse",
        "undercomplete",
        "deep",
    ]
    assert [entry.variant for entry in more.with_entry(1, None).entries] == ["linear", "deep"]


@pytest.mark.parametrize(
    ("race", "told"),
    [
        (Comparison.on("digits", TWO[:1]), "A race has 2 to 6 entries; this one has 1."),
        (Comparison.on("digits", EVERY[:7]), "A race has 2 to 6 entries; this one has 7."),
        (Comparison.on("digits", (*TWO, ComparisonEntry("linear", {"latent_size": 65}))), "Entry 3: .*65"),
        (
            Comparison.on("spiral", (ComparisonEntry("linear"), ComparisonEntry("convolutional"))),
            "Entry 2: .*needs pictures",
        ),
        (replace(Comparison.on("digits", TWO), epochs=0), "Entry 1: epochs is 0"),
    ],
)
def test_an_invalid_comparison_is_refused_with_the_entry_and_the_reason(race: Comparison, told: str) -> None:
    with pytest.raises(ComparisonError, match=told):
        race.settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "2 to 6 entries; this one has 0"),
        ("digits", "2 to 6 entries; this one has 0"),
        ("digits~linear", "2 to 6 entries; this one has 1"),
        ("digits" + "~linear" * 7, "2 to 6 entries; this one has 7"),
        ("cats~linear~linear", "no data set 'cats'"),
        ("digits~linear~quadratic", "no variant 'quadratic'"),
        ("digits__epochs_0~linear~linear", "epochs is 0"),
        ("digits__epochs_many~linear~linear", "epochs is 'many'"),
        ("digits__laps_3~linear~linear", "'laps_3' is no setting of digits"),
        ("digits~linear__speed_9~linear", "'speed_9' is no setting of linear"),
        ("digits~linear__seed_9~linear", "'seed_9' is no setting of linear"),
        ("digits~linear__latent_size_x~linear", "latent_size is 'x'"),
        ("digits~linear__learning_rate_nan~linear", "learning_rate is nan"),
        ("x" * 2001, "2,001 letters"),
    ],
)
def test_a_link_that_describes_no_race_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(ComparisonError, match=told):
        from_text(text)


def test_a_short_link_takes_the_datas_defaults() -> None:
    race = from_text("digits~linear~undercomplete__latent_size_5")
    assert (race.epochs, race.batch_size, race.seed) == (150, 64, 0)
    assert race.entries == TWO
    assert from_text("digits~undercomplete__widths_none~undercomplete__widths_64-32").entries[1].values == {
        "widths": (64, 32)
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_defaults_of_an_entry_are_those_of_its_run(variant: str) -> None:
    race = Comparison.on("digits", (ComparisonEntry("linear"), ComparisonEntry(variant)))
    taken = race.settings()[1].flat()
    assert own_defaults("digits", variant) == {
        name: tuple(taken[name]) if isinstance(taken[name], list) else taken[name] for name in entry_knobs(variant)
    }


@pytest.mark.parametrize("name", ["8", "T-shirt/top", "a_b__c", "half ~ way", "100 %41", "ümläut"])
def test_a_class_of_any_name_survives_the_link(name: str) -> None:
    race = Comparison.on("digits", (ComparisonEntry("linear", {"leave_out": name}), ComparisonEntry("linear")))
    assert from_text(as_text(race)) == race
