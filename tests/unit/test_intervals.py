"""Intervals of metrics: a bootstrap over users, against the normal approximation and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from aecore.recommender.evaluation.intervals import bootstrap, ndcg_interval
from aecore.recommender.evaluation.metrics import rank_figures
from aecore.recommender.models.popularity import Popularity
from aecore.recommender.ratings.table import Ratings
from tests.tastes import MOVIE_IDS, checkerboard, tastes


def test_the_interval_of_many_users_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(0).normal(0.4, 0.2, 2000)
    low, high = bootstrap([values], [np.arange(2000)])
    reach = 1.96 * values.std() / np.sqrt(len(values))
    assert (low, high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=0.1 * reach)


def test_the_interval_of_few_users_is_the_percentile_interval_of_scipy() -> None:
    values = np.random.default_rng(1).beta(0.7, 1.2, 40)
    found = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="percentile", rng=2).confidence_interval
    assert bootstrap([values], [np.arange(40)], 20_000) == pytest.approx((found.low, found.high), abs=0.004)


def test_a_user_of_several_draws_counts_as_one() -> None:
    values, users = np.random.default_rng(2).random(60), np.arange(60) * 7
    once = bootstrap([values], [users])
    np.testing.assert_allclose(bootstrap([values, values, values], [users, users, users]), once)
    np.testing.assert_allclose(bootstrap([values, values[::-1]], [users, users[::-1]]), once)
    others = bootstrap([values, values], [users, users + 1])
    assert others[1] - others[0] < 0.85 * (once[1] - once[0])


def test_the_mean_over_draws_weighs_each_draw_alike() -> None:
    few, many = np.full(3, 0.9), np.full(97, 0.1)
    np.testing.assert_allclose(bootstrap([few, many], [np.arange(3), np.arange(10, 107)], 500), 0.5, atol=0.41)
    low, high = bootstrap([np.full(50, 0.9), np.full(5, 0.1)], [np.arange(50), np.arange(50, 55)], 2000)
    assert low <= 0.5 <= high


def test_the_same_users_give_the_same_interval_and_none_give_none() -> None:
    values = np.random.default_rng(3).random(30)
    assert bootstrap([values], [np.arange(30)]) == bootstrap([values], [np.arange(30)])
    assert np.isnan(bootstrap([], [])).all()
    assert np.isnan(bootstrap([np.zeros(0)], [np.zeros(0, np.int64)])).all()


def test_the_figures_of_a_ranking_hold_those_of_each_user_of_whom_they_are_the_mean() -> None:
    ratings, films = checkerboard()
    model = Popularity()
    list(model.fit(ratings, films))
    given = tastes(0, 1, 0, 1)
    rest = Ratings.of_tastes(
        [{int(movie): 5.0 for movie in MOVIE_IDS[group::2][4:]} for group in (0, 1, 0, 1)], MOVIE_IDS
    )
    figures = rank_figures(model, given, rest)
    assert figures.ndcgs.shape == (4,)
    assert figures.ndcgs.mean() == pytest.approx(figures.ndcg)
    np.testing.assert_array_equal(figures.user_ids, given.user_ids)
    interval = ndcg_interval(figures)
    assert figures.ndcgs.min() <= interval["ndcg_low"] <= figures.ndcg <= interval["ndcg_high"] <= figures.ndcgs.max()
