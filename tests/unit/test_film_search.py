"""Search-as-you-type: the intended film comes first in any spelling;
any text is allowed; and it is fast.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aecore.recommender import load
from aecore.recommender.profiles.film import Film
from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.known_names import KINDS, known_names, with_known_names
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


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("lotr", ["The Lord of the Rings: The Fellowship of the Ring (2001)",
                  "The Lord of the Rings: The Two Towers (2002)",
                  "The Lord of the Rings: The Return of the King (2003)"]),
        ("lotr 2", ["The Lord of the Rings: The Two Towers (2002)"]),
        ("hp 1", ["Harry Potter and the Sorcerer's Stone (2001)"]),
        ("HP7", ["Harry Potter and the Deathly Hallows: Part 1 (2010)"]),
        ("harry potter 3", ["Harry Potter and the Prisoner of Azkaban (2004)"]),
        ("t2", ["Terminator 2: Judgment Day (1991)"]), ("et", ["E.T. the Extra-Terrestrial (1982)"]),
        ("e.t.", ["E.T. the Extra-Terrestrial (1982)"]), ("ncfom", ["No Country for Old Men (2007)"]),
        ("esotsm", ["Eternal Sunshine of the Spotless Mind (2004)"]), ("bttf", ["Back to the Future (1985)"]),
        ("otto e mezzo", ["8 1/2 (1963)"]), ("8½", ["8 1/2 (1963)"]), ("千と千尋", ["Spirited Away (2001)"]),
        ("千と千尋の神隠し", ["Spirited Away (2001)"]), ("もののけ", ["Princess Mononoke (1997)"]),
        ("卧虎藏龙", ["Crouching Tiger, Hidden Dragon (2000)"]), ("올드보이", ["Old Boy (2003)"]),
        ("сталкер", ["Stalker (1979)"]), ("иди и смотри", ["Come and See (1985)"]),
        ("il gattopardo", ["The Leopard (1963)"]), ("la haine", ["La Haine (1995)"]),
        ("hate 1995", ["La Haine (1995)"]),
        ("spider-man homecoming", ["Spider-Man: Homecoming (2017)"]), ("untitled", ["Spider-Man: Homecoming (2017)"]),
        ("infinity war", ["Avengers: Infinity War (2018)"]), ("kimi no na wa", ["Your Name. (2016)"]),
        ("matrx", ["The Matrix (1999)"]), ("stra wars", ["Star Wars: Episode IV - A New Hope (1977)"]),
    ],
)  # fmt: skip
def test_films_are_found_by_what_people_call_them(query: str, titles: list[str]) -> None:
    catalogue = load().catalogue
    found = [catalogue.films.title(column) for column in catalogue.search(query)]
    assert set(found[: len(titles)]) == set(titles)


@pytest.mark.parametrize("query", ["oppenheimer 2023", "oppenheimer 2003", "oppenheimer"])
def test_a_film_that_is_not_there_is_not_found_by_its_year(query: str) -> None:
    assert not len(load().catalogue.search(query))


def test_the_table_of_names_names_films_of_the_built_in_catalogue_once_and_leaves_no_working_title() -> None:
    films, names = load().films, known_names()
    assert {kind for each in names.values() for kind, _ in each} == set(KINDS)
    assert all(len([1 for kind, _ in each if kind == "title"]) <= 1 for each in names.values())
    assert len(set(names) & set(films.imdb.tolist())) > 0.9 * len(names)
    assert not [title for title in films.titles if "untitled" in title.casefold() or title.endswith(" - Part I")]


def test_a_name_of_the_table_is_added_by_imdb_id_and_the_former_title_still_finds_the_film() -> None:
    films = with_known_names(
        Films.of([1, 2], ["Untitled Spider-Man Reboot (2017)", "Untitled (2011)"], links={1: (2250912, 0)})
    )
    assert films.titles == ("Spider-Man: Homecoming", "Untitled")
    assert films.alternatives == (("Untitled Spider-Man Reboot",), ())
    assert with_known_names(films).alternatives == films.alternatives, "twice is no more than once"
    catalogue = load().catalogue
    for name in ("Untitled Spider-Man Reboot", "Spider-Man: Homecoming"):
        found = catalogue.find(Film(name, 2017))
        assert found is not None
        assert catalogue.films.imdb[found.column] == 2250912


@pytest.mark.long
def test_every_film_is_found_by_its_whole_title(real_data: Path) -> None:
    from aecore.recommender.ratings import movielens

    ratings, films = movielens.read("ml-latest-small", real_data)
    search = Search(films, np.bincount(ratings.on(films.movie_ids).films, minlength=len(films)))
    rng = np.random.default_rng(0)
    for column in rng.choice(len(films), 300, replace=False):
        assert column in search(films.title(column)), films.title(column)
