"""Films: titles as MovieLens writes them and in normal form."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.recommender.ratings.films import Films, article_last, parse_title, plain


@pytest.mark.parametrize(
    ("text", "name", "year", "alternatives"),
    [
        ("Matrix, The (1999)", "The Matrix", 1999, ()),
        ("Misérables, Les (1995)", "Les Misérables", 1995, ()),
        ("Boot, Das (Boat, The) (1981)", "Das Boot", 1981, ("The Boat",)),
        ("Avventura, L' (a.k.a. Adventure, The) (1960)", "L'Avventura", 1960, ("The Adventure",)),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)", "The City of Lost Children", 1995,
         ("La Cité des enfants perdus",)),
        ("Léon: The Professional (a.k.a. The Professional) (Léon) (1994)", "Léon: The Professional", 1994,
         ("The Professional", "Léon")),
        ("Seven (a.k.a. Se7en) (1995)", "Seven", 1995, ("Se7en",)),
        ("Good, the Bad and the Ugly, The (Buono, Il) (1966)", "The Good, the Bad and the Ugly", 1966, ("Il Buono",)),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009, ()),
        ("Birdman: Or (The Unexpected Virtue of Ignorance) (2014)",
         "Birdman: Or (The Unexpected Virtue of Ignorance)", 2014, ()),
        ("Hotel Chevalier (Part 1 of 'The Darjeeling Limited') (2007)",
         "Hotel Chevalier (Part 1 of 'The Darjeeling Limited')", 2007, ()),
        ("I, Robot (2004)", "I, Robot", 2004, ()),
        ("Paris, Texas (1984)", "Paris, Texas", 1984, ()),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006, ()),
        ("Land Before Time III: The Time of the Great Giving (1995) (V)",
         "Land Before Time III: The Time of the Great Giving", 1995, ()),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968, ()),
        ("1984 (1984)", "1984", 1984, ()),
        ("Babylon 5", "Babylon 5", 0, ()),
        ("Amélie (2001) ", "Amélie", 2001, ()),
        ("unknown", "unknown", 0, ()),
    ],
)  # fmt: skip
def test_a_title_is_taken_apart(text: str, name: str, year: int, alternatives: tuple[str, ...]) -> None:
    title = parse_title(text)
    assert (title.name, title.year, title.alternatives) == (name, year, alternatives)


def test_spellings_of_one_title_become_the_same() -> None:
    assert plain("Amélie") == plain("AMELIE") == "amelie"
    assert plain("Fast & Furious") == plain("fast and furious")
    assert plain("WALL·E") == plain("Wall-E")
    assert plain("Ocean's Eleven") == plain("Ocean’s Eleven") == "oceans eleven"
    assert plain("Grønne slagtere, De") == "gronne slagtere de"
    assert article_last("The Matrix") == "Matrix, The"
    assert article_last("There Will Be Blood") == "There Will Be Blood"


def test_genres_years_and_links_stand_beside_the_titles() -> None:
    films = Films.of(
        [5, 9, 2],
        ["B, The (1990)", "A", "C (2000)"],
        [("Drama", "Comedy"), ("(no genres listed)",), ("Drama",)],
        {9: (113, 8)},
    )
    assert films.titles == ("The B", "A", "C")
    assert [films.title(place) for place in range(3)] == ["The B (1990)", "A", "C (2000)"]
    assert films.genre_names == ("Comedy", "Drama")
    assert [films.genres_of(place) for place in range(3)] == [("Comedy", "Drama"), (), ("Drama",)]
    assert films.imdb.tolist() == [0, 113, 0]
    assert films.tmdb.tolist() == [0, 8, 0]
    assert films.column == {5: 0, 9: 1, 2: 2}


def test_films_follow_the_columns_of_a_model_and_unknown_films_are_titled_by_number() -> None:
    films = Films.of([5, 9, 2], ["B, The (1990)", "A (a.k.a. Z)", "C (2000)"], [("Drama",), (), ("Comedy",)])
    moved = films.on(np.array([2, 77, 9]))
    assert moved.titles == ("C", "Film 77", "A")
    assert moved.years.tolist() == [2000, 0, 0]
    assert moved.alternatives == ((), (), ("Z",))
    assert moved.genres_of(0) == ("Comedy",)
    assert moved.genres_of(1) == ()
    assert films.on(films.movie_ids[::-1]).titles == films.titles[::-1]
