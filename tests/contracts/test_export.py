"""Every run can be exported, and the exported program finds the same loss and the same test error."""

from __future__ import annotations

import ast
import gzip
import io
import math
import os
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image

from aecore import progress
from aecore.corruption import CORRUPTIONS
from aecore.datasets import load
from aecore.datasets.base import Examples
from aecore.datasets.uploads.reading import Uploaded, save_upload
from aecore.datasets.uploads.store import upload_store
from aecore.experiment.settings import RunSettings
from aecore.export import WRITERS, ExportError, archive, export_name, notebook, problem, script
from aecore.export.subject import Subject
from aecore.runs.store import Run, RunStore
from aecore.variants import VARIANTS
from tests.exported import run_file, run_script
from tests.small_runs import finish, send_after

ALONE = ("undercomplete", "k-sparse", "stacked", "convolutional", "variational")
"""Variants whose scripts have parts that no other has; the long tests run all of them."""

pytestmark = pytest.mark.usefixtures("few_probed")

CLOSE = 1e-6
"""Float32 keeps seven digits; the programs are meant to take the very same steps."""

QUICK: dict[str, Any] = {
    "epochs": 2, "device": "cpu", "precision": "full", "batch_size": 64, "latent_size": 40, "k": 5,
    "channels": (4, 6), "layer_epochs": 2,
}  # fmt: skip
RUFF = Path(sys.executable).with_name("ruff")


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def settings(data: str, variant: str, **values: Any) -> RunSettings:
    known = {each.name for each in VARIANTS[variant].settings_class.knobs()} | {
        "epochs",
        "device",
        "precision",
        "batch_size",
    }
    return RunSettings.build(data, variant, **{key: value for key, value in QUICK.items() if key in known} | values)


def make(store: RunStore, data: str, variant: str, **values: Any) -> Run:
    return store.create(settings(data, variant, **values).to_dict(), f"{variant} on {data}")


def assert_agrees(found: dict[str, Any], run: Run, close: float = CLOSE, *, has_weights: bool = True) -> None:
    test = run.status.test or {}
    assert found["test_error"] == pytest.approx(test["mse"], rel=close)
    assert ("run_error" in found) == has_weights, "the run's weights are read where they lie beside the script"
    if has_weights:
        assert found["run_error"] == pytest.approx(test["mse"], rel=max(close, 1e-6))
    assert found["training_loss"] == pytest.approx(Subject.of(run).training_loss, rel=close)
    if "mse_denoised" in test:
        assert found["denoised_error"] == pytest.approx(test["mse_denoised"], rel=close)
        assert found["noisy_error"] == pytest.approx(test["mse_damaged"], rel=close)


