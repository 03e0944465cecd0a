"""The run recorder: writes checkpoints, snapshots and diagnostics of a run while it trains."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from aecore.corruption import CORRUPTIONS
from aecore.datasets import Dataset
from aecore.diagnostics.activity import SAMPLE, look_inside
from aecore.diagnostics.ood_inputs import ood_inputs
from aecore.diagnostics.planar_fields import is_plane, places
from aecore.diagnostics.records import write_inside
from aecore.experiment.checkpoints import load_checkpoint, save_checkpoint
from aecore.experiment.final_metrics import codes_of, denoising_baselines, final_scores
from aecore.experiment.pca_baseline import PcaBaseline
from aecore.experiment.settings import RunSettings
from aecore.files import write_npz
from aecore.metrics.baselines import PcaCode, mean_errors, pca_errors
from aecore.progress import Progress
from aecore.runs.snapshots import CODES, Snapshot, crowd_rows, write_snapshot
from aecore.runs.store import Run, RunStore
from aecore.training.devices import device_name, precision_context
from aecore.training.evaluation import Corrupt
from aecore.training.loop import TrainingState, begin
from aecore.variants import VARIANTS

SNAPSHOT_SECONDS = 0.5
INSIDE_SECONDS = 1.0
SNAPSHOT_GROWTH = 1.3
"""A snapshot is also due whenever the steps have grown by this factor, so that short runs have snapshots too."""

CHECKPOINT_SECONDS = 3.0
CHECKPOINT_SHARE = 0.03
"""Largest share of the time for checkpoints, for snapshots and for diagnostics, each.
"""

HALF = 65504.0
"""The largest number in half precision."""

PICTURES = 16
FILTERS = 64


@dataclass
class Recorder:
    """Recorder of one run in training: its model, its data, and when each kind of file was last written."""

    folder: Path
    settings: RunSettings
    data: Dataset
    state: TrainingState
    corrupt: Corrupt | None
    pca: PcaBaseline
    baselines: dict[str, float]
    pictures: np.ndarray
    best: float = float("inf")
    snapshot_step: int = 0
    last: dict[str, float] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)

    @classmethod
    def prepare(cls, store: RunStore, found: Run, settings: RunSettings, data: Dataset) -> Recorder:
        """Builds the model, loads the last checkpoint if there is one, and computes the baselines."""
        rng = torch.Generator().manual_seed(settings.training.seed)
        model = VARIANTS[settings.variant].build(settings.model, data.shape, rng)
        state = begin(model, settings.training)
        load_checkpoint(found.folder, state)
        pca = PcaBaseline.fit(model, data, store.folder.parent)
        corrupt = corruption_of(settings)
        known = found.status.baselines or _baselines(data, pca.fixed(), corrupt)
        return cls(found.folder, settings, data, state, corrupt, pca, known, picture_indices(data))

    def facts(self) -> dict[str, object]:
        """Facts of this training for the run's status."""
        parameters = sum(weight.numel() for weight in self.state.model.parameters())
        with precision_context(self.settings.training.precision, self.state.device) as is_fast:
            return {
                "device": device_name(self.state.device), "is_fast": is_fast,
                "parameters": parameters, "baselines": self.baselines
            }  # fmt: skip

    def to_device(self, x: np.ndarray) -> Tensor:
        """The whole array on the device; on the CPU without a copy."""
        return torch.from_numpy(x).to(self.state.device)

    def keep(self, progress: Progress) -> None:
        """Writes a snapshot, diagnostics and, if the loss is healthy, a checkpoint when they are due."""
        loss = sum(progress.train.values())
        self.best = min(self.best, loss)
        is_early = self.state.step >= SNAPSHOT_GROWTH * self.snapshot_step
        if is_early or self._is_due("snapshot", SNAPSHOT_SECONDS):
            self.snapshot_step = self.state.step
            self._timed("snapshot", self.snapshot)
        if self._is_due("inside", INSIDE_SECONDS):
            self._timed("inside", self.look_inside)
        if loss < 4 * self.best and self._is_due("checkpoint", CHECKPOINT_SECONDS):
            self._timed("checkpoint", lambda: save_checkpoint(self.folder, self.state))

    def _is_due(self, what: str, seconds: float) -> bool:
        wait = max(seconds, self.cost.get(what, 0.0) / CHECKPOINT_SHARE)
        return time.perf_counter() - self.last.get(what, 0.0) >= wait

    def _timed(self, what: str, write: Callable[[], object]) -> None:
        before = time.perf_counter()
        write()
        self.last[what] = time.perf_counter()
        self.cost[what] = self.last[what] - before

    @property
    def epoch(self) -> float:
        """Epochs trained so far."""
        return self.state.step / math.ceil(len(self.data.train) / self.settings.training.batch_size)

    def look_inside(self) -> None:
        """Writes the diagnostics; before the first step without OOD inputs."""
        kinds = {name: self.to_device(x) for name, x in ood_inputs(self.data).items()} if self.state.step else {}
        sample, pictures = self.to_device(self.data.validation.x[:SAMPLE]), self._pictures()[1]
        write_inside(self.folder, look_inside(self.state.model, sample, pictures, kinds, self.state.step, self.epoch))

    def _pictures(self) -> tuple[Tensor, Tensor]:
        """The fixed test pictures, clean and as the network sees them."""
        clean = self.to_device(self.data.test.x[self.pictures])
        return clean, self.corrupt(clean, torch.Generator(clean.device).manual_seed(2)) if self.corrupt else clean

    @torch.inference_mode()
    def snapshot(self) -> None:
        """Writes a snapshot: reconstructions of the fixed test pictures, and the first layer's filters."""
        clean, noisy = self._pictures()
        rng = torch.Generator(clean.device).manual_seed(3)
        self.state.model.eval()
        codes = self.state.model.encode(noisy).float().cpu().numpy()
        pca = self.pca.of_codes(codes)
        shown = [_bytes(x) for x in (clean, noisy, self.state.model.look(noisy))]
        generated = self.state.model.generate(PICTURES, rng)
        plane = self._plane() if is_plane(self.data.shape) else None
        crowd = self.data.test.x[crowd_rows(len(self.data.test), self.state.model.latent_size)]
        self.state.model.train()
        filters = self.state.model.filters()
        more = {
            "filters": np.zeros((0, *self.data.shape), np.float32)
            if filters is None else filters[:FILTERS].float().cpu().numpy(),
            "generated": None if generated is None else _bytes(generated), "codes": codes[:, :CODES], "plane": plane,
            "pca": None if pca is None else _bytes(torch.from_numpy(pca.reconstruct(noisy.cpu().numpy()))),
            "pca_size": None if pca is None else np.array(len(pca.components)),
            "crowd": self.state.model.encode(self.to_device(crowd)).float().clamp(-HALF, HALF).half().cpu().numpy(),
        }  # fmt: skip
        write_snapshot(
            self.folder,
            Snapshot(
                self.state.step,
                self.epoch,
                *shown,
                **{name: value for name, value in more.items() if value is not None},
            ),
        )

    def _plane(self) -> np.ndarray:
        asked = places(self.data.test.x)
        return np.stack([asked, self.state.model.look(self.to_device(asked)).float().cpu().numpy()])

    def finish(self) -> dict[str, float]:
        """Computes the final scores and stores the codes of the test examples.

        Where training decides how many units are active, the PCA baseline is known only now, from the codes
        of the validation examples.
        """
        if self.pca.size is None:
            pca = self.pca.of_codes(codes_of(self.state.model.eval(), self.to_device(self.data.validation.x)))
            self.baselines = _baselines(self.data, pca, self.corrupt)
        scores, codes = final_scores(self.state.model, self.data, self.corrupt, self.state.device)
        write_npz(self.folder / "latents.npz", codes=codes, part=np.array("test"))
        return scores


