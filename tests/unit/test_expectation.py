"""When waiting runs start: known only where everything before them is."""

from __future__ import annotations

import pytest

from aecore.jobs import service
from aecore.jobs.expectation import seconds_left, starts
from aecore.jobs.kinds import TRAINING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunStore
from tests.small_runs import make
from ui.widgets.wording import starts_in


def test_waiting_jobs_start_when_those_before_them_end() -> None:
    assert starts([30.0], [10.0, 5.0, 1.0], slots=1) == [30.0, 40.0, 45.0]
    assert starts([30.0, 12.0], [10.0, 5.0, 1.0], slots=2) == [12.0, 22.0, 27.0]
    assert starts([], [10.0, 5.0], slots=1) == [0.0, 10.0]
    assert starts([7.0], [3.0, 2.0], slots=2) == [0.0, 3.0]


def test_nothing_is_said_behind_what_is_unknown() -> None:
    assert starts([None], [10.0], slots=1) == [None]
    assert starts([30.0, None], [10.0], slots=2) == [None], "the other may end sooner"
    assert starts([30.0], [None, 5.0], slots=1) == [30.0, None]
    assert starts([None], [4.0, 4.0], slots=2) == [0.0, None]
    assert starts([], [4.0], slots=0) == [None]


@pytest.fixture
def store(home: object) -> RunStore:
    return RunStore()


def reached(run: Run, share: float, seconds: float, epoch: float) -> None:
    append_progress(
        run.folder,
        {"step": int(100 * epoch), "epoch": epoch, "share": share, "seconds": seconds, "train": {}, "validation": {}},
    )


def test_a_run_needs_what_is_left_at_its_own_pace(store: RunStore) -> None:
    run = make(store, epochs=40)
    assert seconds_left(store, [run.id]) == {run.id: None}
    reached(run, 0.01, 1.0, 0.4)
    assert seconds_left(store, [run.id]) == {run.id: None}, "too early to tell"
    reached(run, 0.25, 10.0, 10)
    assert seconds_left(store, [run.id]) == {run.id: pytest.approx(30.0)}


def test_a_run_that_has_not_begun_takes_the_pace_of_its_like(store: RunStore) -> None:
    trained = make(store, epochs=40, seed=1)
    alike, longer, other = make(store, epochs=40, seed=2), make(store, epochs=80), make(store, epochs=40, widths=[20])
    reached(trained, 0.25, 10.0, 10)
    found = seconds_left(store, [trained.id, alike.id, longer.id, other.id, "0123456789ab"])
    assert found == {
        trained.id: pytest.approx(30), alike.id: pytest.approx(40), longer.id: pytest.approx(80), other.id: None,
    }  # fmt: skip


def test_the_wait_of_a_run_is_that_for_those_before_it(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 1}))
    monkeypatch.setattr(service, "WAITS_SECONDS", -1.0)
    trains, second, third, unlike = (
        make(store, epochs=40, seed=1), make(store, epochs=40, seed=2), make(store, epochs=40, seed=3),
        make(store, epochs=40, widths=[20]),
    )  # fmt: skip
    for run in (trains, second, third, unlike):
        jobs.train(run.id, "ann")
    assert jobs.queue.take(TRAINING, 1).request[1] == trains.id  # type: ignore[union-attr]
    assert jobs.expected_wait_of_run(second.id) is None
    reached(trains, 0.25, 10.0, 10)
    waits = [jobs.expected_wait_of_run(run.id) for run in (trains, second, third, unlike)]
    assert waits == [None, pytest.approx(30), pytest.approx(70), pytest.approx(110)]
    last = make(store, epochs=40)
    jobs.train(last.id, "ann")
    assert jobs.expected_wait_of_run(last.id) is None, "nobody knows how long the one before it takes"
    assert jobs.expected_wait_of_run("0123456789ab") is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (0.0, ""), (12, " It starts in less than a minute."), (60, " It starts in about 1 minute."),
     (170, " It starts in about 3 minutes."), (7300, " It starts in about 2 hours.")],
)  # fmt: skip
def test_the_wait_is_said_in_minutes(seconds: float | None, said: str) -> None:
    assert starts_in(seconds) == said
