"""ZIP files of exports: files that may hold ratings are unpacked in memory, up to a limit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from aecore.datasets.uploads.base import shown_name
from aecore.files import ZIP_ERRORS
from aecore.recommender.profiles.importers.base import LIMITS, ImportLimits, ImportProblem

_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".dat", ".data", ".item", ".base", ".test")
_PRIVATE = ("profile.csv", "comments.csv", "user-profile.json", "user-settings.json", "user-network.json")
"""Not needed, so not read: the first holds an e-mail address."""
_FOLDERS = ("deleted", "orphaned", "likes", "lists", "__macosx")
"""Letterboxd repeats files in these folders under the same names; they are not the user's present ratings."""


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def members(file: str, data: bytes, limits: ImportLimits = LIMITS) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of every member that may hold ratings; a sentence instead of bytes if it cannot be read.

    ImportProblem if the ZIP cannot be read, or has too much in it.
    """
    return _members(file, _opened(file, data, limits), limits)


def _members(file: str, archive: zipfile.ZipFile, limits: ImportLimits) -> Iterator[tuple[str, bytes | str]]:
    kept = [each for each in archive.infolist() if _is_wanted(each.filename)]
    names = {_base(each.filename) for each in kept}
    if "ratings.csv" in names:
        kept = [each for each in kept if _base(each.filename) not in ("diary.csv", "reviews.csv")]
    left = limits.unpacked
    for member in kept:
        name = f"{shown_name(member.filename)} in {file}"
        if _base(member.filename).endswith(".zip"):
            yield name, f"{name} is a ZIP inside a ZIP and was not opened. Unpack it and choose it by itself."
            continue
        content = _unpacked(archive, member, name, min(left, limits.bytes))
        left -= len(content) if isinstance(content, bytes) else 0
        yield name, content


def _opened(file: str, data: bytes, limits: ImportLimits) -> zipfile.ZipFile:
    if data.count(b"PK\x01\x02") > limits.files:
        raise ImportProblem(
            f"{file} holds more than {limits.files:,} files, the most that can be read. "
            "Choose the ZIP as it was exported."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_ERRORS:
        raise ImportProblem(f"{file} is a damaged or truncated ZIP. Download or export it again.") from None
    if {"[Content_Types].xml", "mimetype"} & set(archive.namelist()):
        raise ImportProblem(f"{file} is a spreadsheet or document. Save it as CSV and choose that.")
    unpacked = sum(each.file_size for each in archive.infolist() if _is_wanted(each.filename))
    if unpacked > limits.unpacked:
        most = f"at most {limits.unpacked >> 20} MB are read"
        raise ImportProblem(
            f"{file} would unpack to {unpacked / 2**20:,.0f} MB; {most}. Choose the CSV file of the ratings by itself."
        )
    return archive


def _is_wanted(path: str) -> bool:
    parts = [each for each in path.replace("\\", "/").split("/") if each]
    if not parts or path.endswith("/") or ".." in parts or parts[-1].startswith("."):
        return False
    folders = {each.casefold() for each in parts[:-1]}
    return _base(path).endswith((*_ENDINGS, ".zip")) and _base(path) not in _PRIVATE and not folders & set(_FOLDERS)


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].casefold()


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, most: int) -> bytes | str:
    """The bytes of a member, at most `most` whatever its header declares; or a sentence that says why not."""
    if member.flag_bits & 1:
        return f"{name} is locked with a password. Make a ZIP without one."
    if member.file_size > most:
        return f"{name} has {member.file_size / 2**20:,.0f} MB; at most {most >> 20} MB are read."
    try:
        with archive.open(member) as stream:
            data = stream.read(most + 1)
    except ZIP_ERRORS:
        return f"{name} is damaged inside the ZIP. Download or export it again."
    if len(data) > most:
        return f"{name} unpacks to more than it declares, as a ZIP bomb does, and was not read."
    if len(data) != member.file_size:
        return f"{name} is cut off inside the ZIP. Download or export it again."
    return data
