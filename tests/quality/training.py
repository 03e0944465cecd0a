"""Trains a run as the app's workers do, and keeps count of the processor's seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from aecore.datasets import Dataset, card, load
from aecore.experiment import runner
from aecore.experiment.checkpoints import load_weights
from aecore.experiment.settings import RunSettings
from aecore.metrics.baselines import fit_pca
from aecore.runs.status import Status
from aecore.runs.store import RunStore
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder


@dataclass(frozen=True)
class Outcome:
    """A trained model in evaluation mode, its run's status, and the processor's seconds up to the last step."""

    model: Autoencoder
    status: Status
    seconds: float


def train(settings: RunSettings) -> Outcome:
    """One run from its start to its end, its weights read back from its folder.

    RuntimeError if it does not get there.
    """
    with TemporaryDirectory() as home:
        fit_pca(
            data(settings.data), settings.layer_sizes(card(settings.data).shape)[-1], Path(home)
        )  # before the clock starts
        before = after = time.process_time()
        store = RunStore(Path(home) / "runs")
        run = store.create(settings.to_dict(), "quality")
        for _ in runner.run(store, run.id):
            after = time.process_time()
        run = store.get(run.id)
        if run.status.state != "done":
            raise RuntimeError(run.status.message)
        model = VARIANTS[settings.variant].build(
            settings.model, card(settings.data).shape, torch.Generator().manual_seed(0)
        )
        load_weights(run.folder, model)
    return Outcome(model.eval(), run.status, after - before)


@cache
def data(name: str) -> Dataset:
    """The data set, read once for all measurements."""
    return load(name)
