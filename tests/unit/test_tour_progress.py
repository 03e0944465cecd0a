"""What a person has done of a tour is kept, found again, and never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.stores.personal import PersonalError
from aecore.tours.progress import FOLDER, MOST_ATTEMPTS, Progress
from aecore.tours.reader import read
from aecore.tours.schema import Tour
from tests.unit.test_tour_reader import GOOD

ANN, BEN = "ann", "ben"


@pytest.fixture
def tour() -> Tour:
    return read(GOOD, "test")


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path, clock=lambda: 1_000.0)


def test_where_somebody_stands_is_found_again_and_is_theirs_alone(progress: Progress, tmp_path: Path) -> None:
    progress.arrive(ANN, "test", "one", "data=Digits&tour=test.one")
    progress.arrive(ANN, "test", "two", "seed=4&tour=test.two")
    progress.arrive(ANN, "other", "x")
    last = Progress(tmp_path).last(ANN, "test")
    assert last is not None
    assert (last.step, last.query, last.done) == ("two", "seed=4&tour=test.two", None)
    assert set(progress.of(ANN)) == {"test", "other"}
    assert progress.of(BEN) == {}


def test_the_first_answer_counts(progress: Progress, tour: Tour) -> None:
    progress.answer(ANN, "test", "three", 0)
    progress.answer(ANN, "test", "three", 1)
    progress.answer(BEN, "test", "three", 1)
    ann, ben = (progress.last(who, "test") for who in (ANN, BEN))
    assert ann is not None
    assert ben is not None
    assert ann.answers == {"three": (0, 1)}
    assert (ann.right(tour), ben.right(tour)) == (0, 1)


def test_whoever_starts_again_keeps_what_was_before(progress: Progress, tour: Tour) -> None:
    progress.answer(ANN, "test", "three", 1)
    progress.finish(ANN, "test")
    progress.begin_again(ANN, "test")
    progress.arrive(ANN, "test", "one")
    first, second = progress.of(ANN)["test"]
    assert (first.done, first.right(tour)) == (1_000.0, 1)
    assert (second.done, second.step, second.answers) == (None, "one", {})
    for _ in range(MOST_ATTEMPTS):
        progress.begin_again(ANN, "test")
    assert len(progress.of(ANN)["test"]) == MOST_ATTEMPTS


def test_a_broken_file_is_set_aside_and_a_later_one_is_left_alone(progress: Progress, tmp_path: Path) -> None:
    file = tmp_path / FOLDER / f"{ANN}.json"
    for broken in ("{", "[]", '{"format": 1, "tours": {"test": [3]}}', '{"format": 1}'):
        progress.arrive(ANN, "test", "one")
        file.write_text(broken)
        assert progress.of(ANN) == {}
        assert any(each.read_text() == broken for each in file.parent.glob("ann-broken-*.json"))
    later = json.dumps({"format": 2, "tours": {}})
    file.write_text(later)
    for touch in (lambda: progress.of(ANN), lambda: progress.arrive(ANN, "test", "one")):
        with pytest.raises(PersonalError, match="later version"):
            touch()
    assert file.read_text() == later


@pytest.mark.parametrize("tag", ["", "../x", "a/b", "x" * 65])
def test_a_tag_that_is_no_name_of_a_file_is_nobodys(tag: str, progress: Progress) -> None:
    with pytest.raises(PersonalError, match="Nobody"):
        progress.arrive(tag, "test", "one")
