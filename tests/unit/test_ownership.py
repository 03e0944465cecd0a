"""What a stranger may do to another visitor's run: look at it and copy it, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import Run, RunError, RunStore
from tests.small_runs import make
from ui.app.identity import HOST, Person
from ui.app.ownership import VisitorsJobs, VisitorsRuns

ANN, BOB = Person("ann"), Person("bob")


@pytest.fixture
def everybodys(tmp_path: Any) -> RunStore:
    return RunStore(tmp_path / "runs")


def runs_of(store: RunStore, person: Person, *linked: str) -> VisitorsRuns:
    return VisitorsRuns(store, person, lambda: linked)


LOOKS = {
    "get",
    "get_deleted",
    "list",
    "deleted",
    "path",
    "lock",
    "is_held",
    "create",
    "check",
    "may_change",
    "keep_data",
}
"""What changes no run that is there."""

CHANGES: dict[str, Callable[[RunStore, Run], object]] = {
    "update": lambda store, run: store.update(run.id, name="Mine now"),
    "change_settings": lambda store, run: store.change_settings(run.id, learning_rate=1.0),
    "rename": lambda store, run: store.rename(run.id, "Mine now"),
    "delete": lambda store, run: store.delete(run.id),
    "restore": lambda store, run: store.restore(run.id),
    "discard": lambda store, run: store.discard(run.id),
}
INTERNAL = {"mend"}
"""What no page calls."""


def test_every_public_method_of_the_store_is_tried_here() -> None:
    public = {name for name, _ in inspect.getmembers(VisitorsRuns, inspect.isfunction) if not name.startswith("_")}
    assert public == LOOKS | set(CHANGES) | INTERNAL


@pytest.mark.parametrize("change", CHANGES)
def test_a_stranger_changes_no_run_and_its_owner_does(change: str, everybodys: RunStore) -> None:
    run = make(everybodys, "Ann's", owner=ANN.tag)
    if change in ("restore", "discard"):
        everybodys.delete(run.id)
    before = {path: path.read_bytes() for path in everybodys.folder.rglob("*.json")}
    for stranger in (BOB, Person("")):
        with pytest.raises(RunError, match=r"belongs to another visitor|not in your trash"):
            CHANGES[change](runs_of(everybodys, stranger, run.id), run)
    assert {path: path.read_bytes() for path in everybodys.folder.rglob("*.json")} == before
    CHANGES[change](runs_of(everybodys, ANN), run)
    assert {path: path.read_bytes() for path in everybodys.folder.rglob("*.json")} != before


def test_what_the_command_line_made_is_no_visitors(everybodys: RunStore) -> None:
    run = make(everybodys)
    with pytest.raises(RunError, match="another visitor"):
        runs_of(everybodys, ANN).rename(run.id, "Mine now")


def test_lists_hold_ones_own_runs_and_those_of_the_address(everybodys: RunStore) -> None:
    mine, yours, hosts = make(everybodys, owner=ANN.tag), make(everybodys, owner=BOB.tag), make(everybodys)
    assert [run.id for run in runs_of(everybodys, ANN).list()] == [mine.id]
    assert {run.id for run in runs_of(everybodys, ANN, yours.id).list()} == {mine.id, yours.id}
    assert runs_of(everybodys, ANN).get(hosts.id).id == hosts.id, "a link can be looked at"
    everybodys.delete(yours.id)
    assert runs_of(everybodys, ANN, yours.id).deleted() == []
    assert [run.id for run in runs_of(everybodys, BOB).deleted()] == [yours.id]


def test_a_copy_belongs_to_who_makes_it(everybodys: RunStore) -> None:
    yours = make(everybodys, owner=BOB.tag)
    copy = runs_of(everybodys, ANN).create(yours.settings, yours.name, restarted_from=yours.id)
    assert everybodys.get(copy.id).status.owner == ANN.tag
    assert runs_of(everybodys, ANN).create({}, "x", owner=BOB.tag).status.owner == ANN.tag


@pytest.fixture
def jobs(everybodys: RunStore) -> Iterator[Jobs]:
    made = Jobs(everybodys, LocalExecutor(everybodys.folder.parent))  # not opened: nothing starts
    yield made
    made.close()


def jobs_of(jobs: Jobs, person: Person) -> VisitorsJobs:
    return VisitorsJobs(jobs, runs_of(jobs.store, person), person)


def test_a_stranger_neither_pauses_nor_stops_nor_trains_a_run(jobs: Jobs) -> None:
    run = make(jobs.store, owner=ANN.tag)
    jobs_of(jobs, ANN).train(run.id, "whatever")
    bobs = jobs_of(jobs, BOB)
    for act in (bobs.pause, bobs.stop, lambda id: bobs.train(id, ANN.tag)):
        with pytest.raises(RunError, match="another visitor"):
            act(run.id)
    assert jobs.is_known(run.id)
    assert not (run.folder / "request.json").exists()
    assert bobs.place_of_run(run.id) == 0, "but its place in the queue can be seen"
    jobs_of(jobs, ANN).pause(run.id)
    assert not jobs.is_known(run.id)


def test_nobody_ends_an_analysis_that_another_waits_for(jobs: Jobs) -> None:
    request = ("data", "mnist")
    ann, bob, eve = (jobs_of(jobs, person) for person in (ANN, BOB, Person("eve")))
    job = ann.submit(request, "whatever")
    bob.submit(request, "whatever")
    eve.cancel(request)
    ann.cancel(request)
    assert job.is_active
    assert job.visitors == [BOB.tag]
    eve.release(request, BOB.tag)
    assert job.is_active, "nobody speaks for another"
    bob.submit(request, f"{BOB.tag}/tab")
    bob.release(request, f"{BOB.tag}/tab")
    assert job.is_active, "another tab still waits"
    bob.submit(request, f"{BOB.tag}/tab")
    bob.cancel(request)
    assert not job.is_active, "in all of one's tabs"


def test_what_was_left_begins_by_itself_for_who_comes_back_and_what_was_stopped_only_for_others(jobs: Jobs) -> None:
    request = ("data", "mnist")
    ann, bob = (jobs_of(jobs, person) for person in (ANN, BOB))
    assert ann.begins(request, ANN.tag), "nobody has asked for it yet"
    ann.submit(request, f"{ANN.tag}/tab")
    assert not ann.begins(request, ANN.tag)
    ann.release(request, f"{ANN.tag}/tab")  # they look at another page
    assert ann.begins(request, ANN.tag)
    ann.submit(request, f"{ANN.tag}/tab")
    ann.cancel(request)
    assert not ann.begins(request, ANN.tag)
    assert bob.begins(request, BOB.tag), "who did not stop it"
    failed = bob.submit(request, BOB.tag)
    failed.state = "running"
    jobs.queue.end(failed, "It could not be done.")
    assert not bob.begins(request, BOB.tag), "it is they who try again"


def test_the_host_ends_an_analysis_for_all(jobs: Jobs) -> None:
    request = ("data", "mnist")
    ann, host = jobs_of(jobs, ANN), jobs_of(jobs, HOST)
    job = ann.submit(request, "whatever")
    host.cancel(request)
    assert job.state == "cancelled"
    assert not ann.begins(request, ANN.tag)
    assert not host.begins(request, HOST.tag)
