"""Reads uploads of every kind of file; each kind has its own module."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from aecore.datasets.base import DataError, Examples
from aecore.datasets.idx import is_idx
from aecore.datasets.uploads.base import (
    LIMITS,
    MAX_UPLOAD_BYTES,
    Choice,
    File,
    Uploaded,
    UploadLimits,
    UploadSettings,
    shown_name,
)
from aecore.datasets.uploads.images import IMAGE_ENDINGS, is_image, read_images
from aecore.datasets.uploads.store import UploadCard, find_upload, list_uploads, load_upload, save_upload
from aecore.readers.delimited import read_delimited
from aecore.readers.errors import UnreadableError
from aecore.readers.numbers import is_number

__all__ = [
    "ENDINGS", "MAX_UPLOAD_BYTES", "UploadCard", "UploadSettings", "Uploaded",
    "find_upload", "list_uploads", "load_upload", "read_upload", "save_upload",
]  # fmt: skip

ENDINGS = (*IMAGE_ENDINGS, ".zip", ".npy", ".npz", ".gz", ".idx", ".csv", ".tsv")
"""What a file chooser should offer; idx files may also be named as MNIST's are, "train-images-idx3-ubyte"."""

_DEFAULT = UploadSettings()
_HEAD, _ROWS = 2**16, 50
_KINDS = {".zip": "a ZIP", ".npy": "an array", ".npz": "an array", ".csv": "a table", ".tsv": "a table"}


def read_upload(files: Sequence[File], settings: UploadSettings = _DEFAULT, limits: UploadLimits = LIMITS) -> Uploaded:
    """Examples in [0, 1] from images, a ZIP of images, an .npy, .npz, idx or CSV file; each may be a .gz.

    The content decides the kind of a file, not its name. DataError if they cannot be used.

    Several files at once may be images, or a pair of idx files. Nothing is written to the disk, no pickle is loaded.
    """
    _refuse_bytes(files, limits.bytes)
    files = list(_unpacked(files, limits.bytes))
    kind = _kind(files)
    name, data = files[0]
    if kind == "images":
        return _turned(read_images(files, settings, limits), settings)
    if kind == "a ZIP":
        from aecore.datasets.uploads.archives import read_zip

        return _turned(read_zip(shown_name(name), data, settings, limits), settings)
    if kind == "a table":
        from aecore.datasets.uploads.tables import read_table

        return _turned(read_table(name, data, settings), settings)
    from aecore.datasets.uploads.arrays import read_array, read_idx_files

    read = read_array(name, data, settings, limits) if kind == "an array" else read_idx_files(files, settings, limits)
    return _turned(read, settings)


def _turned(read: Uploaded, settings: UploadSettings) -> Uploaded:
    """Pictures rotated or mirrored by the settings."""
    x = read.examples.x
    if x.ndim != 4:
        return read
    turns = {
        "transposed": (x.swapaxes(2, 3), "Every picture was mirrored at its diagonal: rows became columns."),
        "right": (np.rot90(x, -1, (2, 3)), "Every picture was turned by 90 degrees to the right."),
        "left": (np.rot90(x, 1, (2, 3)), "Every picture was turned by 90 degrees to the left."),
        "around": (np.rot90(x, 2, (2, 3)), "Every picture was turned upside down, by 180 degrees."),
    }
    choice = Choice("turn", ("stored", *turns), settings.turn)
    notes = read.notes
    if settings.turn != "stored":
        x, note = turns[settings.turn]
        notes += (note,)
    examples = Examples(np.ascontiguousarray(x), read.examples.labels)
    return replace(read, examples=examples, notes=notes, choices=(*read.choices, choice))


def _refuse_bytes(files: Sequence[File], most: int) -> None:
    size = sum(len(data) for _, data in files)
    if size > most:
        at_most = f"at most {most >> 20} MB can be uploaded at once"
        raise DataError(f"The upload has {size / 2**20:,.1f} MB; {at_most}. Upload a part of it, or smaller images.")


