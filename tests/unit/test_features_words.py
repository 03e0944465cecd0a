"""What the Features page says: every sentence against results whose conclusion is known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.analyses.feature_results import Results
from aecore.probing.probes import Probe
from ui.screens.features.figures import curve_figure
from ui.screens.features.text import (
    cell_words,
    conclusions,
    few_labels_words,
    label_lesson,
    others_words,
    percent,
    seconds_words,
    titles,
)
from ui.widgets.confusion import EMPTY, confusion_figure


def made(wrong: int, *, first: int = 0, count: int = 1000, labelled: int = 100) -> Probe:
    """A probe of two classes that got `wrong` examples wrong, those from `first` on, all of the first class."""
    missed = np.arange(first, first + wrong)
    confusion = np.array([[count // 2 - wrong, wrong], [0, count // 2]])
    return Probe("logistic", labelled, labelled, 2, 0.1, 0.5, 0.01, confusion, missed, np.ones(wrong, int))


def test_what_chance_may_do_is_a_tie_and_what_it_may_not_is_none() -> None:
    probes = {"code": made(20), "pixels": made(24, first=10), "pca": made(120)}
    tie, win = conclusions(probes, "raw pixels", "pictures")
    assert tie.startswith(
        "**Code and raw pixels: a tie.** 14 test pictures are recognised only from the code, "
        "10 only from raw pixels; chance"
    )
    assert "54 of 100 comparisons" in tie  # the exact binomial test of 10 of 24: 0.541
    assert win.startswith(
        "**The code does better than PCA.** 100 test pictures are recognised only from the code, "
        "0 only from PCA: more than chance"
    )
    assert win.endswith("(p\N{NO-BREAK SPACE}below 0.001).")
    (loss,) = conclusions({"code": made(9), "pca": made(0)}, "raw numbers", "rows")
    assert loss.replace("\N{NO-BREAK SPACE}", " ") == (
        "**The code does worse than PCA.** 0 test rows are recognised only from the code, 9 only from PCA: "
        "more than chance explains (p = 0.004)."
    )
    (same,) = conclusions({"code": made(9), "pca": made(9)}, "raw pixels", "pictures")
    assert same == "**Code and PCA: a tie.** Both recognise exactly the same test pictures."
    (one,) = conclusions({"code": made(0), "pca": made(1)}, "raw pixels", "pictures")
    assert (
        "1 test picture is recognised only from the code, 0 only from PCA; "
        "chance alone makes such a difference in nearly every comparison."
    ) in one


@pytest.mark.parametrize(
    ("code", "pixels", "words"),
    [
        (
            (50, 10),
            (80, 60),
            "**The code needs fewer labels:** with 30, 95.0 % are right. From raw pixels, 100 labels give 94.0 %.",
        ),
        (
            (300, 60),
            (40, 20),
            "**Raw pixels need fewer labels:** with 30, 96.0 % are right. From the code, 100 labels give 94.0 %.",
        ),
        ((300, 60), (290, 50), ""),
        ((50, 70), (60, 65), ""),  # both got so far with as few
    ],
)
def test_fewer_labels_are_noticed_where_they_do(code: tuple[int, int], pixels: tuple[int, int], words: str) -> None:
    both = (("code", code), ("pixels", pixels))
    probes = {
        ("logistic", size, name): made(number, labelled=size)
        for name, wrong in both
        for size, number in zip((30, 100), wrong, strict=True)
    }
    found = label_lesson(Results(("a", "b"), 1000, 1000, "", probes), "logistic", 100, "raw pixels")
    assert found.replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("code", "pixels", "words"),
    [(100, 300, "helps"), (300, 100, "does harm"), (200, 204, "makes no clear difference")],
)
def test_whether_the_code_helps_with_the_fewest_labels_is_computed(code: int, pixels: int, words: str) -> None:
    probes = {
        ("logistic", size, name): made(wrong, labelled=size)
        for size, shift in ((30, 0), (100, 7))
        for name, wrong in (("code", code + shift), ("pixels", pixels + shift))
    }
    results = Results(("a", "b"), 1000, 1000, "", probes)
    found = few_labels_words(results, "logistic", 100, "raw pixels").replace("\N{NO-BREAK SPACE}", " ")
    assert found == (
        f"**With the fewest labels, 30, the code {words}:** the accuracy is {100 - code / 10:.1f} % from the "
        f"code, {100 - pixels / 10:.1f} % from raw pixels."
    )
    assert few_labels_words(results, "logistic", 30, "raw pixels") == ""


def test_cells_counts_and_times_are_written_as_a_person_would() -> None:
    assert cell_words(made(20), (0, 1), ("four", "nine")) == "four taken for nine: 20 of 500"
    assert cell_words(made(20), (1, 1), ("four", "nine")) == "nine recognised: 500 of 500"
    names = titles(is_image=True)
    assert (
        others_words({"pixels": 2, "pca": 3}, 4, names)
        == "Of these 4, 2 are recognised from raw pixels and 1 is recognised from PCA."
    )
    assert others_words({"code": 0, "pca": 1}, 1, names) == "From the code it is recognised; from PCA it is not."
    assert titles(is_image=False)["pixels"] == "Raw numbers"
    assert [seconds_words(value) for value in (1e-5, 0.25, 3.14)] == ["under 1 ms", "250 ms", "3.1 s"]
    assert percent(0.98765) == "98.8\N{NO-BREAK SPACE}%"


def test_the_curve_has_a_point_for_each_size_with_its_interval() -> None:
    probes = {("logistic", size, "code"): made(100, labelled=size) for size in (30, 100)}
    figure = curve_figure(Results(("a", "b"), 100, 100, "", probes, 2), "logistic", 0, titles(is_image=True))
    line = figure.data[0]
    assert list(line.x) == [30, 100]
    assert list(line.y) == [90, 90]
    low, high = (100 * each for each in made(100).interval)
    assert (line.y[0] + line.error_y.array[0], line.y[0] - line.error_y.arrayminus[0]) == pytest.approx((high, low))
    assert [len(each.x) for each in figure.data] == [2, 0, 0]


def test_cells_of_the_board_know_where_they_are_and_empty_ones_have_no_colour() -> None:
    figure = confusion_figure(np.array([[5, 1], [0, 7]]), ("a", "b"), (0, 1), ["aa", "ab", "ba", "bb"])
    bars = figure.data[0]
    assert dict(zip(bars.customdata, zip(bars.x, bars.base + 0.48, strict=True), strict=True)) == {
        "0.0": (0, 0),
        "0.1": (1, 0),
        "1.0": (0, 1),
        "1.1": (1, 1),
    }
    colours = dict(zip(bars.customdata, bars.marker.color, strict=True))
    assert colours["1.0"] == EMPTY
    assert len(set(colours.values())) == 4 - (colours["0.0"] == colours["1.1"])
    assert list(figure.data[1].text) == ["5", "1", "7"]
