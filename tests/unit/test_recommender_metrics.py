"""Metrics of recommenders against hand-computed cases and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from aecore.recommender.evaluation.metrics import (
    given_and_rest,
    hold_out_users,
    mae,
    ndcg,
    predicted_stars,
    rank_figures,
    rmse,
    star_figures,
    top,
    user_rmse,
)
from aecore.recommender.evaluation.ranges import bar, is_within, written_range
from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.table import Ratings, RatingsError
from tests.tastes import MOVIE_IDS, checkerboard
from ui.screens.movies.cards import likely_stars


class Fixed:
    """Gives every user the same scores."""

    def __init__(self, order: list[float], stars: list[float] | None = None) -> None:
        self.movie_ids = np.arange(len(order))
        self.order, self.stars = np.array(order, np.float32), None if stars is None else np.array(stars, np.float32)

    def score(self, given: Ratings) -> Scores:
        stars = None if self.stars is None else np.tile(self.stars, (given.users, 1))
        return Scores(np.tile(self.order, (given.users, 1)), stars)


def test_the_two_kinds_of_rmse_differ_as_worked_out_by_hand() -> None:
    users = np.array([0, 0, 0, 2])
    predicted, actual = np.array([1.0, 2.0, 3.0, 5.0]), np.array([2.0, 2.0, 4.0, 2.0])
    assert rmse(predicted, actual) == pytest.approx(np.sqrt(11 / 4))
    assert mae(predicted, actual) == pytest.approx(5 / 4)
    assert user_rmse(users, predicted, actual) == pytest.approx((np.sqrt(2 / 3) + 3) / 2)


def test_ndcg_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    liked = rng.random((40, 30)) < 0.2
    liked[:, 0] = True
    order = rng.permuted(np.tile(np.arange(30.0), (40, 1)), axis=1)
    hits = np.take_along_axis(liked, top(order, 10), 1)
    assert ndcg(hits, liked.sum(1)).mean() == pytest.approx(ndcg_score(liked, order, k=10))


def test_the_first_places_are_those_of_a_full_sort_with_ties_by_column() -> None:
    order = np.random.default_rng(1).integers(0, 4, (20, 15)).astype(np.float32)
    np.testing.assert_array_equal(top(order, 6), np.argsort(-order, axis=1, kind="stable")[:, :6])
    assert top(order, 99).shape == (20, 15)


def test_a_ranking_worked_out_by_hand() -> None:
    movies = np.arange(30)
    given = Ratings.of_tastes([{0: 5.0}], movies)
    rest = Ratings.of_tastes([{1: 4.0, 2: 3.5, 3: 5.0, 29: 4.5}], movies)
    figures = rank_figures(Fixed([30.0 - each for each in range(30)], [3.0] * 30), given, rest)
    best = 1 + 1 / np.log2(3) + 1 / 2
    assert figures.ndcg == pytest.approx((1 + 1 / 2) / best)  # film 0 was given, so films 1 and 3 stand first and third
    assert figures.recall == pytest.approx(2 / 3)  # film 29 stands last
    assert figures.disliked == 0
    assert figures.rmse == pytest.approx(np.sqrt((1 + 0.25 + 4 + 2.25) / 4))
    assert "1 users held out entirely, 1 ratings of each given" in figures.protocol


def test_disliked_films_are_counted_among_the_first_ten() -> None:
    movies = np.arange(30)
    given = Ratings.of_tastes([{0: 5.0}] * 2, movies)
    hidden = [{1: 4.0, 2: 2.0, 3: 2.5, 4: 0.5, 10: 1.0, 11: 1.0}, {1: 4.0, 2: 3.0}]  # film 10 is the tenth
    figures = rank_figures(Fixed([30.0 - each for each in range(30)]), given, Ratings.of_tastes(hidden, movies))
    assert figures.disliked == pytest.approx((3 + 0) / 2)
    assert "disliked: 2 or fewer" in figures.protocol


def test_recall_can_be_whole_though_more_than_twenty_are_liked() -> None:
    movies = np.arange(60)
    given, rest = Ratings.of_tastes([{0: 5.0}], movies), Ratings.of_tastes([dict.fromkeys(range(1, 60), 5.0)], movies)
    figures = rank_figures(Fixed(list(np.arange(60.0))), given, rest)
    assert (figures.ndcg, figures.recall, figures.rmse) == (pytest.approx(1.0), 1.0, None)


def test_stars_are_predicted_from_the_training_ratings_of_the_same_user() -> None:
    class Echo(Fixed):
        def score(self, given: Ratings) -> Scores:
            means = np.array([given.user(row)[1].mean() for row in range(given.users)], np.float32)
            return Scores(np.zeros((given.users, 3), np.float32), np.tile(means[:, None], (1, 3)))

    movies = np.arange(3)
    train = Ratings.of_tastes([{0: 1.0}, {1: 5.0}] * 200, movies)  # more than one block of users
    test = Ratings.of_tastes([{1: 2.0}, {0: 5.0, 2: 4.0}] * 200, movies)
    np.testing.assert_array_equal(predicted_stars(Echo([0.0] * 3), train, test), [1.0, 5.0, 5.0] * 200)
    figures = star_figures(Echo([0.0] * 3), train, test, "toy")
    assert figures.rmse == pytest.approx(np.sqrt(2 / 3))
    assert figures.user_rmse == pytest.approx((1 + np.sqrt(1 / 2)) / 2)
    assert figures.users == 400


def test_models_without_stars_and_films_unknown_are_refused() -> None:
    train, test = Ratings.of_tastes([{0: 1.0}], np.arange(3)), Ratings.of_tastes([{1: 2.0}], np.arange(3))
    with pytest.raises(RatingsError, match="no stars"):
        predicted_stars(Fixed([1.0, 2.0, 3.0]), train, test)
    with pytest.raises(RatingsError, match="never seen"):
        predicted_stars(Fixed([1.0], [3.0]), train, test)


def test_users_held_out_are_in_no_other_part() -> None:
    ratings, _ = checkerboard()
    parts = hold_out_users(ratings, 3)
    assert [len(each) for each in (parts.train, parts.validation, parts.test)] == [56, 8, 16]
    assert sorted(np.concatenate([parts.train, parts.validation, parts.test])) == list(range(80))
    np.testing.assert_array_equal(parts.test, hold_out_users(ratings, 3).test)
    assert not np.array_equal(parts.test, hold_out_users(ratings, 4).test)
    with pytest.raises(RatingsError, match="too few"):
        hold_out_users(ratings.take_users(slice(0, 2)), 0)


def test_given_ratings_do_not_depend_on_who_else_is_there() -> None:
    ratings, _ = checkerboard()
    given, rest = given_and_rest(ratings, 5, 7)
    assert (given.counts == 5).all()
    for row, user in enumerate(given.user_ids):
        assert given.taste(row) | rest.taste(row) == ratings.taste(user)
        assert len(given.taste(row)) + len(rest.taste(row)) == len(ratings.taste(user))
    alone, _ = given_and_rest(ratings.take_users(given.user_ids[9:10]), 5, 7)
    assert alone.taste(0) == given.taste(9)


def test_users_with_nothing_liked_among_the_rest_are_left_out() -> None:
    users = Ratings.of_tastes([{100: 1.0, 103: 2.0, 106: 3.0}, {100: 5.0, 103: 5.0, 106: 5.0}, {100: 5.0}], MOVIE_IDS)
    given, rest = given_and_rest(users, 1, 0)
    assert given.user_ids.tolist() == rest.user_ids.tolist() == [1]


def test_the_ranges_of_an_evaluation_are_those_of_the_cards_and_hold_as_often_as_counted_by_hand() -> None:
    rng = np.random.default_rng(0)
    stars, spread = rng.uniform(0.5, 5, 500), rng.uniform(0.1, 1.5, 500)
    for value, wide, low, high in zip(stars, spread, *written_range(stars, spread), strict=True):
        assert likely_stars(value, wide) == (f"{low:g}–{high:g}" if low < high else f"{low:g}")
    low, high = bar(stars, spread)
    assert low.min() >= 0.5
    assert high.max() <= 5
    given = np.array([3.0, 3.0, 4.0]), np.array([0.8, 0.8, 0.2])
    actual = np.array([4.0, 2.5, 4.0])
    assert is_within(bar(*given), actual).tolist() == [False, True, True]
    assert is_within(written_range(*given), actual).tolist() == [True, True, True]


class WithSpread(Fixed):
    """Also says how sure it is."""

    def score(self, given: Ratings) -> Scores:
        found = super().score(given)
        return Scores(found.order, found.stars, np.full_like(found.order, 0.8))


def test_ranking_figures_say_how_many_hidden_ratings_lie_in_the_shown_range() -> None:
    model = WithSpread([3.0, 2.0, 1.0], [3.0, 3.0, 3.0])
    given = Ratings.of_tastes([{0: 5.0}], model.movie_ids)
    rest = Ratings.of_tastes([{1: 4.0, 2: 2.5}], model.movie_ids)
    found = rank_figures(model, given, rest)
    assert (found.on_bar, found.in_range) == (0.5, 1.0)
    assert found.dislikes.tolist() == [0]
    assert rank_figures(Fixed([3.0, 2.0, 1.0], [3.0, 3.0, 3.0]), given, rest).on_bar is None
