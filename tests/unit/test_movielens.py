"""MovieLens from folders and ZIPs, whole and damaged, and the published files where they lie beside the project."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.recommender.ratings import delimited as tables
from aecore.recommender.ratings import movielens
from aecore.recommender.ratings import sources as rating_sets
from aecore.recommender.ratings.movielens import EDITIONS, check, download, present, read, split_100k
from aecore.recommender.ratings.table import Ratings, RatingsError

RATINGS = "userId,movieId,rating,timestamp\n1,10,4.5,5\n1,20,0.5,6\n7,10,5.0,7\n"
MOVIES = 'movieId,title,genres\n20,"Misérables, Les (1995)",(no genres listed)\n10,"Matrix, The (1999)",Action|Sci-Fi\n'
LINKS = "movieId,imdbId,tmdbId\n10,0133093,603\n20,0113247,\n"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an edition of three ratings."""
    monkeypatch.setitem(EDITIONS, "ml-latest-small", replace(EDITIONS["ml-latest-small"], ratings=3))
    put(tmp_path)
    return tmp_path


def put(folder: Path, **changes: str) -> None:
    target = folder / "movielens" / "ml-latest-small"
    target.mkdir(parents=True, exist_ok=True)
    for name, text in ({"ratings": RATINGS, "movies": MOVIES, "links": LINKS} | changes).items():
        (target / f"{name}.csv").write_text(text, encoding="utf-8")


def pack(folder: Path) -> Path:
    """Replaces the unpacked folder by a ZIP as GroupLens offers it."""
    unpacked = folder / "movielens" / "ml-latest-small"
    with zipfile.ZipFile(unpacked.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for file in unpacked.iterdir():
            archive.write(file, f"ml-latest-small/{file.name}")
            file.unlink()
    unpacked.rmdir()
    return unpacked.with_suffix(".zip")


def assert_understood(ratings: Ratings) -> None:
    assert [ratings.taste(row) for row in range(ratings.users)] == [{10: 4.5, 20: 0.5}, {10: 5.0}]
    assert ratings.user_ids.tolist() == [1, 7]
    assert ratings.times is not None
    assert ratings.times.tolist() == [5, 6, 7]


def test_a_folder_and_a_zip_are_read_alike(small: Path) -> None:
    ratings, films = read("ml-latest-small", small)
    assert_understood(ratings)
    assert films.titles == ("The Matrix", "Les Misérables")
    assert films.genres_of(0) == ("Action", "Sci-Fi")
    assert films.genres_of(1) == ()
    assert (films.imdb.tolist(), films.tmdb.tolist()) == ([133093, 113247], [603, 0])
    pack(small)
    assert present("ml-latest-small", small)
    assert_understood(read("ml-latest-small", small)[0])


def test_times_and_latin_letters_of_the_older_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EDITIONS, "ml-1m", replace(EDITIONS["ml-1m"], ratings=2))
    folder = tmp_path / "movielens" / "ml-1m"
    folder.mkdir(parents=True)
    (folder / "ratings.dat").write_text("1::20::4::978300760\n2::10::3.5::978300761\n")
    (folder / "movies.dat").write_bytes(
        "10::Matrix, The (1999)::Action\n20::Misérables, Les (1995)::Drama|Musical\n".encode("latin-1")
    )
    ratings, films = read("ml-1m", tmp_path)
    assert [ratings.taste(row) for row in range(2)] == [{20: 4.0}, {10: 3.5}]
    assert films.titles[1] == "Les Misérables"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ratings": RATINGS[:-3]}, r"'ratings\.csv', line 4: 3 fields instead of 4"),
        ({"ratings": RATINGS[:-7]}, r"'ratings\.csv', line 4: 2 fields instead of 4"),
        ({"ratings": RATINGS.replace("7,10,5.0,7\n", "")}, r"'ratings\.csv' holds 2 of the 3 ratings"),
        ({"ratings": RATINGS.replace("0.5,6", "9,6")}, r"'ratings\.csv', line 3: 9 stars"),
        ({"ratings": RATINGS.replace("0.5,6", "=SUM(A1),6")}, r"'ratings\.csv', line 3: '=SUM\(A1\)' is no number"),
        (
            {"ratings": RATINGS.replace("20,0.5", "21,0.5")},
            r"'ratings\.csv', line 3: film 21 is not in the list of films",
        ),
        (
            {"ratings": RATINGS.replace("20,0.5", "99999999999,0.5")},
            r"'ratings\.csv', line 3: '99999999999' is no number",
        ),
        ({"ratings": RATINGS.replace("userId", "name")}, r"'ratings\.csv', line 1: the columns must be userId"),
        ({"ratings": ""}, r"'ratings\.csv', line 1"),
        ({"movies": MOVIES.replace("10,", "ten,", 1)}, r"'movies\.csv', line 3: 'ten' is no whole number"),
        ({"movies": MOVIES.replace("10,", "20,", 1)}, r"'movies\.csv' lists film 20 twice"),
        ({"movies": MOVIES.split("\n")[0] + "\n"}, r"'movies\.csv' lists no films"),
        ({"movies": MOVIES + '30,"Never closed'}, r"'movies\.csv', line 4: a quote is opened here and never closed"),
        ({"links": LINKS.replace("603", "<b>603")}, r"'links\.csv', line 2: '<b>603' is no whole number"),
    ],
)
def test_damaged_files_are_refused_with_file_and_line(small: Path, changes: dict[str, str], sentence: str) -> None:
    put(small, **changes)
    with pytest.raises(RatingsError, match=sentence):
        read("ml-latest-small", small)