@pytest.mark.parametrize(
    "variant", [name if name in ALONE else pytest.param(name, marks=pytest.mark.long) for name in WRITERS]
)
def test_the_script_of_every_variant_finds_the_same_loss(variant: str, store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", variant))
    assert_agrees(run_script(run, tmp_path), run)


@pytest.mark.parametrize(("data", "variant"), [("digits", "variational"), ("spiral", "linear"), ("table", "linear")])
def test_the_script_draws_reconstructions(data: str, variant: str, store: RunStore, home: Path, tmp_path: Path) -> None:
    if data == "table":
        rows = np.random.default_rng(0).random((40, 5)).astype(np.float32)
        data = save_upload(Uploaded(Examples(rows), "table"), 'Five "columns" $x$', home)
    run = finish(store, make(store, data, variant, latent_size=1))
    found = run_script(run, tmp_path, draws=True)
    assert_agrees(found, run)
    with Image.open(tmp_path / "reconstructions.png") as picture:
        assert min(picture.size) > 200
        assert len(picture.convert("L").getcolors() or []) > 20


@pytest.mark.long
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_script_of_every_corruption_finds_the_same_loss_and_denoises_as_well(
    corruption: str, store: RunStore, tmp_path: Path
) -> None:
    run = finish(store, make(store, "digits", "undercomplete", corruption=corruption, noise_level=0.4, widths=(20,)))
    assert_agrees(run_script(run, tmp_path), run)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("undercomplete",
     {"optimiser": "adamw", "weight_decay": 0.01, "schedule": "cosine", "widths": (30, 20), "activation": "silu"}),
    ("undercomplete",
     {"optimiser": "rmsprop", "schedule": "constant", "loss": "bce", "code_activation": "tanh", "seed": 7}),
    ("undercomplete",
     {"optimiser": "sgd", "learning_rate": 0.05, "output": "linear", "activation": "gelu", "widths": (30,)}),
    ("sparse-l1", {"tied": True, "widths": (40, 30), "corruption": "masking"}),
    ("dropout", {"tied": True, "corruption": "gaussian"}),
    ("contractive",
     {"widths": (30, 20), "tied": False, "activation": "tanh", "code_activation": "silu", "loss": "bce"}),
    ("contractive", {"widths": (30,), "activation": "gelu", "code_activation": "relu", "corruption": "masking"}),
    ("k-sparse",
     {"epochs": 9, "latent_size": 100, "k": 3, "alpha": 2.0, "output": "sigmoid", "loss": "bce", "tied": False,
      "widths": (20,)}),
    ("k-sparse", {"epochs": 9, "latent_size": 100, "k": 3, "corruption": "gaussian"}),
    ("k-sparse", {"revive": False, "widths": (30,), "activation": "tanh"}),
    ("variational", {"binarise": True, "beta": 3.0, "corruption": "masking", "noise_level": 0.3}),
    ("variational", {"binarise": True, "widths": ()}),
    ("variational", {"likelihood": "gaussian", "spread": 0.2, "output": "linear"}),
    ("convolutional", {"shrink": "strides", "kernel_size": 4, "bottleneck": "maps", "code_activation": "sigmoid"}),
    ("convolutional", {"kernel_size": 5, "channels": (3, 4, 5), "loss": "bce", "corruption": "occlusion"}),
    ("sparse-convolutional", {"kernel_size": 2, "bottleneck": "dense", "output": "linear"}),
    ("stacked", {"loss": "bce", "widths": (40,), "corruption": "masking", "schedule": "constant"}),
    ("stacked", {"output": "linear", "widths": (40, 30)}),
    ("stacked", {"start": "random", "widths": (40,)}),
    ("deep", {"code_activation": "sigmoid", "widths": (40,), "schedule": "constant", "corruption": "gaussian"}),
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    ("variant", "values"), CASES, ids=[f"{variant}-{'-'.join(map(str, values))}"[:60] for variant, values in CASES]
)
def test_the_script_follows_the_settings(variant: str, values: dict[str, Any], store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", variant, **values))
    assert_agrees(run_script(run, tmp_path), run)


@pytest.mark.long
@pytest.mark.parametrize("variant", ["contractive", "stacked", "variational"])
def test_the_script_of_a_run_in_bfloat16_works_in_bfloat16_too(variant: str, store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", variant, precision="fast", corruption="blur"))
    assert run.status.is_fast
    assert "bfloat16" in script(run)
    assert_agrees(run_script(run, tmp_path), run, close=1e-3)


STOPPED = [
    ("undercomplete", 3, {}),
    ("variational", 1, {}),
    ("stacked", 3, {"widths": (40,)}),
    ("deep", 1, {}),
    ("deep", 7, {}),
]


@pytest.mark.long
@pytest.mark.parametrize(("variant", "records", "values"), STOPPED)
def test_the_script_of_a_stopped_run_stops_at_the_same_step(
    variant: str, records: int, values: dict[str, Any], store: RunStore, tmp_path: Path
) -> None:
    run = send_after(store, make(store, "digits", variant, epochs=20, **values), records, "stop")
    assert run.status.state == "stopped"
    assert f"LAST_STEP = {Subject.of(run).last_step}" in script(run)
    assert "It was stopped in epoch" in script(run)
    assert_agrees(run_script(run, tmp_path), run)


@pytest.mark.parametrize("records", [10, 18])
def test_the_script_of_a_run_stopped_within_an_epoch_stops_there(
    records: int, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "RECORD_SECONDS", 0.0)  # a record after every step
    run = send_after(store, make(store, "digits", "undercomplete", epochs=20, batch_size=200), records, "stop")
    assert run.status.state == "stopped"
    last, steps_per_epoch = Subject.of(run).last_step, math.ceil(1257 / 200)
    assert last > steps_per_epoch
    assert last % steps_per_epoch
    assert_agrees(run_script(run, tmp_path), run)


def test_a_run_that_was_paused_and_continued_is_exported_like_any_other(store: RunStore, tmp_path: Path) -> None:
    run = send_after(store, make(store, "digits", "dropout", epochs=4), 2, "pause")
    text = " ".join(script(run).split())
    assert "of 4 epochs are done so far; this script trains all of them" in text
    assert "in the app 0." not in text
    run = finish(store, run)
    assert_agrees(run_script(run, tmp_path), run)


def test_the_script_of_a_run_without_a_class_never_sees_it(store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", "undercomplete", leave_out="3", latent_size=8))
    found = run_script(run, tmp_path)
    assert_agrees(found, run)
    assert len(found["test"]) == 232
    assert "Class 3 is left out" in script(run)


def test_the_file_of_data_beside_a_script_lacks_the_class_too(store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "spiral", "linear", latent_size=1, leave_out=load("spiral").classes[0]))
    assert_agrees(run_script(run, tmp_path), run)


@pytest.mark.parametrize("schedule", ["constant", "one-cycle"])
def test_a_run_that_went_on_with_a_smaller_learning_rate_does_so_in_its_script(
    schedule: str, store: RunStore, tmp_path: Path
) -> None:
    run = send_after(
        store, make(store, "digits", "undercomplete", epochs=6, learning_rate=0.02, schedule=schedule), 3, "pause"
    )
    step = Subject.of(run).last_step
    store.change_settings(run.id, learning_rate=0.002)
    run = finish(store, run)
    assert f"LEARNING_RATE if step >= {step} else 0.02" in script(run)
    assert_agrees(run_script(run, tmp_path), run)


@pytest.mark.parametrize("variant", ["undercomplete", "variational", "k-sparse", "stacked"])
def test_points_of_the_plane_are_exported_with_a_file_of_their_data(
    variant: str, store: RunStore, tmp_path: Path
) -> None:
    values = (
        {"latent_size": 3, "k": 1}
        if variant == "k-sparse"
        else {"latent_size": 1, **({"widths": (3,)} if variant == "stacked" else {})}
    )
    run = finish(store, make(store, "spiral", variant, **values))
    assert_agrees(run_script(run, tmp_path), run)
    (tmp_path / "spiral.npz").unlink()
    with pytest.raises(SystemExit, match="spiral.npz is not here"):
        run_file(tmp_path / "exported.py")


@pytest.mark.long
def test_the_script_runs_by_itself_and_prints_the_figures_of_the_app(store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", "undercomplete", latent_size=8))
    (tmp_path / "exported.py").write_text(script(run), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AECORE", "PYTHON"))}
    command = [sys.executable, "-I", "exported.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment | {"MPLBACKEND": "Agg"}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = re.search(r"test error per pixel: ([\d.]+) \(in the app ([\d.]+)\)", done.stdout)
    assert told
    assert float(told[1]) == pytest.approx(float(told[2]), abs=2e-7)
    assert float(told[2]) == pytest.approx((run.status.test or {})["mse"], abs=1e-7)
    assert "aecore" not in script(run)


@pytest.mark.parametrize("variant", WRITERS)
def test_the_notebook_is_valid_and_holds_the_code_of_the_script(variant: str, store: RunStore) -> None:
    run = make(store, "digits", variant, corruption="masking")
    book = notebook(run)
    nbformat.validate(book)
    code = "\n\n".join(cell["source"] for cell in book["cells"] if cell["cell_type"] == "code")
    whole = ast.parse(script(run))
    assert ast.dump(ast.parse(code)) == ast.dump(ast.Module(whole.body[1:], []))
    prose = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "markdown"]
    assert prose[0].startswith(f"# {run.name}")
    assert sum(cell.startswith("## ") for cell in prose) == 8
    assert any(VARIANTS[variant].formula in cell for cell in prose)


def test_the_code_of_the_notebook_runs_cell_by_cell_to_the_same_end(store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "digits", "variational", corruption="masking"))
    cells = [cell["source"] for cell in notebook(run)["cells"] if cell["cell_type"] == "code"]
    (tmp_path / "cells.py").write_text("\n\n".join(cells), encoding="utf-8")
    assert_agrees(run_file(tmp_path / "cells.py"), run, has_weights=False)


def test_the_script_of_a_run_on_a_gpu_takes_one_if_it_is_there_and_says_what_to_expect(
    store: RunStore, tmp_path: Path
) -> None:
    run = finish(store, make(store, "digits", "variational", precision="fast"))
    run = store.update(run.id, device="NVIDIA H100 80GB HBM3")
    assert 'DEVICE = "cuda" if torch.cuda.is_available() else "cpu"' in script(run)
    assert "The run was trained on NVIDIA H100 80GB HBM3." in " ".join(script(run).split())
    assert run_script(run, tmp_path)["test_error"] == pytest.approx((run.status.test or {})["mse"], rel=0.05)


def test_exported_code_is_as_clean_as_ours(store: RunStore, tmp_path: Path) -> None:
    cases = [(variant, {"corruption": "masking"}) for variant in WRITERS] + [(variant, {}) for variant in WRITERS]
    cases += [("undercomplete", {"corruption": name}) for name in CORRUPTIONS] + CASES
    cases += [("convolutional", {"precision": "fast"}), ("linear", {"leave_out": "3"})]
    for index, (variant, values) in enumerate(cases):
        (tmp_path / f"exported_{index}.py").write_text(
            script(make(store, "digits", variant, **values)), encoding="utf-8"
        )
    left_out = RunSettings.build("fashion-mnist", "undercomplete", leave_out="T-shirt/top").to_dict()
    (tmp_path / "exported_left_out.py").write_text(script(store.create(left_out, "Clothes")), encoding="utf-8")
    for data in ("spiral", "mnist", "shapes"):
        (tmp_path / f"exported_{data}.py").write_text(
            script(store.create(RunSettings.build(data, "undercomplete").to_dict(), data)), encoding="utf-8"
        )
    common = ["--isolated", "--quiet", "--no-cache", "--line-length", "120"]
    rules = ["--select", "E,F,W,I,B,UP,SIM,RUF,C4", "--ignore", "RUF001,RUF002,RUF003", "--target-version", "py311"]
    for command in (
        [RUFF, "check", *common, *rules, tmp_path],
        [RUFF, "format", "--check", "--diff", *common, tmp_path],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[:3000]


def test_writers_are_of_variants_that_are_there() -> None:
    assert WRITERS.keys() <= VARIANTS.keys()
    assert len(WRITERS) >= 13


def test_the_zip_holds_script_notebook_and_what_to_install(store: RunStore, tmp_path: Path) -> None:
    run = make(store, "spiral", "linear", latent_size=1)
    with zipfile.ZipFile(io.BytesIO(archive(run))) as bundle:
        name = "linear-on-spiral"
        assert sorted(bundle.namelist()) == sorted(
            f"{name}/{each}" for each in (f"{name}.py", f"{name}.ipynb", "README.txt", "requirements.txt", "spiral.npz")
        )
        assert bundle.read(f"{name}/{name}.py").decode() == script(run)
        assert "torch==" in bundle.read(f"{name}/requirements.txt").decode()


def test_the_zip_of_a_finished_run_holds_its_weights_and_the_script_tests_them_and_saves_its_own(
    store: RunStore, tmp_path: Path
) -> None:
    run = finish(store, make(store, "digits", "convolutional", channels=(4, 6)))
    with zipfile.ZipFile(io.BytesIO(archive(run))) as bundle:
        bundle.extractall(tmp_path)
    (folder,) = tmp_path.glob("convolutional*")
    (folder / "exported.py").write_text(script(run).replace("EPOCHS = 2", "EPOCHS = 1"))  # it learns something else
    found = run_file(folder / "exported.py")
    assert found["test_error"] != pytest.approx((run.status.test or {})["mse"], rel=1e-3)
    assert found["run_error"] == pytest.approx((run.status.test or {})["mse"], rel=1e-5)
    kept = np.load(folder / "weights.npz")
    assert set(kept) == set(found["model"].state_dict())
    assert not np.allclose(kept["encoder.1.weight"], found["model"].state_dict()["encoder.1.weight"].numpy())


@pytest.mark.long
@pytest.mark.parametrize("leave_out", ["", "7"])
def test_mnist_is_downloaded_where_it_is_not_there(
    leave_out: str, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, empty = tmp_path / "served", tmp_path / "empty"
    _write_family(served / "mnist")
    monkeypatch.setenv("AECORE_DATA", str(served))
    run = finish(
        store, make(store, "mnist", "undercomplete", epochs=1, batch_size=4096, latent_size=2, leave_out=leave_out)
    )
    text = re.sub(r'SOURCE = "https://[^"]+"', f'SOURCE = "{(served / "mnist").as_uri()}/"', script(run))
    (tmp_path / "exported.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("AECORE_DATA", str(empty))
    assert_agrees(run_file(tmp_path / "exported.py"), run, has_weights=False)
    labels = ["t10k-labels-idx1-ubyte.gz", "train-labels-idx1-ubyte.gz"] if leave_out else []
    assert sorted(path.name for path in (empty / "mnist").iterdir()) == sorted(
        ["t10k-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz", *labels]
    )


def _write_family(folder: Path) -> None:
    """Four idx files as large as MNIST's, of pictures that compress well."""
    folder.mkdir(parents=True)
    bright = np.random.default_rng(0).integers(0, 256, (10, 28, 28), dtype=np.uint8)
    for name, count in (("train", 60_000), ("t10k", 10_000)):
        labels = (np.arange(count) * 7 % 10).astype(np.uint8)
        for part, values in (
            (f"{name}-images-idx3-ubyte.gz", bright[labels]),
            (f"{name}-labels-idx1-ubyte.gz", labels),
        ):
            header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
            (folder / part).write_bytes(gzip.compress(header + values.tobytes(), 1))


@pytest.mark.parametrize("name", ['It\'s """quoted""" \\', "Tabs\tand\nlines", "ümläut → 25 $x$ *bold* <b>", "漢字"])
def test_a_run_of_any_name_is_exported(name: str, store: RunStore) -> None:
    run = store.create(settings("digits", "linear").to_dict(), name)
    ast.parse(script(run))
    nbformat.validate(notebook(run))
    assert re.fullmatch(r"[a-z0-9-]+", export_name(run))


def test_what_cannot_be_exported_says_why(store: RunStore, home: Path) -> None:
    gone = save_upload(
        Uploaded(Examples(np.random.default_rng(0).random((9, 5)).astype(np.float32)), "table"), "Rows", home
    )
    run = make(store, gone, "linear", latent_size=1)
    assert problem(run) == ""
    upload_store(home).delete(gone)
    assert "There is no data set" in problem(run)
    with pytest.raises(ValueError, match="There is no data set"):
        script(run)
    other = store.create({"data": "digits", "variant": "tied"}, "Of a later version")
    with pytest.raises(ExportError, match="tied variant cannot be exported"):
        archive(other)
