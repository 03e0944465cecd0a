"""Trainings on a Ray cluster of several nodes, all of them processes of this machine with homes of their own: what is
trained there is what would be trained here, whatever happens to a node or the head meanwhile.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from aecore.analyses.noise_sweep import network_curve, read_curve
from aecore.datasets import is_ready, load
from aecore.experiment.settings import RunSettings
from aecore.jobs.cluster import LOST, ClusterExecutor
from aecore.jobs.node import versions
from aecore.jobs.parcels import roots_of
from aecore.jobs.service import Jobs
from aecore.latent.code_set import code_set
from aecore.latent.maps import MapRequest, read_map
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import Run, RunStore
from aecore.words.results import Place, cached, place_of, read_embedding, read_results
from aecore.words.runs import create_run
from aecore.words.settings import WordSettings
from aecore.words.ways import WAYS
from tests.clusters import PATIENT, PROJECT, SLOW, clustered, jobs_on, nodes, train
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, has_records, has_same_weights, make, records, state, until

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

cluster = nodes(2)


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def is_under_way(store: RunStore, run: Run) -> bool:
    return state(store, run) == "training" and has_records(run) and store.get(run.id).has_weights


def node_of(store: RunStore, run: Run, cluster: Any) -> Any:
    """The node on which it trains."""
    device = store.get(run.id).status.device
    return next((each for each in cluster.worker_nodes if device.endswith(f"-{each.node_id[:4]}")), None)


def raylet_of(node: Any) -> psutil.Process:
    """The process of Ray that stands for a node."""
    return psutil.Process(node.all_processes["raylet"][0].process.pid)


def test_a_run_on_a_node_has_the_weights_and_records_of_one_that_trained_here(store: RunStore, cluster: Any) -> None:
    with jobs_on(store, cluster) as jobs:
        assert jobs.where == "Trainings run on a cluster: 3 nodes, 4 at a time."
        run = train(jobs, store, make(store))
    assert run.status.state == "done", run.status.message
    assert run.status.device.startswith("CPU of node ")
    here = finish(store, make(store))
    assert has_same_weights(run, here)
    assert run.status.test == here.status.test
    names = [{path.name for path in each.folder.iterdir()} for each in (run, here)]
    assert names[0] == names[1]


def test_a_run_that_is_paused_goes_on_bit_for_bit_and_one_that_is_stopped_is_tested(
    store: RunStore, cluster: Any
) -> None:
    with jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW | {"epochs": 60})
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        jobs.pause(run.id)
        until(lambda: state(store, run) == "paused" and not jobs.is_known(run.id), PATIENT)
        run = train(jobs, store, run)
        assert run.status.state == "done"
        other = make(store, **SLOW)
        jobs.train(other.id, "somebody")
        until(lambda: is_under_way(store, other), PATIENT)
        jobs.stop(other.id)
        until(lambda: state(store, other) == "stopped", PATIENT)
        assert (store.get(other.id).status.test or {})["mse"] > 0
    assert has_same_weights(run, finish(store, make(store, **SLOW | {"epochs": 60})))


def test_an_analysis_takes_its_run_along_and_its_results_come_home(store: RunStore, cluster: Any) -> None:
    with jobs_on(store, cluster) as jobs:
        run = train(jobs, store, make(store))
        job = jobs.submit(("sweep", (run.id, "digits"), "digits", "masking"), "somebody")
        until(lambda: not job.is_active, PATIENT)
        assert job.error == ""
    network = find_trained_model(store, run.id)
    found = read_curve(store, network, "digits", "masking")
    assert found == network_curve(network, load("digits"), "masking")


def test_a_map_that_is_stopped_goes_on_from_its_last_picture_on_whichever_node(store: RunStore, cluster: Any) -> None:
    run, settings = finish(store, make(store)), json.dumps({"perplexity": 20.0, "iterations": 3000})
    found = code_set(store, find_trained_model(store, run.id), "test", 300)
    request = ("map", run.id, "test", 300, "tsne", 2, settings, "")

    def step() -> int:
        known = read_map(found, MapRequest("tsne", 2, settings))
        return known.step if known else 0

    with jobs_on(store, cluster) as jobs:
        jobs.submit(request, "somebody")
        until(lambda: step() > 50, PATIENT)
        jobs.cancel(request)
        time.sleep(3)  # what it has written until it ended comes home
        stopped_at, seen = step(), []
        assert stopped_at < 3000
        job = jobs.submit(request, "somebody")
        until(lambda: seen.append(step()) or not job.is_active, PATIENT)
        assert job.error == ""
    assert min(seen) >= stopped_at
    assert seen == sorted(seen)
    assert step() == 3000


def test_a_data_set_that_a_node_lacks_is_shipped_to_it_once(store: RunStore, real_data: Path, tmp_path: Path) -> None:
    if not is_ready("mnist"):
        pytest.skip("MNIST is not in the data folder")
    there = tmp_path / "data"
    with clustered(tmp_path / "nodes", 1, AECORE_DATA=str(there)) as cluster:
        os.environ["AECORE_DATA"] = str(real_data)
        with jobs_on(store, cluster) as jobs:
            settings = RunSettings.build("mnist", "undercomplete", latent_size=4, epochs=1)
            for _ in range(2):
                run = train(jobs, store, store.create(settings.to_dict(), "Far"))
                assert run.status.state == "done", run.status.message
                shipped = {path: path.stat().st_mtime_ns for path in (there / "mnist").iterdir()}
        assert {path.name: path.read_bytes() for path in shipped} == {
            path.name: path.read_bytes() for path in (real_data / "mnist").iterdir() if path.suffix == ".gz"
        }


def test_a_run_whose_node_dies_goes_on_on_another_without_a_click_and_ends_as_if_nothing_had_happened(
    store: RunStore, tmp_path: Path
) -> None:
    with clustered(tmp_path / "nodes") as cluster, jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW)
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        lost = node_of(store, run, cluster)
        told = lost.node_id[:4]
        cluster.remove_node(lost, allow_graceful=False)
        until(lambda: f"{told} was lost: it goes on" in store.get(run.id).status.message, PATIENT)
        until(lambda: not store.get(run.id).status.is_active, PATIENT)
        run = store.get(run.id)
        assert run.status.state == "done", run.status.message
        assert told not in run.status.device
    assert has_same_weights(run, finish(store, make(store, **SLOW)))


def test_where_all_nodes_have_another_version_both_are_named_and_this_machine_trains(
    store: RunStore, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.jobs.cluster.BRIDGE", "tests.older_bridge")
    monkeypatch.setattr("aecore.jobs.cluster.GRACE_SECONDS", 600.0)
    jobs = Jobs(store, ClusterExecutor(store.folder.parent, cluster.address, {"runs": 1}))
    jobs.open()
    try:
        until(lambda: f"has version {versions()} of this app" in jobs.where, PATIENT)
        assert "this server 0.0.7, Python 3.9: install the same there." in jobs.where
        until(lambda: "run on this machine" in jobs.where, PATIENT)
        run = train(jobs, store, make(store))
    finally:
        jobs.close()
    assert (run.status.state, run.status.device) == ("done", "CPU")


def test_a_node_with_another_version_is_left_out_and_named_and_comes_in_once_it_has_the_same(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text("import aecore\naecore.__version__ = '0.0.7'\n")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    with clustered(tmp_path / "nodes", 1) as cluster:
        cluster.add_node(num_cpus=2, env_vars={"PYTHONPATH": f"{other}{os.pathsep}{PROJECT}"})
        with jobs_on(store, cluster) as jobs:
            until(lambda: "has version 0.0.7" in jobs.where, PATIENT)
            assert jobs.where.startswith("Trainings run on a cluster: 2 nodes, 2 at a time. The node ")
            assert f"and this server {versions()}: install the same there." in jobs.where
            runs = [make(store) for _ in range(4)]
            for run in runs:
                jobs.train(run.id, "somebody")
            for run in runs:
                until(lambda run=run: not store.get(run.id).status.is_active, PATIENT)
            refused = cluster.worker_nodes
            assert {state(store, run) for run in runs} == {"done"}
            assert {node_of(store, run, cluster) for run in runs} < set(refused)
            (other / "sitecustomize.py").write_text("")
            until(lambda: jobs.where == "Trainings run on a cluster: 3 nodes, 4 at a time.", PATIENT)


def test_a_pause_of_the_network_of_twenty_seconds_is_survived_and_nothing_is_trained_twice(
    store: RunStore, tmp_path: Path
) -> None:
    with clustered(tmp_path / "nodes", 1) as cluster, jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW)
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        raylet = raylet_of(node_of(store, run, cluster))
        stopped = [raylet, *raylet.children(recursive=True)]
        for each in stopped:
            each.send_signal(signal.SIGSTOP)
        time.sleep(20)
        for each in stopped:
            each.send_signal(signal.SIGCONT)
        until(lambda: not store.get(run.id).status.is_active, PATIENT)
        assert store.get(run.id).status.state == "done", store.get(run.id).status.message
    assert has_same_weights(store.get(run.id), finish(store, make(store, **SLOW)))


def test_a_node_whose_raylet_alone_is_silent_for_twenty_seconds_trains_on(store: RunStore, tmp_path: Path) -> None:
    with clustered(tmp_path / "nodes", 1) as cluster, jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW | {"epochs": 2000})
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        before, raylet = store.get(run.id).status, raylet_of(node_of(store, run, cluster))
        raylet.send_signal(signal.SIGSTOP)
        seen = len(records(run))
        time.sleep(20)
        assert len(records(run)) > seen, "what it trains comes home meanwhile"
        raylet.send_signal(signal.SIGCONT)
        jobs.stop(run.id)
        until(lambda: state(store, run) == "stopped", PATIENT)
        assert store.get(run.id).status.started == before.started, "it has never begun anew"


def test_a_run_of_a_node_that_is_cut_off_goes_on_elsewhere_only_when_its_lease_has_ended(
    store: RunStore, tmp_path: Path
) -> None:
    homes = Path(tempfile.gettempdir())
    with clustered(tmp_path / "nodes", 2) as cluster, jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW | {"epochs": 2000})
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        lost = node_of(store, run, cluster)
        raylet = raylet_of(lost)
        raylet.send_signal(signal.SIGSTOP)  # the head hears nothing of the node, whose seat trains on
        try:
            until(lambda: "was lost: it goes on" in store.get(run.id).status.message, PATIENT)
            held = [*homes.glob(f"aecore-seat-*/runs/{run.id}")]
            assert len(held) == 1, "it trains on there"
            until(lambda: [*homes.glob(f"aecore-seat-*/runs/{run.id}")] != held, PATIENT)
            assert not held[0].exists(), "it has ended there before it began elsewhere"
            until(lambda: state(store, run) == "training", PATIENT)
            assert node_of(store, run, cluster) not in (lost, None)
            steps = [each["step"] for each in records(run)]
            assert steps == sorted(set(steps))
        finally:
            raylet.send_signal(signal.SIGCONT)
        jobs.stop(run.id)
        until(lambda: state(store, run) == "stopped", PATIENT)


def test_when_the_head_dies_runs_are_interrupted_with_a_sentence_and_this_machine_goes_on(
    store: RunStore, tmp_path: Path
) -> None:
    with (
        clustered(tmp_path / "nodes", 1, RAY_gcs_rpc_server_reconnect_timeout_s="3") as cluster,
        jobs_on(store, cluster) as jobs,
    ):
        run = make(store, **SLOW | {"epochs": 2000})
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        cluster.head_node.kill_gcs_server()
        until(lambda: state(store, run) == "interrupted", PATIENT)
        assert store.get(run.id).status.message == LOST
        assert jobs.where == "The cluster was lost. Trainings run on this machine until it is there."
        assert jobs.size == 1
        assert train(jobs, store, make(store)).status.state == "done"
        jobs.train(run.id, "somebody")
        until(lambda: state(store, run) == "training", PATIENT)
        jobs.stop(run.id)
        until(lambda: state(store, run) == "stopped", PATIENT)


HOG = """import time
held = []
while len(held) < 28:
    held.append(bytes([1]) * 2**28)
    time.sleep(0.1)
