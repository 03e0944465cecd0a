"""Uploads: what people bring, read, kept and listed. The kinds of files each have a module of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import MAX_UPLOAD_BYTES, File, Uploaded, UploadSettings, shown_name
from aecore.datasets.uploads.images import IMAGE_ENDINGS, read_images
from aecore.datasets.uploads.store import UploadCard, list_uploads, load_upload, save_upload

__all__ = [
    "ENDINGS", "MAX_UPLOAD_BYTES", "UploadCard", "UploadSettings", "Uploaded",
    "list_uploads", "load_upload", "read_upload", "save_upload",
]  # fmt: skip

ENDINGS = (*IMAGE_ENDINGS, ".zip", ".npy", ".npz", ".gz", ".idx", ".csv", ".tsv")
"""What a file chooser should offer; idx files may also be named as MNIST's are, "train-images-idx3-ubyte"."""

_DEFAULT = UploadSettings()
_KINDS = {".zip": "a ZIP", ".npy": "an array", ".npz": "an array", ".csv": "a table", ".tsv": "a table"}


def read_upload(files: Sequence[File], settings: UploadSettings = _DEFAULT) -> Uploaded:
    """Examples in [0, 1] from images, a ZIP of images, an .npy, .npz, idx or CSV file.

    DataError if they cannot be used.

    Several files at once may be images, or a pair of idx files. Nothing is written to the disk, no pickle is loaded.
    """
    kind = _kind(files)
    name, data = files[0]
    if kind == "images":
        return read_images(files, settings)
    if kind == "a ZIP":
        from aecore.datasets.uploads.archives import read_zip

        return read_zip(shown_name(name), data, settings)
    if kind == "a table":
        from aecore.datasets.uploads.tables import read_table

        return read_table(name, data)
    from aecore.datasets.uploads.arrays import read_array, read_idx_files

    return read_array(name, data, settings) if kind == "an array" else read_idx_files(files, settings)


def _kind(files: Sequence[File]) -> str:
    """The one kind of all the files. DataError if there are several, none, or too many bytes."""
    if not files:
        raise DataError("No file was given. Choose images, a ZIP of images, an .npy, .npz, idx or CSV file.")
    size = sum(len(data) for _, data in files)
    if size > MAX_UPLOAD_BYTES:
        most = f"at most {MAX_UPLOAD_BYTES >> 20} MB can be uploaded at once"
        raise DataError(f"The upload has {size / 2**20:,.1f} MB; {most}. Upload a part of it, or smaller images.")
    kinds = {_kind_of(name): shown_name(name) for name, _ in files}
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


def _kind_of(name: str) -> str:
    lower = name.lower()
    if lower.endswith(IMAGE_ENDINGS):
        return "images"
    if re.search(r"(idx\d*|ubyte)(\.gz)?$|^[^.]+\.gz$", lower):
        return "idx"
    ending = re.search(r"\.[^./\\]+$", lower)
    if ending and ending[0] in _KINDS:
        return _KINDS[ending[0]]
    raise DataError(
        f"'{shown_name(name)}' is of a kind that cannot be read. Upload PNG, JPEG, GIF, WebP or BMP images, "
        "a ZIP of images, an .npy, .npz, idx (also .gz) or CSV file."
    )
