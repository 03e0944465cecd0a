"""What a run leaves behind: its files, its snapshots, and figures that an independent computation confirms."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from sklearn.decomposition import PCA

from aecore.corruption import masking
from aecore.datasets import load
from aecore.experiment import runner
from aecore.experiment.recorder import picture_indices
from aecore.runs.snapshots import ProgressLog, read_snapshot, snapshot_steps
from aecore.runs.store import RunStore
from tests.small_runs import codes_and_pictures, finish, make, mse, send_after


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def test_a_finished_run_leaves_all_its_files_and_facts(store: RunStore) -> None:
    run = finish(store, make(store))
    status = run.status
    assert (status.state, status.message, status.device, status.is_fast) == ("done", "", "CPU", False)
    assert status.parameters == 64 * 16 + 16 + 16 * 6 + 6 + 6 * 16 + 16 + 16 * 64 + 64
    assert status.created <= status.started <= status.finished
    log = ProgressLog(run.folder / "progress.jsonl")
    assert [each["epoch"] for each in log.read() if each["validation"]] == [1, 2, 3, 4]
    assert (log.broken, status.seconds) == (0, log.records[-1]["seconds"])
    assert {path.name for path in run.folder.iterdir() if not path.name.endswith(".lock")} == {
        "settings.json", "status.json", "progress.jsonl", "weights.safetensors", "latents.npz", "film", "inside"
    }  # fmt: skip
    assert snapshot_steps(run.folder)[0] == 0
    assert snapshot_steps(run.folder)[-1] == log.records[-1]["step"]


def test_the_test_figures_are_those_of_an_independent_computation(store: RunStore) -> None:
    run, x = finish(store, make(store)), load("digits").test.x
    z, y = codes_and_pictures(run, x)
    test = dict(run.status.test or {})
    assert 0 < test.pop("probe") <= 1
    assert test == {
        key: pytest.approx(mse(x, y) * (64 if key == "squared_error" else 1), rel=1e-4)
        for key in ("mse", "squared_error", "loss_reconstruction")
    }
    with np.load(run.folder / "latents.npz", allow_pickle=False) as file:
        np.testing.assert_allclose(file["codes"], z, rtol=1e-3, atol=1e-4)


def test_a_denoising_run_tells_the_error_before_and_after(store: RunStore) -> None:
    run, x = finish(store, make(store, corruption="masking", noise_level=0.5)), load("digits").test.x
    noisy = masking(torch.from_numpy(x), 0.5, torch.Generator().manual_seed(1)).numpy()
    test = run.status.test or {}
    assert test["mse_damaged"] == pytest.approx(mse(x, noisy), rel=1e-4)
    assert test["mse_denoised"] == pytest.approx(mse(x, codes_and_pictures(run, noisy)[1]), rel=1e-4)
    assert test["mse"] == pytest.approx(mse(x, codes_and_pictures(run, x)[1]), rel=1e-4)


def test_the_baselines_are_the_mean_picture_and_scikit_learns_pca(store: RunStore) -> None:
    data, run = load("digits"), finish(store, make(store, epochs=1))
    train, test, validation = (part.x.reshape(len(part), -1) for part in (data.train, data.test, data.validation))
    pca = PCA(6, svd_solver="full").fit(train.astype(np.float64))
    assert run.status.baselines == {
        "mean_validation": pytest.approx(mse(validation, train.mean(0)), rel=1e-4),
        "mean_test": pytest.approx(mse(test, train.mean(0)), rel=1e-4),
        "pca_validation": pytest.approx(mse(validation, pca.inverse_transform(pca.transform(validation))), rel=1e-4),
        "pca_test": pytest.approx(mse(test, pca.inverse_transform(pca.transform(test))), rel=1e-4),
        "pca_size": 6,
    }


def test_a_broken_pca_cache_costs_nothing(store: RunStore, home: Path) -> None:
    first = finish(store, make(store, epochs=1))
    (path,) = (home / "cache" / "results" / "pca").iterdir()
    for damage in (b"", b"junk", path.read_bytes()[:300]):
        path.write_bytes(damage)
        again = finish(store, make(store, epochs=1))
        assert (again.status.message, again.status.baselines) == ("", first.status.baselines)


def test_snapshots_show_every_class_and_end_with_the_final_network(store: RunStore) -> None:
    run, data = finish(store, make(store)), load("digits")
    snapshot = read_snapshot(run.folder)
    assert snapshot is not None
    assert snapshot.epoch == 4
    places = picture_indices(data)
    assert set(data.test.labels[places]) == set(range(10))
    x = data.test.x[places]
    np.testing.assert_array_equal(snapshot.originals, (x * 255).round())
    np.testing.assert_allclose(snapshot.reconstructions, codes_and_pictures(run, x)[1] * 255, atol=1)
    np.testing.assert_array_equal(snapshot.filters, run.weights()["encoder.0.weight"].reshape(16, 1, 8, 8))


def test_a_run_paused_at_its_very_last_record_keeps_the_epoch_of_its_last_frame(store: RunStore) -> None:
    run = make(store, epochs=1)
    trainer = runner.run(store, run.id)
    while not next(trainer).is_epoch:
        pass
    with pytest.raises(StopIteration):
        trainer.send("pause")
    run = finish(store, run)
    snapshot = read_snapshot(run.folder)
    assert run.status.state == "done"
    assert snapshot is not None
    assert (snapshot.step, snapshot.epoch) == (20, 1.0)


def test_snapshots_after_a_checkpoint_are_deleted_on_return_to_it(store: RunStore) -> None:
    """Otherwise the newest frame of the continued run is a picture of the network that was given up."""
    run = make(store, epochs=6)
    trainer = runner.run(store, run.id)
    list(itertools.islice(trainer, 2))
    kept = (run.folder / "resume.safetensors").read_bytes()
    list(itertools.islice(trainer, 3))
    trainer.close()
    undone = snapshot_steps(run.folder)[-1]
    (run.folder / "resume.safetensors").write_bytes(kept)  # as if the process had died before its next checkpoint
    run = send_after(store, run, 1, "stop")
    last = ProgressLog(run.folder / "progress.jsonl").read()[-1]["step"]
    assert last < undone
    assert snapshot_steps(run.folder)[-1] == last


def test_every_file_of_a_run_is_plain_json_npz_or_safetensors(store: RunStore) -> None:
    run = send_after(store, make(store), 2, "pause")
    for path in (path for path in run.folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")):
        if path.suffix == ".safetensors":
            assert load_file(path)
        elif path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as file:
                assert all(file[name] is not None for name in file.files)
        else:
            assert (
                [json.loads(line) for line in path.read_text().splitlines()]
                if path.suffix == ".jsonl"
                else json.loads(path.read_text())
            )
