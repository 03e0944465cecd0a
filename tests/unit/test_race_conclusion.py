"""What the table of a race comes to, in words."""

from __future__ import annotations

import pytest

from aecore.experiment.results import Result
from ui.screens.race.table import conclusion


def result(mse: float | None, *, pca: float | None = 0.02, parameters: int = 1000, is_measured: bool = True) -> Result:
    return Result("abcdefabcdef", "Name", "done", 1.0, is_measured, mse, mse, pca, 0.9, 3.0, parameters, 10)


def test_the_smallest_error_is_named_with_its_cost_and_the_next() -> None:
    assert conclusion([result(0.019), result(0.016), result(0.01, parameters=19_274)]) == (
        "**Smallest error: 3** (50\N{NO-BREAK SPACE}% below PCA, 19,274 parameters). Next is 2 (20\N{NO-BREAK SPACE}% "
        "below PCA, 1,000 parameters); the error of 3 is 38\N{NO-BREAK SPACE}% smaller. Each ran from one random seed: "
        "whether chance explains it, *Three seeds each* would show."
    )


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([[0.019, 0.02, 0.021], [0.01, 0.011, 0.012]], "is below the smallest of 1."),
        ([[0.019, 0.02, 0.021], [0.018, 0.0195, 0.0185]], "chance alone may explain it."),
    ],
)
def test_with_three_seeds_it_says_whether_the_errors_overlap(errors: list[list[float]], words: str) -> None:
    assert conclusion([result(0.02), result(sum(errors[1]) / 3)], errors).endswith(words)


def test_errors_that_hardly_differ_are_called_about_the_same() -> None:
    assert "; their errors are about the same." in conclusion([result(0.02), result(0.01999)])


def test_there_is_nothing_to_say_before_all_have_ended() -> None:
    assert conclusion([result(0.02), result(0.01, is_measured=False)]) == ""
    assert conclusion([result(0.02), result(None)]) == ""
    assert conclusion([result(0.02)]) == ""


def test_a_figure_that_is_not_known_is_left_out() -> None:
    assert "(1,000 parameters)" in conclusion([result(0.02, pca=None), result(0.03)])
