"""An import's films are matched by the process that reads it, as they would be here, to the catalogue named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aecore.files import BrokenFileError
from aecore.readers.parsers import Question, Upload
from aecore.recommender import load
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import WEIGHTS
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.import_report import import_report_of, report_of
from aecore.recommender.profiles.importers import ImportProblem, Meaning, SeveralUsersError, read
from aecore.recommender.profiles.importers import parser as parsing
from aecore.recommender.profiles.importers.parser import CANDIDATES, FILMS, AnotherEditionError, as_text
from aecore.recommender.profiles.matching import match_films
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.loaded import Loaded, open_catalogue, save
from aecore.runs.store import RunError
from tests import small_films as samples

FILES = {
    "ratings.csv": samples.LETTERBOXD_RATINGS, "diary.csv": samples.LETTERBOXD_DIARY,
    "watchlist.csv": samples.LETTERBOXD_WATCHLIST, "list.csv": samples.LETTERBOXD_LIST,
    "imdb.csv": samples.IMDB_RATINGS, "old.csv": samples.IMDB_OLD, "imdb-watchlist.csv": samples.IMDB_WATCHLIST,
    "movielens.csv": samples.MOVIELENS_SITE, "trakt.json": samples.TRAKT, "letterboxd.zip": samples.letterboxd_zip(),
    "mine.csv": "Title,Year,Rating\nMatrix,1999,9\nThe Matrix,1999,7\nEmma,1996,8\nAmelie,2002,3\nA Film,,1\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Another test's catalogue is not this one's."""
    parsing._catalogue.cache_clear()


def saved(folder: Path, films: Films) -> Loaded:
    """A recommender of these films in a folder, as its server has it."""
    stars = np.full((4, len(films)), 4.0)
    users, columns = np.indices(stars.shape)
    ratings = Ratings.of(users.ravel(), columns.ravel(), stars.ravel(), None, np.arange(4), films.movie_ids)
    model = MODELS["popularity"].model_class()
    list(model.fit(ratings, films))
    save(Loaded(model, films, np.zeros((len(films), 2), np.float32)), folder)
    return load(folder)


def content(name: str) -> bytes:
    found = FILES[name]
    return found if isinstance(found, bytes) else found.encode()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lists", ["", "watch"])
def test_the_answer_and_its_way_through_a_file_are_what_matching_here_gives(name: str, lists: str) -> None:
    catalogue = load().catalogue
    options = {"scale": "", "lists": lists, "recommender": "builtin", "edition": catalogue.edition}
    answer = FILMS.unpack(FILMS.pack(FILMS.answer([(name, content(name))], options))).get()
    parsed = read([(name, content(name))], meaning=Meaning("", lists))
    assert answer == match_films(parsed, catalogue)
    mine = Taste((Entry(catalogue.film(2571), 2.0), Entry(catalogue.film(1214), 5.0, frozenset({"seen"}))))
    one, other = report_of(answer, catalogue, mine), import_report_of(parsed, catalogue, mine)
    assert one == other
    for keep in ("mine", "theirs"):
        assert one.entries(keep) == other.entries(keep)
    assert answer.count == len({*parsed.lines} - {line for line in parsed.lines if line not in _lines(one)})


def _lines(report) -> set:
    return {each.line for each in (*report.matched, *report.guessed)} | set(report.unmatched)


def test_the_films_to_choose_from_are_those_of_the_catalogue() -> None:
    catalogue = load().catalogue
    films = [Film("Gladiatro", 2000), Film("The Matrx"), Film(""), Film("Emma", 1996), Film("zzzzqqq", 1901)]
    answer = CANDIDATES.answer([("pasted", as_text(films).encode())], {"edition": catalogue.edition})
    found = CANDIDATES.unpack(CANDIDATES.pack(answer)).get()
    assert found.columns == tuple(map(catalogue.candidates, films))
    assert catalogue.films.title(found.columns[0][0]) == "Gladiator (2000)"


