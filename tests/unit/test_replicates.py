"""The same settings from several seeds: who belongs together, means and spreads."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from aecore.experiment.replicates import by_entry, mean_records, mean_result, seeds_from, spread
from aecore.experiment.results import Result
from ui.screens.race.figures import race_figure, spread_text
from ui.widgets.figures import Curves

DONE = Result("a" * 12, "One", "done", 1.0, True, 0.02, 1.28, 0.04, 0.9, 3.0, 1000, 10)
TRAINING = replace(DONE, state="training", share=0.25, is_measured=False, mse=0.005, probe=None)


def run(seed: int, **settings: object) -> Any:
    return SimpleNamespace(settings={"seed": seed, "data": "digits", **settings})


def test_runs_that_differ_in_their_seed_alone_belong_together() -> None:
    thrice = [run(seed, variant=variant) for seed in (7, 8, 9) for variant in ("linear", "sparse-l1")]
    assert by_entry(thrice) == [[0, 2, 4], [1, 3, 5]]
    assert by_entry(thrice[:2]) == [[0], [1]], "one seed has no spread"
    assert by_entry(thrice[:3]) == [[0], [1], [2]], "an earlier run that joined is no replicate"
    assert by_entry([run(7), run(7)]) == [[0], [1]], "the same seed twice is the same run"


def test_seeds_follow_each_other_and_stay_within_bounds() -> None:
    assert seeds_from(7, 100) == (7, 8, 9)
    assert seeds_from(100, 100) == (98, 99, 100)


def test_means_wait_for_the_slowest() -> None:
    better = replace(DONE, mse=0.04)
    assert mean_result([DONE, better], "Both").mse == pytest.approx(0.03)
    assert mean_result([DONE, better], "Both").is_measured
    waiting = mean_result([DONE, TRAINING], "Both")
    assert not waiting.is_measured
    assert waiting.state == "training"
    assert waiting.share == pytest.approx(0.625)
    assert waiting.probe is None, "one of them has not been probed"


def test_curves_are_means_with_a_band_over_what_all_have_reached() -> None:
    def log(*errors: float | None) -> list[dict[str, Any]]:
        return [{"epoch": n, "seconds": 2.0 * n, "validation_mse": each} for n, each in enumerate(errors, 1)]

    logs = [log(0.4, 0.2, 0.1), log(0.2, 0.1), log(0.3, 0.3, None)]
    means, band = mean_records(logs), spread(logs)
    assert [row["validation_mse"] for row in means] == pytest.approx([0.3, 0.2])
    assert [(point.low, point.high) for point in band] == [(0.2, 0.4), (0.1, 0.3)]
    figure = race_figure([Curves("Three", means)], over="seconds", is_log=True, bands=[band])
    drawn = next(trace for trace in figure.data if trace.name == "spread 1")
    assert list(drawn.x) == [2, 4, 4, 2]
    assert list(drawn.y) == [0.4, 0.3, 0.1, 0.2]


def test_a_spread_is_told_in_words() -> None:
    assert spread_text("Linear", [0.2, None, 0.1]) == "Linear: 0.10000 to 0.20000"
    assert spread_text("Linear", [None]) == "Linear: not known yet"