def _kind(files: Sequence[File]) -> str:
    """The one kind of all the files. DataError if there are several, or none."""
    if not files:
        raise DataError("No file was given. Choose images, a ZIP of images, an .npy, .npz, idx or CSV file.")
    kinds = {_kind_of(name, data): shown_name(name) for name, data in files}
    if len(kinds) > 1:
        found = ", ".join(f"{kind} ('{name}')" for kind, name in kinds.items())
        raise DataError(f"One upload holds one kind of data, but here are {found}. Upload them one after the other.")
    kind = next(iter(kinds))
    if len(files) > 1 and kind not in ("images", "idx"):
        raise DataError(
            f"Only images come by several files; here are {len(files)} of {kind}. Upload them one after the other."
        )
    empty = [shown_name(name) for name, data in files if not data]
    if empty and kind != "images":
        raise DataError(f"'{empty[0]}' is empty (0 bytes). Check the file and upload it again.")
    return kind


def _kind_of(name: str, data: bytes) -> str:
    """The kind by the first bytes, or by the name where those do not decide."""
    if kind := _kind_of_content(name, data):
        return kind
    lower = name.lower()
    if lower.endswith(IMAGE_ENDINGS):
        return "images"
    if re.search(r"(idx\d*|ubyte)(\.gz)?$|^[^.]+\.gz$", lower):
        return "idx"
    ending = re.search(r"\.[^./\\]+$", lower)
    if ending and ending[0] in _KINDS:
        return _KINDS[ending[0]]
    if _is_table(data):
        return "a table"
    raise DataError(
        f"'{shown_name(name)}' is of a kind that cannot be read. Upload PNG, JPEG, GIF, WebP or BMP images, "
        "a ZIP of images, an .npy, .npz, idx (also .gz) or CSV file."
    )


def _kind_of_content(name: str, data: bytes) -> str:
    """The kind by the first bytes, or "". name: distinguishes an .npz without arrays from a ZIP without pictures."""
    if is_image(data):
        return "images"
    if data.startswith(b"\x93NUMPY"):
        return "an array"
    if data.startswith(b"PK\x03\x04"):
        first = data[30 : 30 + int.from_bytes(data[26:28], "little")]
        is_array = first.lower().endswith(b".npy") or name.lower().endswith(".npz")
        return "an array" if is_array else "a ZIP"
    return "idx" if data.startswith(b"\x1f\x8b") or is_idx(data) else ""


def _is_table(data: bytes) -> bool:
    """Whether the first lines of a file of any name are rows of cells with numbers among them."""
    head = data[:_HEAD]
    try:
        table = read_delimited("", head[: head.rfind(b"\n") + 1] or head)
        rows = [row.cells for row in islice(table.rows(), _ROWS)]
    except UnreadableError:
        return False
    even = [row for row in rows if len(row) == table.width]
    return table.width > 1 and len(even) > 1 and any(is_number(cell) for row in even for cell in row)


def _unpacked(files: Sequence[File], most: int) -> Iterator[File]:
    """The files, those of gzip as what they hold. DataError if that is more than `most` bytes in all."""
    left = most
    for name, data in files:
        content = _gunzipped(data, left)
        left -= len(content)
        if left < 0:
            raise DataError(
                f"'{shown_name(name)}' unpacks to more than {most >> 20} MB, the most that can be read"
                f"{' in all' if len(files) > 1 else ''}. Upload a part of it."
            )
        yield name, content


def _gunzipped(data: bytes, most: int) -> bytes:
    """What a gzip file holds, up to a byte more than `most`, unless it is an idx file,
    whose reader knows how much to expect, or damaged.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            head = stream.read(4)
            if is_idx(head):
                return data
            return head + stream.read(most + 1)
    except (OSError, EOFError, zlib.error):
        return data
