"""Uploaded NumPy and idx files: parsed without pickle, lengths checked before memory is taken."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.idx import read_idx
from aecore.datasets.uploads.archives import open_zip, read_member
from aecore.datasets.uploads.base import File, Uploaded, UploadSettings, shown, shown_name
from aecore.datasets.uploads.shapes import understand

ARRAY_NAMES = ("x", "images", "data", "x_train")
LABEL_NAMES = ("y", "labels", "label", "y_train")


def read_array(name: str, data: bytes, settings: UploadSettings) -> Uploaded:
    """An .npy or .npz file.

    In an .npz the array is 'x', 'images', 'data' or the only one; 'y' or 'labels' are its labels.
    """
    name = shown_name(name)
    if name.lower().endswith(".npy"):
        return understand("array", name, read_npy(name, data), None, settings)
    arrays = read_npz(name, data)
    known = {key.lower(): key for key in arrays}
    label_key = next((known[key] for key in LABEL_NAMES if key in known), None)
    others = [key for key in arrays if key != label_key]
    key = next((known[key] for key in ARRAY_NAMES if key in known), others[0] if len(others) == 1 else None)
    if key is None:
        held = ", ".join(f"'{shown(each)}'" for each in list(arrays)[:10]) or "none"
        raise DataError(f"'{name}' holds the arrays {held}; name the one to read 'x', and its labels, if any, 'y'.")
    return understand("array", name, arrays[key], None if label_key is None else arrays[label_key], settings)


def read_idx_files(files: Sequence[File], settings: UploadSettings) -> Uploaded:
    """One idx file of examples, or two, of which the one with a single dimension holds the labels."""
    arrays = [(shown_name(name), read_idx(data, shown_name(name))) for name, data in files]
    labels = [(name, array) for name, array in arrays if array.ndim == 1]
    examples = [(name, array) for name, array in arrays if array.ndim > 1]
    if len(examples) != 1 or len(labels) > 1:
        held = f"{len(examples)} with examples and {len(labels)} with labels"
        raise DataError(
            f"Of these idx files, {held} were found. Upload one with examples, and at most one with its labels."
        )
    name, array = examples[0]
    return understand("idx", name, array, labels[0][1] if labels else None, settings)


def read_npz(name: str, data: bytes) -> dict[str, np.ndarray]:
    """Every array of an .npz, read-only.

    DataError if the archive or an array in it is damaged, or holds Python objects.
    """
    archive = open_zip(name, data)
    arrays = {}
    for member in archive.infolist():
        if member.filename.endswith(".npy"):
            key = member.filename.removesuffix(".npy")
            try:
                content = read_member(archive, member)
            except DataError as error:
                raise DataError(f"{error}, in '{name}'. Save it again with numpy.savez and upload that.") from error
            arrays[key] = read_npy(f"{name}, array {shown(key)}", content)
    return arrays


def read_npy(name: str, data: bytes) -> np.ndarray:
    """The array of an .npy file, read-only and without a copy. DataError if it is damaged or holds Python objects."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        shape, is_fortran, dtype = read_header(stream)
    except Exception as error:  # NumPy tokenizes and evaluates the header, so that hostile bytes raise nearly anything
        raise DataError(
            f"'{name}' is not a NumPy file, or is damaged. Save it again with numpy.save and upload that."
        ) from error
    if dtype.hasobject:
        raise DataError(
            f"'{name}' holds Python objects, which could run code and are never loaded. Save numbers instead."
        )
    if dtype.kind not in "biufUS" or dtype.itemsize == 0 or min(shape, default=0) < 0:
        raise DataError(f"'{name}' holds values of type {shown(str(dtype))}. Save an array of numbers.")
    expected, start = math.prod(shape) * dtype.itemsize, stream.tell()
    if expected != len(data) - start:
        held = f"{expected:,} bytes are expected behind its header, {len(data) - start:,} are there"
        raise DataError(f"'{name}' is truncated or damaged: {held}. Save it again with numpy.save and upload that.")
    array = np.frombuffer(data, dtype, offset=start) if expected else np.empty(0, dtype)
    return array.reshape(shape, order="F" if is_fortran else "C")
