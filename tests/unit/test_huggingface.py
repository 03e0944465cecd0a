"""A finished run as a Hugging Face-style folder and back: the same bits, and nothing foreign gets in."""

from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file, save_file

from aecore.__main__ import main
from aecore.diagnostics.records import inside_steps
from aecore.exchange.huggingface import folder_zip, write_folder
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.snapshots import read_snapshot
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.small_runs import finish, has_same_weights, make, records, send_after

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def run(store: RunStore) -> Run:
    """A small run that is done."""
    return finished_run(store.folder, "Sixty-four, six", epochs=2, latent_size=6, widths=[16])


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """Its folder."""
    write_folder(run, tmp_path / "model")
    return tmp_path / "model"


def others(store: RunStore, *known: Run) -> list[Run]:
    return [each for each in store.list() if each.id not in {run.id for run in known}]


def imported(store: RunStore, place: Path, *known: Run) -> Run:
    assert main(["import", str(place)]) == 0
    (found,) = others(store, *known)
    return found


def assert_equal(found: Run, run: Run) -> None:
    assert has_same_weights(found, run)
    assert found.settings == run.settings
    assert records(found) == records(run)
    for name in ("state", "test", "baselines", "parameters", "seconds", "device", "name"):
        assert getattr(found.status, name) == getattr(run.status, name), name


def test_a_run_comes_back_with_the_same_bits(run: Run, store: RunStore, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "to share"
    assert main(["export", run.id, "--to", "huggingface", "--out", str(out)]) == 0
    written = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert written == {each.name for each in out.iterdir()}
    assert written == {"config.json", "model.safetensors", "README.md", "progress.jsonl"}
    found = imported(store, out, run)
    assert capsys.readouterr().out == f"'{run.name}' is run {found.id} now; the app lists it.\n"
    assert found.id != run.id
    assert_equal(found, run)


def test_the_run_has_what_its_page_shows(folder: Path, run: Run, store: RunStore) -> None:
    found = imported(store, folder, run)
    shown, original = read_snapshot(found.folder), read_snapshot(run.folder)
    assert shown
    assert original
    assert (shown.step, shown.epoch) == (original.step, original.epoch)
    for name in ("originals", "reconstructions", "codes", "pca"):
        assert np.array_equal(getattr(shown, name), getattr(original, name)), name
    assert inside_steps(found.folder)[-1] == inside_steps(run.folder)[-1]
    with np.load(found.folder / "latents.npz") as one, np.load(run.folder / "latents.npz") as two:
        assert np.allclose(one["codes"], two["codes"], atol=1e-6)
    assert find_trained_model(store, found.id).network().latent_size == 6


@pytest.mark.parametrize(
    ("variant", "values"),
    [("convolutional", {"widths": None}), ("variational", {}), ("stacked", {"start": "greedy", "layer_epochs": 1})],
)
def test_other_variants_come_back_too(variant: str, values: dict[str, Any], store: RunStore, tmp_path: Path) -> None:
    from aecore.experiment.settings import RunSettings

    given = {key: value for key, value in values.items() if value is not None}
    settings = RunSettings.build("digits", variant, epochs=1, device="cpu", **given)
    run = finish(store, store.create(settings.to_dict(), variant))
    assert run.status.state == "done", run.status.message
    write_folder(run, tmp_path / "model")
    assert_equal(imported(store, tmp_path / "model", run), run)


def test_a_stack_stopped_within_its_first_layer_is_shown_through_that_layer(store: RunStore, tmp_path: Path) -> None:
    from aecore.experiment.settings import RunSettings

    settings = RunSettings.build("digits", "stacked", epochs=1, start="greedy", layer_epochs=50, device="cpu")
    run = send_after(store, store.create(settings.to_dict(), "Stopped"), 1, "stop")
    assert run.status.state == "stopped"
    write_folder(run, tmp_path / "model")
    found = imported(store, tmp_path / "model", run)
    assert_equal(found, run)
    shown, original = read_snapshot(found.folder), read_snapshot(run.folder)
    assert shown
    assert original
    assert np.array_equal(shown.reconstructions, original.reconstructions)


def test_a_zip_is_as_good_as_a_folder(run: Run, store: RunStore, tmp_path: Path) -> None:
    for name in ("cli.zip", "page.zip"):
        path = tmp_path / name
        if name == "cli.zip":
            assert main(["export", run.id, "--to", "huggingface", "--out", str(path)]) == 0
        else:
            path.write_bytes(folder_zip(run, "x"))
        found = imported(store, path, run)
        assert_equal(found, run)
        store.delete(found.id)


def test_a_zip_may_hold_the_files_without_a_folder(folder: Path, run: Run, store: RunStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "flat.zip", "w") as bundle:
        for each in folder.iterdir():
            bundle.write(each, each.name)
    assert_equal(imported(store, tmp_path / "flat.zip", run), run)


def test_the_card_says_what_the_hub_reads(folder: Path, run: Run) -> None:
    head, text = (folder / "README.md").read_text().split("---\n", 2)[1:]
    values = yaml.safe_load(head)
    assert values["tags"] == ["autoencoder", "safetensors", "undercomplete"]
    (result,) = values["model-index"][0]["results"]
    assert {"type": "mse", "name": "mean squared error per pixel", "value": (run.status.test or {})["mse"]} in result[
        "metrics"
    ]
    assert text.startswith("# Sixty-four, six\n")
    assert f"{(run.status.test or {})['mse']:.6g} | {(run.status.baselines or {})['pca_test']:.6g}" in text
    assert "| latent_size | `6` |" in text


def test_a_name_of_a_stranger_is_letters_in_the_card(run: Run, store: RunStore, tmp_path: Path) -> None:
    named = store.rename(run.id, "a: [b](https://x.example) <script> ---")
    write_folder(named, tmp_path / "model")
    head, text = (tmp_path / "model" / "README.md").read_text().split("---\n", 2)[1:]
    assert yaml.safe_load(head)["model-index"][0]["name"] == named.name
    assert text.startswith("# a: \\[b\\](https\u2060://x.example) \\<script> ---\n")


def test_the_folder_of_a_run_is_replaced_by_itself_alone(
    run: Run, store: RunStore, tmp_path: Path, capsys: Capture
) -> None:
    out, other = tmp_path / "model", make(store, "Other")
    other = finish(store, other)
    arguments = ["--to", "huggingface", "--out", str(out)]
    assert main(["export", run.id, *arguments]) == 0
    assert "replaced" not in capsys.readouterr().out
    assert main(["export", run.id, *arguments]) == 0
    assert "held this run already; it is replaced" in capsys.readouterr().out
    assert main(["export", other.id, *arguments]) == 1
    assert f"holds run {run.id}, another one" in capsys.readouterr().err
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mother.txt").write_text("Dear mother")
    assert main(["export", run.id, "--to", "huggingface", "--out", str(tmp_path / "letters")]) == 1
    assert "holds files that are no export of run" in capsys.readouterr().err


def test_unfinished_runs_are_refused(store: RunStore, tmp_path: Path, capsys: Capture) -> None:
    waiting, paused = make(store, "Waiting"), send_after(store, make(store, "Paused", epochs=50), 1, "pause")
    for run, sentence in ((waiting, "it waits to be trained"), (paused, "it is paused. Continue it to its end")):
        assert main(["export", run.id, "--to", "huggingface", "--out", str(tmp_path / run.id)]) == 1
        assert f"Run '{run.name}' has not finished: {sentence}" in capsys.readouterr().err
        assert not (tmp_path / run.id).exists()


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    values = json.loads((folder / "config.json").read_text())
    change(values)
    (folder / "config.json").write_text(json.dumps(values))


def weights_changed(folder: Path, change: Callable[[dict[str, np.ndarray]], object]) -> None:
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors")


def only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"a": 1}))


