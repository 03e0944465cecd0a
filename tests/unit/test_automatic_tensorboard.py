"""Finished runs are written as TensorBoard files by themselves where the host says so, and read back by TensorBoard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aecore.__main__ import main
from aecore.exchange import automatic
from aecore.exchange.tensorboard import run_folder
from aecore.jobs.service import Jobs
from aecore.jobs.tracking import is_to_be_logged, left_over
from aecore.runs.store import RunStore
from aecore.runs.tracking import TENSORBOARD, TRACKERS, note, tracked
from tests.small_runs import finish, jobs_of, make, settled, state
from tests.waiting import until

accumulator = pytest.importorskip(
    "tensorboard.backend.event_processing.event_accumulator",
    reason="tensorboard, with which the files are read back, is not installed",
)

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    for name in ("AECORE_MLFLOW", "AECORE_TENSORBOARD"):
        monkeypatch.delenv(name, raising=False)
    return RunStore(home / "runs")


@pytest.fixture
def jobs(store: RunStore) -> Iterator[Jobs]:
    """Jobs with real processes, opened by the test once the variable is set."""
    found = jobs_of(store)
    yield found
    found.close()


def read(folder: Path) -> Any:
    """What TensorBoard reads of a run's folder."""
    return accumulator.EventAccumulator(str(folder)).Reload()


def test_a_worker_writes_a_run_that_has_ended(
    jobs: Jobs, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_TENSORBOARD", str(tmp_path / "logs"))
    jobs.open()
    run = make(store, "By itself")
    jobs.train(run.id, "somebody")
    found, run = settled(run, TENSORBOARD), store.get(run.id)
    assert (found.state, found.message) == ("logged", f"TensorBoard, as {run_folder(run)}")
    there = read(tmp_path / "logs" / run_folder(run))
    assert [each.value for each in there.Scalars("test/mse")] == pytest.approx([(run.status.test or {})["mse"]])
    assert there.Scalars("train/loss")
    assert not (run.folder / TRACKERS["mlflow"].file).exists(), "nobody has asked for MLflow"
    job = jobs.find(("tracking", run.id))
    assert job, "it was a job, which a process of its own carries out"
    until(lambda: job.state == "done", "the job has ended")


@pytest.mark.long
def test_a_folder_that_cannot_be_written_harms_no_run_and_the_next_server_tries_again(
    jobs: Jobs, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AECORE_TENSORBOARD", str(tmp_path / "file"))
    run = finish(store, make(store, epochs=1))
    before = run.status
    assert is_to_be_logged(store, run.id)
    (step,) = automatic.log_run(store, run.id)
    assert step.doing == "Logging it to TensorBoard."
    found = settled(run, TENSORBOARD)
    assert found.state == "failed"
    assert found.message.startswith(f"{tmp_path / 'file'} cannot be written (")
    assert store.get(run.id).status == before
    assert left_over(store) == [run.id]
    monkeypatch.setenv("AECORE_TENSORBOARD", str(tmp_path / "logs"))
    jobs.open()
    until(lambda: tracked(run.folder, TENSORBOARD).state == "logged", "it is logged")
    assert read(tmp_path / "logs" / run_folder(run)).Tags()["scalars"]
    assert left_over(store) == []


def test_what_one_tracker_refuses_the_other_gets_and_only_the_first_is_tried_again(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_TENSORBOARD", str(tmp_path / "logs"))
    monkeypatch.setenv("AECORE_MLFLOW", "somewhere")
    monkeypatch.setattr(automatic, "log_to_mlflow", lambda *_: 1 / 0)
    run = finish(store, make(store, epochs=1))
    assert is_to_be_logged(store, run.id)
    doing = [step.doing for step in automatic.log_run(store, run.id)]
    assert doing == ["Logging it to MLflow.", "Logging it to TensorBoard."]
    assert [tracked(run.folder, each).state for each in TRACKERS] == ["failed", "logged"]
    assert left_over(store) == [run.id]
    assert [step.doing for step in automatic.log_run(store, run.id)] == ["Logging it to MLflow."]


@pytest.mark.long
def test_without_the_variable_nothing_is_written(jobs: Jobs, store: RunStore) -> None:
    jobs.open()
    run = make(store, epochs=1)
    jobs.train(run.id, "somebody")
    until(lambda: state(store, run) == "done" and not jobs.is_known(run.id), "the job has ended")
    assert jobs.find(("tracking", run.id)) is None
    assert not (run.folder / TRACKERS[TENSORBOARD].file).exists()


def test_the_command_line_writes_what_it_has_trained_and_exports_there(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("AECORE_TENSORBOARD", str(tmp_path / "logs"))
    assert main(["train", "--epochs", "1", "--widths", "16", "--latent-size", "6", "--device", "cpu"]) == 0
    (run,) = store.list()
    assert f"Logged to TensorBoard, as {run_folder(run)}." in capsys.readouterr().err
    note(run.folder, "failed", "The disk was full.", TENSORBOARD)
    assert main(["export", run.id, "--to", "tensorboard"]) == 0
    assert f"{tmp_path / 'logs'} held this run already; it is replaced." in capsys.readouterr().out
    assert [each.name for each in (tmp_path / "logs").iterdir()] == [run_folder(run)]
    assert tracked(run.folder, TENSORBOARD).state == "logged"
