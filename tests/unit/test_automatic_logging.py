"""Finished runs are logged to MLflow by themselves where the host says so, and are none the worse where that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aecore.__main__ import main
from aecore.exchange import automatic
from aecore.jobs.service import Jobs
from aecore.jobs.tracking import left_over
from aecore.runs.store import RunStore
from aecore.runs.tracking import MLFLOW, TRACKERS, note, tracked
from tests.small_runs import finish, jobs_of, make, records, settled, state
from tests.waiting import until

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read as the library is imported, here by the test itself
tracking = pytest.importorskip("mlflow.tracking", reason="mlflow-skinny, which logs to MLflow, is not installed")

Capture = pytest.CaptureFixture[str]

FILE = TRACKERS[MLFLOW].file

pytestmark = pytest.mark.usefixtures("few_probed")

NOBODY = "http://me:secret@127.0.0.1:9"
"""Where nothing listens."""


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    for name in ("AECORE_MLFLOW", "AECORE_MLFLOW_EXPERIMENT", "AECORE_TENSORBOARD", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    return RunStore(home / "runs")


@pytest.fixture
def jobs(store: RunStore) -> Iterator[Jobs]:
    """Jobs with real processes, opened by the test once the variables are set."""
    found = jobs_of(store)
    yield found
    found.close()


def logged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # for the reading back
    client = tracking.MlflowClient(tracking_uri=folder.as_uri())
    found = client.get_experiment_by_name("Autoencoder Explorer")
    return [] if found is None else list(client.search_runs([found.experiment_id]))


def test_a_worker_logs_a_run_that_has_ended(
    jobs: Jobs, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    jobs.open()
    run = make(store, "By itself")
    jobs.train(run.id, "somebody")
    found = settled(run)
    assert found.state == "logged", found.message
    (there,) = logged(tmp_path / "mlruns", monkeypatch)
    assert there.info.run_name == "By itself"
    assert found.message == f"MLflow, experiment 'Autoencoder Explorer', run {there.info.run_id}"
    assert there.data.metrics["test/mse"] == (store.get(run.id).status.test or {})["mse"]
    job = jobs.find(("tracking", run.id))
    assert job, "it was a job, which a process of its own carries out"
    until(lambda: job.state == "done", "the job has ended")


@pytest.mark.long
def test_a_server_that_does_not_answer_harms_no_run(
    jobs: Jobs, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MLFLOW", NOBODY)
    jobs.open()
    run = make(store)
    jobs.train(run.id, "somebody")
    found, now = settled(run), store.get(run.id)
    assert found.state == "failed"
    assert found.message.startswith("The MLflow server at http://127.0.0.1:9 does not answer")
    assert "secret" not in found.message
    assert (now.status.state, now.status.message, now.has_weights) == ("done", "", True)
    assert len(records(now)) >= 4


@pytest.mark.long
def test_a_run_that_an_earlier_server_could_not_log_is_logged_by_the_next(
    jobs: Jobs, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, failed, never, done = (finish(store, make(store, name, epochs=1)) for name in "abcd")
    for run, what in ((waiting, "waiting"), (failed, "failed"), (done, "logged")):
        note(run.folder, what)
    assert left_over(store) == [], "nobody has said where to"
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    assert sorted(left_over(store)) == sorted([waiting.id, failed.id])
    jobs.open()
    for run in (waiting, failed):
        until(lambda run=run: tracked(run.folder).state == "logged", "it is logged")
    assert sorted(each.info.run_name for each in logged(tmp_path / "mlruns", monkeypatch)) == ["a", "b"]
    assert tracked(never.folder) is None


@pytest.mark.long
def test_without_the_variable_nothing_is_logged(jobs: Jobs, store: RunStore) -> None:
    jobs.open()
    run = make(store, epochs=1)
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done" and not jobs.is_known(run.id), "the job has ended")
    assert jobs.find(("tracking", run.id)) is None
    assert not (run.folder / FILE).exists()


def test_a_paused_run_is_not_logged(store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aecore.jobs.tracking import is_to_be_logged

    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    run = make(store)
    store.update(run.id, state="paused")
    assert not is_to_be_logged(store, run.id)
    assert not is_to_be_logged(store, "0123456789ab")
    assert not (run.folder / FILE).exists()


TRAIN = ["train", "--epochs", "1", "--widths", "16", "--latent-size", "6", "--device", "cpu"]


def test_the_command_line_logs_what_it_has_trained(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    assert main(TRAIN) == 0
    (there,) = logged(tmp_path / "mlruns", monkeypatch)
    assert f"as run {there.info.run_id}." in capsys.readouterr().err
    monkeypatch.setenv("AECORE_MLFLOW", NOBODY)
    assert main(TRAIN) == 0
    out, err = capsys.readouterr()
    assert "does not answer" in err
    assert "Test mean squared error" in out


def test_whatever_goes_wrong_is_a_sentence_in_the_folder(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    run = finish(store, make(store, epochs=1))
    before = run.status
    monkeypatch.setattr(automatic, "log_to_mlflow", lambda *_: 1 / 0)
    (step,) = automatic.log_run(store, run.id)
    assert step.doing == "Logging it to MLflow."
    found = tracked(run.folder)
    assert found
    assert (found.state, found.message) == (
        "failed", "Logging failed unexpectedly (ZeroDivisionError); the log has the details.",
    )  # fmt: skip
    assert store.get(run.id).status == before
    store.delete(run.id)
    assert automatic.log_finished(store, run.id)[0] is False


def test_a_run_that_is_there_already_counts_as_logged(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "mlruns"))
    run = finish(store, make(store, epochs=1))
    for _ in range(2):
        assert automatic.log_finished(store, run.id)[0]
        found = tracked(run.folder)
        assert found
        assert found.state == "logged"
    assert len(logged(tmp_path / "mlruns", monkeypatch)) == 1
