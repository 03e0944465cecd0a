"""Tiny uploads for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aecore.datasets.base import Examples
from aecore.datasets.uploads.base import Uploaded
from aecore.datasets.uploads.store import save_upload
from aecore.stores.owners import HOST


def upload_rows(home: Path, classes: tuple[str, ...] = (), rows: int = 120, owner: str = HOST) -> str:
    """Keeps a table of six columns in which each class has a centre of its own,
    unlabelled if there are no classes; returns its id.
    """
    rng = np.random.default_rng(0)
    labels = rng.integers(0, max(1, len(classes)), rows)
    centres = rng.random((max(1, len(classes)), 6))
    x = np.clip(centres[labels] + 0.05 * rng.normal(size=(rows, 6)), 0, 1).astype(np.float32)
    names = tuple("abcdef")
    examples = Examples(x, labels if classes else None)
    return save_upload(Uploaded(examples, "table", classes, (), names, ((0.0, 1.0),) * 6), "Rows", home, owner)
