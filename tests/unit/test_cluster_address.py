"""Which cluster is meant: by the command's option and the variable, and what becomes of `auto`, `local` and addresses.

Where none is asked for, nothing of Ray is imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aecore.jobs.bridge import join_cluster
from aecore.jobs.cluster import ClusterExecutor, executor_for
from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from autoencoder_explorer.__main__ import main
from tests.small_runs import make, state, until

PROJECT = Path(__file__).parents[2]
PATIENT = 300

BEGIN = """
import sys
import app
from aecore.jobs.cluster import executor_for
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.small_runs import make
store = RunStore()
jobs = Jobs(store, executor_for(store.folder.parent))
jobs.open()
jobs.train(make(store, epochs=1).id, "somebody")
print(type(jobs.executor).__name__, jobs.size > 0, sorted({name.partition(".")[0] for name in sys.modules} & {"ray"}))
jobs.close()
"""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the command hands to Streamlit instead of serving."""
    from streamlit.web import cli

    found: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda arguments, **_: found.append(arguments))
    monkeypatch.setenv("AECORE_CLUSTER", "")  # and set back after the test, whatever the command sets
    return found


@pytest.mark.parametrize("address", ["auto", "local", "ray://head:10001", "head:6379"])
def test_the_command_hands_the_address_to_the_server_and_not_to_streamlit(
    address: str, served: list[list[str]], home: Path
) -> None:
    assert main(["--cluster", address, "--port", "8790"]) == 0
    assert os.environ["AECORE_CLUSTER"] == address
    assert address not in served[0]
    assert "--cluster" not in served[0]
    found = executor_for(home)
    assert isinstance(found, ClusterExecutor)
    assert found.address == address


def test_without_the_option_this_machine_trains(served: list[list[str]], home: Path) -> None:
    assert main(["--port", "8790"]) == 0
    assert os.environ["AECORE_CLUSTER"] == ""
    assert isinstance(executor_for(home), LocalExecutor)


@pytest.mark.parametrize(
    ("address", "given"),
    [("local", {"include_dashboard": False}), ("auto", {"address": "auto"}), ("head:6379", {"address": "head:6379"})],
)
def test_local_begins_a_cluster_and_any_other_address_joins_one(
    address: str, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(init=lambda **values: asked.append(values)))
    join_cluster(address)
    known = {name: value for name, value in asked[0].items() if name in ("address", "include_dashboard")}
    assert known == given, "without an address Ray begins a cluster of this machine"


def test_nothing_of_ray_is_imported_unless_it_is_asked_for(home: Path) -> None:
    environment = {**os.environ, "AECORE_HOME": str(home), "AECORE_CLUSTER": "", "PYTHONPATH": str(PROJECT)}
    found = subprocess.run(
        [sys.executable, "-c", BEGIN], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.split("\n")[0] == "LocalExecutor True []"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("address", ["local", "auto"])
def test_a_run_trains_on_a_cluster_that_is_begun_here_and_on_one_that_ray_finds(
    address: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.clusters import clustered

    store = RunStore()
    if address == "auto":
        with clustered(tmp_path / "nodes", 1) as cluster:
            monkeypatch.setenv("RAY_ADDRESS", cluster.address)  # as `ray start` would have left it
            _train(Jobs(store, ClusterExecutor(home, address)), store)
    else:
        _train(Jobs(store, ClusterExecutor(home, address)), store)


def _train(jobs: Jobs, store: RunStore) -> None:
    jobs.open()
    try:
        run = make(store, epochs=1)
        for _ in range(3):  # on a machine with much other work, Ray may lose a cluster of its own
            until(lambda: jobs.where.startswith("Trainings run on a cluster: "), PATIENT)
            jobs.train(run.id, "somebody")
            until(lambda: not store.get(run.id).status.is_active and not jobs.is_known(run.id), PATIENT)
            if state(store, run) != "interrupted":
                break
        assert state(store, run) == "done", store.get(run.id).status.message
        assert store.get(run.id).status.device.startswith("CPU of node ")
    finally:
        jobs.close()
