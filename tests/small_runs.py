"""Runs small enough for a test: made, trained, sent requests, held by another process,
and computed again by plain numpy.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from aecore.experiment.settings import RunSettings
from aecore.jobs.cluster import ClusterExecutor
from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunStore
from aecore.runs.tracking import MLFLOW, Tracked, tracked

SMALL = {
    "epochs": 4,
    "widths": [16],
    "latent_size": 6,
    "code_activation": "linear",
    "device": "cpu",
    "precision": "full",
}
"""Twenty steps an epoch on the digits, a few milliseconds each."""

HOLD = """import sys, pathlib
from aecore.runs.store import RunStore
with RunStore(pathlib.Path(sys.argv[1])).lock(sys.argv[2]):
    print("held", flush=True)
    input()"""


def make(store: RunStore, name: str = "Test", owner: str = "", **values: Any) -> Run:
    """A small run on the digits, waiting."""
    settings = RunSettings.build("digits", "undercomplete", **(SMALL | values))
    return store.create(settings.to_dict(), name, owner=owner)


def finish(store: RunStore, run: Run) -> Run:
    """Trains to the end in this process."""
    from aecore.jobs import kinds

    for _ in kinds.train(store, run.id):
        pass
    return store.get(run.id)


def records(run: Run) -> list[dict[str, Any]]:
    """The progress of a run, as it is on disk."""
    return ProgressLog(run.folder / "progress.jsonl").read()


def send_after(store: RunStore, run: Run, records: int, request: str) -> Run:
    """Trains in this process and sends a request after so many records."""
    from aecore.jobs import kinds

    trainer = kinds.train(store, run.id)
    assert len(list(itertools.islice(trainer, records))) == records
    with pytest.raises(StopIteration):
        trainer.send(request)
    return store.get(run.id)


@contextmanager
def held(store: RunStore, run_id: str) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the lock of the run, as its trainer would."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.folder), run_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def has_same_weights(first: Run, second: Run) -> bool:
    """Whether two runs ended with the same bits."""
    one, two = first.weights(), second.weights()
    return one.keys() == two.keys() and all(np.array_equal(one[key], two[key]) for key in one)


def mse(x: np.ndarray, y: np.ndarray) -> float:
    """Mean squared error per pixel, in float64."""
    return float(np.mean((x.astype(np.float64) - y) ** 2))


def codes_and_pictures(run: Run, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a run of `SMALL` makes of x, in plain numpy and float64: relu, linear code, relu, sigmoid."""
    w = {key: value.astype(np.float64) for key, value in run.weights().items()}
    y = np.maximum(x.reshape(len(x), -1) @ w["encoder.0.weight"].T + w["encoder.0.bias"], 0)
    z = y @ w["encoder.2.weight"].T + w["encoder.2.bias"]
    y = np.maximum(z @ w["decoder.0.weight"].T + w["decoder.0.bias"], 0) @ w["decoder.2.weight"].T + w["decoder.2.bias"]
    return z, (1 / (1 + np.exp(-y))).reshape(x.shape)


def until(condition: Callable[[], object], seconds: float = 60, every: float = 0.03) -> None:
    """Waits for a condition; fails if it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(every)  # a look reads files, and takes time from the worker that it waits for


def state(store: RunStore, run: Run) -> str:
    """Where the run stands on disk now."""
    return store.get(run.id).status.state


def has_records(run: Run) -> bool:
    """Whether it has written any progress."""
    return bool(ProgressLog(run.folder / "progress.jsonl").read())


def opened_at(store: RunStore) -> Iterator[Callable[[str], Jobs]]:
    """For a fixture: opens jobs of a server with the cluster at an address, and closes all of them at the end."""
    made: list[Jobs] = []

    def of(address: str) -> Jobs:
        jobs = Jobs(store, ClusterExecutor(store.folder.parent, address, {"runs": 1}))
        made.append(jobs)
        jobs.open()
        return jobs

    yield of
    for jobs in made:
        jobs.close()


def settled(run: Run, tracker: str = MLFLOW) -> Tracked:
    """What a run's folder says once the run was to be logged, and this has been tried."""

    def tried() -> Tracked | None:
        found = tracked(run.folder, tracker)
        return found if found and found.state != "waiting" else None

    until(tried, 120)
    return tracked(run.folder, tracker) or Tracked("")


def jobs_of(store: RunStore, **slots: int) -> Jobs:
    """Jobs with real worker processes: one for runs, unless told otherwise."""
    return Jobs(store, LocalExecutor(store.folder.parent, {"runs": 1, **slots}))


def busy(jobs: Jobs, store: RunStore) -> Run:
    """A long run that keeps the only worker busy, already past its first checkpoint."""
    run = make(store, epochs=2000)
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "training" and has_records(run) and store.get(run.id).has_weights)
    return run
