"""Every reader of the app understands the same tables: uploads, people's ratings,
MovieLens, importers, tables of texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.datasets.uploads import cells
from aecore.datasets.uploads.reading import Uploaded, read_upload
from aecore.recommender.profiles.importers import ImportProblem
from aecore.recommender.profiles.importers import read as read_profile
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.recommender.ratings.movielens import read as read_edition
from aecore.recommender.ratings.own_tables import read_own
from aecore.words.tables import read_table

ROWS = [
    ["user", "movieId", "rating", "title"],
    ["Ann", "1", "4.5", "Heat"],
    ["Ann", "2", "3.0", "Alien"],
    ["Bo", "1", "0.5", "Heat"],
]


def uploaded(data: bytes) -> object:
    found = read_upload([("t.csv", data)])
    return found.columns, found.classes, np.round(found.examples.x, 4).tolist()


def numbers(text: str) -> str:
    """The same table without the columns of words, for uploads: a label in their place."""
    return text.replace("user", "label").replace("title", "other").replace("Heat", "5").replace("Alien", "7")


def owned(data: bytes) -> object:
    ratings, films = read_own("t.csv", data)
    return films.titles, [ratings.taste(row) for row in range(ratings.users)]


def imported(data: bytes) -> object:
    return [(line.film.title, line.stars) for line in read_profile([("t.csv", data)]).lines]


def texts(data: bytes) -> object:
    found = read_table("t.csv", data)
    return found.columns, [row[3] for row in found.rows], found.rows[0][0]


READERS: dict[str, tuple[Callable[[bytes], object], Callable[[str], str]]] = {
    "uploads": (uploaded, numbers), "own ratings": (owned, str), "importers": (imported, str), "texts": (texts, str),
}  # fmt: skip


def dialects(text: str) -> dict[str, bytes]:
    """One table as many programs write it."""
    lines = text.splitlines()
    indexed = [f"{number - 1 if number else ''},{line}" for number, line in enumerate(lines)]
    return {
        "old Mac": text.replace("\n", "\r").encode(),
        "Excel": ("sep=;\r\n" + text.replace(",", ";")).encode("cp1252"),
        "Unicode text": text.replace(",", "\t").encode("utf-16"),
        "UTF-16 without a mark": text.encode("utf-16-be"),
        "bars": text.replace(",", "|").encode("utf-8-sig"),
        "comments and blank lines": ("\n# by hand\n\n" + text.replace("\n", "\n\n")).encode(),
        "padded": text.replace("\n", ",,\n").encode(),
        "row numbers": "\n".join(indexed).encode(),
    }


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("dialect", dialects(""))
def test_every_reader_understands_every_dialect(name: str, dialect: str) -> None:
    read, adapted = READERS[name]
    text = adapted("\n".join(",".join(row) for row in ROWS) + "\n")
    assert read(dialects(text)[dialect]) == read(text.encode())


@pytest.mark.parametrize("name", ["uploads", "own ratings", "importers"])
def test_every_reader_of_numbers_understands_decimal_commas(name: str) -> None:
    read, adapted = READERS[name]
    text = adapted("\n".join(";".join(row) for row in ROWS) + "\n")
    assert read(text.replace(".", ",").encode()) == read(text.encode())


@pytest.mark.parametrize(("read", "text", "words"), [
    (uploaded, "a,b\n1,2\n3,\"4\n5,6\n", r"^'t\.csv', line 3: a quote is opened here"),
    (owned, 'user,film,rating\nA,"two\nlines",4\nB,x,900\n', r"^'t\.csv', line 4: a rating of '900'"),
    (texts, 'label,text\na,b\nc,"d\ne,f\n', r"^'t\.csv', line 3: a quote is opened here"),
    (imported, "Title,Year,Rating\n\"" + "x" * 140_000, r"^'t\.csv', line 2: the row cannot be read"),
])  # fmt: skip
def test_a_refusal_names_file_and_line(read: Callable[[bytes], object], text: str, words: str) -> None:
    with pytest.raises((DataError, ImportProblem), match=words):
        read(text.encode())


def test_an_edition_of_movielens_saved_again_by_a_spreadsheet_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EDITIONS, "ml-latest-small", replace(EDITIONS["ml-latest-small"], ratings=2))
    folder = tmp_path / "movielens" / "ml-latest-small"
    folder.mkdir(parents=True)
    (folder / "ratings.csv").write_bytes(
        "sep=;\r\nuserId;movieId;rating;timestamp\r\n1;10;4,5;5\r\n7;10;5;7\r\n".encode("utf-16")
    )
    (folder / "movies.csv").write_bytes(
        "movieId\ttitle\tgenres\n10\tMatrix, The (1999)\tAction|Sci-Fi\n".encode("utf-8-sig")
    )
    ratings, films = read_edition("ml-latest-small", tmp_path)
    assert [ratings.taste(row) for row in range(2)] == [{10: 4.5}, {10: 5.0}]
    assert (films.title(0), films.genres_of(0)) == ("The Matrix (1999)", ("Action", "Sci-Fi"))


def test_people_s_ratings_may_say_when_by_date_and_time() -> None:
    text = "userId,movieId,rating,timestamp\n1,1,5.0,2005-04-01 23:51:47\n1,3,3.5,\n2,3,2,1112399507\n"
    ratings, _ = read_own("rating.csv", text.encode())
    assert ratings.times is not None
    assert ratings.times.tolist() == [1112399507, 0, 1112399507]


def upload(text: str) -> Uploaded:
    return read_upload([("t.csv", text.encode())])


def test_a_header_of_numbers_and_row_numbers_are_no_measurements() -> None:
    grid = np.random.default_rng(0).integers(0, 17, (20, 64))
    body = [",".join(map(str, row)) for row in grid.tolist()]
    names = ",".join(map(str, range(64)))
    plain = upload("\n".join([names, *body]))
    indexed = upload("\n".join(["," + names, *(f"{number},{row}" for number, row in enumerate(body))]))
    assert plain.examples.x.shape == indexed.examples.x.shape == (20, 64)
    np.testing.assert_array_equal(plain.examples.x, indexed.examples.x)
    assert "The first column only counts the rows and was left out." in indexed.notes
    assert upload("Unnamed: 0,w,x\n0,4.1,1\n1,6.4,4\n").columns == ("w", "x")


def test_what_numpy_saves_is_read_with_blanks_and_with_names_behind_a_mark(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(30, 4))
    np.savetxt(tmp_path / "a.csv", values)
    np.savetxt(tmp_path / "b.csv", values, header="w,x,y1,z", delimiter=",")
    first, second = (upload((tmp_path / name).read_text()) for name in ("a.csv", "b.csv"))
    np.testing.assert_array_equal(first.examples.x, second.examples.x)
    assert first.notes[0] == "30 rows of 4 columns of numbers, separated by blanks, without a line of names."
    assert second.columns == ("w", "x", "y1", "z")


def test_the_label_of_pictures_without_a_line_of_names_is_known() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 784))
    for at in (0, 784):
        table = upload(
            "\n".join(",".join(map(str, np.insert(row, at, number % 10))) for number, row in enumerate(pixels))
        )
        assert table.examples.x.shape == (30, 784)
        assert table.classes == tuple("0123456789")
        assert (
            f"Column {at + 1} holds 0 to 9 beside 784 = 28 × 28 numbers; it became the labels, 10 classes."
            in table.notes
        )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_large_table_is_read_the_same_by_the_fast_and_by_the_careful_way(
    monkeypatch: pytest.MonkeyPatch, separator: str
) -> None:
    rows = np.random.default_rng(0).normal(size=(50, 3)).tolist()
    lines = [separator.join(("a", "label", "b", "c"))]
    lines += [separator.join((repr(a), f" k{number % 3}", repr(b), repr(c))) for number, (a, b, c) in enumerate(rows)]
    careful = upload("\n".join(lines))
    monkeypatch.setattr(cells, "LARGE", 0)
    monkeypatch.setattr(cells, "_careful", None)  # so that the fast way cannot give up unseen
    fast = upload("\n".join(lines))
    np.testing.assert_array_equal(fast.examples.x, careful.examples.x)
    np.testing.assert_array_equal(fast.examples.labels, careful.examples.labels)
    assert (fast.classes, fast.notes, fast.ranges) == (careful.classes, careful.notes, careful.ranges)
