"""Recommendations: filters, films done with, popularity-novelty, groups and cold-start items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.cold_start import cold_start_films, disagreement_of
from aecore.recommender.serving.film_night import Guest, Rule, by_least_misery, film_night
from aecore.recommender.serving.recommend import Preferences, recommend

COUNT = 200


def catalogue() -> Catalogue:
    """200 films, the first the best known; every second a comedy, every third a drama;
    from 1900 on, the last of unknown year.
    """
    titles = [f"Film {place} ({1900 + place // 2})" for place in range(COUNT - 1)] + ["Film 199"]
    genres = [[name for step, name in ((2, "Comedy"), (3, "Drama")) if place % step == 0] for place in range(COUNT)]
    return Catalogue(Films.of(np.arange(COUNT) + 1000, titles, genres), 1 / np.arange(1, COUNT + 1))


def scores(rows: int = 1, *, stars: bool = True, seed: int = 0) -> Scores:
    order = np.random.default_rng(seed).normal(size=(rows, COUNT)).astype(np.float32)
    return Scores(order, np.clip(3 + order, 0.5, 5).astype(np.float32) if stars else None)


FILMS = catalogue()


def movies(**preferences: object) -> list[int]:
    return [pick.movie_id - 1000 for pick in recommend(scores(), FILMS, Preferences(**preferences), count=COUNT)]  # type: ignore[arg-type]


def test_without_preferences_the_order_is_the_models() -> None:
    assert movies() == np.argsort(-scores().order[0], kind="stable").tolist()
    assert [pick.stars for pick in recommend(scores(), FILMS, count=3)] == np.sort(scores().stars[0])[::-1][:3].tolist()


def test_exclusion_wins_over_inclusion() -> None:
    assert set(movies(include=("comedy",))) == {place for place in range(COUNT) if place % 2 == 0}
    assert set(movies(include=("Comedy", "Drama"))) == {
        place for place in range(COUNT) if place % 2 == 0 or place % 3 == 0
    }
    assert set(movies(include=("Comedy",), exclude=("Drama",))) == {
        place for place in range(COUNT) if place % 2 == 0 and place % 3
    }
    assert movies(include=("Comedy",), exclude=("Comedy",)) == []


def test_years_are_inclusive_and_an_unknown_year_meets_no_limit() -> None:
    assert set(movies(first_year=1950, last_year=1951)) == {100, 101, 102, 103}
    assert COUNT - 1 in movies()
    assert COUNT - 1 not in movies(first_year=1800)
    assert COUNT - 1 not in movies(last_year=2100)


def test_what_is_done_with_never_comes_back_and_a_list_is_kept_to() -> None:
    done = {1000 + place for place in range(0, COUNT, 2)} | {5, 10**12}
    assert {pick.movie_id for pick in recommend(scores(), FILMS, without=done, count=COUNT)}.isdisjoint(done)
    assert set(movies(only=frozenset({1003, 1004, 7}))) == {3, 4}
    assert movies(only=frozenset()) == []
    assert recommend(scores(), FILMS, Preferences(only=frozenset({1003})), without={1003}) == []


@pytest.mark.parametrize(
    "wrong", [{"novelty": 1.5}, {"novelty": float("nan")}, {"first_year": 2000, "last_year": 1990}]
)
def test_invalid_preferences_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(RatingsError):
        Preferences(**wrong)  # type: ignore[arg-type]


def test_an_unknown_genre_is_named_with_those_there_are() -> None:
    with pytest.raises(RatingsError, match="no genre 'Westrn'. The genres are Comedy, Drama"):
        movies(include=("Westrn",))


@pytest.mark.parametrize("stars", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_popularity_novelty_moves_the_list_step_by_step_from_well_known_to_hidden(stars: bool, seed: int) -> None:
    medians = []
    for novelty in (-1, -0.5, 0, 0.5, 1):
        picks = recommend(scores(stars=stars, seed=seed), FILMS, Preferences(novelty=novelty), count=20)
        medians.append(np.median([pick.column for pick in picks]))
    assert medians == sorted(medians)
    assert medians[0] < 40 < medians[2] < medians[4]


def test_popularity_novelty_keeps_the_models_order_among_films_that_are_equally_known() -> None:
    even = Catalogue(FILMS.films, np.ones(COUNT))
    for novelty in (-1, 0.5, 1):
        picks = recommend(scores(stars=False), even, Preferences(novelty=novelty), count=50)
        assert [pick.column for pick in picks] == np.argsort(-scores().order[0], kind="stable")[:50].tolist()
    assert len(recommend(scores(), Catalogue(FILMS.films), Preferences(novelty=1), count=5)) == 5


def group() -> Scores:
    """Three users, four films: two like 0 and one hates it, 1 is fine for all, nobody likes 2,
    and only the third likes 3.
    """
    stars = np.array([[5, 3.5, 1.5, 2.0], [5, 3.5, 2.0, 2.0], [1, 3.6, 1.0, 5.0]], np.float32)
    return Scores(stars.copy(), stars)


FOUR = Catalogue(FILMS.films.take(np.arange(4)), np.ones(4))
THREE = (Guest("Ann"), Guest("Bob"), Guest("Cy"))


def test_each_rule_finds_the_film_it_is_made_for() -> None:
    night = {
        rule: [pick.column for pick in film_night(group(), THREE, FOUR, rule=rule)]
        for rule in ("average", "least misery", "no dislikes")
    }
    assert night["average"][0] == 0 or night["average"][0] == 1
    assert night["least misery"] == [1, 3, 0, 2]
    assert night["no dislikes"] == [1]
    two = film_night(Scores(group().order[:2], group().stars[:2]), THREE[:2], FOUR)
    assert two[0].column == 0


def test_who_would_like_what_is_told() -> None:
    pick = next(each for each in film_night(group(), THREE, FOUR) if each.column == 0)
    assert pick.stars == (5, 5, 1)
    assert pick.places == (1, 1, 4 - 1)
    assert pick.fits[0] > 0 > pick.fits[2]


def test_nobody_counts_more_because_their_scores_spread_wider() -> None:
    wide = Scores(group().order * np.array([[1], [1], [1000]], np.float32), group().stars)
    assert [each.column for each in film_night(wide, THREE, FOUR)] == [
        each.column for each in film_night(group(), THREE, FOUR)
    ]


def test_films_a_user_saw_stay_away_unless_allowed_and_refused_ones_always() -> None:
    guests = (
        Guest("Ann", done_with=frozenset({1000})),
        Guest("Bob", done_with=frozenset({1001}), refused=frozenset({1001})),
        Guest("Cy"),
    )
    assert {each.column for each in film_night(group(), guests, FOUR)} == {2, 3}
    again = film_night(group(), guests, FOUR, seen_by_some=True)
    assert {each.column for each in again} == {0, 2, 3}
    assert next(each for each in again if each.column == 0).seen_by == ("Ann",)


@given(st.lists(st.lists(st.floats(0.5, 5), min_size=4, max_size=4), min_size=1, max_size=5))
def test_least_misery_can_be_checked_by_the_stars_on_the_cards(given_stars: list[list[float]]) -> None:
    stars = np.array(given_stars, np.float32)
    guests = tuple(Guest(f"Guest {place}") for place in range(len(stars)))
    picks = film_night(Scores(-stars, stars), guests, FOUR, rule="least misery")
    assert len(picks) == 4
    keys = [(min(each.stars or ()), round(sum(each.stars or ()) / len(guests), 6)) for each in picks]
    assert keys == sorted(keys, reverse=True)
    assert all(value == round(value, 1) for each in picks for value in each.stars or ()), "as the card writes them"


def test_who_has_seen_a_film_has_no_prediction_that_could_be_the_lowest() -> None:
    seen = (*THREE[:2], Guest("Cy", done_with=frozenset({1000})))
    picks = film_night(group(), seen, FOUR, rule="least misery", seen_by_some=True)
    assert [each.column for each in picks] == [0, 1, 3, 2]
    assert picks[0].stars == (5, 5, None)


def test_stars_that_are_filled_in_later_are_sorted_by_the_lowest_again() -> None:
    seen = (*THREE[:2], Guest("Cy", done_with=frozenset({1000})))
    picks = film_night(group(), seen, FOUR, rule="least misery", seen_by_some=True)
    filled = [replace(each, stars=tuple(1.0 if one is None else one for one in each.stars or ())) for each in picks]
    again = by_least_misery(filled)
    assert [min(each.stars or ()) for each in again] == sorted((min(each.stars or ()) for each in filled), reverse=True)
    assert [each.column for each in again] != [each.column for each in picks]
    assert [each.column for each in by_least_misery(picks)] == [each.column for each in picks], "as they were sorted"
    bare = [replace(each, stars=None) for each in picks]
    assert by_least_misery(bare) == bare


@pytest.mark.parametrize("rule", ["average", "least misery", "no dislikes"])
def test_a_vetoed_film_is_off_the_list_under_every_rule(rule: Rule) -> None:
    assert 1 in {each.column for each in film_night(group(), THREE, FOUR, rule=rule)}
    assert 1 not in {each.column for each in film_night(group(), THREE, FOUR, rule=rule, vetoed={1001})}


def test_without_predicted_stars_a_dislike_is_the_lower_half_of_each_list() -> None:
    night = film_night(Scores(group().order), THREE, FOUR, rule="no dislikes")
    assert [each.column for each in night] == [1]
    assert night[0].stars is None


def test_a_film_night_needs_guests_and_a_rule_and_may_find_nothing() -> None:
    for wrong in (lambda: film_night(group(), (), FOUR), lambda: film_night(group(), THREE, FOUR, rule="loudest")):  # type: ignore[arg-type]
        with pytest.raises(RatingsError):
            wrong()
    everything = frozenset(range(1000, 1004))
    assert film_night(group(), (Guest("Ann", done_with=everything), *THREE[1:]), FOUR, rule="no dislikes") == []


def test_disagreement_is_high_where_the_same_users_differ_and_not_where_few_did() -> None:
    """40 users disagree about film 0 and agree about film 1, film 2 has two extreme ratings,
    films 3 and 4 show how each usually rates.
    """
    users = np.repeat(np.arange(40), 4)
    films = np.tile([0, 1, 3, 4], 40)
    stars = np.stack([np.where(np.arange(40) % 2, 5, 1), np.full(40, 3), np.full(40, 3), np.full(40, 3)], 1).ravel()
    ratings = Ratings.of(
        np.append(users, [0, 1]),
        np.append(films, [2, 2]),
        np.append(stars, [0.5, 5]),
        None,
        np.arange(41),
        np.arange(5),
    )
    found = disagreement_of(ratings)
    assert found[0] > 1.3 * found[2]
    assert found[2] > found[1]
    assert np.isfinite(found).all()
    nobody = disagreement_of(Ratings.of(*(np.zeros(0, int),) * 3, None, np.arange(0), np.arange(5)))
    assert nobody.tolist() == [0] * 5


def test_cold_start_items_are_well_known_varied_and_always_the_same() -> None:
    """Forty clusters of five films each: the first forty items are the best-known film of each cluster."""
    kinds = np.arange(COUNT) % 40

    def affinity(column: int) -> np.ndarray:
        return (kinds == kinds[column]) - 0.001 * np.arange(COUNT)

    even = Catalogue(FILMS.films, 1 + 0.001 * np.arange(COUNT, 0, -1))
    chosen = cold_start_films(even, affinity, count=30)
    assert len(set(kinds[chosen].tolist())) == 30
    assert chosen == cold_start_films(even, affinity, count=30)
    assert chosen[0] == 0
    skipped = cold_start_films(even, affinity, count=30, skip={1000 + place for place in chosen})
    assert not set(skipped) & set(chosen)
    loud = np.ones(COUNT)
    loud[7] = 50
    assert cold_start_films(even, affinity, loud, count=1) == [7]
    assert cold_start_films(even, affinity, count=500, skip=set(range(1000, 1199))) == [199]
