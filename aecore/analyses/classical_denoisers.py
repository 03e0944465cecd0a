"""CLASSICAL_DENOISERS: baselines for denoising autoencoders that learn nothing, or no more than PCA."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.metrics.image_similarity import psnr

Denoiser = Callable[[np.ndarray, float, Any], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A classical denoiser.

    `apply` takes pictures (N, C, H, W), a strength and the fitted PCA; strengths are those tried.
    """

    apply: Denoiser
    title: str
    strength: str
    strengths: tuple[float, ...]


def _nothing(x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    return x


def _median(x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    from scipy.ndimage import median_filter

    side = int(strength)
    return median_filter(x, (1, 1, min(side, x.shape[2]), min(side, x.shape[3])))


def _total_variation(x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    from skimage.restoration import denoise_tv_chambolle

    return np.stack([denoise_tv_chambolle(each, weight=strength, channel_axis=0) for each in x])


def _wavelet(x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    from skimage.restoration import denoise_wavelet

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # in pictures of 8 x 8 every coefficient of a wavelet touches the edge
        return np.stack(
            [denoise_wavelet(each, sigma=strength, channel_axis=0, rescale_sigma=False, wavelet="sym4") for each in x]
        )


def _pca(x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    components = pca.components_[: int(strength)]
    flat = x.reshape(len(x), -1) - pca.mean_
    return (flat @ components.T @ components + pca.mean_).reshape(x.shape)


CLASSICAL_DENOISERS: dict[str, Method] = {
    "none": Method(_nothing, "No denoising", "", (0.0,)),
    "median": Method(_median, "Median filter", "side of the window", (1, 3, 5)),
    "total-variation": Method(_total_variation, "Total variation", "weight", (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2)),
    "wavelet": Method(_wavelet, "Wavelets", "standard deviation assumed", (0.05, 0.1, 0.2, 0.3, 0.5)),
    "pca": Method(_pca, "PCA projection", "components", (4, 8, 12, 20, 30, 45, 60, 90, 150)),
}
"""Total variation: Rudin, Osher & Fatemi 1992, by Chambolle 2004; wavelets: Donoho & Johnstone 1994;
both from scikit-image.
"""


def fit_components(train: np.ndarray) -> Any:
    """PCA of clean training pictures (N, *shape), with as many components as any strength asks for."""
    from sklearn.decomposition import PCA

    flat = train.reshape(len(train), -1)
    most = int(max(CLASSICAL_DENOISERS["pca"].strengths))
    return PCA(
        min(most, *flat.shape), svd_solver="covariance_eigh" if flat.shape[1] <= 1024 else "randomized", random_state=0
    ).fit(flat)


def denoised(method: str, x: np.ndarray, strength: float, pca: Any) -> np.ndarray:
    """x (N, C, H, W) denoised, float32, clipped to [0, 1]."""
    return np.clip(CLASSICAL_DENOISERS[method].apply(x, strength, pca), 0, 1).astype(np.float32)


def best_strength(method: str, clean: np.ndarray, noisy: np.ndarray, pca: Any) -> float:
    """The strength with the highest mean PSNR on these validation pictures, clean and corrupted (N, C, H, W)."""

    def score(strength: float) -> float:
        error = np.square(denoised(method, noisy, strength, pca) - clean).reshape(len(clean), -1).mean(1)
        return float(psnr(error).mean())

    return max(CLASSICAL_DENOISERS[method].strengths, key=score)
