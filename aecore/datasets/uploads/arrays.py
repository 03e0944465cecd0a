"""Uploaded NumPy and idx files: parsed without pickle, lengths checked before memory is taken."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.idx import read_idx
from aecore.datasets.uploads.archives import open_zip, read_member
from aecore.datasets.uploads.base import (
    LIMITS,
    NO_LABEL,
    Choice,
    File,
    Uploaded,
    UploadLimits,
    UploadSettings,
    shown,
    shown_name,
    some,
)
from aecore.datasets.uploads.labels import read_labels
from aecore.datasets.uploads.shapes import understand

_EXAMPLE_NAMES = (
    "x", "images", "data", "x_train", "train_images", "train_x", "xtrain", "train_data", "imgs", "features", "samples",
)  # fmt: skip
_LABEL_NAMES = ("y", "labels", "label", "target", "targets", "classes")
_IMAGES, _FEATURES = "images|imgs", "data|features|samples"
_LABELS_OF = (
    *((_IMAGES, theirs) for theirs in ("labels", "label", "targets")),
    *((_FEATURES, theirs) for theirs in ("labels", "target", "targets")),
    ("x", "y"),
)
"""How the name of the labels follows from that of the examples: x_train, y_train; train_images, train_labels."""
_OBJECTS = "Python objects, which could run code and are never loaded"


def read_array(name: str, data: bytes, settings: UploadSettings, limits: UploadLimits = LIMITS) -> Uploaded:
    """An .npy or .npz file.

    Of several arrays one is read, found by its name or its size, with the labels that belong to it; a note names those
    that were left out.
    """
    name = shown_name(name)
    if data.startswith(b"\x93NUMPY") or name.lower().endswith(".npy"):
        return understand("array", name, read_npy(name, data), None, settings)
    left_out: dict[str, str] = {}
    arrays = read_npz(name, data, left_out, limits)
    candidates = [key for key, array in arrays.items() if array.dtype.kind in "biuf" and 2 <= array.ndim <= 4]
    key = _chosen(arrays, candidates, settings.array)
    if key is None:
        held = ", ".join(f"'{shown(each)}'" for each in [*arrays, *left_out][:10]) or "none"
        why = f" {shown_name(next(iter(left_out)))} holds {_OBJECTS}." if left_out else ""
        raise DataError(
            f"'{name}' holds the arrays {held}, none of them of numbers in two to four dimensions.{why} "
            "Save the examples as 'x', and their labels, if any, as 'y'."
        )
    label = _label_of(key, arrays, settings.label)
    read = understand("array", name, arrays[key], None if label is None else arrays[label], settings)
    possible = _possible_labels(key, arrays, len(read.examples))
    label = label if read.classes else None
    rest = [f"'{shown(each)}'" for each in arrays if each not in (key, label)]
    rest += [f"'{shown(each)}' ({why})" for each, why in left_out.items()]
    notes: tuple[str, ...] = (
        f"Array '{shown(key)}' was read{f', with its labels from {shown(label)!r}' if label else ''}.",
    )
    notes += (f"Left out: {some(rest)}.",) if rest else ()
    choices: tuple[Choice, ...] = (Choice("array", tuple(candidates), key),) if len(candidates) > 1 else ()
    if possible:
        choices += (Choice("label", (NO_LABEL, *possible), label or NO_LABEL),)
    return replace(read, notes=(*notes, *read.notes) if rest else read.notes, choices=(*choices, *read.choices))


def _chosen(arrays: dict[str, np.ndarray], candidates: Sequence[str], wanted: str) -> str | None:
    """The array of examples: the wanted one, one with a usual name, or the largest."""
    if wanted in candidates:
        return wanted
    known = {key.lower(): key for key in reversed(candidates)}
    usual = next((known[each] for each in _EXAMPLE_NAMES if each in known), None)
    unlabelled = [key for key in candidates if key.lower() not in _LABEL_NAMES] or candidates
    return usual or max(unlabelled, key=lambda key: arrays[key].size, default=None)


def _label_of(key: str, arrays: dict[str, np.ndarray], wanted: str) -> str | None:
    """The wanted array, or the one of labels that belongs to an array of examples; None if there is none."""
    if wanted == NO_LABEL:
        return None
    if wanted in arrays and wanted != key and len(np.atleast_1d(arrays[wanted])) == len(arrays[key]):
        return wanted
    known = {each.lower(): each for each in arrays if each != key}
    named = (re.sub(rf"(?<![a-z])(?:{ours})(?![a-z])", theirs, key.lower()) for ours, theirs in _LABELS_OF)
    paired = next((known[each] for each in named if each in known and each != key.lower()), None)
    if paired:
        return paired
    usual = (known[each] for each in _LABEL_NAMES if each in known)
    is_plain = key.lower() in _EXAMPLE_NAMES[:3] or len(known) == 1
    return next((each for each in usual if is_plain or len(np.atleast_1d(arrays[each])) == len(arrays[key])), None)


def _possible_labels(key: str, arrays: dict[str, np.ndarray], count: int) -> list[str]:
    """The arrays with one label for each of so many examples."""
    others = {each: array for each, array in arrays.items() if each not in (key, NO_LABEL) and array.ndim in (1, 2)}
    return [each for each, array in others.items() if read_labels(array, count).index is not None]


def read_idx_files(files: Sequence[File], settings: UploadSettings, limits: UploadLimits = LIMITS) -> Uploaded:
    """One idx file of examples, or two, of which the one with fewer dimensions holds the labels.

    Labels of several columns, as QMNIST's, are in the first.
    """
    if len(files) > 2:
        raise DataError(f"Here are {len(files)} idx files. Upload one with examples, and at most one with its labels.")
    arrays, left = [], limits.unpacked
    for name, data in files:
        arrays.append((shown_name(name), read_idx(data, shown_name(name), left)))
        left -= arrays[-1][1].nbytes
    arrays.sort(key=lambda each: -each[1].ndim)
    (name, array), *others = arrays
    is_pair = len(arrays) == 2 and others[0][1].ndim < array.ndim and others[0][1].ndim <= 2
    if array.ndim == 1 or not (is_pair or not others):
        examples = sum(each.ndim > 1 for _, each in arrays)
        held = f"{examples} with examples and {len(arrays) - examples} with labels"
        raise DataError(
            f"Of these idx files, {held} were found. Upload one with examples, and at most one with its labels."
        )
    if others and len(others[0][1]) != len(array):
        raise DataError(
            f"'{name}' has {len(array):,} examples, but '{others[0][0]}' {len(others[0][1]):,} labels. Choose the two "
            "that belong together."
        )
    return understand("idx", name, array, others[0][1] if others else None, settings)


def read_npz(
    name: str, data: bytes, left_out: dict[str, str] | None = None, limits: UploadLimits = LIMITS
) -> dict[str, np.ndarray]:
    """Every array of an .npz, read-only. left_out: takes names of arrays of Python objects, and why.

    DataError if the archive or an array in it is damaged; without `left_out` also if one holds Python objects.
    """
    archive = open_zip(name, data, limits)
    arrays = {}
    for member in archive.infolist():
        if member.filename.endswith(".npy"):
            key = member.filename.removesuffix(".npy")
            try:
                content = read_member(archive, member)
            except DataError as error:
                raise DataError(f"{error}, in '{name}'. Save it again with numpy.savez and upload that.") from error
            try:
                arrays[key] = read_npy(f"{name}, array {shown(key)}", content)
            except _NoNumbers as error:
                if left_out is None:
                    raise
                left_out[key] = error.why
    return arrays


class _NoNumbers(DataError):
    """An array that is whole, but not of numbers or texts. why: what it holds."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


