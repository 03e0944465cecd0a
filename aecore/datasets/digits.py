"""Handwritten digits of 8 x 8 pixels from scikit-learn: small, real, and available offline."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from aecore.datasets.base import DataError, Dataset, Examples, split

CLASSES = tuple("0123456789")


def load(folder: Path | None = None) -> Dataset:
    """1,797 digits, x (N, 1, 8, 8) in [0, 1]; the original counts of 0 to 16 are divided by 16."""
    rows = np.loadtxt(_file(), delimiter=",", dtype=np.int64)
    x = (rows[:, :64].reshape(-1, 1, 8, 8) / 16).astype(np.float32)
    return split("digits", Examples(x, rows[:, 64]), classes=CLASSES)


def _file() -> Path:
    """The table inside scikit-learn, found without importing it, which is slow.

    DataError if it is not there.
    """
    found = find_spec("sklearn")
    for place in (found.submodule_search_locations or ()) if found else ():
        if (path := Path(place) / "datasets" / "data" / "digits.csv.gz").is_file():
            return path
    raise DataError(
        "The digits that come with scikit-learn are not there. Install it again: "
        "pip install --force-reinstall scikit-learn"
    )
