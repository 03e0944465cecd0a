"""The sentence that says why a film is expected to get its stars."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.explain import Explanation, Part
from ui.screens.movies.genre_words import films_of_genres
from ui.screens.movies.why import LITTLE, halves, listed, name_of, scaled, sentence, shown, signed

FILMS = Films.of(
    np.arange(1, 7),
    ["Heat (1995)", "Alien (1979)", "Notting Hill (1999)", "Pretty Woman (1990)", "Amélie (2001)", "Fargo (1996)"],
    [("Crime", "Thriller"), ("Horror",), *[("Comedy", "Romance")] * 3, ("Crime", "Comedy")],
)
CRIME = Part((1, 6), (4.5, 4.0), 0.6, 3.6)
LOVE = Part((5, 4, 3), (2.0, 1.0, 0.5), -0.3, 4.4)


def told(*parts: Part, baseline: float = 3.9) -> str:
    value = baseline + sum(part.change for part in parts)
    return sentence(Explanation(baseline, value, tuple(sorted(parts, key=lambda each: -each.change)), 0.0, True), FILMS)


def test_what_lifts_a_film_is_told_first_where_it_is_lifted() -> None:
    assert told(CRIME, LOVE) == (
        "★ 4.2 expected, 0.3 more than the ★ 3.9 that it would have for somebody who has rated nothing: above all "
        "because of your ratings of Heat (4½) and Fargo (4); rating Amélie (2), Pretty Woman (1) and another romantic "
        "comedy costs it 0.3."
    )


def test_what_lowers_it_is_told_first_where_it_is_lowered() -> None:
    found = told(Part((1,), (4.5,), 0.1, 3.0), LOVE)
    assert found.startswith("★ 3.7 expected, 0.2 less than the ★ 3.9")
    assert found.endswith(
        "because of your ratings of Amélie (2), Pretty Woman (1) and another romantic comedy; rating Heat (4½) lifts "
        "it by 0.1."
    )


def test_changes_that_cancel_are_both_told() -> None:
    assert told(Part((1,), (4.5,), 0.3, 3.6), LOVE).endswith(
        "expected, about the ★ 3.9 that it would have for somebody who has rated nothing: rating Heat (4½) lifts "
        "it by 0.3; rating Amélie (2), Pretty Woman (1) and another romantic comedy costs it 0.3."
    )
    assert told(Part((2,), (4.0,), 0.01, 3.9)).endswith("none of your ratings changes it by much.")


def test_a_group_is_named_by_its_best_rated_films_and_what_they_share() -> None:
    assert name_of(LOVE, FILMS) == "Amélie, Pretty Woman and another romantic comedy"
    four = Part((5, 4, 3, 6), (5.0, 4.0, 3.0, 2.0), 0.1, 3.0)
    assert name_of(four, FILMS) == "Amélie, Pretty Woman and 2 other comedies"
    assert name_of(Part((5, 4, 3, 2), (5.0, 4.0, 3.0, 2.0), 0.1, 3.0), FILMS) == "Amélie, Pretty Woman and 2 more"
    assert listed(CRIME, FILMS) == "Heat 4½ · Fargo 4"
    assert listed(Part((2,), (0.5,), 0.1, 3.0), FILMS) == "★ ½"


@pytest.mark.parametrize(
    ("genres", "words"),
    [
        (["Comedy", "Romance"], "romantic comedies"),
        (["Crime", "Drama"], "crime dramas"),
        (["Sci-Fi"], "science-fiction films"),
        (["Action", "Sci-Fi"], "science-fiction action films"),
        (["Thriller"], "thrillers"),
        ([], ""),
        (["IMAX"], ""),
    ],
)
def test_words_for_genres(genres: list[str], words: str) -> None:
    assert films_of_genres(genres) == words


def test_one_film_is_a_comedy_and_not_comedies() -> None:
    assert films_of_genres(["Comedy", "Romance"], 1) == "romantic comedy"
    assert films_of_genres(["War"], 1) == "war film"


def test_figures() -> None:
    assert [signed(value) for value in (0.314, -0.2, 0.001, -0.001)] == ["+0.31", "−0.20", "±0.00", "±0.00"]
    assert [shown(value) for value in (5.4, 0.1, 3.94)] == ["5.0", "0.5", "3.9"]
    assert [halves(value) for value in (4.5, 0.5, 3.0)] == ["4½", "½", "3"]


STARS = r"★ (?P<{0}>[\d.]+)(?: \((?P<{0}_whole>−?[\d.]+), cut at the end of the scale\))?"
TOLD = re.compile(
    STARS.format("value")
    + r" expected, (?:(?P<by>[\d.]+) (?P<side>more|less) than|about) the "
    + STARS.format("baseline")
    + r" that it would have"
)


def whole(told: re.Match[str], name: str) -> float:
    """A prediction of the sentence in tenths, as it was before the scale cut it."""
    on_scale = float(told[name])
    assert 0.5 <= on_scale <= 5
    if told[f"{name}_whole"] is None:
        return round(10 * on_scale)
    cut = float(told[f"{name}_whole"].replace("−", "-"))
    assert on_scale == (5 if cut > 5 else 0.5)
    assert not 0.5 <= cut <= 5
    return round(10 * cut)


@settings(max_examples=300)
@given(st.floats(-2, 8), st.lists(st.floats(-3, 3), min_size=1, max_size=5))
def test_the_figures_of_one_sentence_agree_with_each_other(baseline: float, changes: list[float]) -> None:
    parts = [Part((place % 6 + 1,), (4.0,), change, 3.0) for place, change in enumerate(changes)]
    value = baseline + sum(changes)
    found = TOLD.match(told(*parts, baseline=baseline))
    assert found
    ends = whole(found, "value"), whole(found, "baseline")
    assert ends == pytest.approx((10 * value, 10 * baseline), abs=0.5001)
    if found["by"] is None:
        assert ends[0] == ends[1] or abs(value - baseline) < LITTLE
    else:
        assert ends[0] - ends[1] == (1 if found["side"] == "more" else -1) * round(10 * float(found["by"]))


def test_a_prediction_beyond_the_scale_says_so_and_its_difference_is_what_it_says() -> None:
    assert told(Part((1,), (5.0,), 1.5, 4.1), baseline=4.1).startswith(
        "★ 5.0 (5.6, cut at the end of the scale) expected, 1.5 more than the ★ 4.1 that"
    )
    near = told(Part((1,), (5.0,), 4.44 - 3.66, 3.66), baseline=3.66)
    assert near.startswith("★ 4.4 expected, 0.7 more than the ★ 3.7")
    assert [scaled(each) for each in (5.04, 5.2, 0.46, -0.2)] == [
        "5.0", "5.0 (5.2, cut at the end of the scale)", "0.5", "0.5 (−0.2, cut at the end of the scale)",
    ]  # fmt: skip
