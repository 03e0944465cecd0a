"""Baselines of reconstruction: the errors of the mean picture and of PCA."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets.base import Dataset
from aecore.stores.fingerprint import fingerprint
from aecore.stores.results import Kind, ResultCache

PCA = Kind("pca")
MOST_EXACT = 1024
"""Inputs up to which PCA uses the covariance; its eigenvectors then take less than a second."""

BLOCK = 5000


@dataclass(frozen=True)
class PcaCode:
    """PCA fitted on the training examples: mean (D,) and components (Z, D)."""

    mean: np.ndarray
    components: np.ndarray

    def encode(self, x: np.ndarray) -> np.ndarray:
        """x (N, *shape) -> coordinates along the components (N, Z)."""
        return ((x.reshape(len(x), -1) - self.mean) @ self.components.T).astype(np.float32)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """Projects x (N, *shape) onto the components and back."""
        flat = x.reshape(len(x), -1) - self.mean
        return (flat @ self.components.T @ self.components + self.mean).reshape(x.shape).astype(np.float32)


def fit_pca(data: Dataset, latent_size: int, home: Path) -> PcaCode:
    """PCA with `latent_size` components, as many as the training set allows;
    cached in `home`.
    """
    train = data.train.x.reshape(len(data.train), -1)
    size = min(latent_size, *train.shape)
    some = fingerprint(train[:: max(1, len(train) // 200)])
    slot = ResultCache(home).slot(PCA, [data.name, len(train), size], [some])
    if kept := slot.read_as(lambda result: PcaCode(result.arrays["mean"], result.arrays["components"])):
        return kept
    code = _by_covariance(train, size) if train.shape[1] <= MOST_EXACT else _randomised(train, size)
    slot.write(mean=code.mean, components=code.components)
    return code


def _by_covariance(x: np.ndarray, size: int) -> PcaCode:
    """x (N, D): the eigenvectors of the covariance with the largest eigenvalues;
    the entry farthest from zero is positive in each.
    """
    mean = x.mean(0, dtype=np.float64).astype(np.float32)
    covariance = np.zeros((x.shape[1], x.shape[1]))
    for start in range(0, len(x), BLOCK):
        centred = x[start : start + BLOCK] - mean
        covariance += centred.T @ centred
    _, vectors = np.linalg.eigh(covariance)
    components = vectors[:, : -size - 1 : -1].T
    farthest = np.take_along_axis(components, np.abs(components).argmax(1, keepdims=True), 1)
    return PcaCode(mean, (components * np.sign(farthest)).astype(np.float32))


def _randomised(x: np.ndarray, size: int) -> PcaCode:
    """The same for many inputs, by scikit-learn's choice of method; its import takes longer than to fit small data."""
    from sklearn import decomposition

    model = decomposition.PCA(size, random_state=0).fit(x)
    return PcaCode(model.mean_.astype(np.float32), model.components_.astype(np.float32))


def mean_errors(data: Dataset) -> dict[str, float]:
    """Mean squared error per pixel on validation and test, of the mean training picture."""
    mean = data.train.x.mean(0)
    return {"mean_validation": _mse(data.validation.x, mean), "mean_test": _mse(data.test.x, mean)}


def pca_errors(data: Dataset, pca: PcaCode) -> dict[str, float]:
    """The same of `pca`, and its number of components."""
    return {
        "pca_validation": _mse(data.validation.x, pca.reconstruct(data.validation.x)),
        "pca_test": _mse(data.test.x, pca.reconstruct(data.test.x)),
        "pca_size": float(len(pca.components)),
    }


def _mse(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((x - y) ** 2, dtype=np.float64))
