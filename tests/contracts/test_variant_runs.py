"""Every variant through a whole run: data, baselines, snapshots, checkpoints and test figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aecore.datasets import Dataset, card, load
from aecore.datasets.base import Examples
from aecore.experiment import runner
from aecore.experiment.checkpoints import load_weights
from aecore.experiment.settings import RunSettings
from aecore.runs.snapshots import ProgressLog, read_snapshot
from aecore.runs.store import RunStore
from aecore.training.evaluation import evaluate
from aecore.variants import VARIANTS
from tests.small_runs import finish, has_same_weights

pytestmark = pytest.mark.usefixtures("few_probed")

QUICK = {
    "epochs": 2,
    "layer_epochs": 2,
    "device": "cpu",
    "precision": "full",
    "latent_size": 40,
    "k": 5,
    "channels": (4, 6),
}


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def few_shapes(monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The data set "shapes", but only some of it."""
    whole = load("shapes")

    def some(part: Examples, count: int) -> Examples:
        return part.take(slice(count))

    few = Dataset(
        "shapes",
        some(whole.train, 300),
        some(whole.validation, 50),
        some(whole.test, 50),
        whole.classes,
        whole.factor_values,
    )
    monkeypatch.setattr(runner, "_load", lambda name: few)
    return few


def settings(data: str, variant: str, **values: Any) -> RunSettings:
    known = {each.name for each in VARIANTS[variant].settings_class.knobs()} | {"epochs", "device", "precision"}
    return RunSettings.build(
        data, variant, **{key: value for key, value in (QUICK | values).items() if key in known or key in values}
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_on_the_digits_is_done_and_its_weights_give_its_figures(variant: str, store: RunStore) -> None:
    chosen = settings("digits", variant)
    run = finish(store, store.create(chosen.to_dict(), chosen.describe((1, 8, 8))))
    assert (run.status.state, run.status.message) == ("done", "")
    base, test = run.status.baselines or {}, run.status.test or {}
    active = chosen.model.active_units((1, 8, 8))
    if active is not None and active >= 64:
        assert not [name for name in base if "pca" in name]  # it would copy everything
    else:
        assert base["pca_size"] == active or (active is None and 1 <= base["pca_size"] <= 64)
        assert 0 <= base["pca_test"] < base["mean_test"]
    model = VARIANTS[variant].build(chosen.model, (1, 8, 8), torch.Generator().manual_seed(99))
    load_weights(run.folder, model)
    terms, mse = evaluate(model, torch.from_numpy(load("digits").test.x))
    assert test["mse"] == pytest.approx(mse, rel=1e-4)
    assert {f"loss_{label}": pytest.approx(value, rel=1e-4) for label, value in terms.items()}.items() <= test.items()
    snapshot = read_snapshot(run.folder)
    assert snapshot is not None
    assert snapshot.reconstructions.shape == snapshot.originals.shape == (16, 1, 8, 8)
    with np.load(run.folder / "latents.npz", allow_pickle=False) as file:
        assert file["codes"].shape[1] == model.latent_size
    records = ProgressLog(run.folder / "progress.jsonl").read()
    assert set(records[-1]["train"]) == set(records[-1]["validation"]) == set(terms)


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_denoising_run_on_shapes_is_done(variant: str, store: RunStore, few_shapes: Dataset) -> None:
    chosen = settings("shapes", variant, corruption="gaussian", noise_level=0.3)
    run = finish(store, store.create(chosen.to_dict(), chosen.describe(card("shapes").shape)))
    assert (run.status.state, run.status.message) == ("done", "")
    assert (run.status.test or {})["mse_denoised"] > 0


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_paused_run_resumes_with_the_same_numbers(variant: str, store: RunStore) -> None:
    values = settings("digits", variant, epochs=3).to_dict()
    straight = finish(store, store.create(values, "straight"))
    paused = store.create(values, "paused")
    trainer = runner.run(store, paused.id)
    while not next(trainer).is_epoch:
        pass
    with pytest.raises(StopIteration):
        trainer.send("pause")
    assert has_same_weights(finish(store, paused), straight)