def _baselines(data: Dataset, pca: PcaCode | None, corrupt: Corrupt | None) -> dict[str, float]:
    """The errors of the baselines; of PCA where it is defined."""
    return {
        **mean_errors(data),
        **(pca_errors(data, pca) if pca else {}),
        **(denoising_baselines(data, pca, corrupt) if corrupt else {}),
    }


def corruption_of(settings: RunSettings) -> Corrupt | None:
    """The corruption of these settings as a function of (x, rng); None for none."""
    name, level = settings.corruption.corruption, settings.corruption.noise_level
    if name == "none" or level == 0:
        return None
    apply = CORRUPTIONS[name].apply
    return lambda x, rng: apply(x, level, rng)


def picture_indices(data: Dataset, count: int = PICTURES) -> np.ndarray:
    """Test examples shown while training: the first of each class in turn,
    so that every class appears, sorted by class.
    """
    labels = data.test.labels
    if labels is None or not data.classes:
        return np.arange(min(count, len(data.test)))
    rank = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        mine = labels == label
        rank[mine] = np.arange(mine.sum())
    first = np.lexsort((labels, rank))[:count]
    return first[np.lexsort((first, labels[first]))]


def _bytes(x: Tensor) -> np.ndarray:
    return x.float().clamp(0, 1).mul(255).round().byte().cpu().numpy()
