"""Importers read any bytes under any name or refuse them with a sentence,
and account for every row.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aecore.recommender.profiles.exports import own_json, ratings_csv
from aecore.recommender.profiles.film import Film, clean_title
from aecore.recommender.profiles.import_report import import_report_of
from aecore.recommender.profiles.importers import ImportProblem, Parsed, read
from aecore.recommender.profiles.taste import MARKS, Entry, Taste
from tests import small_films as samples

pytestmark = pytest.mark.long

QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
SOUND = [
    samples.letterboxd_zip(),
    samples.zipped_paths({"ratings/ratings-movies.json": samples.TRAKT}),
    *(
        each.encode()
        for each in (
            samples.LETTERBOXD_RATINGS, samples.LETTERBOXD_REVIEWS, samples.LETTERBOXD_LIST, samples.IMDB_RATINGS,
            samples.IMDB_WATCHLIST, samples.MOVIELENS_SITE, samples.MOVIELENS_CSV, samples.MOVIELENS_DAT,
            samples.U_DATA, samples.U_ITEM, samples.TRAKT,
        )
    ),
]  # fmt: skip
CATALOGUE = samples.small_catalogue()


def read_or_refused(files: list[tuple[str, bytes]]) -> Parsed | None:
    """Checks the whole contract; what was read also gives an import report in which no line is lost."""
    found, refusal = None, "."
    try:
        found = read(files)
    except ImportProblem as problem:
        refusal = str(problem)
    assert refusal.endswith(".")
    assert not set(refusal) & set("<>\0\x1b")
    if found is None:
        return None
    import_report = import_report_of(found, CATALOGUE)
    for line in found.lines:
        assert line.stars is None or 0.5 <= line.stars <= 5
        assert line.film.key
        assert line.film.title.isprintable()
    lines = [each.line for each in (*import_report.matched, *import_report.guessed)] + list(import_report.unmatched)
    assert len(set(lines)) == len(lines)
    rated = sum(line.stars is not None for line in found.lines)
    assert sum(line.stars is not None for line in lines) + len(import_report.skipped) - len(found.skipped) == rated
    for place in range(min(3, len(import_report.unmatched))):
        CATALOGUE.candidates(import_report.unmatched[place].film)
    assert len(import_report.entries()) == len(lines)
    assert import_report.sentence().endswith(".")
    return found


@settings(QUICK, max_examples=150)
@given(data=st.binary(max_size=400), name=st.text(max_size=30))
def test_any_bytes_under_any_name(data: bytes, name: str) -> None:
    read_or_refused([(name, data)])


@settings(QUICK, max_examples=250)
@given(
    sound=st.sampled_from(SOUND),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 3000),
    tail=st.binary(max_size=8),
)
def test_a_sound_file_with_bytes_changed_cut_or_added(
    sound: bytes, changes: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    data = bytearray(sound)
    for at, value in changes:
        data[at % len(data)] = value
    read_or_refused([("file", bytes(data[: cut or None]) + tail)])


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "4",
            "4.5",
            "11",
            "1979",
            "tt0078748",
            "Alien",
            '"',
            "Date",
            "=1+1",
            "2020-01-01",
            "9" * 40,
            "٣",
            "½",
            "4,5",
        ]
    ),
)
HEADERS = [
    "Date,Name,Year,Letterboxd URI,Rating", "Const,Your Rating,Title Type,Title,Year",
    "userId,movieId,rating,timestamp", "movie_id,imdb_id,tmdb_id,rating,average_rating,title",
    "Position,Name,Year,URL,Description", "Title,Year,Rating,imdbID,tmdbID",
]  # fmt: skip


@settings(QUICK, max_examples=150)
@given(
    header=st.sampled_from(HEADERS),
    rows=st.lists(st.lists(CELL, max_size=7), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_cells_under_any_known_header(header: str, rows: list[list[str]], encoding: str) -> None:
    text = "\n".join([header, *(",".join(row) for row in rows)])
    read_or_refused([("t.csv", text.encode(encoding, "replace"))])


NAMES = st.sampled_from(["movie", "type", "ids", "title", "year", "imdb", "rating", "rated_at", "stars", "marks"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["movie", "show", "tt0078748"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(QUICK, max_examples=150)
@given(items=st.lists(JSON, max_size=5), is_own=st.booleans())
def test_any_json(items: list[object], is_own: bool) -> None:
    content = {"app": "Autoencoder Explorer", "form": 1, "entries": items} if is_own else [{"movie": {}}, *items]
    read_or_refused([("t.json", json.dumps(content).encode())])


@QUICK
@given(files=st.lists(st.tuples(st.text(max_size=10), st.sampled_from(SOUND) | st.binary(max_size=30)), max_size=4))
def test_any_files_together(files: list[tuple[str, bytes]]) -> None:
    read_or_refused(files)


@QUICK
@given(
    files=st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
        st.sampled_from(SOUND[2:]) | st.binary(max_size=30),
        max_size=4,
    )
)
def test_any_names_and_files_in_a_zip(files: dict[str, bytes]) -> None:
    read_or_refused([("t.zip", samples.zipped_paths({f"x{name}.csv": content for name, content in files.items()}))])


FILMS = st.builds(
    Film,
    st.text(max_size=40).map(clean_title),
    st.just(0) | st.integers(1870, 2099),
    *(st.integers(0, 2**31 - 1) for _ in range(3)),
)
ENTRIES = st.builds(
    Entry, FILMS.filter(lambda film: film.key), st.none() | st.floats(0.5, 5, width=32),
    st.frozensets(st.sampled_from(MARKS)), st.floats(0, 4e9)
).filter(lambda entry: not entry.is_empty)  # fmt: skip


@settings(QUICK, max_examples=100)
@given(entries=st.lists(ENTRIES, max_size=6, unique_by=lambda entry: entry.film.key))
def test_our_own_file_comes_back_whole(entries: list[Entry]) -> None:
    data = own_json("Ann", Taste(tuple(entries))).encode("utf-8", "surrogatepass")
    if not entries:
        assert read_or_refused([("mine.json", data)]) is None
        return
    back = read([("mine.json", data)])
    assert [Entry(line.film, line.stars, line.marks, line.when) for line in back.lines] == entries


@settings(QUICK, max_examples=100)
@given(
    entries=st.lists(
        st.builds(Entry, FILMS.filter(lambda film: film.title), st.integers(1, 10).map(lambda halves: halves / 2)),
        min_size=1,
        max_size=5,
    )
)
def test_ratings_taken_away_as_a_table_come_back_and_hold_no_formula(entries: list[Entry]) -> None:
    text = ratings_csv(Taste(tuple(entries)))
    assert not any(
        cell.lstrip('"').startswith(("=", "+", "-", "@"))
        for row in text.splitlines()[1:]
        for cell in row.split(",")[2:3]
    )
    back = read([("mine.csv", text.encode("utf-8", "surrogatepass"))])
    assert [line.stars for line in back.lines] == [entry.stars for entry in entries]
