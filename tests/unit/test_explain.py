"""Explanations of recommendations, and the place of a taste on the map."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.recommender.models.attribution import shapley
from aecore.recommender.models.bayesian import Bayesian, BayesianSettings
from aecore.recommender.models.gibbs import with_one
from aecore.recommender.models.mult_dae import MultDae, MultDaeSettings
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.explain import explain, groups_of
from aecore.recommender.serving.taste_map import film_places, taste_place
from tests.tastes import GROUPS, MOVIE_IDS, checkerboard


@pytest.fixture(scope="module")
def model() -> MultDae:
    model = MultDae(MultDaeSettings(hidden_size=8, epochs=100))
    for _ in model.fit(*checkerboard()):
        pass
    return model


VECTORS = np.eye(2)[GROUPS]
"""Films of one group point the same way."""


@pytest.mark.parametrize("group", [0, 1])
def test_films_of_the_same_group_speak_for_a_film(model: MultDae, group: int) -> None:
    same, other = MOVIE_IDS[group == GROUPS], MOVIE_IDS[group != GROUPS]
    taste = {int(same[0]): 5.0, int(same[1]): 4.0, int(other[0]): 5.0}
    found = explain(model, taste, int(same[5]), VECTORS.__getitem__)
    assert [part.films for part in found.parts] == [(int(same[0]), int(same[1])), (int(other[0]),)]
    assert [part.stars for part in found.parts] == [(5.0, 4.0), (5.0,)]
    assert found.parts[0].change > 0 > found.parts[1].change
    assert not found.in_stars


def test_a_film_the_model_does_not_know_is_refused(model: MultDae) -> None:
    with pytest.raises(KeyError, match="999"):
        explain(model, {100: 5.0}, 999, VECTORS.__getitem__)


def test_parts_of_the_bayesian_model_are_integrals_of_derivatives_by_the_weights_of_ratings() -> None:
    model = Bayesian(BayesianSettings(rank=3, burn_in=5, draws=6, kept_draws=3))
    for _ in model.fit(*checkerboard()):
        pass
    given = Ratings.of_tastes([{100: 5.0, 106: 4.0, 103: 1.5, 109: 2.0}], MOVIE_IDS)
    found = model.attribution(given, 8, np.arange(4))
    x, y, links = model._inputs(given.films, given.stars)
    target = with_one(model.film_factors[:, 8].astype(np.float64))

    def value(weights: np.ndarray) -> float:
        """A weighted regression, worked out draw by draw."""
        total = 0.0
        for s, noise in enumerate(model.noise_precisions.astype(np.float64)):
            mean = model.prior_means[s] + weights @ links[s] / np.sqrt(max(1, weights.sum()))
            precision = model.prior_precisions[s] + noise * (x[s].T * weights) @ x[s]
            wanted = model.prior_precisions[s] @ mean + noise * x[s].T @ (weights * y[s])
            total += target[s] @ np.linalg.solve(precision, wanted) / len(model.noise_precisions)
        return total

    steps, tiny = 400, 1e-5

    def slope(unit: np.ndarray, t: float) -> float:
        there = np.full(4, t)
        return (value(there + tiny * unit) - value(there - tiny * unit)) / (2 * tiny)

    slopes = [np.mean([slope(unit, (each + 0.5) / steps) for each in range(steps)]) for unit in np.eye(4)]
    np.testing.assert_allclose(found.parts, slopes, atol=2e-3)
    assert found.value - found.baseline == pytest.approx(value(np.ones(4)) - value(np.zeros(4)), abs=1e-6)
    assert found.error < 1e-3 * abs(found.value - found.baseline)


def test_shapley_values_are_exact_where_groups_do_not_interact_and_share_what_two_do_together() -> None:
    alone, together = np.array([3.0, -1.0, 0.5]), 2.0
    values, ends = shapley(lambda there: there @ alone + together * there[:, 0] * there[:, 1], 3)
    np.testing.assert_allclose(values, alone + np.array([1, 1, 0]))  # an order and its reverse give each half of it
    np.testing.assert_allclose(ends, [0, alone.sum() + together])


def test_films_whose_vectors_point_the_same_way_are_a_group() -> None:
    rng = np.random.default_rng(1)
    vectors = np.repeat(np.eye(3), 4, 0) + 0.05 * rng.standard_normal((12, 3))
    found = groups_of(vectors)
    assert len(set(found)) == 3
    assert all(len(set(found[4 * each : 4 * each + 4])) == 1 for each in range(3))
    assert len(set(groups_of(rng.standard_normal((40, 30)), most=8))) == 8
    assert groups_of(np.zeros((0, 3))).tolist() == []
    assert groups_of(np.ones((1, 3))).tolist() == [0]


def test_films_that_go_together_lie_together() -> None:
    rng = np.random.default_rng(0)
    groups = np.arange(240) % 2
    vectors = np.where(groups[:, None] == 0, [1.0, 0, 0, 0], [0, 1.0, 0, 0]) + 0.05 * rng.normal(size=(240, 4))
    places = film_places(vectors, np.where(np.arange(240) < 200, 10, 1))
    centres = np.array([places[groups == group].mean(0) for group in (0, 1)])
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(1)
    assert (nearest == groups).mean() > 0.97
    assert np.abs(places).max() <= 1


def test_a_taste_lies_among_the_films_that_were_liked() -> None:
    places = np.array([[0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]])
    np.testing.assert_allclose(taste_place(places, np.array([0, 1, 2]), np.array([5.0, 5.0, 1.0])), [0.5, 0.5])
    np.testing.assert_array_equal(taste_place(places, np.array([2]), np.array([2.0])), [0, 0])
