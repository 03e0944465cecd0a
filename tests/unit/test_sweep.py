"""A sweep: every combination of a grid once, draws that follow from the seed, and a sentence for what cannot be run."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest

from aecore.experiment.halving import Halving, Ladder
from aecore.experiment.sweep import MOST, Sweep, as_text, from_text, point_text
from aecore.experiment.sweep_searches import Range, SweepError, Values, range_of, search_of, searchable
from aecore.settings import SettingsError

KNOBS = searchable("undercomplete")
SIZES, RATES = Values((2, 4, 8)), range_of(KNOBS["learning_rate"], 0.0005, 0.05)
GRID = Sweep("digits", "undercomplete", {"epochs": 3})
RANDOM = Sweep("digits", "undercomplete", {"epochs": 40}, {"latent_size": SIZES, "learning_rate": RATES}, runs=20)


def grid(**searched: Values | Range) -> Sweep:
    return replace(GRID, searched=searched)


PLAIN = grid(latent_size=SIZES, loss=Values(("mse", "bce")))


def test_a_grid_has_every_combination_once_in_order() -> None:
    points = PLAIN.points()
    assert [tuple(point.values()) for point in points] == list(product((2, 4, 8), ("mse", "bce")))
    for settings, point in zip(PLAIN.settings(), points, strict=True):
        assert settings.training.epochs == 3
        assert {name: settings.flat()[name] for name in point} == point


def test_draws_follow_from_the_seed_and_are_all_different() -> None:
    points = RANDOM.points()
    assert len(points) == 20 == len({point_text(point) for point in points})
    assert points == RANDOM.points()
    assert points != replace(RANDOM, seed=1).points()
    assert {point["latent_size"] for point in points} == {2, 4, 8}


def test_a_logarithmic_knob_is_drawn_evenly_over_its_decades() -> None:
    rates = [each["learning_rate"] for each in replace(RANDOM, runs=MOST).points()]
    middle = math.sqrt(0.0005 * 0.05)
    assert 0.4 < sum(rate < middle for rate in rates) / MOST < 0.6
    assert 0.0005 <= min(rates) < max(rates) <= 0.05


def test_whole_numbers_are_drawn_up_to_both_ends() -> None:
    drawn = Sweep("digits", "undercomplete", {}, {"latent_size": range_of(KNOBS["latent_size"], 3, 6)}, runs=4)
    assert sorted(point["latent_size"] for point in drawn.points()) == [3, 4, 5, 6]


def test_a_noise_level_without_a_corruption_makes_no_second_run() -> None:
    noisy = grid(corruption=Values(("none", "masking")), noise_level=Values((0.2, 0.5)))
    assert [tuple(point.values()) for point in noisy.points()] == [("none", 0.2), ("masking", 0.2), ("masking", 0.5)]


@pytest.mark.parametrize(
    ("sweep", "told"),
    [
        (replace(PLAIN, searched={}), "at least one setting"),
        (replace(PLAIN, data="nothing"), "nothing"),
        (replace(PLAIN, variant="nothing"), "no variant 'nothing'"),
        (grid(beauty=SIZES), "'beauty' cannot be searched"),
        (grid(leave_out=Values(("1",))), "'leave_out' cannot be searched"),
        (grid(epochs=Values((1, 2))), "epochs is searched, so it cannot be 3"),
        (grid(latent_size=Values((0, 2))), "latent_size is 0; it must lie between 1 and"),
        (grid(latent_size=Values(())), "latent_size is searched, but no value"),
        (grid(loss=Values(("mse", "love"))), "loss is 'love'"),
        (grid(learning_rate=RATES), "learning_rate is a range, and a grid needs single values"),
        (grid(latent_size=Values(tuple(range(1, 21))), batch_size=Values(tuple(range(1, 12)))), "220 combinations"),
        (replace(RANDOM, runs=201), "runs is 201"),
        (replace(RANDOM, searched={"latent_size": Range(5, 5, is_whole=True)}), "latent_size is empty: it goes from 5"),
        (replace(RANDOM, searched={"learning_rate": Range(0.5, 0.1, True)}), "learning_rate is empty"),
        (replace(RANDOM, searched={"learning_rate": Range(1e-9, 0.1, True)}), "learning_rate is 1e-09"),
        (replace(RANDOM, searched={"loss": Range(0, 1)}), "loss"),
        (replace(RANDOM, searched={"latent_size": SIZES}), "only 3 different settings"),
        (replace(RANDOM, fixed={"widths": (0,)}), "widths is 0"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(sweep: Sweep, told: str) -> None:
    with pytest.raises(SweepError, match=told):
        sweep.settings()


@pytest.mark.parametrize(
    ("sweep", "told"),
    [
        (replace(RANDOM, halving=Halving(first=40)), "after 40 epochs, but each run has only 40"),
        (replace(RANDOM, fixed={}, searched={"epochs": Values((5, 9))}, runs=2, halving=Halving()), "epochs cannot"),
        (replace(RANDOM, data="faces", variant="stacked", halving=Halving()), "layer by layer"),
    ],
)
def test_early_stopping_is_refused_where_runs_cannot_be_compared(sweep: Sweep, told: str) -> None:
    with pytest.raises(SweepError, match=told):
        sweep.settings()


def test_with_early_stopping_a_grid_comes_in_an_order_of_its_own() -> None:
    halved = replace(grid(latent_size=Values(tuple(range(2, 30)))), halving=Halving())
    sizes = [point["latent_size"] for point in halved.points()]
    assert sorted(sizes) == list(range(2, 30)) != sizes
    assert halved.points() == halved.points()


@pytest.mark.parametrize(
    "text",
    [
        "", "~", "digits", "digits~nothing", "digits~undercomplete~", "digits__runs_x~undercomplete~latent_size__2",
        "digits__halving_3~undercomplete~latent_size__2", "digits__halving_1-1~undercomplete~latent_size__2",
        "digits~undercomplete~loss__a..b", "digits~undercomplete~latent_size__2..", "digits~undercomplete__k_3",
        "nothing~undercomplete~latent_size__2", "d" * 3000,
    ],
)  # fmt: skip
def test_a_broken_link_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SweepError, match=r"\.$"):
        from_text(text).settings()


def test_a_link_gives_the_sweep_back() -> None:
    for sweep in (PLAIN, RANDOM, replace(RANDOM, halving=Halving(4, 2)), grid(widths=Values(((), (64, 32))))):
        assert from_text(as_text(sweep)) == sweep


def test_a_search_from_the_command_line() -> None:
    assert search_of("latent_size", "2", "4", variant="undercomplete") == ("latent_size", Values((2, 4)))
    assert search_of("learning_rate", "0.0005..0.05", variant="undercomplete") == ("learning_rate", RATES)
    with pytest.raises(SettingsError, match="loss has no range"):
        search_of("loss", "a..b", variant="undercomplete")


def records(*errors: float | None, start: float = 0.0) -> list[dict[str, float | None]]:
    return [{"epoch": epoch, "validation_mse": error, "time": start + epoch} for epoch, error in enumerate(errors, 1)]


def test_the_rungs_lie_below_the_end() -> None:
    assert Halving(3, 2).rungs(20) == [2, 6, 18]
    assert Halving(3, 2).rungs(18) == [2, 6]
    assert Halving(3, 2).rungs(2) == []


def test_at_a_rung_one_in_eta_goes_on() -> None:
    ladder = Ladder(Halving(3, 1))
    goes_on = [ladder.arrive(1, str(index), error) for index, error in enumerate([5.0, 6.0, 4.0, 7.0, 4.5, 4.2, 3.0])]
    assert goes_on == [True, False, True, False, False, True, True]


def test_a_run_is_judged_once_at_each_rung() -> None:
    ladder = Ladder(Halving(2, 2))
    logs = {"a": records(9, 3.0, 2, 1), "b": records(9, 4.0, 0.1, 0.1, start=0.5)}
    assert ladder.look(logs, 8) == ["b"], "which had the larger error after two epochs, whatever came later"
    assert ladder.look(logs, 8) == []
    assert ladder.rungs == {2: {"a": 3.0, "b": 4.0}, 4: {"a": 1}}


def test_who_comes_first_goes_on_whatever_the_order_of_reading() -> None:
    logs = {"late": records(1, 3.0, start=50), "early": records(1, 4.0)}
    ladder = Ladder(Halving(2, 2))
    assert ladder.look(logs, 8) == []
    assert ladder.rungs[2] == {"early": 4.0, "late": 3.0}


def test_records_without_a_validation_error_tell_nothing() -> None:
    assert Ladder(Halving(2, 1)).look({"a": records(None, math.nan), "b": []}, 8) == []
