"""Stars with a contradicting mark on one film: which contradict, and that removing the marks loses nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.profiles.taste import MARKS, Entry, Taste

ALIEN, MATRIX, HEAT = Film("Alien", 1979, 78748), Film("The Matrix", 1999, 133093), Film("Heat", 1995, 113277)


@pytest.mark.parametrize(
    ("stars", "marks", "contradicting"),
    [
        (0.5, {"watchlist"}, {"watchlist"}),
        (5.0, {"watchlist"}, {"watchlist"}),
        (5.0, {"not for me"}, {"not for me"}),
        (3.0, {"not for me"}, {"not for me"}),
        (2.5, {"not for me"}, set()),
        (2.5, {"not for me", "watchlist"}, {"watchlist"}),
        (4.0, {"seen"}, set()),
        (4.0, {"seen", "not for me"}, {"not for me"}),
        (4.0, set(), set()),
        (None, set(MARKS), set()),
    ],
)
def test_a_film_with_stars_has_been_seen_and_one_with_three_was_liked(
    stars: float | None, marks: set[str], contradicting: set[str]
) -> None:
    entry = Entry(ALIEN, stars, frozenset(marks), 12.0)
    assert entry.contradicting == contradicting
    assert entry.without_contradiction() == Entry(ALIEN, stars, frozenset(marks - contradicting), 12.0)
    assert Taste((entry, Entry(HEAT, 4.0))).contradictory == ((entry,) if contradicting else ())


def test_taking_the_marks_away_is_one_step_that_keeps_all_stars_and_can_be_taken_back(home: Path) -> None:
    profiles = Profiles(home)
    me = profiles.create("Me", "owner").id
    for film, stars, mark in ((ALIEN, 5, "not for me"), (MATRIX, 4.5, "watchlist"), (HEAT, 1, "not for me")):
        profiles.rate(me, film, stars)
        profiles.mark(me, film, mark)
    before = profiles.taste(me)
    assert {each.film.title for each in before.contradictory} == {"Alien", "The Matrix"}
    assert profiles.keep(me, [each.without_contradiction() for each in before.contradictory], "mended") == 2
    after = {each.film.title: each for each in profiles.taste(me).entries}
    assert {title: each.stars for title, each in after.items()} == {"Alien": 5, "The Matrix": 4.5, "Heat": 1}
    assert {title: set(each.marks) for title, each in after.items()} == {
        "Alien": set(),
        "The Matrix": set(),
        "Heat": {"not for me"},
    }
    profiles.undo(me)
    assert set(profiles.taste(me).entries) == set(before.entries)
