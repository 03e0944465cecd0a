"""The size of a network, known from its settings before anything is built."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.datasets import card
from aecore.experiment.settings import RunSettings
from aecore.limits import Limits, in_gb
from aecore.settings import SettingsError
from aecore.training.evaluation import EVALUATION_BATCH

NUMBER_BYTES = 4
MOMENTS = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 1}
"""Optimiser -> numbers that it keeps for each weight."""


@dataclass(frozen=True)
class NetworkSize:
    """What a network takes. training_bytes: about how much memory while it trains, without the data. disk_bytes: of its
    weights and of the checkpoint from which it can be resumed.
    """

    parameters: int
    training_bytes: int
    disk_bytes: int


def size_of(settings: RunSettings) -> NetworkSize:
    """The size of the network of a run. DataError if its data are gone."""
    shape, training = card(settings.data).shape, settings.training
    parameters, moments = settings.model.parameters(shape), MOMENTS[training.optimiser]
    step = training.batch_size * settings.model.step_numbers(shape)
    evaluation = 2 * EVALUATION_BATCH * settings.model.widest_layer(shape)
    state = parameters * (2 + moments) + max(step, evaluation)  # weights, gradients and moments
    return NetworkSize(parameters, NUMBER_BYTES * state, NUMBER_BYTES * parameters * (2 + moments))


def check_size(settings: RunSettings, limits: Limits) -> None:
    """SettingsError, with the numbers, if the network of a run is larger than this machine accepts."""
    size = size_of(settings)
    if size.parameters > limits.weights:
        raise SettingsError(
            f"This network would have {size.parameters:,} weights and biases, {in_gb(size.training_bytes)} while it "
            f"trains; this server accepts {limits.weights:,.0f}. Use {SMALLER}."
        )
    if size.training_bytes > limits.training_bytes:
        raise SettingsError(
            f"This network would take about {in_gb(size.training_bytes)} of memory while it trains "
            f"({size.parameters:,} weights and biases, {training_words(settings)}); this machine accepts "
            f"{in_gb(limits.training_bytes)}. Use {SMALLER}, or smaller batches."
        )


SMALLER = "smaller or fewer hidden layers, or a smaller code"


def training_words(settings: RunSettings) -> str:
    """How many examples a step takes."""
    return f"batches of {settings.training.batch_size:,}"