@pytest.mark.parametrize("text", ["", "{", "[1]", '[["a"]]', '[["a", "b"]]', "9", "[" * 100_000])
def test_what_are_no_titles_is_refused(text: str) -> None:
    with pytest.raises(ImportProblem, match="no titles"):
        CANDIDATES.answer([("pasted", text.encode())], {}).get()


def test_which_user_is_meant_is_asked_before_anything_is_matched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_catalogue", lambda *_: pytest.fail("nothing is to be matched yet"))
    both = "userId,movieId,rating,timestamp\n7,2571,4.5,964982703\n8,1214,3.0,964981247\n"
    with pytest.raises(SeveralUsersError) as several:
        FILMS.answer([("ratings.csv", both.encode())], {"recommender": "builtin", "edition": "x"}).get()
    assert several.value.users == (7, 8)


def test_a_catalogue_alone_is_that_of_the_whole_recommender_and_reads_no_weights(tmp_path: Path) -> None:
    whole = saved(tmp_path, samples.small_films()).catalogue
    alone = open_catalogue(tmp_path)
    assert alone.edition == whole.edition
    np.testing.assert_array_equal(alone.popularity, whole.popularity)
    assert alone.films.titles == whole.films.titles
    assert load().catalogue.edition == open_catalogue(parsing.folder_of("builtin")).edition != whole.edition


@pytest.mark.parametrize("change", ["titles", "alternatives", "years", "imdb", "tmdb", "movie_ids"])
def test_whatever_decides_a_match_makes_another_edition(change: str) -> None:
    films = samples.small_films()
    other = {
        "titles": ("Another", *films.titles[1:]),
        "alternatives": (("Another",), *films.alternatives[1:]),
        **{name: getattr(films, name) + 1 for name in ("years", "imdb", "tmdb", "movie_ids")},
    }
    assert Catalogue(films).edition == Catalogue(samples.small_films()).edition
    assert Catalogue(replace(films, **{change: other[change]})).edition != Catalogue(films).edition
    assert Catalogue(films, np.ones(len(films))).edition != Catalogue(films).edition


def test_another_edition_is_another_question(tmp_path: Path) -> None:
    file = Upload.of("ratings.csv", content("ratings.csv"))
    asked = [
        Question(FILMS, (file,), {"recommender": recommender, "edition": edition})
        for recommender in ("builtin", "a-run")
        for edition in ("1", "2")
    ]
    assert len({each.key for each in asked}) == 4


def test_the_catalogue_is_that_of_the_recommender_named_and_another_edition_of_it_is_no_answer(tmp_path: Path) -> None:
    films = samples.small_films()
    some = films.take(np.arange(len(films))[films.movie_ids != 2571])
    first = saved(tmp_path / "one", some)
    asked = {"recommender": str(tmp_path / "one"), "edition": first.catalogue.edition}
    found = FILMS.answer([("ratings.csv", content("ratings.csv"))], asked).get()
    assert "The Matrix" in {line.film.title for line in found.unmatched}
    parsing._catalogue.cache_clear()
    second = saved(tmp_path / "one", films)
    with pytest.raises(AnotherEditionError, match="has changed on the disk since the server loaded it"):
        FILMS.answer([("ratings.csv", content("ratings.csv"))], asked)
    asked["edition"] = second.catalogue.edition
    found = FILMS.answer([("ratings.csv", content("ratings.csv"))], asked).get()
    assert "The Matrix" in {each.line.film.title for each in found.matched}


def test_a_recommender_that_is_gone_or_broken_is_a_sentence_and_no_answer_that_is_kept(
    tmp_path: Path, home: Path
) -> None:
    file = [("ratings.csv", content("ratings.csv"))]
    with pytest.raises(RunError):
        FILMS.answer(file, {"recommender": "no-such-run", "edition": ""})
    saved(tmp_path / "one", samples.small_films())
    (tmp_path / "one" / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(BrokenFileError, match="cannot be read"):
        FILMS.answer(file, {"recommender": str(tmp_path / "one"), "edition": ""})
