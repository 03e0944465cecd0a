"""The PCA baseline of a run: as many components as the code has active units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets import Dataset
from aecore.metrics.baselines import PcaCode, fit_pca
from aecore.variants.base import Autoencoder, ModelSettings


@dataclass(frozen=True)
class PcaBaseline:
    """PCA of the training examples, truncated to a comparable size.

    A code of 1,000 numbers of which 30 differ from zero is compared with 30 components, not with 1,000, which are
    the identity. whole: all components that may be needed, the strongest first. size: how many are compared; None if
    training decides how many units of the code are active. inputs: numbers of an example; with as many components PCA
    is the identity, and no comparison is possible. active_above: a unit counts as active when it is
    farther from zero.
    """

    whole: PcaCode
    size: int | None
    inputs: int
    active_above: float

    @classmethod
    def fit(cls, model: Autoencoder, data: Dataset, home: Path) -> PcaBaseline:
        """The baseline of this model, which need not be trained; cached in `home`."""
        size = model.settings.active_units(data.shape)
        whole = fit_pca(data, size or model.latent_size, home)
        return cls(whole, size, math.prod(data.shape), model.settings.active_above)

    def of_codes(self, codes: np.ndarray) -> PcaCode | None:
        """The PCA to compare codes (N, Z) of the model with; None where it would be the identity."""
        return self._of(active_count(codes, self.active_above) if self.size is None else self.size)

    def fixed(self) -> PcaCode | None:
        """The same before training; None where training decides the size, or where it would be the identity."""
        return None if self.size is None else self._of(self.size)

    def _of(self, size: int) -> PcaCode | None:
        return PcaCode(self.whole.mean, self.whole.components[:size]) if size < self.inputs else None


def comparable_size(settings: ModelSettings, shape: tuple[int, ...], codes: np.ndarray) -> int | None:
    """Components of the PCA to compare codes (N, Z) of a trained network with, by its settings and the shape of an
    example; None where PCA of as many would be the identity.
    """
    size = settings.active_units(shape)
    size = active_count(codes, settings.active_above) if size is None else size
    return size if size < math.prod(shape) else None


def active_count(codes: np.ndarray, above: float) -> int:
    """Units of codes (N, Z) that are active for an example, as a whole number of at least one."""
    return max(1, round(mean_active(codes, above)))


def mean_active(codes: np.ndarray, above: float) -> float:
    """Units of codes (N, Z) that are farther from zero than `above`, mean over the examples."""
    return float((np.abs(codes) > above).sum(1).mean())
