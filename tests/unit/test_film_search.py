"""Search-as-you-type: the intended film comes first in any spelling;
any text is allowed; and it is fast.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.search import Search
from tests.small_films import small_catalogue, small_films

SMALL = small_catalogue()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("matrix", "The Matrix (1999)"), ("the matrix", "The Matrix (1999)"), ("matrix, the", "The Matrix (1999)"),
        ("MATR", "The Matrix (1999)"), ("matrx", "The Matrix (1999)"),
        ("the matrix reloded", "The Matrix Reloaded (2003)"), ("matrix 2003", "The Matrix Reloaded (2003)"),
        ("amelie", "Amelie (2001)"), ("Amélie", "Amelie (2001)"), ("fabuleux destin", "Amelie (2001)"),
        ("leon", "Léon: The Professional (1994)"), ("godfather 2", "The Godfather: Part II (1974)"),
        ("godfather part ii", "The Godfather: Part II (1974)"), ("godfather", "The Godfather (1972)"),
        ("12 monkeys", "Twelve Monkeys (1995)"), ("twelve monk", "Twelve Monkeys (1995)"), ("se7en", "Seven (1995)"),
        ("seven", "Seven (1995)"), ("alien", "Alien (1979)"), ("aliens", "Aliens (1986)"), ("alein", "Alien (1979)"),
        ("alien 1986", "Aliens (1986)"), ("wall-e", "WALL·E (2008)"), ("walle", "WALL·E (2008)"),
        ("starwars", "Star Wars: Episode IV - A New Hope (1977)"),
        ("episode 4", "Star Wars: Episode IV - A New Hope (1977)"),
        ("toystory", "Toy Story (1995)"), ("hope star", "Star Wars: Episode IV - A New Hope (1977)"),
    ],
)  # fmt: skip
def test_the_film_that_is_meant_comes_first(query: str, title: str) -> None:
    assert SMALL.films.title(SMALL.search(query)[0]) == title


def test_the_better_known_of_equals_comes_first() -> None:
    films = Films.of([1, 2, 3], ["Heat (1986)", "Heat (1995)", "Heat Wave (1990)"])
    assert Search(films, np.array([0.1, 0.9, 0.0]))("heat").tolist() == [1, 0, 2]
    assert Search(films, np.array([0.9, 0.1, 0.0]))("heat").tolist() == [0, 1, 2]


@pytest.mark.parametrize("query", ["", "   ", "???", "\0", "\ud800"])
def test_a_query_without_letters_finds_nothing(query: str) -> None:
    assert SMALL.search(query).tolist() == []


def test_no_films_and_films_in_other_scripts() -> None:
    assert Search(small_films().take([]))("alien").tolist() == []
    films = Films.of([1, 2], ["千と千尋の神隠し (2001)", "Сталкер (1979)"])
    assert Search(films)("千と").tolist() == [0]
    assert Search(films)("сталк").tolist() == [1]


@settings(max_examples=150, database=None)
@given(
    query=st.text(max_size=40) | st.sampled_from(["a" * 5000, "the " * 300, "matrix\U0010ffff"]),
    count=st.integers(1, 30),
)
def test_any_text_gives_films_each_once(query: str, count: int) -> None:
    found = SMALL.search(query, count)
    assert len(found) <= count
    assert len(set(found.tolist())) == len(found)


@pytest.mark.long
def test_every_film_is_found_by_its_whole_title(real_data: Path) -> None:
    from aecore.recommender.ratings import movielens

    ratings, films = movielens.read("ml-latest-small", real_data)
    search = Search(films, np.bincount(ratings.on(films.movie_ids).films, minlength=len(films)))
    rng = np.random.default_rng(0)
    for column in rng.choice(len(films), 300, replace=False):
        assert column in search(films.title(column)), films.title(column)
