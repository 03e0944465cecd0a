"""Recommenders in closed form against their formulas, written out naively."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.recommender.models import ease as ease_module
from aecore.recommender.models.bias import Bias, BiasSettings
from aecore.recommender.models.ease import Ease, EaseSettings, grade
from aecore.recommender.models.item_knn import ItemKnn, ItemKnnSettings
from aecore.recommender.models.item_mean import ItemMean, ItemMeanSettings
from aecore.recommender.ratings.table import Ratings, RatingsError
from tests.tastes import checkerboard, tastes


def dense(ratings: Ratings) -> np.ndarray:
    table = ratings.matrix.toarray().astype(np.float64)
    return np.where(table > 0, table, np.nan)


def test_film_means_are_drawn_to_the_mean_of_all() -> None:
    ratings, _ = checkerboard()
    model = ItemMean(ItemMeanSettings(shrinkage=3.0))
    list(model.fit(ratings))
    table, mean = dense(ratings), ratings.stars.mean()
    wanted = [(np.nansum(column) + 3 * mean) / ((~np.isnan(column)).sum() + 3) for column in table.T]
    np.testing.assert_allclose(model.means, wanted, rtol=1e-5)


def test_biases_minimise_their_ridge_regression() -> None:
    ratings, _ = checkerboard()
    model = Bias(BiasSettings(person_shrinkage=5.0, film_shrinkage=4.0, rounds=100))
    list(model.fit(ratings))
    design = np.zeros((len(ratings), ratings.users + ratings.films_count))
    design[np.arange(len(ratings)), ratings.rows] = 1
    design[np.arange(len(ratings)), ratings.users + ratings.films] = 1
    penalty = np.diag([5.0] * ratings.users + [4.0] * ratings.films_count)
    solution = np.linalg.solve(
        design.T @ design + penalty, design.T @ (ratings.stars.astype(np.float64) - ratings.stars.mean())
    )
    np.testing.assert_allclose(model.film_biases, solution[ratings.users :], atol=1e-3)
    np.testing.assert_allclose(model.user_biases(ratings), solution[: ratings.users], atol=1e-3)


@pytest.mark.parametrize("target", ["graded", "likes"])
@pytest.mark.parametrize("block", [5, 1024])
def test_ease_is_its_closed_form(target: ease_module.Target, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease_module, "BLOCK", block)
    ratings, _ = checkerboard()
    model = Ease(EaseSettings(target=target, penalty=20.0))
    list(model.fit(ratings))
    table = np.nan_to_num(dense(ratings))
    x = (table >= 4).astype(float) if target == "likes" else np.clip((table - 2) / 3, 0, 1)
    inverse = np.linalg.inv(x.T @ x + 20 * np.eye(x.shape[1]))
    wanted = np.eye(x.shape[1]) - inverse / np.diag(inverse)
    np.testing.assert_allclose(model.weights, wanted, atol=1e-6)
    assert (np.diag(model.weights) == 0).all()
    given = tastes(0)
    np.testing.assert_allclose(
        model.score(given).order[0], grade(given.matrix.toarray()[0], target) @ wanted, atol=1e-5
    )


def test_ease_takes_the_films_with_most_ratings_and_refuses_more_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings, _ = checkerboard()
    counts = np.bincount(ratings.films)
    model = Ease(EaseSettings(most_films=6))
    list(model.fit(ratings))
    assert counts[model.columns].min() >= np.delete(counts, model.columns).max()
    assert (np.delete(model.score(tastes(0)).order[0], model.columns) == 0).all()
    monkeypatch.setattr(ease_module, "free_memory", lambda: 6000)
    with pytest.raises(RatingsError, match=r"for 24 films .* Set most_films to"):
        list(Ease().fit(ratings))


def test_item_knn_is_its_formula() -> None:
    ratings, _ = checkerboard()
    settings = ItemKnnSettings(similarity_shrinkage=7.0, vote_shrinkage=0.5, order_shrinkage=3.0, asymmetry=0.7)
    model = ItemKnn(settings)
    list(model.fit(ratings))
    given = tastes(0, 1)
    rest = np.full((ratings.users, ratings.films_count), np.nan)
    rest[ratings.rows, ratings.films] = model.residuals(ratings)
    mine = np.full((2, ratings.films_count), np.nan)
    mine[given.rows, given.films] = model.residuals(given)
    scores = model.score(given)
    likes = grade(ratings.matrix.toarray(), "graded")
    squares, both_like = (likes**2).sum(0), (likes > 0).astype(float).T @ (likes > 0)
    cosine = (likes.T @ likes) / np.outer(squares**0.3, squares**0.7) * both_like / (both_like + 3)
    np.fill_diagonal(cosine, 0)
    np.testing.assert_allclose(scores.order, grade(given.matrix.toarray(), "graded") @ cosine.T, rtol=1e-4, atol=1e-6)
    stars = scores.stars
    assert stars is not None
    for user in range(2):
        bias = model.mean[0] + model.user_biases(given)[user] + model.film_biases
        for film in (0, 3, 10):
            total = weights = 0.0
            for other in np.flatnonzero(~np.isnan(mine[user])):
                both = ~np.isnan(rest[:, film]) & ~np.isnan(rest[:, other])
                if other == film or not both.any():
                    continue
                one, two = rest[both, film], rest[both, other]
                similarity = one @ two / np.sqrt((one @ one) * (two @ two)) * both.sum() / (both.sum() + 7)
                total, weights = total + similarity * mine[user, other], weights + abs(similarity)
            wanted = bias[film] + (total / (weights + 0.5) if weights else 0)
            assert stars[user, film] == pytest.approx(np.clip(wanted, 0.5, 5), abs=1e-4)
