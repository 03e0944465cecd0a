"""Image similarity: mean squared error, PSNR and SSIM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BEST_PSNR = 99.0
"""PSNR in decibels of two identical pictures."""

WINDOW = 7
"""Side of the window of SSIM."""


@dataclass(frozen=True)
class ImageSimilarity:
    """Of each of N pictures: mse per pixel, psnr in decibels for pixels in [0, 1], ssim between -1 and 1, each (N,)."""

    mse: np.ndarray
    psnr: np.ndarray
    ssim: np.ndarray


def image_similarity(x: np.ndarray, y: np.ndarray) -> ImageSimilarity:
    """Similarity of pictures y to the originals x, both (N, C, H, W); y is clipped to [0, 1] first."""
    from skimage.metrics import structural_similarity

    y = np.clip(y, 0, 1)
    mse = np.square(x - y, dtype=np.float64).reshape(len(x), -1).mean(1)
    window = min(WINDOW, *(side - 1 + side % 2 for side in x.shape[2:]))
    similar = [
        structural_similarity(a, b, data_range=1.0, channel_axis=0, win_size=window) if window >= 3 else np.nan
        for a, b in zip(x, y, strict=True)
    ]
    return ImageSimilarity(mse, psnr(mse), np.array(similar))


def psnr(mse: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio in decibels of pixels in [0, 1]: -10 log10(mse), at most BEST_PSNR."""
    return np.minimum(-10 * np.log10(np.maximum(mse, 1e-12)), BEST_PSNR)