def first_line(folder: Path, **change: Any) -> None:
    lines = (folder / "progress.jsonl").read_text().splitlines()
    (folder / "progress.jsonl").write_text("\n".join([json.dumps(json.loads(lines[0]) | change), *lines[1:]]))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no config": (lambda f: (f / "config.json").unlink(), "holds no config.json"),
    "no JSON": (lambda f: (f / "config.json").write_text("{"), "config.json is no JSON"),
    "deep JSON": (lambda f: (f / "config.json").write_text("[" * 100_000), "config.json is no JSON"),
    "a list": (lambda f: (f / "config.json").write_text("[]"), "does not say what model it is of"),
    "of BERT": (lambda f: changed(f, lambda c: c.update(model_type="bert")), "a model of the type 'bert'"),
    "newer": (lambda f: changed(f, lambda c: c.update(format=99)), "of the format 99, and this version reads 1"),
    "no settings": (lambda f: changed(f, lambda c: c.pop("settings")), "config.json holds no settings"),
    "unknown data": (
        lambda f: changed(f, lambda c: c["settings"].update(data="upload-0123456789")),
        "It has learned from 'upload-0123456789', which is not here",
    ),
    "out of bounds": (
        lambda f: changed(f, lambda c: c["settings"].update(latent_size=0)), "The settings in config.json cannot be",
    ),
    "unknown setting": (
        lambda f: changed(f, lambda c: c["settings"].update(magic=1)), "There is no setting 'magic'",
    ),
    "huge": (
        lambda f: changed(f, lambda c: c["settings"].update(widths=[4096] * 3)), "'encoder.0.weight' is 16 × 64 of",
    ),
    "another shape": (lambda f: changed(f, lambda c: c.update(input_shape=[1, 28, 28])), "have the shape [1, 28, 28]"),
    "not ended": (
        lambda f: changed(f, lambda c: c["training"].update(state="training")), "does not say that the training has",
    ),
    "text for a number": (
        lambda f: changed(f, lambda c: c["training"].update(seconds="long")), "else than expected as 'seconds'",
    ),
    "a link as device": (
        lambda f: changed(f, lambda c: c["training"].update(device="[x](http://x)")), "no name of a device",
    ),
    "a link as figure": (lambda f: changed(f, lambda c: c["test"].update({"[x](y)": 1.0})), "that cannot be shown"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "There is no model.safetensors."),
    "a pickle": (only_a_pickle, "'pytorch_model.bin' is a pickle, which could run anything"),
    "pickle by another name": (
        lambda f: (f / "model.safetensors").write_bytes(pickle.dumps({"a": 1})), "is no file of safetensors",
    ),
    "cut off": (
        lambda f: (f / "model.safetensors").write_bytes((f / "model.safetensors").read_bytes()[:-9]),
        "is no file of safetensors, or a damaged one",
    ),
    "too large": (
        lambda f: (f / "model.safetensors").open("ab").truncate(2**24), "model.safetensors has more than the",
    ),
    "one missing": (
        lambda f: weights_changed(f, lambda w: w.pop("encoder.0.bias")), "lacks the tensor 'encoder.0.bias'",
    ),
    "one more": (lambda f: weights_changed(f, lambda w: w.update(extra=np.zeros(3))), "has the tensor 'extra'"),
    "half precision": (
        lambda f: weights_changed(f, lambda w: w.update({"encoder.0.bias": w["encoder.0.bias"].astype(np.float16)})),
        "'encoder.0.bias' is 16 of float16; a network of these settings has 16 of float32",
    ),
    "not finite": (
        lambda f: weights_changed(f, lambda w: w["encoder.0.bias"].fill(np.nan)), "holds numbers that are not finite",
    ),
    "curves are no records": (
        lambda f: (f / "progress.jsonl").write_text("hello\n"), "lines that are no records of a training: 1 of them",
    ),
    "a curve with a link": (
        lambda f: first_line(f, train={"<a href=x>": 1.0}), "has a curve with a name that cannot",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_foreign_or_broken_folder_is_refused_with_what_is_wrong_and_where(
    broken: str, folder: Path, run: Run, store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pickle.loads", lambda *_: pytest.fail("something was unpickled"))
    change, sentence = BROKEN[broken]
    change(folder)
    assert main(["import", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aecore import: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert [each.id for each in store.list()] == [run.id]


def test_what_is_no_folder_is_refused(tmp_path: Path, home: Path, capsys: Capture) -> None:
    (tmp_path / "text.txt").write_text("hello")
    (tmp_path / "empty.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    for name, sentence in (
        ("gone", "There is no folder"),
        ("text.txt", "neither a folder nor a ZIP"),
        ("empty.zip", "no config.json"),
    ):
        assert main(["import", str(tmp_path / name)]) == 1
        assert sentence in capsys.readouterr().err


def test_a_folder_without_curves_says_so(folder: Path, run: Run, store: RunStore, capsys: Capture) -> None:
    (folder / "progress.jsonl").unlink()
    found = imported(store, folder, run)
    assert "holds no progress.jsonl, so its page shows no curves" in capsys.readouterr().out
    assert has_same_weights(found, run)
    assert read_snapshot(found.folder)


def test_data_that_are_not_on_this_machine_are_named(
    folder: Path, run: Run, store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.exchange.importing.is_ready", lambda name: False)
    found = imported(store, folder, run)
    out = capsys.readouterr().out
    assert "Digits is not on this machine, so its page shows no reconstructions" in out
    assert "aecore data fetch digits" in out
    assert_equal(found, run)
    assert read_snapshot(found.folder) is None


def test_a_run_of_a_device_that_is_not_here_is_imported(folder: Path, run: Run, store: RunStore) -> None:
    changed(folder, lambda c: c["settings"].update(device="cuda"))
    found = imported(store, folder, run)
    assert found.settings["device"] == "cuda"
    assert read_snapshot(found.folder)


def test_a_class_that_was_left_out_stays_out(store: RunStore, tmp_path: Path) -> None:
    run = finish(store, make(store, "Without 3", epochs=1, leave_out="3", corruption="masking"))
    write_folder(run, tmp_path / "model")
    found = imported(store, tmp_path / "model", run)
    assert_equal(found, run)
    shown, original = read_snapshot(found.folder), read_snapshot(run.folder)
    assert shown
    assert original
    assert np.array_equal(shown.noisy, original.noisy)


def test_a_full_disk_leaves_no_half_a_run(
    folder: Path, run: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aecore.exchange import importing

    monkeypatch.setattr(importing, "_look", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        importing.import_run(store, folder)
    assert [each.id for each in store.list()] == [run.id]


def test_a_network_beyond_the_limits_is_refused_before_its_weights_are_read(
    folder: Path, run: Run, store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MOST_WEIGHTS", "1000")
    (folder / "model.safetensors").write_text("not looked at")
    assert main(["import", str(folder)]) == 1
    assert "this server accepts 1,000" in capsys.readouterr().err


def test_the_name_may_be_chosen(folder: Path, run: Run, store: RunStore) -> None:
    assert main(["import", str(folder), "--name", "From a friend"]) == 0
    assert [each.name for each in others(store, run)] == ["From a friend"]
