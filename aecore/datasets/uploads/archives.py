"""Uploaded ZIP archives: bombs, passwords and strange names refused; pictures read without touching the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import partial

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import (
    LIMITS,
    Uploaded,
    UploadLimits,
    UploadSettings,
    as_labels,
    count_of,
    shown,
    shown_name,
    some,
)
from aecore.datasets.uploads.headers import refuse_pixels
from aecore.datasets.uploads.images import IMAGE_ENDINGS, decode, is_image
from aecore.files import ZIP_ERRORS

MAX_RATIO = 200
"""Largest compression ratio of archives that unpack to more than `_SMALL` bytes."""

_SMALL = 10 * 2**20


def read_zip(name: str, data: bytes, settings: UploadSettings, limits: UploadLimits = LIMITS) -> Uploaded:
    """The pictures of an archive; if they lie in two or more folders, these are their classes."""
    archive = open_zip(name, data, limits)
    members = [each for each in archive.infolist() if not each.filename.endswith("/") and not _is_hidden(each.filename)]
    inner = [each.filename for each in members if each.filename.lower().endswith(".zip")]
    if inner:
        raise DataError(
            f"'{name}' holds another ZIP, '{shown_name(inner[0])}'. Unpack that one and make a ZIP of images alone."
        )
    pictures = [each for each in members if _is_picture(archive, each)]
    if not pictures:
        raise DataError(
            f"'{name}' holds no PNG, JPEG, GIF, WebP or BMP images. Upload arrays and tables without a ZIP."
        )
    refuse_pixels((partial(archive.open, each) for each in pictures), limits.pixels)
    lazy = [(each.filename, partial(read_member, archive, each)) for each in pictures]
    found = decode(lazy, settings, limits.pixels)
    x, kept, notes = found.x, found.kept, found.notes
    if len(members) > len(pictures):
        notes += (f"{count_of(len(members) - len(pictures), 'other file')} in the ZIP left out.",)
    folders = [_folder(pictures[i].filename) for i in kept]
    if len(set(folders)) < 2:
        return Uploaded(Examples(x), "images", notes=notes, choices=found.choices)
    labels, classes = as_labels(folders)
    notes += (f"The names of {len(classes)} folders became the classes.", *_put_together(pictures[i] for i in kept))
    return Uploaded(Examples(x, labels), "images", classes, notes, choices=found.choices)


def _put_together(pictures: Iterable[zipfile.ZipInfo]) -> tuple[str, ...]:
    """Which folders of the same name became one class, in a sentence, if there are any."""
    places: dict[str, dict[str, None]] = {}
    for each in pictures:
        parents = "/".join(_parts(each.filename)[:-1])
        places.setdefault(_folder(each.filename), {})[parents] = None
    merged = [
        f"'{shown(name)}' of {' and '.join(shown(parent) or 'the top' for parent in list(parents)[:4])}"
        for name, parents in places.items()
        if len(parents) > 1
    ]
    return (f"Folders of the same name became one class: {some(merged)}.",) if merged else ()


def _is_picture(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """By its name, or by how it begins."""
    if member.filename.lower().endswith(IMAGE_ENDINGS):
        return True
    try:
        with archive.open(member) as stream:
            return is_image(stream.read(16))
    except ZIP_ERRORS:
        return False


def open_zip(name: str, data: bytes, limits: UploadLimits = LIMITS) -> zipfile.ZipFile:
    """The archive, once its directory is known to be harmless. DataError if it is damaged, encrypted or a bomb."""
    if data.count(b"PK\x01\x02") > limits.files:  # counted in the bytes: a list of millions is itself a bomb
        raise DataError(
            f"'{name}' holds more than {limits.files:,} files, the most that can be read. Make a ZIP of fewer."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_ERRORS as error:
        raise DataError(f"'{name}' is not a ZIP archive, or is truncated. Make it again and upload that.") from error
    unpacked = sum(each.file_size for each in archive.infolist())
    if unpacked > limits.unpacked:
        size = f"{unpacked / 1e6:,.0f} MB, more than the {limits.unpacked / 1e6:,.0f} MB that can be read"
        raise DataError(f"'{name}' unpacks to {size}. Make a ZIP of a part of it.")
    if unpacked > max(_SMALL, MAX_RATIO * len(data)):
        ratio = f"to {unpacked // len(data):,} times its size; at most {MAX_RATIO} times is accepted"
        raise DataError(f"'{name}' unpacks {ratio}, as it could be a ZIP bomb. Upload the files themselves.")
    for each in archive.infolist():
        if each.flag_bits & 0x1:
            raise DataError(
                f"'{name}' is encrypted: '{shown_name(each.filename)}' needs a password. Make a ZIP without one."
            )
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(
                f"'{name}' uses an unusual compression for '{shown_name(each.filename)}'. Make an ordinary ZIP."
            )
    return archive


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, never more than its directory declares.

    DataError, without a full stop, if it is damaged.
    """
    try:
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except ZIP_ERRORS as error:
        raise DataError(f"'{shown_name(member.filename)}' is damaged inside the ZIP") from error
    if len(data) != member.file_size:
        raise DataError(f"'{shown_name(member.filename)}' is truncated inside the ZIP")
    return data


def _is_hidden(path: str) -> bool:
    """Whether an operating system added this file: __MACOSX, .DS_Store, Thumbs.db."""
    parts = path.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in ("thumbs.db", "desktop.ini")


def _folder(path: str) -> str:
    parts = _parts(path)
    return parts[-1] if parts else "(no folder)"


def _parts(path: str) -> list[str]:
    """The folders that a file lies in."""
    return [part for part in path.replace("\\", "/").split("/")[:-1] if part not in ("", ".", "..")]
