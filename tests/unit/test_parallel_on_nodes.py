"""A recommender trained by this machine together with nodes of a Ray cluster, and what becomes of it if one dies."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from aecore.__main__ import main as command
from aecore.experiment import runner
from aecore.jobs.node import versions
from aecore.recommender import load
from aecore.recommender.training import parallel
from aecore.recommender.training.parallel import Crew
from aecore.recommender.training.run import train
from aecore.runs.store import RunStore
from tests.clusters import PATIENT, clustered, nodes
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, records, until
from tests.unit.test_parallel_training import TOLERANCE, difference

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

SMALL = {"epochs": 4, "hidden_size": 6, "batch_size": 16}

cluster = nodes(2)


@pytest.fixture
def data(home: Path) -> str:
    return bring_tastes(home)


def hands(cluster: Any) -> list[psutil.Process]:
    """The processes of the nodes that train along."""
    found = []
    for node in cluster.worker_nodes:
        raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
        for each in raylet.children(recursive=True):
            with suppress(psutil.Error):  # it ends just now
                found += [each] * ("Hand" in " ".join(each.cmdline()))
    return found


def test_two_nodes_and_this_machine_end_with_the_weights_that_this_machine_alone_would_have(
    data: str, cluster: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = RunStore()
    here = finish(store, make_recommender(store, data, "mult-dae", **SMALL))
    monkeypatch.setenv("AECORE_CLUSTER", cluster.address)
    options = [word for name, value in SMALL.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    assert command(["train-recommender", "--data", data, "--model", "mult-dae", *options, "--processes", "3"]) == 0
    capsys.readouterr()
    there = next(run for run in store.list() if run.id != here.id)
    names = there.status.device.removeprefix("CPU, 3 processes: this machine, ").split(", ")
    assert sorted(each[-4:] for each in names) == sorted(node.node_id[:4] for node in cluster.worker_nodes)
    assert difference(load(here.id).model, load(there.id).model) < TOLERANCE
    assert there.status.test == pytest.approx(here.status.test, abs=1e-3)
    assert [each["step"] for each in records(there)] == [each["step"] for each in records(here)]
    until(lambda: hands(cluster) == [], PATIENT)


def test_a_node_that_dies_ends_the_training_with_its_name(data: str, tmp_path: Path) -> None:
    with clustered(tmp_path / "nodes") as cluster:
        run = make_recommender(store := RunStore(), data, "mult-dae", **SMALL | {"epochs": 1000})
        training = runner.run(store, run.id, partial(train, crew=Crew(3, cluster=cluster.address)))
        next(training)
        lost = next(iter(cluster.worker_nodes))
        assert len(hands(cluster)) == 2
        cluster.remove_node(lost, allow_graceful=False)
        assert all(progress.share < 1 for progress in training)
        status = store.get(run.id).status
        assert status.state == "failed"
        assert lost.node_id[:4] in status.message
        assert status.message.endswith("was lost. Train again.")
        until(lambda: hands(cluster) == [], PATIENT)


@pytest.mark.parametrize(
    ("processes", "module", "sentence"),
    [
        (9, "", "The cluster has 4 cores, and 8 processes need 8. Train with fewer processes."),
        (3, "tests.older_on_nodes", f"has version {versions()} of this app, and this server 0.0.7, Python 3.9"),
    ],
)
def test_a_cluster_that_cannot_take_part_says_why(
    processes: int, module: str, sentence: str, data: str, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "ON_NODES", module or parallel.ON_NODES)
    run = make_recommender(store := RunStore(), data, "mult-dae", **SMALL)
    assert list(runner.run(store, run.id, partial(train, crew=Crew(processes, cluster=cluster.address)))) == []
    assert store.get(run.id).status.state == "failed"
    assert sentence in store.get(run.id).status.message


def test_an_address_without_a_cluster_says_how_to_train_here(data: str) -> None:
    run = make_recommender(store := RunStore(), data, "mult-dae", **SMALL)
    assert list(runner.run(store, run.id, partial(train, crew=Crew(3, cluster="127.0.0.1:9")))) == []
    message = store.get(run.id).status.message
    assert message.startswith("No cluster answers at 127.0.0.1:9 (")
    assert message.endswith("Unset AECORE_CLUSTER to train on this machine alone.")
