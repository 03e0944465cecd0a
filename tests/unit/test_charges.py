"""What a server that has ended leaves to the others of its home: the runs in its charge, and nothing to itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aecore.jobs.charges import FOLDER, GOES_ON, MOST_MOVES, Charges, wait_again
from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.small_runs import has_records, make, state, until

IN_CHARGE = """import sys, pathlib
from aecore.jobs.charges import Charges
mine = Charges(pathlib.Path(sys.argv[1]))
mine.open()
mine.note(sys.argv[2:])
print("noted", flush=True)
input()"""

Another = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def another(home: Path) -> Iterator[Another]:
    """Another server of the home, in charge of some runs, to be killed."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*runs: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", IN_CHARGE, str(home), *runs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "noted\n"
        return process

    yield begin
    for each in begun:
        each.kill()
        each.wait()


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


@pytest.fixture
def mine(home: Path) -> Iterator[Charges]:
    found = Charges(home)
    yield found
    found.close()


def test_what_a_living_server_has_is_its_own_and_what_it_leaves_is_told_once(mine: Charges, another: Another) -> None:
    other = another("a", "b")
    mine.open()
    assert mine.left() == []
    ended(other)
    assert mine.left() == ["a", "b"]
    assert mine.left() == []
    assert len({path.stem for path in mine.folder.iterdir()}) == 1  # only what is its own


def test_an_only_server_goes_on_with_nothing_that_an_earlier_one_left(mine: Charges, another: Another) -> None:
    ended(another("a"))
    mine.open()
    assert mine.left() == []


def test_a_server_that_comes_back_leaves_its_runs_to_whichever_lives(mine: Charges, another: Another) -> None:
    one, _other = another("a"), another("b")
    ended(one)
    mine.open()  # the first has been started again
    assert mine.left() == ["a"]


def test_a_run_that_ends_its_server_each_time_does_not_go_on_for_ever(home: Path, another: Another) -> None:
    _living = another()
    ended(another("a", "b"))
    moves = 0
    while True:
        server = Charges(home)
        server.open()
        left = server.left()
        server.note([*left, "b"])
        server.close()
        if "a" not in left:
            break
        moves += 1
    assert moves == MOST_MOVES


def test_a_file_that_is_broken_says_nothing(mine: Charges, another: Another, home: Path) -> None:
    _living, broken = another(), another("a")
    ended(broken)
    mine.open()
    for path in (home / FOLDER).glob("*.json"):
        path.write_text('{"runs": 3}')
    assert mine.left() == []


def test_only_runs_that_wait_or_were_cut_off_wait_again(home: Path) -> None:
    store = RunStore(home / "runs")
    runs = {name: make(store, name) for name in ("queued", "interrupted", "paused", "done", "training", "failed")}
    for name, run in runs.items():
        store.update(run.id, state=name)
    again = wait_again(store, [*(run.id for run in runs.values()), "0123456789ab"])
    assert {run.name for run in again} == {"queued", "interrupted"}
    assert {(run.status.state, run.status.message) for run in again} == {("queued", GOES_ON)}


@pytest.mark.long
def test_another_server_goes_on_with_a_run_whose_server_was_killed(home: Path) -> None:
    """One server is a process of its own, which is killed with its worker; this process is the other."""
    store = RunStore(home / "runs")
    run = make(store, epochs=2000)
    code = (
        "import sys; from tests.small_runs import *\n"
        "store = RunStore(); jobs = Jobs(store, LocalExecutor(store.folder.parent, {'runs': 1})); jobs.open()\n"
        "jobs.train(sys.argv[1], 'ann'); print(*jobs.pids(), flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, run.id], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    here = Jobs(store, LocalExecutor(home, {"runs": 1}))
    try:
        until(lambda: state(store, run) == "training" and has_records(run))
        here.open()
        here.repair()
        assert state(store, run) == "training"
        ended(other)  # its worker hears of it by its pipe
        until(lambda: state(store, run) == "interrupted")
        here.repair()
        until(lambda: state(store, run) == "training")
        assert here.is_known(run.id)
    finally:
        ended(other)
        here.close()
