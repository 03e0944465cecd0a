"""A finished run as TensorBoard files, read back by TensorBoard itself."""

from __future__ import annotations

import io
import math
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aecore.__main__ import main
from aecore.exchange.account import Account
from aecore.exchange.tensorboard import run_folder, tensorboard_zip, write_tensorboard
from aecore.experiment.settings import RunSettings
from aecore.runs.snapshots import read_snapshot, snapshot_steps
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.small_runs import finish, has_same_weights, make, records

pytest.importorskip("tensorboardX", reason="tensorboardX, which writes TensorBoard files, is not installed")
accumulator = pytest.importorskip(
    "tensorboard.backend.event_processing.event_accumulator",
    reason="tensorboard, with which the files are read back, is not installed",
)

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def run(store: RunStore) -> Run:
    return finished_run(store.folder, "Ten epochs", epochs=10, corruption="masking")


def read(folder: Path) -> Any:
    """What TensorBoard reads of a run's folder, all of it."""
    found = accumulator.EventAccumulator(
        str(folder), size_guidance={"scalars": 0, "images": 0, "tensors": 0}, purge_orphaned_data=False
    )
    return found.Reload()


def written(run: Run, tmp_path: Path) -> Any:
    write_tensorboard(run, tmp_path / "logs")
    return read(tmp_path / "logs" / run_folder(run))


def curve(found: Any, tag: str) -> list[tuple[int, float]]:
    """Steps and values."""
    return [(each.step, each.value) for each in found.Scalars(tag)]


def test_every_curve_has_its_values_at_its_steps(run: Run, tmp_path: Path) -> None:
    found, known = written(run, tmp_path), records(run)
    assert len(known) >= 10
    loss = found.Scalars("train/loss")
    assert [each.step for each in loss] == [record["step"] for record in known]
    assert [each.value for each in loss] == pytest.approx([sum(record["train"].values()) for record in known])
    assert [each.wall_time for each in loss] == pytest.approx([record["time"] for record in known])
    epochs = [(record["step"], record["epoch"]) for record in known]
    assert np.allclose(curve(found, "progress/epoch"), epochs)
    held_out = [(record["step"], record["validation_mse"]) for record in known if record["validation_mse"] is not None]
    assert len(held_out) == 10
    assert np.allclose(curve(found, "validation/mse"), held_out)
    for label in known[-1]["train"]:
        assert [each.value for each in found.Scalars(f"train/{label}")] == pytest.approx(
            [record["train"][label] for record in known]
        )


def test_final_figures_stand_at_the_last_step(run: Run, tmp_path: Path) -> None:
    found, last = written(run, tmp_path), records(run)[-1]["step"]
    for part, figures in (("test", run.status.test), ("baseline", run.status.baselines)):
        assert figures
        for name, value in figures.items():
            (point,) = found.Scalars(f"{part}/{name}")
            assert (point.step, point.value) == (last, pytest.approx(value, rel=1e-6))


def test_every_snapshot_is_a_picture_of_its_step(run: Run, tmp_path: Path) -> None:
    images, steps = written(run, tmp_path).Images("reconstructions"), snapshot_steps(run.folder)
    assert [each.step for each in images] == steps
    assert len(steps) > 2
    last, snapshot = images[-1], read_snapshot(run.folder)
    assert snapshot
    pixels = np.asarray(Image.open(io.BytesIO(last.encoded_image_string)))
    assert pixels.shape == (last.height, last.width)
    factor, size = 3, 24  # 8 pixels are enlarged to 24
    rows = [snapshot.originals, snapshot.noisy, snapshot.reconstructions, snapshot.pca]
    assert pixels.shape == (len(rows) * size, len(snapshot.originals) * size)
    for row, examples in enumerate(rows):
        for column, example in enumerate(examples):
            part = pixels[row * size : (row + 1) * size : factor, column * size : (column + 1) * size : factor]
            assert np.array_equal(part, example[0])


def test_settings_name_and_tags_are_there(run: Run, tmp_path: Path) -> None:
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    found = written(run, tmp_path)
    text = {
        tag: found.Tensors(tag)[0].tensor_proto.string_val[0].decode()
        for tag in found.Tags()["tensors"]
        if "text" in tag
    }
    whole = " ".join(text.values())
    assert "**Ten epochs**" in whole
    assert f"| aecore.run | {run.id} |" in whole
    assert "| corruption | masking |" in whole
    content = found.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    told = HParamsPluginData.FromString(content).session_start_info.hparams
    assert set(told) == set(run.settings)
    assert told["corruption"].string_value == "masking"
    assert told["epochs"].number_value == 10
    assert told["widths"].string_value == str(list(run.settings["widths"]))


def test_phases_are_told_apart(store: RunStore, tmp_path: Path) -> None:
    settings = RunSettings.build(
        "digits", "stacked", epochs=2, start="greedy", layer_epochs=2, widths=[24, 12], device="cpu"
    )
    run = finish(store, store.create(settings.to_dict(), "Stack"))
    found, known = written(run, tmp_path), records(run)
    phases = list(dict.fromkeys(record["phase"] for record in known))
    assert len(phases) > 2
    for number, phase in enumerate(phases):
        mine = [record for record in known if record["phase"] == phase]
        losses = [(record["step"], sum(record["train"].values())) for record in mine]
        assert np.allclose(curve(found, f"train/{phase}/loss"), losses)
        at = dict(curve(found, "progress/phase"))
        assert {at[record["step"]] for record in mine} == {number}
    assert "train/loss" not in found.Tags()["scalars"]
    assert [each.step for each in found.Scalars("progress/epoch")] == [record["step"] for record in known]


