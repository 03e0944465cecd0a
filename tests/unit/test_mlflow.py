"""A finished run in MLflow, read back with MLflow itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aecore.__main__ import main
from aecore.exchange import ExchangeError, mlflow_log
from aecore.exchange.account import Account
from aecore.exchange.mlflow_log import address_of, log_to_mlflow
from aecore.experiment.settings import RunSettings
from aecore.runs.snapshots import snapshot_steps
from aecore.runs.store import Run, RunStore
from aecore.runs.tracking import tracked
from tests.e2e.finished import finished_run
from tests.mlflow_server import serving
from tests.small_runs import finish, has_same_weights, make, records
from tests.waiting import until

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read as the library is imported, here by the test itself
tracking = pytest.importorskip("mlflow.tracking", reason="mlflow-skinny, which logs to MLflow, is not installed")

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # for the reading back; logging allows itself what it needs
    for name in ("AECORE_MLFLOW", "AECORE_MLFLOW_EXPERIMENT", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    return RunStore()


@pytest.fixture
def run(store: RunStore) -> Run:
    return finished_run(store.folder, "Ten epochs", epochs=10, corruption="masking")


def client_of(folder: Path) -> Any:
    return tracking.MlflowClient(tracking_uri=folder.resolve().as_uri())


def logged(folder: Path, experiment: str = "Autoencoder Explorer") -> list[Any]:
    """The runs that MLflow has there."""
    client = client_of(folder)
    found = client.get_experiment_by_name(experiment)
    return [] if found is None else list(client.search_runs([found.experiment_id]))


def test_settings_curves_figures_and_tags_are_read_back(run: Run, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "mlruns"
    assert main(["export", run.id, "--to", "mlflow", "--tracking-uri", str(folder), "--experiment", "Digits"]) == 0
    out = capsys.readouterr().out
    (found,), client, known = logged(folder, "Digits"), client_of(folder), records(run)
    assert out.startswith(f"Run {found.info.run_id} of the experiment 'Digits' in file:///")
    assert found.info.run_name == "Ten epochs"
    assert found.info.status == "FINISHED"
    assert found.info.start_time == round(run.status.started * 1000)
    assert found.info.end_time == round(run.status.finished * 1000)
    assert found.data.params == {name: str(value) for name, value in Account(run).params().items()}
    assert found.data.params["corruption"] == "masking"
    assert found.data.params["epochs"] == "10"
    assert found.data.tags["aecore.run"] == run.id
    assert found.data.tags["aecore.state"] == "done"
    loss = client.get_metric_history(found.info.run_id, "train/loss")
    assert [(each.step, each.value, each.timestamp) for each in loss] == [
        (record["step"], sum(record["train"].values()), round(record["time"] * 1000)) for record in known
    ]
    epochs = client.get_metric_history(found.info.run_id, "progress/epoch")
    assert [(each.step, each.value) for each in epochs] == [(record["step"], record["epoch"]) for record in known]
    for part, figures in (("test", run.status.test), ("baseline", run.status.baselines)):
        for name, value in (figures or {}).items():
            assert found.data.metrics[f"{part}/{name}"] == value
    assert {each.name for each in Account(run).points()} == set(found.data.metrics)


def test_pictures_and_the_model_are_artifacts(run: Run, store: RunStore, tmp_path: Path) -> None:
    folder = tmp_path / "mlruns"
    found = log_to_mlflow(run, str(folder), "Digits")
    client = client_of(folder)
    images = [each.path for each in client.list_artifacts(found.mlflow_run, "images") if each.path.endswith(".png")]
    assert sorted(int(path.split("+step+")[1].split("+")[0]) for path in images) == snapshot_steps(run.folder)
    last = next(path for path in images if f"+step+{snapshot_steps(run.folder)[-1]}+" in path)
    pixels = np.asarray(Image.open(client.download_artifacts(found.mlflow_run, last, str(tmp_path))))
    assert np.array_equal(pixels, list(Account(run).pictures())[-1].pixels)
    (tmp_path / "back").mkdir()
    model = client.download_artifacts(found.mlflow_run, "model", str(tmp_path / "back"))
    assert main(["import", model]) == 0
    (again,) = (each for each in store.list() if each.id != run.id)
    assert has_same_weights(again, run)


def test_phases_are_told_apart(store: RunStore, tmp_path: Path) -> None:
    values = {"epochs": 2, "start": "greedy", "layer_epochs": 2, "widths": [24, 12], "device": "cpu"}
    run = finish(store, store.create(RunSettings.build("digits", "stacked", **values).to_dict(), "Stack"))
    found, client = log_to_mlflow(run, str(tmp_path / "mlruns"), "x"), client_of(tmp_path / "mlruns")
    for phase in {record["phase"] for record in records(run)}:
        mine = [record["step"] for record in records(run) if record["phase"] == phase]
        assert [each.step for each in client.get_metric_history(found.mlflow_run, f"train/{phase}/loss")] == mine


def test_a_run_is_never_logged_twice_without_a_word(run: Run, store: RunStore, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "mlruns"
    arguments = ["export", run.id, "--to", "mlflow", "--tracking-uri", str(folder)]
    assert main(arguments) == 0
    (first,) = logged(folder)
    capsys.readouterr()
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert f"Run 'Ten epochs' is in the experiment 'Autoencoder Explorer' of {folder.as_uri()} already" in err
    assert f"as MLflow run {first.info.run_id}. Nothing was logged again; --replace" in err
    assert [each.info.run_id for each in logged(folder)] == [first.info.run_id]
    store.rename(run.id, "Another name")
    assert main([*arguments, "--replace"]) == 0
    assert "takes the place of the one that was there, which is deleted" in capsys.readouterr().out
    (second,) = logged(folder)
    assert second.info.run_id != first.info.run_id
    assert second.info.run_name == "Another name"
    assert main([*arguments, "--experiment", "Another"]) == 0


def test_what_was_cut_off_leaves_nothing_and_the_next_try_is_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mlruns"
    with monkeypatch.context() as patch:
        patch.setattr(tracking.MlflowClient, "log_artifacts", lambda *_: (_ for _ in ()).throw(OSError("unplugged")))
        with pytest.raises(ExchangeError, match="cannot be reached or written to: unplugged"):
            log_to_mlflow(run, str(folder), "Digits")
        assert logged(folder, "Digits") == []
        patch.setattr(tracking.MlflowClient, "delete_run", lambda *_: None)  # killed: it cannot even clean up
        with pytest.raises(ExchangeError):
            log_to_mlflow(run, str(folder), "Digits")
        assert [each.info.status for each in logged(folder, "Digits")] == ["RUNNING"]
    log_to_mlflow(run, str(folder), "Digits")
    assert [each.info.status for each in logged(folder, "Digits")] == ["FINISHED"]


def test_its_folder_says_where_it_is_logged(run: Run, tmp_path: Path) -> None:
    found = log_to_mlflow(run, str(tmp_path / "mlruns"), "Digits")
    said = tracked(run.folder)
    assert said
    assert (said.state, said.message) == ("logged", f"MLflow, experiment 'Digits', run {found.mlflow_run}")


def test_a_deleted_experiment_is_named(run: Run, tmp_path: Path) -> None:
    log_to_mlflow(run, str(tmp_path / "mlruns"), "Digits")
    client = client_of(tmp_path / "mlruns")
    client.delete_experiment(client.get_experiment_by_name("Digits").experiment_id)
    with pytest.raises(ExchangeError, match="The experiment 'Digits' was deleted in MLflow"):
        log_to_mlflow(run, str(tmp_path / "mlruns"), "Digits")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_refusals_are_sentences(
    run: Run, store: RunStore, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    nobody = f"http://me:secret@127.0.0.1:{free_port()}"
    waiting = make(store, "Waiting")
    for run_id, arguments, sentence in (
        (waiting.id, [], "Run 'Waiting' has not finished: it waits to be trained"),
        ("0123456789ab", [], "There is no run '0123456789ab' here"),
        (run.id, ["--tracking-uri", nobody], f"{nobody.replace('me:secret@', '')} does not answer: nothing listens"),
        (run.id, ["--tracking-uri", "gopher://x"], "'gopher://x' is no address of MLflow"),
        (run.id, ["--tracking-uri", str(tmp_path / "file")], "cannot be reached or written to"),
        (run.id, ["--out", "x"], "--out names files; for MLflow, say with --tracking-uri"),
        (run.id, ["--notebook"], "--notebook asks for code"),
        (run.id, ["--experiment", " "], "--experiment is empty"),
    ):
        assert main(["export", run_id, "--to", "mlflow", *arguments]) == 1, arguments
        out, err = capsys.readouterr()
        assert out == ""
        assert sentence in err
        assert "secret" not in err
        assert err.count("\n") == 1
    monkeypatch.setattr("aecore.exchange.mlflow_log.is_installed", lambda name: False)
    assert main(["export", run.id, "--to", "mlflow", "--tracking-uri", "sqlite:///x.db"]) == 1
    assert "sqlite:///x.db is a database, which only the whole of MLflow" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", None)
    assert main(["export", run.id, "--to", "mlflow", "--tracking-uri", str(tmp_path / "mlruns")]) == 1
    assert "MLflow is not installed. `pip install mlflow-skinny`" in capsys.readouterr().err
    assert main(["export", run.id, "--replace"]) == 1
    assert "--replace is for MLflow" in capsys.readouterr().err


def test_an_address_is_taken_from_the_option_the_settings_or_mlflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    assert address_of("") == (tmp_path / "mlruns").as_uri()
    assert address_of("file:./here") == address_of("here") == (tmp_path / "here").as_uri()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow.example:5000")
    assert address_of("") == "http://mlflow.example:5000"
    monkeypatch.setenv("AECORE_MLFLOW", str(tmp_path / "by variable"))
    monkeypatch.setenv("AECORE_MLFLOW_EXPERIMENT", "Named by variable")
    assert main(["export", run.id, "--to", "mlflow"]) == 0
    assert len(logged(tmp_path / "by variable", "Named by variable")) == 1


def test_mlflow_is_left_as_it_was(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_ALLOW_FILE_STORE")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "7")
    before = dict(os.environ)
    log_to_mlflow(run, str(tmp_path / "mlruns"), "Digits")
    assert dict(os.environ) == before


def test_nothing_of_mlflow_is_loaded_until_it_is_wanted() -> None:
    code = (
        "import sys, aecore.exchange.mlflow_log, aecore.exchange.tensorboard, aecore.commands.export; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'mlflow', 'tensorboardX', 'tensorboard'}))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.fixture
def server(tmp_path: Path, store: RunStore) -> Iterator[str]:
    """The address of a real server; only the whole of MLflow has one. The tests of this project do not ask for it: it
    would hold pyarrow back (3.17.2 wants one below 26), and brings a dozen packages (a web server, a layer for
    databases, a client of Docker) for one test. Where it is installed, that test runs; the one after it, with a small
    server of its own, always does.
    """
    if not all(find_spec(name) for name in ("sqlalchemy", "flask", "alembic")):
        pytest.skip("the whole of mlflow, with its server, is not installed")
    port = free_port()
    command = [
        sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1",
        "--backend-store-uri", f"sqlite:///{tmp_path}/m.db", "--artifacts-destination", str(tmp_path / "artifacts"),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    try:
        until(answers, "the MLflow server answers", seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@pytest.mark.long
def test_a_server_gets_the_same(server: str, run: Run, tmp_path: Path) -> None:
    check_server(server, run, tmp_path)


def test_a_server_that_speaks_the_rest_api_gets_the_same(run: Run, tmp_path: Path) -> None:
    with serving() as (address, known):
        check_server(address, run, tmp_path)
        first, second = known.runs.values()
        assert [each.info["lifecycle_stage"] for each in (first, second)] == ["deleted", "active"]
        assert (second.info["status"], second.info["run_name"]) == ("FINISHED", "Ten epochs")
        assert second.tags["aecore.run"] == run.id
        (experiment,) = known.experiments.values()
        assert experiment["name"] == "Digits"


@pytest.mark.long
def test_what_a_server_refuses_on_the_way_leaves_nothing_there(run: Run) -> None:
    with serving() as (address, known):
        known.broken = "runs/update"  # the last call of all
        with pytest.raises(ExchangeError, match=r"^MLflow at http://127.*refused: .*The server has had enough"):
            log_to_mlflow(run, address, "Digits")
        (there,) = known.runs.values()
        assert there.info["lifecycle_stage"] == "deleted"
        assert there.history, "it was all but done"
        known.broken = ""
        assert not log_to_mlflow(run, address, "Digits").is_replaced
        assert [each.info["lifecycle_stage"] for each in known.runs.values()] == ["deleted", "active"]


def check_server(server: str, run: Run, tmp_path: Path) -> None:
    """Logs the run there, and reads it back with MLflow's own client."""
    found = log_to_mlflow(run, server, "Digits")
    client = tracking.MlflowClient(tracking_uri=server)
    loss = client.get_metric_history(found.mlflow_run, "train/loss")
    assert [(each.step, each.value) for each in loss] == [
        (record["step"], pytest.approx(sum(record["train"].values()))) for record in records(run)
    ]
    assert client.get_run(found.mlflow_run).data.params == {
        name: str(value) for name, value in Account(run).params().items()
    }
    model = client.download_artifacts(found.mlflow_run, "model", str(tmp_path))
    assert (Path(model) / "model.safetensors").is_file()
    with pytest.raises(mlflow_log.AlreadyLoggedError):
        log_to_mlflow(run, server, "Digits")
    again = log_to_mlflow(run, server, "Digits", is_replacing=True)
    assert again.is_replaced
