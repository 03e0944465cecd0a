"""The self test on one user's ratings: a model that knows all ratings, and one that knows the means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from aecore.recommender.evaluation.self_test import hide_and_predict
from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import RatingsError

MOVIES = np.arange(100, 130)
TRUTH = np.where(np.arange(30) % 2, 5.0, 1.0).astype(np.float32)
MEANS = np.full(30, 3.0, np.float32)
TASTE = {int(movie): float(value) for movie, value in zip(MOVIES[:20], TRUTH[:20], strict=True)}


def all_knowing(tastes: Sequence[Mapping[int, float]]) -> Scores:
    stars = np.tile(TRUTH, (len(tastes), 1))
    return Scores(stars, stars)


def test_one_who_knows_the_truth_errs_by_nothing_and_the_means_by_two_stars() -> None:
    found = hide_and_predict(TASTE, all_knowing, MOVIES, MEANS)
    np.testing.assert_allclose(found.model, 0)
    np.testing.assert_allclose(found.mean, 2)
    assert (found.hidden, found.wins) == (4, 20)


def test_what_is_hidden_is_not_given() -> None:
    seen: list[Mapping[int, float]] = []

    def watched(tastes: Sequence[Mapping[int, float]]) -> Scores:
        seen.extend(tastes)
        return all_knowing(tastes)

    hide_and_predict(TASTE | {5: 1.0}, watched, MOVIES, MEANS, draws=3)
    assert [len(each) for each in seen] == [16] * 3
    assert len({frozenset(each) for each in seen}) == 3, "another fifth each time"
    assert all(each.items() <= TASTE.items() for each in seen), "a film that the model does not know has no part in it"


def test_too_few_ratings_and_a_model_without_stars_are_refused() -> None:
    with pytest.raises(RatingsError, match="A test needs 10 ratings of films that the model knows; here are 9"):
        hide_and_predict(dict(list(TASTE.items())[:9]), all_knowing, MOVIES, MEANS)
    with pytest.raises(RatingsError, match="predicts no stars"):
        hide_and_predict(TASTE, lambda tastes: Scores(np.zeros((len(tastes), 30), np.float32)), MOVIES, MEANS)
