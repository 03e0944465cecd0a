"""Explanations of recommendations, and the place of a taste on the map."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.recommender.models.mult_dae import MultDae, MultDaeSettings
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.explain import why
from aecore.recommender.serving.taste_map import film_places, taste_place
from tests.tastes import GROUPS, MOVIE_IDS, checkerboard


@pytest.fixture(scope="module")
def model() -> MultDae:
    model = MultDae(MultDaeSettings(hidden_size=8, epochs=100))
    for _ in model.fit(*checkerboard()):
        pass
    return model


def test_each_change_is_the_score_with_everything_minus_that_without_the_rating(model: MultDae) -> None:
    taste = {100: 5.0, 106: 4.0, 103: 3.5, 7: 5.0}
    asked = [112, 115]
    reasons = why(model, taste, asked)
    assert reasons.given.tolist() == [100, 103, 106]
    columns = [MOVIE_IDS.tolist().index(movie) for movie in asked]

    def height(given: dict[int, float]) -> np.ndarray:
        order = model.score(Ratings.of_tastes([given], MOVIE_IDS)).order[0]
        return order[columns] - order.mean()

    for row, movie in enumerate(reasons.given.tolist()):
        without = {other: stars for other, stars in taste.items() if other != movie}
        np.testing.assert_allclose(reasons.order[row], height(taste) - height(without), atol=1e-5)
    assert reasons.stars is None


@pytest.mark.parametrize("group", [0, 1])
def test_films_of_the_same_group_speak_for_a_film(model: MultDae, group: int) -> None:
    same, other = MOVIE_IDS[group == GROUPS], MOVIE_IDS[group != GROUPS]
    reasons = why(model, {int(same[0]): 5.0, int(other[0]): 5.0}, same[5:8])
    for film in reasons.films.tolist():
        assert reasons.strongest(film)[0][0] == same[0]
        assert all(change > 0 for _, change in reasons.strongest(film))


def test_a_film_the_model_does_not_know_is_refused(model: MultDae) -> None:
    with pytest.raises(KeyError, match="999"):
        why(model, {100: 5.0}, [999])


def test_a_user_with_one_rating_or_none_gets_reasons_too(model: MultDae) -> None:
    assert why(model, {}, [100]).order.shape == (0, 1)
    assert np.isfinite(why(model, {100: 5.0}, [103]).order).all()


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
