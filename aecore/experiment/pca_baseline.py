"""The PCA that a run is measured against: with as many components as units of the code are active."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from aecore.datasets import Dataset
from aecore.metrics.baselines import PcaCode, fit_pca
from aecore.variants.base import Autoencoder

BATCH = 2000


@dataclass(frozen=True)
class PcaBaseline:
    """PCA of the training examples, cut to the size that is fair.

    A code of 1,000 numbers of which 30 differ from zero is compared with 30 components, not with 1,000, which copy
    every example. whole: all components that may be needed, the strongest first. size: how many are compared; None if
    training decides how many units of the code are active. is_exact: so many components copy everything, so that
    nothing can be compared with them. active_above: a unit counts as active when it is farther from zero.
    """

    whole: PcaCode
    size: int | None
    is_exact: bool
    active_above: float

    @classmethod
    def fit(cls, model: Autoencoder, data: Dataset, home: Path) -> PcaBaseline:
        """For this model, which need not be trained; kept in the cache of `home`."""
        size, inputs = model.settings.active_units(data.shape), math.prod(data.shape)
        whole = fit_pca(data, size or model.latent_size, home)
        return cls(whole, size, size is not None and size >= inputs, model.settings.active_above)

    def of_codes(self, codes: np.ndarray) -> PcaCode | None:
        """The PCA to compare codes (N, Z) of the model with; None where it would copy everything."""
        if self.is_exact:
            return None
        size = self.size if self.size is not None else max(1, round(mean_active(codes, self.active_above)))
        return PcaCode(self.whole.mean, self.whole.components[:size])

    def fixed(self) -> PcaCode | None:
        """The same before anything is trained; None where training decides, or where it would copy everything."""
        return None if self.size is None or self.is_exact else self.whole


def mean_active(codes: np.ndarray, above: float) -> float:
    """Units of codes (N, Z) that are farther from zero than `above`, mean over the examples."""
    return float((np.abs(codes) > above).sum(1).mean())


@torch.inference_mode()
def codes_of(model: Autoencoder, x: np.ndarray, device: torch.device | str = "cpu") -> np.ndarray:
    """x (N, *shape) -> (N, Z) float32, as the model encodes in evaluation; it is left in that mode."""
    model.eval()
    parts = torch.from_numpy(x).split(BATCH)
    return torch.cat([model.encode(part.to(device)).float().cpu() for part in parts]).numpy()
