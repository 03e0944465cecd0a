"""Uploaded ratings: columns by name, refusals, and what is saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.datasets.uploads.base import Choice
from aecore.recommender.ratings import sources as rating_sets
from aecore.recommender.ratings.own import list_own, load_own, ratings_store, save_own
from aecore.recommender.ratings.own_tables import ColumnsError, OwnMeaning, read_own, understand_own
from aecore.recommender.ratings.table import RatingsError

CASES = Path(__file__).parents[1] / "data" / "cases"


def test_columns_are_found_by_name_and_users_and_films_may_be_called_anything() -> None:
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
        ("user,film\n1,2\n", r"'x\.csv', line 1: no column could be found for the stars\."),
        ("a,b,c\n", r"no column could be found for the user, the film and the stars\."),
        ("user,film,rating\n", r"'x\.csv' holds no ratings"),
        ("", r"'x\.csv' holds no ratings"),
        ("user,film,rating\n1,2,4\n1,3,101\n", r"'x\.csv', line 3: a rating of '101'; ratings lie between 10 and 100"),
        ("user,film,rating\n1,2,0.4\n1,3,8\n", r"'x\.csv', line 2: a rating of '0\.4'; ratings lie between 1 and 10"),
        ("user,film,rating\n1,2,nan\n", r"line 2: a rating of 'nan'"),
        ("user,film,rating\n1,,4\n", r"line 2: the film is missing"),
        ("user,film,rating\n1\n", r"line 2: the film is missing"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(RatingsError, match=sentence):
        read_own("/tmp/x.csv", text.encode())


@pytest.mark.parametrize(("written", "times", "words"), [
    (("01.04.2005 23:51", "02.04.2005"), [1112399460, 1112400000], ""),
    (("2005-04-01 23:51:00", "2005-04-02"), [1112399460, 1112400000], ""),
    (("1112399460123", "100000000000"), [1112399460, 100000000], "Times are in milliseconds since 1970."),
    (("1112399460", "5"), [1112399460, 5], ""),
    (("1112399460123456", ""), [1112399460, 0], "Times are in microseconds since 1970."),
    (("1112399460", "yesterday"), None,
     "Times were left out, as 'yesterday' in line 3 is neither a date nor a number of seconds since 1970."),
    (("04/01/2005", "-1"), None, "Times were left out, as '04/01/2005'"),
])  # fmt: skip
@pytest.mark.parametrize("large", [0, 2**60])
def test_times_are_read_or_left_out_but_never_cost_the_ratings(
    written: tuple[str, str], times: list[int] | None, words: str, large: int
) -> None:
    text = "userId,movieId,rating,timestamp\n" + "".join(f"1,{at},4,{time}\n" for at, time in enumerate(written, 1))
    found = understand_own("r.csv", text.encode(), large=large)
    assert found.ratings.taste(0) == {1: 4.0, 2: 4.0}
    assert (None if found.ratings.times is None else found.ratings.times.tolist()) == times
    assert words.replace("_", "") in " ".join(found.notes)
    assert ("Times" in " ".join(found.notes)) == bool(words)


def test_ratings_out_of_ten_or_a_hundred_are_known_from_all_of_them() -> None:
    rows = "user,film,rating\nA,1,{}\nB,1,{}\n"
    for ratings, stars, scale in (
        ((4, 2), [4, 2], "5"),
        ((9, 4), [4.5, 2], "10"),
        ((90, 5.5 * 10), [4.5, 2.75], "100"),
    ):
        found = understand_own("a.csv", rows.format(*ratings).encode())
        assert found.ratings.stars.tolist() == stars
        assert found.choices[-1] == Choice("ratings_to", ("5", "10", "100"), scale)
    small = understand_own("a.csv", rows.format(4, 2).encode(), OwnMeaning(scale="10"))
    assert small.ratings.stars.tolist() == [2, 1]


def test_columns_can_be_chosen_where_their_names_tell_nothing() -> None:
    data = b"who,what,how good\nAnn,Alien,4\nBob,Alien,2\n"
    with pytest.raises(ColumnsError) as refused:
        understand_own("a.csv", data)
    names = ("who", "what", "how good")
    assert refused.value.choices == tuple(Choice(f"{each}_column", names, "") for each in ("user", "film", "stars"))
    found = understand_own("a.csv", data, OwnMeaning("who", "what", "how good"))
    assert [found.ratings.taste(row) for row in range(2)] == [{1: 4.0}, {1: 2.0}]


def test_without_a_line_of_names_the_order_is_that_of_movielens() -> None:
    found = understand_own("u.data", b"196\t242\t3\t881250949\n186\t302\t3\t891717742\n")
    assert (found.ratings.users, found.films.movie_ids.tolist()) == (2, [242, 302])
    assert "Users are in 'column 1', films in 'column 2', ratings in 'column 3'." in found.notes


@pytest.mark.parametrize(
    "file", ["07-own-ratings-date-and-time/rating.csv", "08-own-ratings-utf16/ratings-unicode.csv"]
)
def test_tables_as_other_programs_write_them(file: str) -> None:
    found = understand_own(file, (CASES / file).read_bytes())
    assert (found.ratings.users, len(found.films), len(found.ratings)) == (6, 8, 48)


def test_a_table_in_utf_16_gives_the_ratings_that_it_gives_in_utf_8() -> None:
    one, other = (
        understand_own(name, (CASES / "08-own-ratings-utf16" / name).read_bytes())
        for name in ("ratings-unicode.csv", "same-in-utf8.csv")
    )
    assert [one.ratings.taste(user) for user in range(6)] == [other.ratings.taste(user) for user in range(6)]
    assert (one.films.titles, one.films.movie_ids.tolist()) == (other.films.titles, other.films.movie_ids.tolist())
    assert len({stars for user in range(6) for stars in one.ratings.taste(user).values()}) > 3


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
