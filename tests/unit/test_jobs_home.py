"""Servers of one home: one lease, a queue that outlives its server, repairs, and runs that have ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aecore.experiment import runner
from aecore.experiment.sweep import Sweep, as_text, plan, sweep_name
from aecore.experiment.sweep_searches import Values
from aecore.jobs.queue import Job, JobQueue, Policy
from aecore.jobs.service import EARLIER, REPAIR_SECONDS, Jobs
from aecore.runs.store import Run, RunError, RunStore
from tests.direct_reader import DirectReader
from tests.small_runs import make, state
from ui.app import warm_up
from ui.app.services import Parts, services

HOLDS_THE_LEASE = """import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    input()"""


class Idle:
    """An executor that never has a free process."""

    def open(self, listener: object) -> None: ...

    def close(self) -> None: ...

    def freed(self) -> None: ...

    def slots(self, policy: Policy) -> int:
        return 1

    def next(self, queue: JobQueue, policy: Policy) -> None: ...

    def place(self, job: Job) -> None: ...

    servers = 1

    def is_warm(self) -> bool:
        return False

    def start(self, job: Job) -> None:
        raise AssertionError("nothing is free")

    stop = start

    def pids(self) -> dict[int, Job | None]:
        return {}


NewJobs = Callable[[], Jobs]


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


@pytest.fixture
def new_jobs(store: RunStore) -> Iterator[NewJobs]:
    made: list[Jobs] = []

    def new() -> Jobs:
        made.append(Jobs(store, Idle()))
        return made[-1]

    yield new
    for each in made:
        each.close()


def waiting_since(run: Run, seconds: float) -> None:
    """As if its status had last changed so long ago."""
    then = time.time() - seconds
    os.utime(run.folder / "status.json", (then, then))


def test_a_queue_remembers_whose_runs_they_are_when_its_server_restarts(store: RunStore, new_jobs: NewJobs) -> None:
    mine, yours, old = [make(store, owner="ann") for _ in range(3)], make(store, owner="bob"), make(store)
    first = new_jobs()
    first.open()
    for run in mine:
        first.train(run.id, "ann")
    first.train(yours.id, "bob")
    first.close()
    second = new_jobs()
    second.open()
    visitors = {job.request[1]: job.visitors for job in second.queue.active()}
    assert all(visitors[run.id] == ["ann"] for run in mine)
    assert visitors[yours.id] == ["bob"]
    assert visitors[old.id] == [EARLIER]
    assert second.place_of_run(yours.id) < second.place_of_run(mine[1].id)  # they still take turns


def test_a_second_server_leaves_the_queue_to_the_first_until_that_ends(store: RunStore, new_jobs: NewJobs) -> None:
    run = make(store)
    first, second = new_jobs(), new_jobs()
    first.open()
    second.open()
    assert first.is_known(run.id)
    assert not second.is_known(run.id)
    waiting_since(run, 2 * REPAIR_SECONDS)
    second.repair()
    assert not second.is_known(run.id)
    first.close()
    second.repair()
    assert second.is_known(run.id)


def test_what_another_server_has_trained_leaves_the_queue(store: RunStore, new_jobs: NewJobs) -> None:
    trained, trains, waits = make(store), make(store), make(store)
    jobs = new_jobs()
    for run in (trained, trains, waits):
        jobs.train(run.id, "ann")
    store.update(trained.id, state="done")
    store.update(trains.id, state="training")
    with store.lock(trains.id):
        jobs.repair()
    assert not jobs.is_known(trained.id)
    assert jobs.is_known(trains.id), "it may be interrupted there yet"
    assert jobs.is_known(waits.id)


def test_the_lease_of_another_process_counts(store: RunStore, new_jobs: NewJobs) -> None:
    run = make(store)
    command = [sys.executable, "-c", HOLDS_THE_LEASE, str(store.folder.parent / ".server.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        jobs = new_jobs()
        jobs.open()
        assert not jobs.is_known(run.id)
        other.kill()
    waiting_since(run, 2 * REPAIR_SECONDS)
    jobs.repair()
    assert jobs.is_known(run.id)


def test_a_running_server_repairs_what_a_full_disk_left_behind(
    store: RunStore, new_jobs: NewJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, dead, lost, fresh = new_jobs(), make(store), make(store), make(store)
    for run in (dead, lost, fresh):
        store.update(run.id, state="training")
    jobs.open()
    store.update(dead.id, state="training")  # its trainer has died since, and could not say so
    store.update(lost.id, state="queued")  # its job has ended before it began
    store.update(fresh.id, state="queued")  # the command line is about to train it
    waiting_since(lost, 2 * REPAIR_SECONDS)
    jobs.repair()
    assert state(store, dead) == "interrupted"
    assert jobs.is_known(lost.id)
    assert not jobs.is_known(fresh.id)
    jobs.train(dead.id, "ann")
    assert state(store, dead) == "queued"


@pytest.mark.long
def test_a_server_keeps_looking_although_a_look_failed(
    store: RunStore, new_jobs: NewJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def mend(self: RunStore, waiting: frozenset[str] = frozenset()) -> list[Run]:
        looks.append(1)
        if len(looks) == 2:
            raise OSError(28, "No space left on device")
        return []

    monkeypatch.setattr("aecore.jobs.service.REPAIR_SECONDS", 0.01)
    monkeypatch.setattr(RunStore, "mend", mend)
    jobs = new_jobs()
    jobs.open()
    end = time.monotonic() + 60
    while len(looks) < 4:
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("ended", ["done", "stopped"])
def test_a_run_that_has_ended_is_not_trained_again(store: RunStore, ended: str) -> None:
    run = make(store)
    store.update(run.id, state=ended, test={"mse": 0.5}, message="as it was")
    before = store.get(run.id).status
    with pytest.raises(RunError, match="to its end already"):
        next(runner.run(store, run.id))
    assert store.get(run.id).status == before


def test_a_waiting_run_of_an_unknown_kind_keeps_no_server_from_starting(store: RunStore, new_jobs: NewJobs) -> None:
    strange, good = store.create({"kind": "of a later version"}, "Strange"), make(store)
    jobs = new_jobs()
    jobs.open()
    assert jobs.is_known(good.id)
    assert not jobs.is_known(strange.id)


@pytest.mark.parametrize("left", ["queued", "training", "done", ""])
def test_a_server_goes_on_without_a_visitor_where_runs_were_left(
    left: str, store: RunStore, new_jobs: NewJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = new_jobs()
    monkeypatch.setattr(services, "parts", Parts(store, jobs, DirectReader()))
    if left:
        store.update(make(store).id, state=left)
    warm_up._go_on_with_waiting_runs()
    assert jobs.is_open == (left in ("queued", "training"))


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_server_goes_on_without_a_visitor_where_a_sweep_was_left(
    state: str, store: RunStore, new_jobs: NewJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, sweep = new_jobs(), Sweep("digits", "undercomplete", {"epochs": 1}, {"latent_size": Values((2, 3))})
    monkeypatch.setattr(services, "parts", Parts(store, jobs, DirectReader()))
    left = jobs.sweeps.store.create(as_text(sweep), sweep_name(sweep), plan(sweep))
    jobs.sweeps.store.update(left.id, state=state)
    warm_up._go_on_with_waiting_runs()
    assert jobs.is_open == (state == "running")