time.sleep(60)"""
"""Takes seven gigabytes, a quarter at a time."""


def test_a_node_that_runs_out_of_memory_ends_the_run_with_a_sentence_and_it_goes_on_later(
    store: RunStore, tmp_path: Path
) -> None:
    memory = psutil.virtual_memory()
    if memory.available < 12 * 2**30:
        pytest.skip("too little memory to take seven gigabytes of it")
    most = (memory.total - memory.available + 5 * 2**30) / memory.total
    told = {"RAY_memory_usage_threshold": f"{most:.3f}", "RAY_memory_monitor_refresh_ms": "100"}
    with clustered(tmp_path / "nodes", 1, **told) as cluster, jobs_on(store, cluster) as jobs:
        run = make(store, **SLOW | {"epochs": 2000})
        jobs.train(run.id, "somebody")
        until(lambda: is_under_way(store, run), PATIENT)
        with subprocess.Popen([sys.executable, "-c", HOG]) as hog:
            until(lambda: not store.get(run.id).status.is_active, PATIENT)
            hog.kill()
        assert state(store, run) == "failed"
        assert "ran out of memory; make the layers or the batch smaller." in store.get(run.id).status.message
        until(lambda: not jobs.is_known(run.id), PATIENT)
        before = store.get(run.id).status.share
        jobs.train(run.id, "somebody")
        until(lambda: state(store, run) == "training", PATIENT)
        assert jobs.where.startswith("Trainings run on a cluster")
        jobs.stop(run.id)
        until(lambda: state(store, run) == "stopped", PATIENT)
        assert store.get(run.id).status.share >= before


def timeless(place: Place) -> dict[str, Any]:
    """The results of a training of words, without how long each part took."""
    results = read_results(place)
    assert results is not None
    found = asdict(results)
    for ways in found["trainings"].values():
        for each in ways.values():
            each["seconds"] = 0.0
    return found


def test_recommenders_and_words_train_there_as_here(store: RunStore, home: Path, cluster: Any) -> None:
    data = bring_tastes(home)
    small = {"epochs": 4, "hidden_size": 8, "batch_size": 16}
    words = WordSettings(embedding_size=4, word_epochs=2)

    def new() -> list[Run]:
        return [make_recommender(store, data, "mult-dae", **small), create_run(store, "eight", "Eight texts", words)]

    with jobs_on(store, cluster) as jobs:
        there = [train(jobs, store, run) for run in new()]
    assert [run.status.state for run in there] == ["done", "done"], [run.status.message for run in there]
    assert all("node" in run.status.device for run in there)
    goes_on_from = {each.relative_to(home).as_posix() for each in cached(store, there[1].id)}
    assert goes_on_from <= {*roots_of(store, "words", [there[1].id])}
    place = place_of(home, "eight", words)
    found, vectors = timeless(place), {way: read_embedding(place, way) for way in WAYS}
    shutil.rmtree(home / "cache")
    here = [finish(store, run) for run in new()]
    for far, near in zip(there, here, strict=True):
        assert far.status.test == near.status.test
        assert {path.name for path in far.folder.iterdir()} == {path.name for path in near.folder.iterdir()}
    (weights,) = {path.relative_to(there[0].folder) for path in there[0].folder.rglob("model.safetensors")}
    assert (there[0].folder / weights).read_bytes() == (here[0].folder / weights).read_bytes()
    assert found == timeless(place)
    for way, embedding in vectors.items():
        np.testing.assert_equal(asdict(embedding), asdict(read_embedding(place, way)))
