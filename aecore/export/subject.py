"""The run to export: its settings, the shape of its data, and its progress."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from aecore.datasets import DATASETS, Card, card
from aecore.experiment.settings import RunSettings
from aecore.foreign import in_docstring
from aecore.runs.snapshots import ProgressLog
from aecore.runs.status import Status
from aecore.runs.store import Run, RunError
from aecore.training.loop import TrainingSettings, learning_rate

FINE_TUNED = ("", "fine-tuning")
"""The phases that follow the training settings."""


@dataclass(frozen=True)
class Subject:
    """A run as its export sees it. records: its progress so far."""

    id: str
    name: str
    settings: RunSettings
    card: Card
    status: Status
    records: list[dict[str, Any]]

    @classmethod
    def of(cls, run: Run) -> Subject:
        """Reads a run. RunError, SettingsError or DataError, in a sentence, if it or its data cannot be understood."""
        if run.problem:
            raise RunError(run.problem)
        settings = RunSettings.from_dict(run.settings)
        name = in_docstring(run.name) or run.id
        return cls(
            run.id, name, settings, card(settings.data), run.status, ProgressLog(run.folder / "progress.jsonl").read()
        )

    @property
    def model(self) -> Any:
        """The settings of its network."""
        return self.settings.model

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example."""
        return self.card.shape

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture."""
        return self.card.is_image

    @property
    def what(self) -> str:
        """The noun for its examples."""
        return "pictures" if self.is_image else "examples"

    @property
    def has_file(self) -> bool:
        """Whether the data come in a file beside the script: they do where they cannot be downloaded."""
        return self.settings.data != "digits" and not (self.settings.data in DATASETS and self.card.remote)

    @property
    def leave_out(self) -> str:
        """The class that the run never sees, or ""."""
        return self.settings.selection.leave_out

    @property
    def is_corrupted(self) -> bool:
        """Whether the input is corrupted while training."""
        return self.settings.corruption.corruption != "none" and self.settings.corruption.noise_level > 0

    @property
    def is_greedy(self) -> bool:
        """Whether it is pre-trained layer by layer."""
        return getattr(self.model, "start", "") == "greedy"

    @property
    def is_fast(self) -> bool:
        """Whether matrices were, or will be, multiplied in bfloat16."""
        return self.status.is_fast if self.status.device else self.settings.training.precision == "fast"

    @property
    def device(self) -> str:
        """Where it was trained, by PyTorch's name; "auto" for a run that has not begun and may take any."""
        known = {"": self.settings.training.device, "CPU": "cpu", "Apple GPU": "mps"}
        return known.get(self.status.device, "cuda")

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped before its last epoch."""
        return self.status.state == "stopped" and bool(self.records)

    @property
    def last_step(self) -> int:
        """Steps taken so far."""
        return self.records[-1]["step"] if self.records else 0

    @property
    def epochs_done(self) -> float:
        """Epochs trained so far, those of single layers included."""
        return self.records[-1]["epoch"] if self.records else 0.0

    @property
    def epochs_planned(self) -> int:
        """Epochs of the whole training, those of single layers included."""
        layers = len(self.settings.layer_sizes(self.shape)) - 1
        return self.settings.training.epochs + (layers * self.model.layer_epochs if self.is_greedy else 0)

    @property
    def training_loss(self) -> float | None:
        """Mean loss over the last epoch's examples, or over the part that was trained;
        None if nothing was.
        """
        if self.status.state not in ("done", "stopped") or not self.records:
            return None
        epoch = math.ceil(self.epochs_done - 1e-9)
        before, total, count = 0.0, 0.0, 0
        for record in self.records:
            if math.ceil(record["epoch"] - 1e-9) == epoch:
                samples = round(record["samples_per_second"] * (record["seconds"] - before))
                total, count = total + samples * sum(record["train"].values()), count + samples
            before = record["seconds"]
        return total / count if count else None

    def peaks(self) -> list[tuple[int, float]]:
        """(first step, learning rate) of each part: more than one where a run that diverged resumed
        with a smaller rate.
        """
        settings = self.settings.training
        if self.is_greedy or not self.records:
            return [(0, settings.learning_rate)]
        unit, total = settings.replace(learning_rate=1.0), round(self.last_step / self.epochs_done) * settings.epochs
        stretches: list[tuple[int, float]] = []
        before = 0
        for record in self.records:
            peak = _peak(record, unit, total)
            if peak and (not stretches or not math.isclose(peak, stretches[-1][1], rel_tol=1e-6)):
                stretches.append((before, peak))
            before = record["step"]
        return stretches if len(stretches) > 1 else [(0, settings.learning_rate)]


def _peak(record: dict[str, Any], unit: TrainingSettings, total: int) -> float:
    """The learning rate that this record's own rate follows from, 0 if that is unknown."""
    share = learning_rate(unit, record["step"] - 1, total)
    return float(f"{record['learning_rate'] / share:.9g}") if share > 1e-6 else 0.0
