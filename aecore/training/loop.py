"""The training loop: `fit` trains a model and yields one `Progress` record after another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

import torch
from torch import Tensor

from aecore.progress import Meter, Progress
from aecore.settings import Settings, knob
from aecore.training.devices import pick_device, precision_context
from aecore.training.evaluation import Corrupt, evaluate, pixel_error
from aecore.training.step import PlainStep, make_optimizer, make_step
from aecore.variants.base import Autoencoder
from aecore.variants.phases import Phase

FEED = 5000
"""Batch size for encoding with the layers below the one that learns."""


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """How a model is trained."""

    epochs: int = knob(30, "How often the network sees every training example.", low=1, high=2000, log=True)
    batch_size: int = knob(
        128,
        "Examples per step: with 1, weights change after every example (online learning); larger batches make fewer, "
        "smoother steps.",
        low=1,
        high=4096,
        log=True,
    )
    learning_rate: float = knob(0.005, "The size of each step against the gradient.", low=1e-6, high=100.0, log=True)
    optimiser: Literal["adam", "adamw", "rmsprop", "sgd"] = knob(
        "adam",
        "The rule that turns gradients into steps. SGD is stochastic gradient descent, here with momentum 0.9.",
    )
    schedule: Literal["constant", "one-cycle", "cosine"] = knob(
        "one-cycle",
        "How the learning rate moves during training: constant, a short warm-up and then down to zero, "
        "or a cosine down to zero.",
    )
    weight_decay: float = knob(
        0.0, "Pulls every weight towards zero a little at each step.", low=0.0, high=1.0, advanced=True
    )
    seed: int = knob(
        0,
        "The start of every random draw: the same seed and the same settings give the same run.",
        low=0,
        high=2**31 - 1,
        advanced=True,
    )
    precision: Literal["auto", "full", "fast"] = knob(
        "auto",
        "Fast multiplies matrices in bfloat16, which some processors do several times faster; "
        "auto uses it where there is hardware for it.",
        advanced=True,
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = knob(
        "auto", "Where the arithmetic is done; auto takes a GPU if there is one.", advanced=True
    )


@dataclass
class TrainingState:
    """The whole state of a training; saved, it lets a run resume exactly."""

    model: Autoencoder
    phases: tuple[Phase, ...]
    rng: torch.Generator
    step: int = 0
    seconds: float = 0.0
    phase: int = 0

    def __post_init__(self) -> None:
        self.enter(self.phase)

    @property
    def device(self) -> torch.device:
        """The device of the model."""
        return self.rng.device

    def enter(self, phase: int) -> None:
        """Begins a phase with a fresh optimiser for the parameters it trains."""
        self.phase, now = phase, self.phases[phase]
        self.optimizer = make_optimizer(now.optimiser, now.task, now.learning_rate, now.weight_decay)
        now.before()


def begin(model: Autoencoder, settings: TrainingSettings) -> TrainingState:
    """A fresh state on the device that `settings` asks for. SettingsError if that device is not there."""
    device = pick_device(settings.device)
    model = model.to(device).train()
    return TrainingState(model, model.phases(settings), torch.Generator(device).manual_seed(settings.seed))


def fit(
    state: TrainingState, train: Tensor, validation: Tensor, settings: TrainingSettings, corrupt: Corrupt | None = None
) -> Iterator[Progress]:
    """Trains from `state` to the end of its last phase, yielding records;
    the state is consistent and may be saved at every yield.

    train (N, *shape) and validation (M, *shape) lie on the state's device. `corrupt` is applied to the input, never the
    target. TrainingDiverged as soon as a record finds a loss that is not finite or has run away.
    """
    if state.step == 0:
        state.model.initialise_from(train)
    steps_per_epoch = math.ceil(len(train) / settings.batch_size)
    ends = list(accumulate(steps_per_epoch * phase.epochs for phase in state.phases))
    with precision_context(settings.precision, state.device) as is_fast:
        while state.step < ends[-1]:
            if state.step == ends[state.phase]:
                state.phases[state.phase].after()
                state.enter(state.phase + 1)
            span = (ends[state.phase] - steps_per_epoch * state.phases[state.phase].epochs, ends[state.phase])
            yield from _train_phase(state, train, validation, settings, corrupt, is_fast, span, ends[-1])


def _train_phase(
    state: TrainingState, train: Tensor, validation: Tensor, settings: TrainingSettings, corrupt: Corrupt | None,
    is_fast: bool, span: tuple[int, int], total_steps: int,
) -> Iterator[Progress]:  # fmt: skip
    """Trains the current phase, from its first step or from the state's step, to its end; span: its steps."""
    phase, (first, end), size = state.phases[state.phase], span, settings.batch_size
    with torch.no_grad():  # not inference_mode: the codes are trained on
        examples, held_out = (
            torch.cat([phase.feed(part) for part in x.split(FEED)]) if phase.task is not state.model else x
            for x in (train, validation)
        )
    corrupt_here, meter, steps_per_epoch = (
        corrupt if phase.is_corrupted else None,
        Meter(state),
        math.ceil(len(train) / size),
    )
    step = make_step(PlainStep(phase.task, state.optimizer, state.rng, corrupt_here, is_fast), size)
    while state.step < end:
        order = epoch_order(len(train), settings.seed, state.step // steps_per_epoch).to(state.device)
        for start in range(state.step % steps_per_epoch * size, len(train), size):
            clean = examples.index_select(0, order[start : start + size])
            rate = learning_rate(phase, state.step - first, end - first)
            meter.add(step(clean, rate), len(clean))
            state.step += 1
            is_epoch = state.step % steps_per_epoch == 0
            if is_epoch or meter.is_due():
                scores: tuple[dict[str, float], float | None] = ({}, None)
                if is_epoch:
                    with torch.autocast(state.device.type, torch.bfloat16, enabled=is_fast):
                        terms, mse = evaluate(phase.task, held_out, corrupt_here)
                        scores = terms, mse if phase.task is state.model else pixel_error(state.model, validation)
                record = meter.record(state.step / steps_per_epoch, rate, *scores)
                yield replace(record, share=state.step / total_steps, phase=phase.label)
                meter.resume()


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """The order in which an epoch visits its examples: a permutation determined by seed and epoch."""
    mixed = (seed * 1_000_003 + epoch * 7_919 + 1) % 2**63
    return torch.randperm(count, generator=torch.Generator().manual_seed(mixed))


def learning_rate(settings: TrainingSettings | Phase, step: int, total_steps: int) -> float:
    """The rate of step `step` of `total_steps`.

    One-cycle after Smith & Topin 2018 (arXiv:1708.07120), linear up and down.
    """
    peak, share = settings.learning_rate, step / total_steps
    if settings.schedule == "cosine":
        return peak * (1 + math.cos(math.pi * share)) / 2
    if settings.schedule == "one-cycle":
        warm_up = 0.05
        return peak * (0.1 + 0.9 * share / warm_up) if share < warm_up else peak * (1 - share) / (1 - warm_up)
    return peak
