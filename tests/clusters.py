"""Ray clusters for tests: several nodes, all of them processes of this machine, and servers that have joined them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from aecore.jobs.cluster import ClusterExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import Run, RunStore
from tests.small_runs import until

ray_cluster = pytest.importorskip("ray.cluster_utils", reason="the extra [cluster] is not installed")

PROJECT = Path(__file__).parents[1]
PATIENT = 300
"""Seconds, for a machine with other work."""

SLOW = {"epochs": 80, "batch_size": 8}


@contextmanager
def clustered(tmp_path: Path, count: int = 2, **settings: str) -> Iterator[Any]:
    """A cluster of a head that runs nothing, and nodes with two cores each."""
    given = {"PYTHONPATH": str(PROJECT), **settings}
    room = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # sockets have short paths
    before = {name: os.environ.get(name) for name in given}
    tmp_path.mkdir(exist_ok=True)
    os.environ.update(given)
    found = ray_cluster.Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, "temp_dir": room}
    )
    try:
        for _ in range(count):
            found.add_node(num_cpus=2)
        yield found
    finally:
        with suppress(Exception):
            found.shutdown()
        shutil.rmtree(room, ignore_errors=True)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


@contextmanager
def jobs_on(store: RunStore, cluster: Any) -> Iterator[Jobs]:
    """Jobs of a server that has joined the cluster."""
    jobs = Jobs(store, ClusterExecutor(store.folder.parent, cluster.address, {"runs": 1}))
    jobs.open()
    try:
        until(lambda: jobs.where.startswith("Trainings run on a cluster"), PATIENT)
        yield jobs
    finally:
        jobs.close()


def train(jobs: Jobs, store: RunStore, run: Run) -> Run:
    """Trains a run to its end."""
    jobs.train(run.id, "somebody")
    until(lambda: not store.get(run.id).status.is_active, PATIENT)
    until(lambda: not jobs.is_known(run.id), PATIENT)
    return store.get(run.id)


def nodes(count: int) -> Any:
    """The fixture `cluster` of a module: so many nodes, for all tests that leave them as they are."""

    @pytest.fixture(scope="module", name="cluster")
    def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
        with clustered(tmp_path_factory.mktemp("nodes"), count) as found:
            yield found

    return made
