"""The parts of the Gibbs sampler, each against its formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from aecore.recommender.models.bayesian import Bayesian, BayesianSettings, inverse_root
from aecore.recommender.models.gibbs import Ridge, film_features, posterior, shares, wishart
from tests.tastes import checkerboard, tastes


@pytest.mark.parametrize("shape", [(30, 8), (8, 30)])
def test_ridge_solves_its_equations_for_any_penalty(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    x = sparse.random(*shape, density=0.4, random_state=1, format="csr")
    y = rng.normal(size=(shape[1], 3))
    for penalty in (0.3, 7.0):
        expected = np.linalg.solve((x.T @ x).toarray() + penalty * np.eye(shape[1]), y)
        np.testing.assert_allclose(Ridge(x).solve(y, penalty), expected, atol=1e-8)


def test_the_posterior_is_that_of_bayesian_regression() -> None:
    rng = np.random.default_rng(2)
    inputs, precision, prior = rng.normal(size=(9, 3)), np.diag([1.0, 2.0, 0.5]), rng.normal(size=(4, 3))
    rated = sparse.csr_matrix(np.where(rng.random((4, 9)) < 0.5, rng.normal(size=(4, 9)), 0))
    means, precisions = posterior(rated, inputs, prior, precision, 1.7)
    for row in range(4):
        own = rated[row].indices
        expected = precision + 1.7 * inputs[own].T @ inputs[own]
        np.testing.assert_allclose(precisions[row], expected, atol=1e-10)
        wanted = precision @ prior[row] + 1.7 * inputs[own].T @ rated[row].data
        np.testing.assert_allclose(means[row], np.linalg.solve(expected, wanted), atol=1e-10)


def test_the_inverse_root_times_itself_is_the_inverse() -> None:
    rng = np.random.default_rng(5)
    halves = rng.normal(size=(4, 6, 6))
    matrices = halves @ halves.transpose(0, 2, 1) + 0.1 * np.eye(6)
    root = inverse_root(matrices)
    np.testing.assert_allclose(root @ root.transpose(0, 2, 1), np.linalg.inv(matrices), rtol=1e-6, atol=1e-8)


def test_wishart_draws_have_the_right_mean() -> None:
    rng = np.random.default_rng(3)
    scale = np.array([[1.0, 0.3], [0.3, 0.5]])
    drawn = np.mean([wishart(scale, 9, rng) for _ in range(4000)], axis=0)
    np.testing.assert_allclose(drawn, 9 * scale, rtol=0.05)


def test_features_are_of_length_one_in_each_of_their_kinds() -> None:
    ratings, films = checkerboard()
    table = ratings.matrix
    np.testing.assert_allclose(np.asarray(shares(table).power(2).sum(1)).ravel(), 1)
    features = film_features(table.T.tocsr(), films)
    assert features.shape[0] == len(films)
    assert np.asarray(features.power(2).sum(1)).max() <= 3 + 1e-9


def test_the_spread_says_how_far_off_the_stars_are_and_shrinks_with_every_rating() -> None:
    ratings, films = checkerboard()
    model = Bayesian(BayesianSettings(rank=3, burn_in=30, draws=40, kept_draws=20))
    for _ in model.fit(ratings, films):
        pass
    whole = tastes(0)
    few = whole.only(np.arange(len(whole)) < 1)
    assert model.score(whole).spread.mean() < model.score(few).spread.mean()
    scores = model.score(ratings)
    left = (ratings.stars - scores.stars[ratings.rows, ratings.films]) / scores.spread[ratings.rows, ratings.films]
    assert left.std() == pytest.approx(1, abs=0.25)


def test_a_chain_that_is_stopped_leaves_a_model_that_predicts() -> None:
    model = Bayesian(BayesianSettings(rank=3))
    progress = model.fit(*checkerboard())
    next(progress)
    progress.close()
    assert np.isfinite(model.score(tastes(0, 1)).stars).all()
