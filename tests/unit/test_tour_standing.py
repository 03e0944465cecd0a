"""How far people are with the tours within some time: what was done before it is not told, or told as such."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.tours.progress import FOLDER, Progress
from aecore.tours.reader import read
from aecore.tours.schema import Tour
from aecore.tours.standing import Standing, standings
from tests.unit.test_rooms import Clock
from tests.unit.test_tour_reader import GOOD

ANN, BEN, EVE = "ann", "ben", "eve"
OPENED = 1_000_000.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(tmp_path: Path, clock: Clock) -> Progress:
    return Progress(tmp_path, clock)


@pytest.fixture
def tour() -> Tour:
    return read(GOOD, "test")


def standing(progress: Progress, tour: Tour, until: float = float("inf")) -> Standing | None:
    return standings(progress.of(ANN), [tour], OPENED, until).get("test")


def test_what_was_done_before_is_not_told(progress: Progress, tour: Tour, clock: Clock) -> None:
    clock.now = OPENED - 1
    progress.arrive(ANN, "test", "two")
    progress.finish(ANN, "test")
    assert standing(progress, tour) is None
    clock.now = OPENED
    progress.arrive(ANN, "test", "one")
    again = standing(progress, tour)
    assert again is not None
    assert (again.is_finished, again.was_finished, again.place) == (False, True, "Finished earlier")


def test_place_and_score_are_those_of_the_attempt_that_counts(progress: Progress, tour: Tour, clock: Clock) -> None:
    clock.now = OPENED + 1
    progress.begin_again(ANN, "test")
    assert standing(progress, tour) is None, "nothing has been done yet"
    progress.arrive(ANN, "test", "two")
    going = standing(progress, tour)
    assert going is not None
    assert (going.step, going.place, going.answered) == (2, f"Step 2 of {len(tour.steps)}", 0)
    assert going.share == 1 / len(tour.steps)
    progress.answer(ANN, "test", "three", 1)
    progress.answer(ANN, "test", "three", 0)
    progress.finish(ANN, "test")
    clock.now += 1
    progress.begin_again(ANN, "test")
    progress.arrive(ANN, "test", "one")
    done = standing(progress, tour)
    assert done is not None
    assert (done.place, done.share, done.answered, done.right) == ("Finished", 1.0, 1, 1)


def test_what_is_done_after_the_end_does_not_count(progress: Progress, tour: Tour, clock: Clock) -> None:
    clock.now = OPENED + 5
    progress.arrive(ANN, "test", "two")
    clock.now = OPENED + 20
    progress.arrive(ANN, "test", "three")
    progress.finish(ANN, "test")
    assert standing(progress, tour, until=OPENED + 10) is None, "what it was like then is not known"
    found = standing(progress, tour, until=OPENED + 30)
    assert found is not None
    assert found.is_finished


def test_a_step_that_a_tour_no_longer_has_is_no_place(progress: Progress, tour: Tour) -> None:
    progress.arrive(ANN, "test", "gone")
    found = standing(progress, tour)
    assert found is not None
    assert (found.step, found.share, found.place) == (0, 0.0, "A step that is gone")


def test_several_people_are_read_and_an_unreadable_file_is_left_out(progress: Progress, tmp_path: Path) -> None:
    for each in (ANN, BEN, EVE):
        progress.arrive(each, "test", "one")
    (tmp_path / FOLDER / f"{BEN}.json").write_text(json.dumps({"format": 99}))
    found = progress.of_all([ANN, BEN, EVE, "nobody", "../x"])
    assert sorted(found) == [ANN, EVE]