def test_a_missing_file_a_damaged_zip_and_a_bomb_are_refused(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / "movielens" / "ml-latest-small" / "movies.csv").unlink()
    with pytest.raises(RatingsError, match=r"'movies\.csv' is missing"):
        read("ml-latest-small", small)
    put(small)
    archive = pack(small)
    sound = archive.read_bytes()
    archive.write_bytes(sound[:200])
    with pytest.raises(RatingsError, match="is damaged"):
        read("ml-latest-small", small)
    archive.write_bytes(sound)
    monkeypatch.setattr(tables, "MAX_BYTES", 50)
    with pytest.raises(RatingsError, match="would unpack to"):
        read("ml-latest-small", small)


def test_what_is_not_there_is_said_with_the_way_to_get_it(tmp_path: Path) -> None:
    assert not present("ml-25m", tmp_path)
    with pytest.raises(RatingsError, match="aecore data fetch ml-25m"):
        read("ml-25m", tmp_path)
    with pytest.raises(RatingsError, match="no edition 'ml-20m'"):
        read("ml-20m", tmp_path)
    with pytest.raises(RatingsError, match="no split 6"):
        split_100k(6, tmp_path)


def test_a_downloaded_zip_is_held_against_its_digest(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "all 3 ratings of 2 films" in check("ml-latest-small", small)
    archive = pack(small)
    with pytest.raises(DataError, match="checksum"):
        check("ml-latest-small", small)
    for digest in (
        {"sha256": hashlib.sha256(archive.read_bytes()).hexdigest()},
        {"sha256": "", "md5": hashlib.md5(archive.read_bytes()).hexdigest()},
    ):
        edition = EDITIONS["ml-latest-small"]
        monkeypatch.setitem(EDITIONS, "ml-latest-small", replace(edition, file=replace(edition.file, **digest)))
        assert "as it should be" in check("ml-latest-small", small)


def test_a_download_that_cannot_be_had_says_what_works_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = replace(EDITIONS["ml-100k"].file, urls=("http://127.0.0.1:9/ml-100k.zip",))
    monkeypatch.setitem(EDITIONS, "ml-100k", replace(EDITIONS["ml-100k"], file=file))
    with pytest.raises(DataError, match="the built-in recommender works offline"):
        list(download("ml-100k", tmp_path))


def test_every_edition_is_ready_for_a_page() -> None:
    for name, edition in EDITIONS.items():
        assert edition.file.path == f"movielens/{name}.zip"
        assert len(edition.file.sha256) == 64 or len(edition.file.md5) == 32
        assert edition.licence.startswith("Free for research")
        assert "10.1145/2827872" in edition.citation
        card = rating_sets.card(name)
        assert (card.users, card.films, card.ratings, card.bytes) == (
            edition.users,
            edition.films,
            edition.ratings,
            edition.file.size_hint,
        )


@pytest.mark.parametrize("name", ["ml-latest-small", "ml-100k", "ml-1m"])
def test_the_published_editions_have_the_sizes_on_their_cards(name: str, real_data: Path) -> None:
    if not present(name, real_data):
        pytest.skip(f"{name} is not here")
    ratings, films = rating_sets.load(name)
    assert (ratings.users, len(films), len(ratings)) == (
        EDITIONS[name].users,
        EDITIONS[name].films,
        EDITIONS[name].ratings,
    )
    np.testing.assert_array_equal(ratings.movie_ids, films.movie_ids)
    assert films.title(films.column[1]) == "Toy Story (1995)"


def test_the_official_splits_share_out_all_ratings(real_data: Path) -> None:
    if not present("ml-100k", real_data):
        pytest.skip("ml-100k is not here")
    whole, _ = read("ml-100k", real_data)
    tested = sum(split_100k(number, real_data)[1].matrix for number in movielens.SPLITS)
    np.testing.assert_array_equal(tested.toarray(), whole.matrix.toarray())
    train, test = split_100k(1, real_data)
    assert train.matrix.multiply(test.matrix).nnz == 0
