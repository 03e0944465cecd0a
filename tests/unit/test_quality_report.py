"""docs/quality.md says what was measured, of presets that are still there; a goal that is missed is said to be."""

import json

import pytest

from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS
from aecore.experiment.presets import PRESETS
from aecore.recommender.evaluation import published
from aecore.recommender.models import MODELS
from tests.quality.recommenders_taste import RANGED
from tests.quality.report import FIGURES, PARTS, REPORT, is_reached, page, shown

KNOWN = json.loads(FIGURES.read_text())


def test_the_page_is_written_from_the_figures() -> None:
    assert REPORT.read_text() == page(KNOWN)


def test_the_app_shows_the_figures_that_were_measured() -> None:
    assert json.loads(published.FILE.read_text()) == shown(KNOWN)


@pytest.mark.parametrize("name", PARTS)
def test_every_row_has_been_measured(name: str) -> None:
    assert set(KNOWN[name]) == set(PARTS[name].rows)


MISSED: set[tuple[str, str]] = {("dislikes", "5"), ("dislikes", "10"), ("dislikes", "20")}
"""Goals that have not been reached yet, and are told as missed; whoever reaches one takes it out."""


@pytest.mark.parametrize(
    "name",
    [
        "presets",
        "deep",
        "repairs",
        "sparse",
        "likelihood",
        "stars",
        "ranking",
        "faithful",
        "builtin",
        "dislikes",
        "ranges",
    ],
)
def test_every_goal_is_reached_or_known_to_be_missed(name: str) -> None:
    for row in PARTS[name].rows:
        assert is_reached(PARTS[name], row, KNOWN[name]) != ((name, row) in MISSED), row


def test_a_missed_goal_is_told() -> None:
    worse = KNOWN | {"deep": {**KNOWN["deep"], "deep-random": {**KNOWN["deep"]["deep-random"], "mse": 3.2}}}
    assert not is_reached(PARTS["deep"], "deep-random", worse["deep"])
    assert page(worse).count("**missed**") == page(KNOWN).count("**missed**") + 1


@pytest.mark.parametrize("name", PARTS)
def test_rows_are_named_after_what_they_measure(name: str) -> None:
    assert set(PARTS[name].rows) <= {
        *PRESETS,
        *CLASSICAL_DENOISERS,
        *MODELS,
        "pixels",
        "copier",
        "deep-sigmoid",
        "plain",
        "faithful",
        "builtin",
        "weights",
        "likes",
        *map(str, RANGED),
    }


def test_a_change_has_its_interval_beside_it_and_the_change_of_a_figure_is_not_the_figure_s_own() -> None:
    row = {"ndcg_before": 0.4, "ndcg": 0.41, "ndcg_change": 0.01, "ndcg_change_low": -0.002, "ndcg_change_high": 0.02}
    row |= {"disliked_before": 0.2, "disliked": 0.1, "disliked_change": -0.1, "share": -50.0, "popularity": 0.3}
    line = page({"dislikes": {"5": row | {"day": "2026-01-01"}}})  # type: ignore[dict-item]  # a text
    assert "| 0.4000 | 0.4100 | +0.0100 (-0.0020 to +0.0200) | 0.200 | 0.100 | -0.100 | -50 | 0.300 |" in line
    assert "reached" in line
    assert "**missed**" in page({"dislikes": {"5": row | {"ndcg_change": -0.01, "day": ""}}})  # type: ignore[dict-item]
