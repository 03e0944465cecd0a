"""Parsers of uploaded data and of pictures of one's own, for processes that read for the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads import archives, arrays, tables  # noqa: F401  so that a process that waits has loaded them
from aecore.datasets.uploads.base import File, UnclearError, Uploaded, UploadSettings, shown_name
from aecore.datasets.uploads.images import decode
from aecore.datasets.uploads.reading import read_upload
from aecore.readers.parsers import Parser

HANDWRITTEN = ("digits", "mnist")
"""Data sets of which pictures of one's own are prepared as handwriting."""


@dataclass(frozen=True)
class OwnPictures:
    """x: (K, C, H, W) float32 in [0, 1]; notes: what was done."""

    x: np.ndarray
    notes: tuple[str, ...] = ()


def _read_data(files: Sequence[File], settings: dict[str, Any]) -> Uploaded:
    return read_upload(files, UploadSettings(**settings))


def read_pictures(files: Sequence[File], data: str, shape: Sequence[int]) -> OwnPictures:
    """Pictures like those of a data set: (C, H, W) each; a note names those left out. DataError if none can be read."""
    is_handwriting = data in HANDWRITTEN
    settings = UploadSettings(
        image_size=64 if is_handwriting else shape[1], colour=shape[0] == 3, fit="pad" if is_handwriting else "crop"
    )
    found = decode([(name, partial(bytes, content)) for name, content in files], settings)
    if not is_handwriting:
        return OwnPictures(found.x, found.notes)
    from aecore.datasets.handwriting import from_photo, like, without_padding

    drawn: list[np.ndarray] = []
    refusals: list[tuple[str, DataError]] = []
    for picture, place in zip(found.x, found.kept, strict=True):
        try:
            drawn.append(like(from_photo(without_padding(picture[0])), data, tuple(shape)))
        except DataError as error:
            refusals.append((shown_name(files[place][0]), error))
    if not drawn:
        raise refusals[0][1]
    return OwnPictures(
        np.stack(drawn), (*found.content_notes, *(f"'{name}' left out. {why}" for name, why in refusals))
    )


DATA = Parser("read data", _read_data, Uploaded, (UnclearError, DataError), version=2)
PICTURES = Parser("read pictures", read_pictures, OwnPictures, (DataError,), version=2)
