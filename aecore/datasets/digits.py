"""Handwritten digits of 8 x 8 pixels that come with scikit-learn: small, real, and there without a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from aecore.datasets.base import Dataset, Examples, split

CLASSES = tuple("0123456789")


def load(folder: Path | None = None) -> Dataset:
    """1,797 digits, x (N, 1, 8, 8) in [0, 1]; the original counts of 0 to 16 are divided by 16."""
    bunch = load_digits()
    x = (bunch.images[:, None] / 16).astype(np.float32)
    return split("digits", Examples(x, bunch.target.astype(np.int64)), classes=CLASSES)
