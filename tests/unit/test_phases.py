"""Greedy training: layers learn one after another, the others are frozen,
and a checkpoint in any phase resumes as if uninterrupted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from aecore import progress
from aecore.experiment.checkpoints import load_checkpoint, save_checkpoint
from aecore.settings import SettingsError
from aecore.training.loop import TrainingState, begin, fit
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder
from tests.small_training import examples, half_masked, settings_of, weights

GREEDY = pytest.mark.parametrize("variant", ["stacked", "deep"])


@pytest.fixture(autouse=True)
def _every_step_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "RECORD_SECONDS", 0.0)


def build(variant: str, **values: object) -> Autoencoder:
    settings = VARIANTS[variant].settings_class.from_dict(
        {"widths": (9, 7), "latent_size": 3, "layer_epochs": 2, **values}
    )
    return VARIANTS[variant].build(settings, (12,), torch.Generator().manual_seed(0))


def moved(before: list[torch.Tensor], state: TrainingState) -> set[str]:
    names = list(state.model.state_dict())
    return {name for name, old, new in zip(names, before, weights(state), strict=True) if not torch.equal(old, new)}


@GREEDY
def test_the_phases_share_one_time_line(variant: str) -> None:
    records = list(fit(begin(build(variant), settings_of()), examples(), examples(), settings_of()))
    phases = list(dict.fromkeys(record.phase for record in records))
    assert len(phases) == 4
    assert phases[-1] == "fine-tuning"
    assert [record.epoch for record in records if record.is_epoch] == list(range(1, 10)), (
        "three layers of two epochs, and three more"
    )
    assert records[-1].share == 1
    assert [record.share for record in records] == sorted(record.share for record in records)


@GREEDY
def test_while_one_layer_learns_the_others_are_frozen(variant: str) -> None:
    state, before, previous = begin(build(variant), settings_of()), [], ""
    for record in fit(state, examples(), examples(), settings_of()):
        if record.phase != previous:
            before, previous = weights(state), record.phase
            continue
        index = int(record.phase[-1]) - 1 if record.phase[-1].isdigit() else None
        if index is not None:
            assert moved(before, state) - {f"decoder.{4 - 2 * index}.weight"} <= {
                f"encoder.{2 * index}.weight", f"encoder.{2 * index}.bias", f"decoder.{4 - 2 * index}.bias"
            }  # fmt: skip
    assert moved(before, state) == set(state.model.state_dict()), "fine-tuning thaws everything"


@pytest.mark.long
@GREEDY
@pytest.mark.parametrize("at", [3, 8, 9, 26, 30])
def test_a_checkpoint_in_any_phase_resumes_with_the_same_numbers(variant: str, at: int, tmp_path: Path) -> None:
    whole = begin(build(variant), settings_of())
    list(fit(whole, examples(), examples(), settings_of(), half_masked))
    first = begin(build(variant), settings_of())
    for record in fit(first, examples(), examples(), settings_of(), half_masked):
        if record.step == at:
            save_checkpoint(tmp_path, first)
            break
    second = begin(build(variant), settings_of())
    assert load_checkpoint(tmp_path, second)
    list(fit(second, examples(), examples(), settings_of(), half_masked))
    assert second.step == whole.step
    for one, other in zip(weights(whole), weights(second), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-7)


def test_an_unrolled_machine_goes_back_by_its_own_weights() -> None:
    state = begin(build("deep"), settings_of())
    for record in fit(state, examples(), examples(), settings_of()):
        if record.phase == "fine-tuning":
            break
        if record.is_epoch:
            state.model.look(examples(2))
            index = int(record.phase[-1]) - 1
            assert torch.equal(state.model.down[index].weight, state.model.up[index].weight.t())


def test_only_the_first_layer_and_the_fine_tuning_see_corruption() -> None:
    assert [phase.is_corrupted for phase in build("stacked").phases(settings_of())] == [True, False, False, True]
    assert [phase.is_corrupted for phase in build("deep").phases(settings_of())] == [False, False, False, True]


@GREEDY
def test_a_random_start_has_one_phase(variant: str) -> None:
    assert [phase.label for phase in build(variant, start="random").phases(settings_of())] == [""]


@GREEDY
def test_a_stack_of_one_layer_is_refused(variant: str) -> None:
    with pytest.raises(SettingsError, match="a stack of one layer is no stack"):
        build(variant, widths=())


def test_machines_with_other_units_than_sigmoids_are_refused() -> None:
    with pytest.raises(SettingsError, match="sigmoid units"):
        build("deep", activation="relu")
    assert build("deep", activation="relu", start="random")


def test_while_a_machine_learns_it_has_fantasies_of_the_shape_of_the_examples() -> None:
    state, seen = begin(build("deep"), settings_of()), {}
    for record in fit(state, examples(), examples(), settings_of()):
        made = state.model.generate(5, torch.Generator().manual_seed(0))
        seen[record.phase] = None if made is None else made.shape
    assert seen.pop("fine-tuning") is None
    assert set(seen.values()) == {(5, 12)}
