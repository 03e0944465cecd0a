"""What a low rating does to a list of recommendations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.models.hybrid import Hybrid, HybridSettings, stars_bonus
from aecore.recommender.models.mult_dae import MultDae, MultDaeSettings
from aecore.recommender.ratings.table import Ratings
from tests.tastes import GROUPS, MOVIE_IDS, checkerboard

LOW = (0.5, 1.0, 1.5, 2.0)
EVEN, ODD = (MOVIE_IDS[group == GROUPS].tolist() for group in (0, 1))


@cache
def hybrid() -> Hybrid:
    model = Hybrid(HybridSettings(hidden_size=16, latent_size=8, ease_penalty=10.0, burn_in=20, draws=40))
    list(model.fit(*checkerboard()))
    return model


def places(taste: dict[int, float]) -> np.ndarray:
    """(F,): the place of every film in the list, from 0."""
    return np.argsort(np.argsort(-hybrid().score(Ratings.of_tastes([taste], MOVIE_IDS)).order[0], kind="stable"))


@settings(max_examples=60, deadline=None)
@given(
    liked=st.dictionaries(st.sampled_from(EVEN), st.sampled_from((4.0, 4.5, 5.0)), max_size=8),
    disliked=st.sampled_from(ODD), low=st.sampled_from(LOW),
)  # fmt: skip
def test_rating_a_film_low_never_raises_films_whose_only_tie_is_to_it(
    liked: dict[int, float], disliked: int, low: float
) -> None:
    before, after = places(liked), places(liked | {disliked: low})
    tied = (GROUPS == 1) & (disliked != MOVIE_IDS)
    assert (after[tied] >= before[tied]).all()


@cache
def network() -> MultDae:
    model = MultDae(MultDaeSettings(hidden_size=8, epochs=30))
    list(model.fit(*checkerboard()))
    return model


@pytest.mark.parametrize("model", [hybrid, network])
def test_without_any_like_films_stay_in_the_order_of_popularity_until_a_dislike_moves_some_down(
    model: Callable[[], Recommender],
) -> None:
    ratings = Ratings.of_tastes([{}, {ODD[0]: 0.5}, {ODD[0]: 0.5, EVEN[0]: 5.0}], MOVIE_IDS)
    nothing, disliked, liked = (np.argsort(-row, kind="stable") for row in model().score(ratings).order)
    np.testing.assert_array_equal(nothing, np.argsort(-model().popularity, kind="stable"))
    for group in (0, 1):  # within each kind of film nothing has changed
        np.testing.assert_array_equal(disliked[GROUPS[disliked] == group], nothing[GROUPS[nothing] == group])
    assert not np.array_equal(liked, disliked)


def test_the_order_tells_what_comes_of_likes_alone() -> None:
    tastes = [{}, {ODD[0]: 0.5}, {EVEN[0]: 5.0}, {ODD[0]: 0.5, EVEN[0]: 5.0}]
    scores = hybrid().score(Ratings.of_tastes(tastes, MOVIE_IDS))
    assert scores.likes is not None
    np.testing.assert_array_equal(scores.likes[0], scores.order[0])
    assert (scores.order[1] <= scores.likes[1]).all()
    assert (scores.order[1] < scores.likes[1]).any()
    np.testing.assert_array_equal(scores.likes[2], scores.likes[3])  # a dislike changes nothing of it


@settings(max_examples=60, deadline=None)
@given(liked=st.dictionaries(st.sampled_from(EVEN), st.sampled_from((4.0, 4.5, 5.0)), min_size=2, max_size=8),
       disliked=st.lists(st.sampled_from(ODD), min_size=5, max_size=5, unique=True))  # fmt: skip
def test_five_films_disliked_lower_the_expected_stars_of_those_like_them(
    liked: dict[int, float], disliked: list[int]
) -> None:
    def stars(taste: dict[int, float]) -> np.ndarray:
        found = hybrid().score(Ratings.of_tastes([taste], MOVIE_IDS)).stars
        assert found is not None
        return found[0]

    tied = (GROUPS == 1) & ~np.isin(MOVIE_IDS, disliked)
    assert (stars(liked | dict.fromkeys(disliked, 0.5))[tied] < stars(liked)[tied]).all()


@given(st.floats(0.5, 5), st.floats(0.5, 5), st.floats(0.3, 1.5), st.floats(0, 5))
def test_more_stars_never_give_a_smaller_bonus(one: float, other: float, spread: float, weight: float) -> None:
    low, high = sorted((one, other))
    values = np.array([[low, high]], np.float32)
    bonus = stars_bonus(Scores(values, values, np.full_like(values, spread)), weight)
    assert bonus[0, 0] <= bonus[0, 1] + 1e-6
