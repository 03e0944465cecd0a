"""Sweeps in the queue: a few runs at a time, none twice, early stopping, and everything again after a restart."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from aecore.experiment.halving import Halving
from aecore.experiment.sweep import Sweep, as_text, halving_numbers, plan, sweep_name
from aecore.experiment.sweep_searches import Values
from aecore.jobs.housekeeping import Housekeeping
from aecore.jobs.service import Jobs
from aecore.jobs.sweeping import AHEAD, CROWDED, MOST_RESUMED
from aecore.runs.run import RunError
from aecore.runs.store import RunStore
from aecore.runs.sweeps import SweepRecord
from tests.small_runs import SMALL, jobs_of, make, until
from tests.small_uploads import upload_rows

FIXED = {name: value for name, value in SMALL.items() if name != "latent_size"}
FIVE = Sweep("digits", "undercomplete", {**FIXED, "epochs": 1}, {"latent_size": Values((2, 3, 4, 5, 6))})


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    """Jobs that nobody starts: what is queued stays in the queue."""
    return jobs_of(RunStore(tmp_path / "runs"))


def begin(jobs: Jobs, sweep: Sweep = FIVE, visitor: str = "ann", owner: str = "ann") -> SweepRecord:
    return jobs.sweeps.store.create(
        as_text(sweep), sweep_name(sweep), plan(sweep), halving=halving_numbers(sweep), owner=owner, visitor=visitor
    )


def now(jobs: Jobs, sweep: SweepRecord) -> SweepRecord:
    return jobs.sweeps.store.get(sweep.id)


def states(jobs: Jobs, sweep: SweepRecord) -> list[str]:
    return [run.status.state for run in jobs.sweeps.runs_of(now(jobs, sweep))]


def test_only_a_few_runs_wait_and_others_take_their_turns(jobs: Jobs) -> None:
    sweep = begin(jobs)
    for _ in range(3):
        jobs.sweeps.tick()
    assert states(jobs, sweep) == ["queued"] * AHEAD
    bobs = make(jobs.store, owner="bob")
    jobs.train(bobs.id, "bob")
    first, second = (run.id for run in jobs.sweeps.runs_of(now(jobs, sweep)))
    assert [jobs.place_of_run(each) for each in (first, bobs.id, second)] == [0, 1, 2]
    begin(jobs)
    jobs.sweeps.tick()
    assert len(jobs.waiting_runs()) == AHEAD + 1, "a second sweep of the same person waits for the first"


def test_where_many_wait_no_sweep_adds_to_them(jobs: Jobs) -> None:
    for number in range(CROWDED):
        jobs.train(make(jobs.store).id, f"visitor {number}")
    sweep = begin(jobs)
    jobs.sweeps.tick()
    assert states(jobs, sweep) == []


def test_a_run_belongs_to_the_owner_and_says_what_it_tries(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    run = jobs.sweeps.runs_of(now(jobs, sweep))[0]
    assert run.status.owner == "ann"
    assert run.name == "Digits · Undercomplete · code size 2"
    assert run.settings == FIVE.settings()[0].to_dict()


def test_no_run_is_made_twice_whenever_a_server_ends(jobs: Jobs) -> None:
    sweep = begin(jobs)
    made = sweep.runs[0]
    jobs.store.create(made.settings, made.name, run_id=made.id)  # the server ended before it could write this down
    jobs.store.update(made.id, state="done")
    following = jobs_of(jobs.store)
    following.sweeps.tick()
    assert now(jobs, sweep).status.begun == tuple(run.id for run in sweep.runs[: AHEAD + 1])
    third = jobs_of(jobs.store)
    third.sweeps.tick()
    assert len(jobs.store.list()) == AHEAD + 1
    assert len(third.waiting_runs()) == AHEAD, "what waited for an earlier server waits again"


def test_a_deleted_run_is_not_trained_again(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    first = sweep.runs[0].id
    jobs.pause(first)
    jobs.store.delete(first)
    jobs.store.discard(first)
    jobs_of(jobs.store).sweeps.tick()
    assert first not in [run.id for run in jobs.store.list()]
    assert now(jobs, sweep).status.begun == tuple(run.id for run in sweep.runs[: AHEAD + 1])


def test_pausing_stopping_and_going_on(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    jobs.sweeps.pause(sweep.id)
    jobs.sweeps.tick()
    assert (now(jobs, sweep).status.state, states(jobs, sweep)) == ("paused", ["paused"] * AHEAD)
    assert not jobs.waiting_runs()
    jobs.sweeps.resume(sweep.id)
    jobs.sweeps.tick()
    assert (now(jobs, sweep).status.state, states(jobs, sweep)) == ("running", ["queued"] * AHEAD)
    jobs.sweeps.stop(sweep.id)
    assert (now(jobs, sweep).status.state, states(jobs, sweep)) == ("stopped", ["paused"] * AHEAD)
    jobs.sweeps.resume(sweep.id)
    jobs.sweeps.tick()
    assert states(jobs, sweep) == ["queued"] * AHEAD


def test_a_run_that_was_paused_by_hand_rests_while_the_others_go_on(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    jobs.pause(sweep.runs[0].id)
    jobs.sweeps.tick()
    assert states(jobs, sweep) == ["paused", "queued", "queued"]


def test_a_run_that_is_cut_off_is_resumed_but_not_for_ever(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    first = sweep.runs[0].id
    for times in range(MOST_RESUMED + 1):
        jobs.queue.cancel(next(job for job in jobs.queue.active() if job.request[1] == first))
        jobs.store.update(first, state="interrupted")
        for job in [job for job in jobs.queue.active() if job.state == "waiting"]:
            jobs.queue.cancel(job)
        jobs.store.update(sweep.runs[1].id, state="done")
        jobs.sweeps.tick()
        assert jobs.store.get(first).status.state == ("queued" if times < MOST_RESUMED else "interrupted")


def test_deleting_takes_the_runs_along_and_restoring_brings_them_back(jobs: Jobs) -> None:
    sweep = begin(jobs)
    jobs.sweeps.tick()
    with pytest.raises(RunError, match="stop it first"):
        jobs.sweeps.delete(sweep.id, time.time())
    jobs.sweeps.stop(sweep.id)
    jobs.sweeps.delete(sweep.id, time.time())
    assert (len(jobs.store.list()), len(jobs.store.deleted())) == (0, AHEAD)
    assert not now(jobs, sweep).is_running
    jobs.sweeps.restore(sweep.id)
    assert states(jobs, sweep) == ["paused"] * AHEAD
    assert not now(jobs, sweep).status.deleted


def test_a_sweep_that_was_deleted_long_ago_goes(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AECORE_TRASH_DAYS", "3")
    old, new = begin(jobs), begin(jobs)
    jobs.sweeps.delete(old.id, time.time() - 4 * 86_400)
    jobs.sweeps.delete(new.id, time.time())
    Housekeeping(jobs.store).clean()
    assert [each.id for each in jobs.sweeps.store.list()] == [new.id]
    with pytest.raises(RunError, match="no sweep"):
        jobs.sweeps.store.get(old.id)


def test_a_full_quota_pauses_the_sweep_and_says_the_numbers(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AECORE_MOST_RUNS", "1")
    sweep = begin(jobs)
    jobs.sweeps.tick()
    status = now(jobs, sweep).status
    assert (status.state, len(status.begun)) == ("paused", 1)
    assert "one person may keep 1" in status.message


def test_broken_files_are_named_and_hold_up_nobody(jobs: Jobs) -> None:
    broken, sweep = begin(jobs), begin(jobs)
    (broken.folder / "status.json").write_text("{}")
    assert "changed by hand" in now(jobs, broken).problem
    jobs.sweeps.tick()
    assert states(jobs, sweep) == ["queued"] * AHEAD


def test_who_drives_a_sweep_is_alone_with_it(jobs: Jobs) -> None:
    sweep = begin(jobs)
    with jobs.sweeps.store.lock(sweep.id):
        jobs_of(jobs.store).sweeps.tick()
    assert states(jobs, sweep) == []


@pytest.mark.long
def test_workers_train_a_sweep_and_stop_what_falls_behind(tmp_path: Path) -> None:
    rates = Values((0.01, 1e-6, 2e-6, 0.011))
    halved = replace(
        FIVE, fixed={**FIXED, "epochs": 400, "latent_size": 6}, searched={"learning_rate": rates},
        halving=Halving(2, 20),
    )  # fmt: skip
    jobs = jobs_of(RunStore(tmp_path / "runs"))
    sweep = begin(jobs, halved)
    jobs.open()
    try:
        until(lambda: now(jobs, sweep).status.state == "done", seconds=150)
    finally:
        jobs.close()
    runs, status = jobs.sweeps.runs_of(now(jobs, sweep)), now(jobs, sweep).status
    assert len(runs) == 4
    ended = {run.settings["learning_rate"]: run.status.state for run in runs}
    order = [run.settings["learning_rate"] for run in runs]
    late = {rate for rate in (1e-6, 2e-6) if order.index(rate) > min(order.index(0.01), order.index(0.011))}
    assert all(ended[rate] == "stopped" for rate in late), (ended, order)
    assert {run.id for run in runs if run.status.state == "stopped"} == set(status.halted)
    assert all(run.status.test for run in runs), "the figures of those that were stopped stay"
    assert set(status.rungs["20"]) == {run.id for run in runs}


@pytest.mark.parametrize("measured", [False, True])
def test_a_full_home_pauses_the_sweep_before_it_grows_further(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, measured: bool
) -> None:
    sweep = begin(jobs)
    if measured:  # as a server has it, which looks every minute
        jobs.sweeps.home_bytes = lambda: 3 * 10**9
    monkeypatch.setenv("AECORE_HOME_GB", "2" if measured else "0")
    jobs.sweeps.tick()
    assert now(jobs, sweep).status.state == "paused"
    assert "All that is kept on this server takes" in now(jobs, sweep).status.message
    assert states(jobs, sweep) == []
    monkeypatch.delenv("AECORE_HOME_GB")
    jobs.sweeps.home_bytes = lambda: None
    jobs.sweeps.resume(sweep.id)
    jobs.sweeps.tick()
    assert states(jobs, sweep) == ["queued"] * AHEAD


def test_what_somebody_has_brought_counts_for_their_sweeps_too(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = begin(jobs)
    upload_rows(jobs.store.folder.parent, owner="ann")
    monkeypatch.setenv("AECORE_PERSON_GB", "0.0000001")
    jobs.sweeps.tick()
    assert "and what you have brought takes" in now(jobs, sweep).status.message
