"""What the anomaly page draws and says: the same bins for both groups, the operating point, and honest sentences."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.analyses.anomaly import Counts
from aecore.metrics.roc import Roc, roc
from ui.app.theme import NEGATIVE, ZERO
from ui.screens.anomaly.figures import bins, histogram_figure, roc_figure
from ui.screens.anomaly.text import area_words, baselines_words, counts_words, few_words, one_words
from ui.screens.anomaly.view import heat

RNG = np.random.default_rng(0)
NORMAL, ODD = RNG.gamma(2, 0.01, 300), RNG.gamma(4, 0.01, 80)


def curve(area: float, spread: float = 0.01) -> Roc:
    return Roc(np.array([0.0, 1.0]), np.array([0.0, 1.0]), area, spread)


def test_both_groups_share_bins_and_no_picture_is_lost() -> None:
    figure = histogram_figure(NORMAL, ODD, 0.03)
    normal, odd, threshold = figure.data
    assert list(normal.x) == list(odd.x)
    for trace in (normal, odd):
        assert sum(trace.y[:-1]) == pytest.approx(100)
    assert list(threshold.x) == [0.03, 0.03]
    assert len(bins(NORMAL, ODD)) > len(bins(NORMAL, ODD[:20])) > 8


def test_few_odd_pictures_are_drawn_one_by_one_and_errors_of_zero_too() -> None:
    figure = histogram_figure(np.append(NORMAL, 0.0), ODD[:3], 0.03)
    assert figure.data[1].mode == "markers"
    assert list(figure.data[1].x) == list(ODD[:3])
    assert sum(figure.data[0].y[:-1]) == pytest.approx(100)


def test_the_point_on_the_curve_is_where_the_counts_are() -> None:
    figure = roc_figure({"network": roc(NORMAL, ODD)}, Counts(caught=60, odd=80, alarms=30, normal=300))
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (10, 75)


def test_counts_are_told_in_words() -> None:
    told = counts_words(Counts(83, 100, 24, 500)).replace("*", "")
    assert told == (
        "Of 100 odd pictures 83 are caught. Of 500 normal ones 24 raise a false alarm. "
        "True positive rate (recall: odd ones caught): 83.0\N{NO-BREAK SPACE}%. "
        "False positive rate (false alarms): 4.8\N{NO-BREAK SPACE}%. "
        "Precision (flagged pictures that are odd): 77.6\N{NO-BREAK SPACE}%."
    )
    assert "odd): undefined." in counts_words(Counts(0, 2, 0, 2))
    assert "1 is caught" in counts_words(Counts(1, 2, 1, 2)).replace("*", "")
    assert "1 raises a" in counts_words(Counts(1, 2, 1, 2)).replace("*", "")


@pytest.mark.parametrize(
    ("area", "says"),
    [
        (0.3, "points the wrong way"),
        (0.51, "no better than tossing a coin"),
        (0.9, "in 90\N{NO-BREAK SPACE}% of all pairs"),
    ],
)
def test_an_area_is_judged(area: float, says: str) -> None:
    assert says in area_words(curve(area))


@pytest.mark.parametrize(
    ("own", "pca", "says"),
    [
        (0.8, 0.9, "Something simpler does better"),
        (0.9, 0.9, "was not needed"),
        (1.0, 1.0, "was not needed"),
        (0.95, 0.8, "The best of the simpler scores"),
    ],
)
def test_the_network_is_compared_with_the_best_baseline(own: float, pca: float, says: str) -> None:
    told = baselines_words(
        {"network": curve(own, 0.0 if own == 1 else 0.01), "PCA": curve(pca), "brightness": curve(0.2)}
    )
    assert says in told
    assert "PCA" in told


def test_figures_that_rest_on_little_say_so() -> None:
    assert few_words(500, 100) == ""
    assert few_words(500, 1) == ""
    assert "only 1 normal validation picture:" in few_words(1, 100)
    assert "coarse" in few_words(500, 2)


def test_a_single_picture_is_ranked() -> None:
    told = one_words(0.05, np.array([0.01, 0.02, 0.03, 0.09]), 0.04)
    assert "75\N{NO-BREAK SPACE}% of the 4 normal test pictures" in told
    assert "counts as **odd**" in told


def test_an_error_map_is_white_where_nothing_is_wrong_and_darkest_at_the_largest_error() -> None:
    pictures = heat(np.array([[[0.0, 0.5]]]), 0.5)
    assert tuple(pictures[0, :, 0, 0]) == ZERO
    assert tuple(pictures[0, :, 0, 1]) == NEGATIVE
    assert (heat(np.zeros((1, 2, 2)), 0.0) == np.array(ZERO).reshape(3, 1, 1)).all()
