"""What a low rating does to a list of recommendations."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.recommender.models.base import Scores
from aecore.recommender.models.hybrid import Hybrid, HybridSettings, stars_bonus
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
    liked=st.dictionaries(st.sampled_from(EVEN), st.sampled_from((4.0, 4.5, 5.0)), min_size=2, max_size=8),
    disliked=st.sampled_from(ODD), low=st.sampled_from(LOW),
)  # fmt: skip
def test_rating_a_film_low_never_raises_films_whose_only_tie_is_to_it(
    liked: dict[int, float], disliked: int, low: float
) -> None:
    before, after = places(liked), places(liked | {disliked: low})
    tied = (GROUPS == 1) & (disliked != MOVIE_IDS)
    assert (after[tied] >= before[tied]).all()


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
