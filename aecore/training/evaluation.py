"""Evaluation of a model on examples: its loss terms and its mean squared error,
with a corruption that is the same at every call.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from aecore.variants.base import Autoencoder

EVALUATION_BATCH = 2000
EVALUATION_SEED = 1
Corrupt = Callable[[Tensor, torch.Generator], Tensor]
"""Corrupts examples (N, *shape), drawing from a generator on their device."""


def corrupted(x: Tensor, corrupt: Corrupt) -> Tensor:
    """x (N, *shape) with the corruption of `evaluate`: the same at every call, drawn from a seed of its own."""
    rng = torch.Generator(x.device).manual_seed(EVALUATION_SEED)
    return torch.cat([corrupt(clean, rng) for clean in x.split(EVALUATION_BATCH)])


@torch.inference_mode()
def evaluate(model: Autoencoder, x: Tensor, corrupt: Corrupt | None = None) -> tuple[dict[str, float], float]:
    """Mean of each loss term over x (N, *shape), and the mean squared error per pixel without corruption.

    The corruption is drawn from a seed of its own, the same at every call, so that epochs are comparable.
    """
    rng = torch.Generator(x.device).manual_seed(EVALUATION_SEED)
    model.eval()
    totals: dict[str, Tensor] = {}
    error = torch.zeros((), device=x.device)
    for clean in x.split(EVALUATION_BATCH):
        if corrupt:
            terms, reconstruction = model.loss_terms(corrupt(clean, rng), clean, rng), model(clean)
        else:
            terms, reconstruction = model.examine(clean, rng)
        for label, value in terms.items():
            totals[label] = totals.get(label, 0) + value * len(clean)
        error += F.mse_loss(reconstruction.float(), clean, reduction="sum")
    model.train()
    values = torch.stack([*totals.values(), error / x[0].numel()]).div(len(x)).tolist()
    return dict(zip(totals, values, strict=False)), values[-1]


@torch.inference_mode()
def pixel_error(model: Autoencoder, x: Tensor) -> float:
    """Mean squared error per pixel of the reconstruction of x (N, *shape) at this moment of training."""
    model.eval()
    total = sum(F.mse_loss(model.look(part).float(), part, reduction="sum") for part in x.split(EVALUATION_BATCH))
    model.train()
    return float(total) / x.numel()