def test_rows_of_numbers_are_strips(store: RunStore, tmp_path: Path) -> None:
    run = finished_run(store.folder, "Spiral", epochs=1, data="spiral", latent_size=1)
    images = written(run, tmp_path).Images("reconstructions")
    snapshot = read_snapshot(run.folder)
    assert snapshot
    pixels = np.asarray(Image.open(io.BytesIO(images[-1].encoded_image_string)))
    assert len(pixels) == 12 * len(snapshot.originals)
    assert np.array_equal(pixels[::12, :48:24], snapshot.originals)
    assert np.array_equal(pixels[::12, 56:104:24], snapshot.reconstructions)


def test_pictures_in_colour_stay_in_colour(store: RunStore, tmp_path: Path) -> None:
    run = finished_run(store.folder, "Faces", epochs=1, data="faces", widths=[16], latent_size=4)
    image = written(run, tmp_path).Images("reconstructions")[-1]
    snapshot = read_snapshot(run.folder)
    assert snapshot
    pixels = np.asarray(Image.open(io.BytesIO(image.encoded_image_string)))
    assert np.array_equal(pixels[:32, :32], snapshot.originals[0].transpose(1, 2, 0))
    assert np.array_equal(pixels[32:64, :32], snapshot.reconstructions[0].transpose(1, 2, 0))


def test_the_weights_lie_beside_it_and_can_be_imported(run: Run, store: RunStore, tmp_path: Path) -> None:
    write_tensorboard(run, tmp_path)
    assert main(["import", str(tmp_path / run_folder(run) / "model")]) == 0
    (found,) = (each for each in store.list() if each.id != run.id)
    assert has_same_weights(found, run)


def test_a_run_is_never_there_twice(run: Run, store: RunStore, tmp_path: Path, capsys: Capture) -> None:
    arguments = ["export", run.id, "--to", "tensorboard", "--out", str(tmp_path / "logs")]
    assert main(arguments) == 0
    first = capsys.readouterr()
    assert "held this run already" not in first.out
    assert "tensorboard --logdir" in first.err
    points = len(read(tmp_path / "logs" / run_folder(run)).Scalars("train/loss"))
    store.rename(run.id, "Called otherwise")
    assert main(arguments) == 0
    assert "held this run already; it is replaced." in capsys.readouterr().out
    (file,) = (tmp_path / "logs").glob("*/events.*")
    assert file.parent.name == f"called-otherwise-{run.id}"
    assert len(read(file.parent).Scalars("train/loss")) == points
    assert [each.name for each in (tmp_path / "logs").iterdir()] == [file.parent.name]


def test_the_zip_holds_the_same(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(tensorboard_zip(run))) as bundle:
        bundle.extractall(tmp_path)
    assert len(read(tmp_path / run_folder(run)).Scalars("train/loss")) == len(records(run))
    assert (tmp_path / run_folder(run) / "model" / "model.safetensors").is_file()


def test_other_kinds_of_runs_are_logged_too(store: RunStore, tmp_path: Path) -> None:
    from aecore.runs.snapshots import append_progress

    run = store.create(
        {"kind": "recommender", "data": "ml", "model": "ease", "tune": {"l2": 0.5, "deep": [1, {"a": True}]}}, "Films"
    )
    record = {"step": 1, "epoch": 1.0, "train": {}, "validation": {"NDCG@10": 0.25}, "seconds": 1.0, "time": 5.0}
    append_progress(run.folder, record)
    store.update(run.id, state="done", test={"ndcg_10": 0.3})
    found = written(store.get(run.id), tmp_path)
    assert [each.value for each in found.Scalars("validation/NDCG at 10")] == [0.25]
    assert found.Scalars("test/ndcg_10")[0].value == pytest.approx(0.3)
    assert Account(store.get(run.id)).params() == {
        "kind": "recommender", "data": "ml", "model": "ease", "tune.l2": 0.5, "tune.deep.0": 1, "tune.deep.1.a": True,
    }  # fmt: skip


def test_a_run_whose_data_are_gone_is_logged_with_its_bare_weights(store: RunStore, tmp_path: Path) -> None:
    run = finished_run(store.folder, "Lost", epochs=1)
    store.change_settings(run.id, data="upload-0123456789")
    run = store.get(run.id)
    assert len(written(run, tmp_path).Scalars("train/loss")) == len(records(run))
    kept = tmp_path / "logs" / run_folder(run) / "model" / "weights.safetensors"
    assert kept.read_bytes() == (run.folder / "weights.safetensors").read_bytes()


def test_refusals_are_sentences(
    store: RunStore, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, file = make(store, "Waiting"), tmp_path / "file"
    file.write_text("")
    done = finished_run(store.folder, "Done", epochs=1)
    for run_id, out, sentence in (
        (waiting.id, tmp_path, "has not finished: it waits to be trained"),
        ("0123456789ab", tmp_path, "There is no run '0123456789ab' here"),
        (done.id, file, f"{file} cannot be written (File exists)"),
    ):
        assert main(["export", run_id, "--to", "tensorboard", "--out", str(out)]) == 1
        assert sentence in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tensorboardX.record_writer", None)
    assert main(["export", done.id, "--to", "tensorboard", "--out", str(tmp_path / "logs")]) == 1
    assert "pip install tensorboardX" in capsys.readouterr().err


def test_no_number_of_an_account_is_lost_or_made_up(run: Run) -> None:
    points = list(Account(run).points())
    assert all(math.isfinite(point.value) for point in points)
    assert len({(point.name, point.step) for point in points}) == len(points)