def read_npy(name: str, data: bytes) -> np.ndarray:
    """The array of an .npy file, read-only and without a copy. DataError if it is damaged or holds Python objects."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        shape, is_fortran, dtype = read_header(stream)
    except MemoryError:
        raise
    except Exception as error:  # NumPy tokenizes and evaluates the header, so that hostile bytes raise nearly anything
        raise DataError(
            f"'{name}' is not a NumPy file, or is damaged. Save it again with numpy.save and upload that."
        ) from error
    if dtype.hasobject:
        raise _NoNumbers(f"'{name}' holds {_OBJECTS}. Save numbers instead.", "Python objects")
    if dtype.kind not in "biufUS" or dtype.itemsize == 0 or min(shape, default=0) < 0:
        kind = shown(str(dtype))
        raise _NoNumbers(f"'{name}' holds values of type {kind}. Save an array of numbers.", f"values of type {kind}")
    expected, start = math.prod(shape) * dtype.itemsize, stream.tell()
    if expected != len(data) - start:
        held = f"{expected:,} bytes are expected behind its header, {len(data) - start:,} are there"
        raise DataError(f"'{name}' is truncated or damaged: {held}. Save it again with numpy.save and upload that.")
    array = np.frombuffer(data, dtype, offset=start) if expected else np.empty(0, dtype)
    return array.reshape(shape, order="F" if is_fortran else "C")
