"""What a reconstruction is worth: the error of the mean picture, and of PCA with a code of the same size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA

from aecore.datasets.base import Dataset
from aecore.files import BrokenFileError, read_npz, write_npz


@dataclass(frozen=True)
class PcaCode:
    """PCA fitted on the training examples: mean (D,) and components (Z, D)."""

    mean: np.ndarray
    components: np.ndarray

    def encode(self, x: np.ndarray) -> np.ndarray:
        """x (N, *shape) -> its place along each component (N, Z)."""
        return ((x.reshape(len(x), -1) - self.mean) @ self.components.T).astype(np.float32)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """Projects x (N, *shape) onto the components and back."""
        flat = x.reshape(len(x), -1) - self.mean
        return (flat @ self.components.T @ self.components + self.mean).reshape(x.shape).astype(np.float32)


def fit_pca(data: Dataset, latent_size: int, cache: Path) -> PcaCode:
    """PCA with `latent_size` components, as many as the training set allows; kept in `cache`, which may be emptied."""
    train = data.train.x.reshape(len(data.train), -1)
    size = min(latent_size, *train.shape)
    seal = hashlib.sha256(np.ascontiguousarray(train[:: max(1, len(train) // 200)]).tobytes()).hexdigest()[:10]
    path = cache / f"pca-{data.name}-{seal}-{len(train)}-{size}.npz"
    try:
        kept = read_npz(path)
        return PcaCode(kept["mean"], kept["components"])
    except (OSError, BrokenFileError, KeyError):
        model = PCA(size, random_state=0).fit(train)
    code = PcaCode(model.mean_.astype(np.float32), model.components_.astype(np.float32))
    write_npz(path, mean=code.mean, components=code.components)
    return code


def baselines(data: Dataset, pca: PcaCode) -> dict[str, float]:
    """Mean squared error per pixel on validation and test, of the mean training picture and of `pca`."""
    mean = data.train.x.mean(0)
    return {
        "mean_validation": _mse(data.validation.x, mean),
        "mean_test": _mse(data.test.x, mean),
        "pca_validation": _mse(data.validation.x, pca.reconstruct(data.validation.x)),
        "pca_test": _mse(data.test.x, pca.reconstruct(data.test.x)),
        "pca_size": float(len(pca.components)),
    }


def _mse(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((x - y) ** 2, dtype=np.float64))
