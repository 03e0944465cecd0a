"""Hostile and damaged files: each is refused with a sentence that names it, or read as far as possible;
no other error is raised.
"""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from aecore.recommender.profiles.importers import ImportProblem, base, read
from aecore.recommender.profiles.importers.base import LIMITS, ImportLimits
from tests import small_films as samples


def refusal(data: bytes | str, name: str = "file.bin") -> str:
    with pytest.raises(ImportProblem) as refused:
        read([(name, data if isinstance(data, bytes) else data.encode())])
    assert str(refused.value).endswith(".")
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "file.bin is empty"),
        (b" \n\n ", "file.bin is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\xff\xfe", "is not a text file"),
        (bytes(range(256)) * 20, "is not a text file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b"just some words\nand more of them\n", "has no columns that are known here"),
        (b"a,b,c\n1,2,3\n", "has no columns that are known here"),
        (b"[1, 2, 3]", "is JSON, but no list of films"),
        (b'[{"rating": 8, "type": "movie"', "line 1 is damaged or cut off"),
        (b"[" * 100_000, "is damaged or cut off"),
        (b"[" + b"9" * 10_000 + b"]", "is damaged or cut off"),
        (b'{"app": "Autoencoder Explorer", "form": 99, "entries": []}', "another version of this app"),
        (b"movieId,title,genres\n1,Toy Story (1995),Comedy\n", "lists films but no ratings"),
        (b"PK\x03\x04 and then nothing", "is a damaged or truncated ZIP"),
        (b"PK\x05\x06" + bytes(18), "holds no file of ratings"),
        (b"Title,Year,Rating\n\"" + b"x" * 200_000,
         "'file.bin', line 2: the row cannot be read: a cell holds more than 131,072 letters"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_name(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_no_file_and_too_many_bytes() -> None:
    with pytest.raises(ImportProblem, match="No file was given"):
        read([])
    assert "at most 64 MB" in refusal(bytes(LIMITS.bytes + 1))


def test_a_bomb_is_not_unpacked_whatever_it_declares() -> None:
    bomb = samples.zipped_paths({"ratings.csv": b"Title,Year\n" + b"0" * (LIMITS.bytes + 1)})
    assert "at most 64 MB are read" in refusal(bomb)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(5):
            archive.writestr(f"{place}.csv", bytes(LIMITS.bytes - 1))
    assert f"at most {LIMITS.unpacked >> 20} MB" in refusal(many.getvalue())
    lying = bytearray(samples.zipped_paths({"ratings.csv": b"0" * 3_000_000}))
    for sign, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = lying.index(sign) + offset
        lying[at : at + 4] = struct.pack("<I", 10)
    assert "ratings.csv in file.bin" in refusal(bytes(lying))


def test_strange_paths_zips_in_zips_and_passwords() -> None:
    inner = samples.zipped_paths({"ratings.csv": samples.LETTERBOXD_RATINGS})
    assert "a ZIP inside a ZIP" in refusal(samples.zipped_paths({"inner.zip": inner}))
    assert "a ZIP inside a ZIP" in refusal(samples.zipped_paths({"ratings.csv": inner}))
    assert "holds no file of ratings" in refusal(
        samples.zipped_paths({"../../ratings.csv": samples.LETTERBOXD_RATINGS, "..\\x.csv": "a"})
    )
    locked = bytearray(samples.zipped_paths({"ratings.csv": samples.LETTERBOXD_RATINGS}))
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(sign) + offset] |= 1
    assert "locked with a password" in refusal(bytes(locked))
    assert "spreadsheet" in refusal(samples.zipped_paths({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}))


def test_one_bad_file_in_a_zip_does_not_cost_the_others() -> None:
    result = read(
        [
            (
                "export.zip",
                samples.zipped_paths(
                    {"ratings.csv": samples.LETTERBOXD_RATINGS, "watched.csv": bytes(range(256)), "watchlist.csv": ""}
                ),
            )
        ]
    )
    assert len(result.lines) == 6
    assert len(result.problems) == 2
    assert "watched.csv in export.zip is not a text file" in result.problems[0]


def test_a_damaged_member_is_named() -> None:
    data = bytearray(samples.zipped_paths({"ratings.csv": samples.LETTERBOXD_RATINGS}))
    data[60] ^= 0xFF
    assert "ratings.csv in file.bin is damaged" in refusal(bytes(data))


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_truncated_file_gives_what_is_whole_and_names_the_row_that_is_cut(cut: int) -> None:
    text = samples.LETTERBOXD_RATINGS.rstrip("\n")[:-cut]
    result = read([("ratings.csv", text.encode())])
    assert [line.film.title for line in result.lines][:3] == ["The Matrix", "Amélie", "WALL·E"]
    assert all(each.row >= 6 for each in result.skipped)


def test_an_unquoted_comma_is_named_by_its_row() -> None:
    result = read(
        [
            (
                "ratings.csv",
                (
                    b"Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Me, "
                    b"Myself & Irene,2000,x,4\n2020-01-01,Alien,1979,x,4\n"
                ),
            )
        ]
    )
    assert [str(line.film) for line in result.lines] == ["Alien (1979)"]
    assert (
        str(result.skipped[0])
        == "ratings.csv, row 2 (Me): 6 cells under 5 columns; a comma inside a title needs quotes around it."
    )


def test_markup_formulas_and_control_signs_in_titles_do_no_harm() -> None:
    rows = ["<script>alert(1)</script>", "=HYPERLINK(1)", "a\x1b[31mred\u202e", "'=1+1", "x" * 5000]
    result = read([("t.csv", ("Title,Year,Rating\n" + "\n".join(f'"{each}",2000,900' for each in rows)).encode())])
    assert not result.lines
    said = [str(each) for each in result.skipped]
    assert len(said) == 5
    assert not any(set(each) & set("<>\x1b\u202e") for each in said)
    assert max(map(len, said)) < 200


def test_ids_that_make_no_sense_are_taken_for_none() -> None:
    text = (
        "Title,Year,Rating,imdbID,tmdbID\nAlien,1979,4,tt99999999999999,-5\nAliens,99999,4,ttxyz,99999999999\n,,5,,\n"
    )
    result = read([("t.csv", text.encode())])
    assert [(line.film.imdb, line.film.tmdb, line.film.year) for line in result.lines] == [(0, 0, 1979), (0, 0, 0)]
    assert result.skipped[0].reason == "neither a title nor an id"


def test_a_name_that_is_markup_is_not_shown_as_such() -> None:
    assert "<" not in refusal(b"", "<img src=x>.csv")


def rows(count: int) -> bytes:
    return b"Title,Year,Rating\n" + b"".join(b"Film %d,1999,4\n" % number for number in range(count - 1))


@pytest.mark.parametrize("is_zipped", [False, True])
def test_the_lines_of_all_files_are_counted_together_before_any_is_parsed(
    monkeypatch: pytest.MonkeyPatch, is_zipped: bool
) -> None:
    parts = {f"films {place}.csv": rows(10) for place in range(5)}
    files = [("all.zip", samples.zipped_paths(parts))] if is_zipped else list(parts.items())
    assert len(read(files, limits=ImportLimits(rows=50)).lines) == 45
    monkeypatch.setattr("aecore.recommender.profiles.importers.as_text", None)
    with pytest.raises(ImportProblem, match=r"films 4.csv.*: up to here the files have 50 lines and 0 MB; at most 49"):
        read(files, limits=ImportLimits(rows=49))


def test_the_bytes_of_all_archives_are_counted_together() -> None:
    archives = [(f"{place}.zip", samples.zipped_paths({f"{place}.csv": bytes(2**20)})) for place in range(3)]
    with pytest.raises(ImportProblem, match="2.csv in 2.zip: up to here the files have 0 lines and 3 MB; at most"):
        read(archives, limits=ImportLimits(unpacked=2 * 2**20))


def test_one_user_has_a_limited_number_of_films_over_all_files() -> None:
    files = [(f"{place}.csv", rows(11).replace(b"Film", b"Film %d" % place)) for place in range(3)]
    assert len(read(files, limits=ImportLimits(films=30)).lines) == 30
    with pytest.raises(ImportProblem, match="The import holds more than 29 films of one user"):
        read(files, limits=ImportLimits(films=29))


def test_the_films_of_one_file_are_limited_while_it_is_read() -> None:
    collector = base.Collector("a.csv", most=2)
    for number in (1, 2):
        collector.skip(number, "", "a reason")
    with pytest.raises(ImportProblem, match="a.csv holds more than 2 films of one user"):
        collector.rate(3, base.film_of("Film", "1999"), "4", 5)
