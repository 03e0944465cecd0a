"""Files for a trained model, scaled as the data it has learned were, whatever numbers they reach themselves."""

from __future__ import annotations

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import Uploaded
from aecore.datasets.uploads.store import UploadCard, find_upload
from aecore.paths import home_folder

_BYTES, _DIGITS = (0.0, 255.0), (0.0, 16.0)


def scale_of(data: str) -> tuple[float, float] | None:
    """The numbers that became 0 and 1 in the pictures of a data set; None if that is not known."""
    if (card := _upload(data)) is not None:
        return card.scale
    return _DIGITS if data == "digits" else _BYTES


def has_columns(data: str) -> bool:
    """Whether a data set is an uploaded table."""
    card = _upload(data)
    return card is not None and bool(card.columns)


def as_learned(found: Uploaded, data: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The examples on the scale of the model's data, if their own numbers lie within it, and what was done.

    Numbers between 0 and 1 are on it already.
    """
    x, own = found.examples.x, found.scale
    learned = scale_of(data)
    if own is None or learned in (None, own) or own == (0.0, 1.0) or own[0] < learned[0] or own[1] > learned[1]:
        return x, ()
    (low, high), (least, most) = own, learned
    x = ((x * (high - low) + low - least) / (most - least)).astype(np.float32)
    return x, (f"Then brought to the scale of the model's own data: {least:g} became 0, and {most:g} became 1.",)


def rows_as_learned(found: Uploaded, data: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The columns that a model of an uploaded table takes, each on the scale it had there; cut off at 0 and 1.

    DataError if a column is missing.
    """
    card = find_upload(data, home_folder())
    if missing := [name for name in card.columns if name not in found.columns]:
        raise DataError(f"This model takes the columns {', '.join(card.columns)}; there is none called '{missing[0]}'.")
    places = [found.columns.index(name) for name in card.columns]
    low, high = np.array(found.ranges)[places].T
    least, most = np.array(card.ranges).T
    numbers = found.examples.x[:, places].astype(np.float64) * (high - low) + low
    x = (numbers - least) / np.where(most > least, most - least, 1)
    outside = int(((x < -1e-6) | (x > 1 + 1e-6)).sum())
    told = "Columns were scaled as those of the model's own data were."
    lie = "number lies outside of what it has learned and was" if outside == 1 else "numbers lie outside and were"
    cut = f" {outside:,} {lie} cut off." if outside else ""
    return x.clip(0, 1).astype(np.float32), (told + cut,)


def _upload(data: str) -> UploadCard | None:
    return find_upload(data, home_folder()) if data.startswith("upload-") else None
