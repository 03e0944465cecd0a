"""Progress of a training: `Progress` records, the meter that makes them, and the error of a diverged training."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

RECORD_SECONDS = 0.2
"""Inside an epoch a record is made at most this often; every epoch ends with one."""

RUNAWAY = 100
"""A loss this many times that of the first step, or this large where that was below 1, has run away, finite or not."""


@dataclass(frozen=True)
class Progress:
    """One record of a training run, ready for JSON.

    epoch: epochs done so far, a fraction inside an epoch. seconds: time spent training, evaluation and records
    included, the consumer's own time left out. train, validation: mean of each weighted loss term, over the
    examples since the last record and over the whole validation set (only where an epoch ends), both in the
    precision of the steps. validation_mse: mean squared error per pixel of the uncorrupted validation examples'
    reconstructions. share: how much of the whole training is done, 0 to 1. phase: its training phase, empty if there is
    only one.
    """

    step: int
    epoch: float
    seconds: float
    samples_per_second: float
    learning_rate: float
    train: dict[str, float]
    validation: dict[str, float] = field(default_factory=dict)
    validation_mse: float | None = None
    share: float = 0.0
    phase: str = ""

    @property
    def is_epoch(self) -> bool:
        """Whether this record ends an epoch."""
        return bool(self.validation)

    def to_dict(self) -> dict[str, Any]:
        """Names and JSON-ready values."""
        return asdict(self)


class TrainingDiverged(RuntimeError):
    """The loss is no longer a finite number; the message says when and what to do."""


class Clocked(Protocol):
    """A state of training that counts steps and seconds."""

    step: int
    seconds: float


class Meter:
    """Sums the losses on the device and keeps the clock; one transfer per record."""

    def __init__(self, state: Clocked) -> None:
        self.state = state
        self.totals: dict[str, Tensor] = {}
        self.first: Tensor | None = None
        self.samples = 0
        self.clock = self.last_record = 0.0
        self.resume()

    def resume(self) -> None:
        """Starts the clock again after a record has been handed over."""
        self.clock = self.last_record = time.perf_counter()

    def is_due(self) -> bool:
        """Whether another record is due."""
        return time.perf_counter() - self.last_record >= RECORD_SECONDS

    def add(self, terms: dict[str, Tensor], samples: int) -> None:
        """Adds one step's terms, means over `samples` examples."""
        for label, value in terms.items():
            if label in self.totals:
                self.totals[label].add_(value.detach(), alpha=samples)
            else:
                self.totals[label] = value.detach().float() * samples
        if self.first is None:
            self.first = torch.stack(list(self.totals.values())).sum() / samples
        self.samples += samples

    def record(self, epoch: float, rate: float, validation: dict[str, float], mse: float | None) -> Progress:
        """The record of the steps since the last one."""
        means = torch.stack(list(self.totals.values())).div(self.samples).tolist()
        elapsed = time.perf_counter() - self.clock
        self.state.seconds += elapsed
        if not all(map(math.isfinite, [*means, *validation.values(), mse or 0.0])):
            raise TrainingDiverged(_diverged("stopped being a number", epoch, rate))
        if sum(means) > RUNAWAY * max(1.0, float(self.first)):
            raise TrainingDiverged(_diverged(f"grew more than {RUNAWAY}-fold", epoch, rate))
        train = dict(zip(self.totals, means, strict=True))
        speed = self.samples / elapsed
        self.totals, self.samples = {}, 0
        return Progress(self.state.step, epoch, self.state.seconds, speed, rate, train, validation, mse)


def _diverged(what: str, epoch: float, rate: float) -> str:
    return (
        f"The loss {what} in epoch {math.ceil(epoch)}: with a learning rate of {rate:.3g} the steps "
        "overshoot and the weights run away. Go back to the last good epoch with a smaller learning rate."
    )
