"""Small networks, examples and trainings that the tests of the training loop share."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from aecore.corruption import masking
from aecore.progress import Progress
from aecore.training.loop import TrainingSettings, TrainingState, begin, fit
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder


def settings_of(**values: Any) -> TrainingSettings:
    return TrainingSettings(**{"epochs": 3, "batch_size": 16, "device": "cpu", "precision": "full", **values})


def model_of(variant: str = "undercomplete", inputs: int = 12, seed: int = 0, **values: Any) -> Autoencoder:
    settings = VARIANTS[variant].settings_class.from_dict({"latent_size": 4, **values})
    return VARIANTS[variant].build(settings, (inputs,), torch.Generator().manual_seed(seed))


def examples(count: int = 50, inputs: int = 12, seed: int = 0) -> Tensor:
    return torch.rand(count, inputs, generator=torch.Generator().manual_seed(seed))


def half_masked(x: Tensor, rng: torch.Generator) -> Tensor:
    return masking(x, 0.5, rng)


def weights(state: TrainingState) -> list[Tensor]:
    return [value.clone() for value in state.model.state_dict().values()]


def trained(settings: TrainingSettings, **values: Any) -> tuple[list[Progress], list[Tensor]]:
    state, x = begin(model_of(seed=settings.seed, **values), settings), examples()
    return list(fit(state, x, x[:20], settings, half_masked)), weights(state)
