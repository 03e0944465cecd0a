"""What the process that reads uploads answers is what reading them here answers, for files as people have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aecore.datasets.uploads.base import UploadSettings
from aecore.jobs.kinds import KINDS, READING, function_of
from aecore.jobs.local import LocalExecutor
from aecore.jobs.queue import Job
from aecore.jobs.reading import WorkerReader
from aecore.jobs.service import Jobs
from aecore.readers.parsers import Answer, Parser, Question, Upload
from aecore.recommender.models import MODELS
from aecore.recommender.profiles.importers import read
from aecore.recommender.profiles.importers.parser import FILMS
from aecore.recommender.profiles.matching import match_films
from aecore.recommender.ratings.own_tables import OwnMeaning
from aecore.recommender.serving.loaded import Loaded, open_folder, save
from aecore.runs.store import RunStore
from tests.small_films import LETTERBOXD_RATINGS, small_films

OURS = Path(__file__).parents[1] / "data" / "cases"
SHARED = Path(__file__).parents[3] / "shared" / "cases"
OPTIONS: dict[str, dict[str, Any]] = {
    "read data": {"settings": asdict(UploadSettings())},
    "read ratings": {"meaning": asdict(OwnMeaning())},
    "read table": {"has_header": None},
    "read texts": {"has_header": None, "label": 0, "text": 1},
    "read pictures": {"data": "digits", "shape": [1, 8, 8]},
}
PARSERS = [kind for kind, about in KINDS.items() if about.policy is READING]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerReader]:
    home = tmp_path_factory.mktemp("home")
    jobs = Jobs(RunStore(home / "runs"), LocalExecutor(home, {"runs": 0}))
    jobs.open()
    jobs.executor.prepare(READING)
    yield WorkerReader(jobs, home)
    jobs.close()


def hold_together(reader: WorkerReader, kind: str, paths: list[Path]) -> None:
    """Holds the answer of the process against that of this one: value, arrays and refusal."""
    parser: Parser[Any] = function_of(kind)
    for path in paths:
        question = Question(parser, (Upload.of(path.name, path.read_bytes()),), OPTIONS.get(kind, {}))
        there = reader.ask(question, "ann", patience=60)
        assert isinstance(there, Answer), (path.name, there.error)
        one, other = parser.pack(there), parser.pack(question.answer())
        assert one.values == other.values, path.name
        assert list(one.arrays) == list(other.arrays), path.name
        for name, array in one.arrays.items():
            assert array.dtype == other.arrays[name].dtype, path.name
            np.testing.assert_array_equal(array, other.arrays[name], path.name)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*") if path.suffix != ".md")


@pytest.mark.parametrize(("kind", "file"), [
    ("read data", "14-whole-numbers-not-to-255/optdigits.csv"),
    ("read data", "16-npz-with-a-side-note/keras-style.npz"),
    ("read data", "11-twelve-bit-png/12-bit.png"),
    ("read pictures", "11-twelve-bit-png/12-bit.png"),
    ("read ratings", "08-own-ratings-utf16/ratings-unicode.csv"),
    ("read films", "01-trakt-whole-export/trakt-export.zip"),
    ("read films", "02-ratings-out-of-ten/my-ratings.csv"),
    ("find films", "02-ratings-out-of-ten/my-ratings.csv"),
    ("read table", "14-whole-numbers-not-to-255/optdigits.csv"),
    ("read texts", "02-ratings-out-of-ten/my-ratings.csv"),
    ("read lines", "02-ratings-out-of-ten/my-ratings.csv"),
])  # fmt: skip
def test_the_process_answers_as_this_one_does(reader: WorkerReader, kind: str, file: str) -> None:
    assert (OURS / file).is_file()
    hold_together(reader, kind, [OURS / file])


@pytest.mark.long
@pytest.mark.parametrize("kind", PARSERS)
def test_the_process_answers_as_this_one_does_for_every_file_that_people_sent(reader: WorkerReader, kind: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the files that people sent are not here: ../shared/cases is no folder")
    hold_together(reader, kind, files_in(SHARED))


def test_the_process_finds_the_recommender_of_a_run_in_the_home_of_its_server(reader: WorkerReader) -> None:
    run = reader.jobs.store.create({"kind": "recommender"}, "Small")
    films = small_films()
    model = MODELS["popularity"].model_class()
    model.movie_ids, model.popularity = films.movie_ids, np.linspace(1, 0.1, len(films), dtype=np.float32)
    save(Loaded(model, films, np.zeros((len(films), 2), np.float32)), run.folder)
    loaded = open_folder(run.folder)
    file = Upload.of("ratings.csv", LETTERBOXD_RATINGS.encode())
    options = {"recommender": run.id, "edition": loaded.catalogue.edition}
    found = reader.ask(Question(FILMS, (file,), options), "ann", patience=60)
    assert isinstance(found, Answer), found.error
    assert found.get() == match_films(read([("ratings.csv", file.content())]), loaded.catalogue)
    assert len(found.get().matched) == 3
    failed = reader.ask(Question(FILMS, (file,), {**options, "edition": "0" * 20}), "ann", patience=60)
    assert isinstance(failed, Job)
    assert failed.error.startswith("This recommender has changed on the disk since the server loaded it")


def test_every_parser_has_a_kind_of_its_own_name() -> None:
    assert len(PARSERS) > 4
    for kind in PARSERS:
        parser = function_of(kind)
        assert isinstance(parser, Parser)
        assert parser.kind == kind
