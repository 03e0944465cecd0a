"""Exports: columns for Letterboxd, no formulas, no predictions exported as ratings;
the JSON is read back in full.
"""

from __future__ import annotations

import json

from aecore.foreign import in_csv
from aecore.recommender.profiles.exports import list_csv, own_json, ratings_csv
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.import_report import import_report_of
from aecore.recommender.profiles.importers import read
from aecore.recommender.profiles.taste import Entry, Taste
from tests.small_films import small_catalogue

TASTE = Taste(
    (
        Entry(Film("The Matrix", 1999, 133093, 603, 2571), 4.5, when=1000.0),
        Entry(Film('A "quoted", comma', 2001), 0.5, when=2000.0),
        Entry(Film("Alien", 1979, 78748, 348, 1214), None, frozenset({"watchlist"}), 3000.0),
        Entry(Film(tmdb=10681), 3.0),
    )
)


def test_ratings_have_the_columns_letterboxd_wants() -> None:
    rows = ratings_csv(TASTE).split("\r\n")
    assert rows == [
        '"imdbID","tmdbID","Title","Year","Rating"',
        '"tt0133093","603","The Matrix","1999","4.5"',
        '"","","A ""quoted"", comma","2001","0.5"',
        '"","10681","","","3"',
        "",
    ]


def test_a_list_has_no_ratings() -> None:
    assert list_csv([TASTE.entries[2].film]).split("\r\n") == [
        '"imdbID","tmdbID","Title","Year"',
        '"tt0078748","348","Alien","1979"',
        "",
    ]


def test_a_title_is_never_a_formula_and_comes_back_as_it_was() -> None:
    for title in ("=1+1", "+one", "-30-", "@home", " =x", "'=x"):
        assert in_csv(title).startswith("'")
    assert [in_csv(title) for title in ("'night, Mother", "9 to 5", "")] == ["'night, Mother", "9 to 5", ""]
    text = ratings_csv(Taste((Entry(Film("-30-", 1959), 4.0),)))
    assert read([("x", text.encode())]).lines[0].film.title == "-30-"


def test_our_own_file_holds_everything_and_comes_back_through_an_import_report() -> None:
    text = own_json("Ann", TASTE)
    assert json.loads(text)["name"] == "Ann"
    back = import_report_of(read([("mine.json", text.encode())]), small_catalogue()).entries()
    known = Taste(back).known(small_catalogue())
    assert {movie: (entry.stars, set(entry.marks), entry.when) for movie, entry in known.items()} == {
        2571: (4.5, set(), 1000.0), 1214: (None, {"watchlist"}, 3000.0), 60069: (3.0, set(), 0.0),
    }  # fmt: skip
    assert [entry.film.title for entry in Taste(back).unknown(small_catalogue())] == ['A "quoted", comma']
