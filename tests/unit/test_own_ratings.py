"""Ratings that people bring: columns by name, what is refused, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.recommender.ratings import sources as rating_sets
from aecore.recommender.ratings.own import list_own, load_own, ratings_store, read_own, save_own
from aecore.recommender.ratings.table import RatingsError


def test_columns_are_found_by_name_and_people_and_films_may_be_called_anything() -> None:
    text = "Score;Remark;Person;Film\n4,5;good;Ann;Matrix, The (1999)\n2;;Bob;Alien (1979)\n5;;Ann;Alien (1979)\n"
    ratings, films = read_own("ours.csv", text.encode("utf-8-sig"))
    assert films.titles == ("The Matrix", "Alien")
    assert films.years.tolist() == [1999, 1979]
    assert [ratings.taste(row) for row in range(2)] == [{1: 4.5, 2: 5.0}, {2: 2.0}]
    assert ratings.times is None


def test_ids_that_are_numbers_stay_and_titles_and_genres_are_taken_along() -> None:
    text = "userId,movieId,rating,timestamp,title,genres\n5,603,4,100,Matrix (1999),Action|Sci-Fi\n5,7,3,90,,\n"
    ratings, films = read_own("ours.csv", text.encode("cp1252"))
    assert films.movie_ids.tolist() == [7, 603]
    assert [films.title(place) for place in range(2)] == ["Film 7", "Matrix (1999)"]
    assert films.genres_of(1) == ("Action", "Sci-Fi")
    assert ratings.times is not None
    assert ratings.times.tolist() == [90, 100]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("user,film\n1,2\n", r"'x\.csv', line 1: there is no column for stars"),
        ("a,b,c\n", r"no column for person and film and stars"),
        ("user,film,rating\n", r"'x\.csv' holds no ratings"),
        ("", r"'x\.csv' holds no ratings"),
        ("user,film,rating\n1,2,4\n1,3,8\n", r"'x\.csv', line 3: a rating of '8'; ratings lie between 0\.5 and 5"),
        ("user,film,rating\n1,2,nan\n", r"line 2: a rating of 'nan'"),
        ("user,film,rating\n1,,4\n", r"line 2: the film is missing"),
        ("user,film,rating\n1\n", r"line 2: the film is missing"),
        ("user,film,rating,time\n1,2,4,yesterday\n", r"line 2: 'yesterday' is no time"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(RatingsError, match=sentence):
        read_own("/tmp/x.csv", text.encode())


def test_ratings_are_kept_listed_loaded_and_deleted(tmp_path: Path) -> None:
    ratings, films = read_own("a.csv", b"user,film,rating,title\nA,1,4,One (2001)\nB,1,2,\n")
    id = save_own(ratings, films, "Film club <3", tmp_path)
    assert save_own(ratings, films, "Film club", tmp_path) == id
    (card,) = list_own(tmp_path)
    assert (card.title, card.people, card.films, card.ratings, card.error) == ("Film club", 2, 1, 2, "")
    again, films_again = rating_sets.load(id, home=tmp_path)
    assert [again.taste(row) for row in range(2)] == [{1: 4.0}, {1: 2.0}]
    assert films_again.title(0) == "One (2001)"
    assert rating_sets.card(id, home=tmp_path).licence == "Yours"
    ratings_store(tmp_path).delete(id)
    assert list_own(tmp_path) == []
    assert any((tmp_path / "trash").iterdir())
    with pytest.raises(RatingsError, match="may have been deleted"):
        load_own(id, tmp_path)


def test_kept_ratings_that_were_changed_are_refused(tmp_path: Path) -> None:
    ratings, films = read_own("a.csv", b"user,film,rating\nA,1,4\nB,1,2\n")
    id = save_own(ratings, films, "Mine", tmp_path)
    (tmp_path / "ratings" / id / "films.json").write_text(json.dumps({"titles": []}))
    with pytest.raises(RatingsError, match="changed or damaged"):
        load_own(id, tmp_path)
    (tmp_path / "ratings" / id / "card.json").write_text("{}")
    assert "damaged" in list_own(tmp_path)[0].error
    assert id not in [each.name for each in rating_sets.cards(home=tmp_path)]
    for bad in ("own-../../etc", "own-0123456789"):
        with pytest.raises(RatingsError, match="no ratings"):
            load_own(bad, tmp_path)
