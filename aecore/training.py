"""The training loop: `fit` trains a model and yields one `Progress` record after another."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

from aecore.devices import pick_device, precision_context
from aecore.evaluation import Corrupt, evaluate
from aecore.settings import Settings, knob
from aecore.steps import PlainStep, make_optimizer, make_step
from aecore.variants.base import Autoencoder

RECORD_SECONDS = 0.2
"""Inside an epoch a record is made at most this often; every epoch ends with one."""

RUNAWAY = 100
"""A loss this many times that of the first step, or this large where that was below 1, has run away, finite or not."""


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """How a model is trained."""

    epochs: int = knob(30, "How often the network sees every training example.", low=1, high=2000, log=True)
    batch_size: int = knob(128, "Examples per step: 1 is online learning, larger batches take smoother, rarer steps.", low=1, high=4096, log=True)
    learning_rate: float = knob(0.005, "The size of each step against the gradient.", low=1e-6, high=100.0, log=True)
    optimiser: Literal["adam", "adamw", "rmsprop", "sgd"] = knob(
        "adam", "The rule that turns gradients into steps. SGD is the plain rule of the textbooks, here with momentum 0.9."
    )
    schedule: Literal["constant", "one-cycle", "cosine"] = knob(
        "one-cycle", "How the learning rate moves during training: constant, a short warm-up and then down to zero, or a cosine down to zero."
    )
    weight_decay: float = knob(0.0, "Pulls every weight towards zero a little at each step.", low=0.0, high=1.0, advanced=True)
    seed: int = knob(0, "The start of every random draw: the same seed gives the same run.", low=0, high=2**31 - 1, advanced=True)
    precision: Literal["auto", "full", "fast"] = knob(
        "auto",
        "Fast multiplies matrices in bfloat16, which some processors do several times faster; auto uses it where there is hardware for it.",
        advanced=True,
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = knob("auto", "Where the arithmetic is done; auto takes a GPU if there is one.", advanced=True)


@dataclass(frozen=True)
class Progress:
    """One record of a training run, ready for JSON.

    epoch: epochs done so far, a fraction inside an epoch. seconds: time spent training, evaluation and records included,
    the consumer's own time left out. train, validation: mean of each weighted loss term, over the examples since the
    last record and over the whole validation set (only where an epoch ends), both in the precision of the steps.
    validation_mse: mean squared error per pixel of the undamaged validation examples' reconstructions.
    """

    step: int
    epoch: float
    seconds: float
    samples_per_second: float
    learning_rate: float
    train: dict[str, float]
    validation: dict[str, float] = field(default_factory=dict)
    validation_mse: float | None = None

    @property
    def is_epoch(self) -> bool:
        """Whether this record ends an epoch."""
        return bool(self.validation)

    def to_dict(self) -> dict[str, Any]:
        """Names and JSON-ready values."""
        return asdict(self)


class TrainingDiverged(RuntimeError):
    """The loss is no longer a finite number; the message says when and what to do."""


@dataclass
class TrainingState:
    """Everything that training changes; saved whole, it lets a run go on exactly where it was."""

    model: Autoencoder
    optimizer: torch.optim.Optimizer
    rng: torch.Generator
    step: int = 0
    seconds: float = 0.0

    @property
    def device(self) -> torch.device:
        """Where the model lies."""
        return self.rng.device


def begin(model: Autoencoder, settings: TrainingSettings) -> TrainingState:
    """A fresh state on the device that `settings` asks for. SettingsError if that device is not there."""
    device = pick_device(settings.device)
    model = model.to(device).train()
    rng = torch.Generator(device).manual_seed(settings.seed)
    optimizer = make_optimizer(settings.optimiser, model, settings.learning_rate, settings.weight_decay)
    return TrainingState(model, optimizer, rng)


def fit(state: TrainingState, train: Tensor, validation: Tensor, settings: TrainingSettings, corrupt: Corrupt | None = None) -> Iterator[Progress]:
    """Trains from `state` to the last epoch, yielding records; the state is whole and may be saved at every yield.

    train (N, *shape) and validation (M, *shape) lie on the state's device. `corrupt` damages the input, never the
    target. TrainingDiverged as soon as a record finds a loss that is not finite or has run away.
    """
    steps_per_epoch = math.ceil(len(train) / settings.batch_size)
    total_steps = steps_per_epoch * settings.epochs
    if state.step == 0:
        state.model.meet(train)
    meter = Meter(state)
    with precision_context(settings.precision, state.device) as is_fast:
        step = make_step(PlainStep(state.model, state.optimizer, state.rng, corrupt, is_fast), settings.batch_size)
        while state.step < total_steps:
            order = epoch_order(len(train), settings.seed, state.step // steps_per_epoch).to(state.device)
            for start in range(state.step % steps_per_epoch * settings.batch_size, len(train), settings.batch_size):
                clean = train.index_select(0, order[start : start + settings.batch_size])
                rate = learning_rate(settings, state.step, total_steps)
                meter.add(step(clean, rate), len(clean))
                state.step += 1
                is_epoch = state.step % steps_per_epoch == 0
                if is_epoch or meter.is_due():
                    with torch.autocast(state.device.type, torch.bfloat16, enabled=is_fast):
                        scores = evaluate(state.model, validation, corrupt) if is_epoch else ({}, None)
                    yield meter.record(state.step / steps_per_epoch, rate, *scores)
                    meter.resume()


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """The order in which an epoch visits its examples: a permutation fixed by seed and epoch, whatever came before."""
    mixed = (seed * 1_000_003 + epoch * 7_919 + 1) % 2**63
    return torch.randperm(count, generator=torch.Generator().manual_seed(mixed))


def learning_rate(settings: TrainingSettings, step: int, total_steps: int) -> float:
    """The rate of step `step` of `total_steps`. One-cycle after Smith & Topin 2018 (arXiv:1708.07120), linear both ways."""
    peak, share = settings.learning_rate, step / total_steps
    if settings.schedule == "cosine":
        return peak * (1 + math.cos(math.pi * share)) / 2
    if settings.schedule == "one-cycle":
        warm_up = 0.05
        return peak * (0.1 + 0.9 * share / warm_up) if share < warm_up else peak * (1 - share) / (1 - warm_up)
    return peak


class Meter:
    """Sums the losses on the device and keeps the clock; one transfer per record."""

    def __init__(self, state: TrainingState) -> None:
        self.state = state
        self.totals: dict[str, Tensor] = {}
        self.first: Tensor | None = None
        self.samples = 0
        self.resume()
        self.last_record = self.clock

    def resume(self) -> None:
        """Starts the clock again after a record has been handed over."""
        self.clock = self.last_record = time.perf_counter()

    def is_due(self) -> bool:
        """Whether the last record is old enough for another."""
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
        """The record of what was added since the last one."""
        means = torch.stack(list(self.totals.values())).div(self.samples).tolist()
        elapsed = time.perf_counter() - self.clock
        self.state.seconds += elapsed
        if not all(map(math.isfinite, [*means, *validation.values(), mse or 0.0])):
            raise TrainingDiverged(_diverged("stopped being a number", epoch, rate))
        if sum(means) > RUNAWAY * max(1.0, float(self.first)):  # type: ignore[arg-type]
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
