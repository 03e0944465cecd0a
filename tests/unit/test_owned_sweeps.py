"""What a stranger may do to another visitor's sweep: look at it, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from aecore.experiment.sweep import Sweep, as_text, plan, sweep_name
from aecore.experiment.sweep_searches import Values
from aecore.jobs.service import Jobs
from aecore.runs.run import RunError
from aecore.runs.store import RunStore
from aecore.runs.sweeps import SweepRecord
from tests.small_runs import jobs_of
from ui.app.identity import HOST, Person
from ui.app.owned_sweeps import VisitorsSweeps
from ui.app.ownership import VisitorsRuns

ANN, BOB = Person("ann"), Person("bob")
SWEEP = Sweep("digits", "undercomplete", {"epochs": 1}, {"latent_size": Values((2, 3))})
LOOKS = {"list", "deleted", "get", "may_change", "begin", "to_begin"}
CHANGES: dict[str, Callable[[VisitorsSweeps, str], None]] = {
    name: lambda sweeps, id, name=name: getattr(sweeps, name)(id)
    for name in ("pause", "stop", "resume", "delete", "restore")
}


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return jobs_of(RunStore(tmp_path / "runs"))


def sweeps_of(jobs: Jobs, person: Person) -> VisitorsSweeps:
    return VisitorsSweeps(jobs.sweeps, VisitorsRuns(jobs.store, person), person)


def begun(jobs: Jobs, person: Person) -> SweepRecord:
    return sweeps_of(jobs, person).begin(as_text(SWEEP), sweep_name(SWEEP), plan(SWEEP), ())


def test_every_public_method_is_tried_here() -> None:
    public = {name for name, _ in inspect.getmembers(VisitorsSweeps, inspect.isfunction) if not name.startswith("_")}
    assert public == LOOKS | set(CHANGES)


@pytest.mark.parametrize("change", CHANGES)
def test_a_stranger_changes_no_sweep_and_its_owner_and_the_host_do(change: str, jobs: Jobs) -> None:
    sweep = begun(jobs, ANN)
    before = (sweep.folder / "status.json").read_bytes()
    for stranger in (BOB, Person("")):
        with pytest.raises(RunError, match="belongs to another visitor"):
            CHANGES[change](sweeps_of(jobs, stranger), sweep.id)
    assert (sweep.folder / "status.json").read_bytes() == before
    for person in (ANN, HOST):
        CHANGES[change](sweeps_of(jobs, person), sweep.id)


def test_a_list_holds_ones_own_and_a_link_shows_any(jobs: Jobs) -> None:
    mine, yours = begun(jobs, ANN), begun(jobs, BOB)
    assert [each.id for each in sweeps_of(jobs, ANN).list()] == [mine.id]
    assert sweeps_of(jobs, ANN).to_begin() == 2
    jobs.sweeps.stop(mine.id)
    assert (sweeps_of(jobs, ANN).to_begin(), sweeps_of(jobs, HOST).to_begin()) == (0, 0)
    assert {each.id for each in sweeps_of(jobs, HOST).list()} == {mine.id, yours.id}
    assert sweeps_of(jobs, ANN).get(yours.id).owner == BOB.tag
    sweeps_of(jobs, BOB).delete(yours.id)
    with pytest.raises(RunError, match="has been deleted"):
        sweeps_of(jobs, ANN).get(yours.id)
    assert (sweeps_of(jobs, ANN).deleted(), len(sweeps_of(jobs, BOB).deleted())) == ([], 1)


def test_what_the_command_line_made_is_the_hosts(jobs: Jobs) -> None:
    sweep = jobs.sweeps.store.create(as_text(SWEEP), "", plan(SWEEP))
    assert not sweeps_of(jobs, ANN).may_change(sweep)
    assert sweeps_of(jobs, HOST).may_change(sweep)
