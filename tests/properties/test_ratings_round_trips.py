"""Tables of ratings keep all ratings; any bytes given as a table are read
or refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aecore.recommender.ratings.films import Films, article_first, parse_title, plain
from aecore.recommender.ratings.movielens import read
from aecore.recommender.ratings.own import load_own, save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.recommender.ratings.table import Ratings, RatingsError

pytestmark = pytest.mark.long

QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
STARS = st.integers(1, 10).map(lambda halves: halves / 2)
TASTES = st.lists(st.dictionaries(st.integers(1, 30), STARS, max_size=12), max_size=8)
MOVIES = np.array([30, *range(1, 30)])


def tastes_of(ratings: Ratings) -> list[dict[int, float]]:
    return [ratings.taste(row) for row in range(ratings.users)]


@QUICK
@given(TASTES)
def test_a_table_of_tastes_gives_them_back(tastes: list[dict[int, float]]) -> None:
    ratings = Ratings.of_tastes(tastes, MOVIES)
    assert tastes_of(ratings) == tastes
    assert len(ratings) == sum(map(len, tastes)) == ratings.matrix.nnz
    for row in range(ratings.users):
        films = ratings.user(row)[0]
        assert (np.diff(films) > 0).all()


@QUICK
@given(TASTES, st.randoms(use_true_random=False))
def test_the_order_of_triples_does_not_matter(tastes: list[dict[int, float]], random: object) -> None:
    ratings = Ratings.of_tastes(tastes, MOVIES)
    order = list(range(len(ratings)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = Ratings.of(ratings.rows[order], ratings.films[order], ratings.stars[order], None, ratings.user_ids, MOVIES)
    np.testing.assert_array_equal(again.matrix.toarray(), ratings.matrix.toarray())


@QUICK
@given(TASTES)
def test_turned_over_twice_it_is_the_same(tastes: list[dict[int, float]]) -> None:
    ratings = Ratings.of_tastes(tastes, MOVIES)
    turned = ratings.transposed()
    np.testing.assert_array_equal(turned.matrix.toarray(), ratings.matrix.toarray().T)
    assert tastes_of(turned.transposed()) == tastes


@QUICK
@given(TASTES, st.data())
def test_parts_are_those_of_dense_tables(tastes: list[dict[int, float]], data: st.DataObject) -> None:
    ratings = Ratings.of_tastes(tastes, MOVIES)
    dense = ratings.matrix.toarray()
    rows = np.array(data.draw(st.lists(st.integers(0, len(tastes) - 1), max_size=10)) if tastes else [], int)
    np.testing.assert_array_equal(ratings.take_users(rows).matrix.toarray(), dense[rows])
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(ratings), max_size=len(ratings))), bool)
    kept = ratings.only(mask)
    assert len(kept) == mask.sum()
    assert all(tastes[row].items() >= kept.taste(row).items() for row in range(kept.users))


@QUICK
@given(TASTES, st.lists(st.integers(1, 40), unique=True))
def test_other_columns_keep_what_they_know(tastes: list[dict[int, float]], movies: list[int]) -> None:
    moved = Ratings.of_tastes(tastes, MOVIES).on(np.array(movies, np.int64))
    assert tastes_of(moved) == [{movie: stars for movie, stars in taste.items() if movie in movies} for taste in tastes]


def test_of_a_film_rated_twice_the_last_rating_counts() -> None:
    ratings = Ratings.of_ids([1, 1, 2, 1], [5, 7, 5, 5], [1.0, 2.0, 3.0, 4.5], [10, 11, 12, 13])
    assert tastes_of(ratings) == [{5: 4.5, 7: 2.0}, {5: 3.0}]
    assert ratings.times is not None
    assert ratings.times.tolist() == [13, 11, 12]


@QUICK
@given(st.lists(st.dictionaries(st.integers(1, 30), STARS, min_size=1, max_size=12), min_size=1, max_size=8))
def test_a_csv_of_ones_own_gives_back_what_was_written_and_kept(tmp_path: Path, tastes: list[dict[int, float]]) -> None:
    lines = [f"p{row},{movie},{stars}" for row, taste in enumerate(tastes) for movie, stars in taste.items()]
    ratings, films = read_own("mine.csv", ("user,movieId,rating\n" + "\n".join(lines)).encode())
    assert tastes_of(ratings) == tastes
    assert films.movie_ids.tolist() == sorted({movie for taste in tastes for movie in taste})
    again, films_again = load_own(save_own(ratings, films, "Mine", tmp_path), tmp_path)
    assert tastes_of(again) == tastes
    assert films_again.titles == films.titles


def tried(read_it: Callable[[], tuple[Ratings, Films]]) -> tuple[tuple[Ratings, Films] | None, str]:
    """The ratings read, or the sentence of the error."""
    try:
        return read_it(), ""
    except RatingsError as error:
        return None, str(error)


CSV = b"userId,movieId,rating,timestamp\n1,10,4.0,5\n1,20,0.5,6\n2,10,5.0,7\n"


@QUICK
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.tuples(st.integers(0, len(CSV)), st.binary(max_size=8)).map(
        lambda cut: CSV[: cut[0]] + cut[1] + CSV[cut[0] + len(cut[1]) :]
    )
)
@example(b"")
@example(b'\xef\xbb\xbfuser;film;stars\na;"Se7en; again";4,5\n')
@example(b"userId,movieId,rating\n1,10,\n")
@example(b"userId,movieId,rating\n1,\x00,4\n")
@example(b'userId,movieId,rating\n1,"10,4\n')
def test_any_bytes_are_ratings_or_a_sentence(data: bytes) -> None:  # fmt: skip
    found, sentence = tried(lambda: read_own("mine.csv", data))
    if found is None:
        assert re.fullmatch(r"'mine\.csv'.+\.", sentence)
    else:
        assert len(found[0]) > 0
        assert len(found[1]) == found[0].films_count
        assert np.isfinite(found[0].stars).all()


FILES = {
    "ml-latest-small": {
        "ratings.csv": CSV,
        "movies.csv": b'movieId,title,genres\n10,"Matrix, The (1999)",Action|Sci-Fi\n'
        b"20,Hate (Haine\xcc\x81e) (1995),(no genres listed)\n",
        "links.csv": b"movieId,imdbId,tmdbId\n10,0133093,603\n20,0113247,\n",
    },
    "ml-1m": {
        "ratings.dat": b"1::10::4::5\n1::20::1::6\n2::10::5::7\n",
        "movies.dat": b"10::Matrix, The (1999)::Action\n20::Mis\xe9rables, Les (1995)::Drama\n",
    },
    "ml-100k": {
        "u.data": b"1\t10\t4\t5\n1\t20\t1\t6\n2\t10\t5\t7\n",
        "u.item": b"10|Matrix, The (1999)|01-Jan-1999||http://x|0|1\n20|Mis\xe9rables, "
        b"Les (1995)|01-Jan-1995||http://x|1|0\n",
        "u.genre": b"unknown|0\nAction|1\n",
    },
}


def write(folder: Path, name: str, changes: dict[str, bytes]) -> None:
    (folder / "movielens" / name).mkdir(parents=True, exist_ok=True)
    for file, content in (FILES[name] | changes).items():
        (folder / "movielens" / name / file).write_bytes(content)


@QUICK
@given(st.sampled_from([(name, file) for name, files in FILES.items() for file in files]), st.data())
def test_damaged_files_of_movielens_are_refused_with_a_sentence(
    tmp_path: Path, target: tuple[str, str], data: st.DataObject
) -> None:
    name, file = target
    sound = FILES[name][file]
    begin = data.draw(st.integers(0, len(sound)))
    noise = data.draw(st.binary(max_size=6))
    end = data.draw(st.sampled_from([begin, begin + len(noise), len(sound)]))
    write(tmp_path, name, {file: sound[:begin] + noise + sound[end:]})
    found, sentence = tried(lambda: read(name, tmp_path))
    assert found is None  # a whole edition has more than these three ratings
    assert re.fullmatch(r".*'[\w.]+'.+\.", sentence)


@QUICK
@given(st.text(max_size=60))
@example("Matrix, The (1999)")
@example("((((((((((")
@example("(" * 5000)
@example("𝐀")
def test_titles_are_taken_apart_without_losing_all(text: str) -> None:
    title = parse_title(text)
    assert bool(title.name) == bool(text.split())
    assert 0 <= title.year <= 9999
    assert plain(plain(title.name)) == plain(title.name)
    assert article_first(article_first(title.name)) in (article_first(title.name), title.name) or ", " in title.name
