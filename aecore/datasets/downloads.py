"""Downloads of files: streamed, resumed and verified; a DataError explains a failure."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from aecore.datasets.base import DataError
from aecore.datasets.mirrors import MirrorFailed, receive, size

OFFLINE = "the built-in data sets 'digits', 'shapes' and 'faces' work offline"


@dataclass(frozen=True)
class RemoteFile:
    """A file that several mirrors offer.

    path: its place in the data folder, as "mnist/train-images-idx3-ubyte.gz". size_hint: bytes to expect, 0 if
    unknown. sha256: lowercase hex digest of what `hashed` names. "payload" is what a .gz holds (mirrors compress
    anew, the payload stays the same); "file" is the bytes as they are sent. For a name that does not end in .gz the
    two are one. md5: digest of the file where no SHA-256 of it is published; `sha256` is then empty.
    meanwhile: what works without it.
    """

    path: str
    urls: tuple[str, ...]
    sha256: str
    size_hint: int
    hashed: Literal["payload", "file"] = "payload"
    md5: str = ""
    meanwhile: str = OFFLINE

    @property
    def digest(self) -> str:
        """The published digest."""
        return self.sha256 or self.md5


@dataclass(frozen=True)
class DownloadProgress:
    """Progress of a download.

    total: bytes, or None if unknown. mirror: "" while another process downloads this file.
    """

    path: str
    received: int
    total: int | None
    mirror: str
    done: bool


def present(file: RemoteFile, folder: Path) -> bool:
    """Whether the file is in the data folder; its content is not checked."""
    return (folder / file.path).is_file()


def verify(file: RemoteFile, folder: Path) -> None:
    """DataError if the file is missing or its digest is not the published one. About 0.3 s for 10 MB of gzip."""
    path = folder / file.path
    if not path.is_file():
        raise DataError(f"'{file.path}' has not been downloaded yet; there is no such file in {folder}.")
    if _digest(file, path) != file.digest:
        raise DataError(
            f"'{file.path}' does not match its published checksum: it is corrupt or truncated. "
            f"Delete {path} and download it again."
        )


def fetch(file: RemoteFile, folder: Path) -> Generator[DownloadProgress, None, None]:
    """Downloads the file into the data folder unless it is there; the last record has `done`.

    Bytes go to a `.part` beside the target, which is verified and renamed. Closing the generator leaves a
    `.part` that the next call resumes. DataError if no mirror can be reached, all are corrupt, the disk is full
    or the folder is read-only.
    """
    target = folder / file.path
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_name(target.name + ".lock"), thread_local=False)
        yield from _wait_for(lock, file, part)
        try:
            if not target.is_file():
                yield from _from_mirrors(file, part)
                os.replace(part, target)
            received = size(target)
        finally:
            lock.release()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            part.unlink(missing_ok=True)
        raise disk_trouble(error, target.parent, file.size_hint, "AECORE_DATA") from error
    yield DownloadProgress(file.path, received, received, "", True)


def disk_trouble(error: OSError, folder: Path, needed: int, variable: str) -> DataError:
    """The sentence for a folder that cannot be written.

    needed: bytes to be written; variable: what moves the folder.
    """
    elsewhere = f"set {variable} to a folder"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        size = f"{needed / 1e6:.1f} MB are needed in {folder}"
        return DataError(f"The disk is full: {size}. Free some space, or {elsewhere} on another disk.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        return DataError(
            f"The folder {folder} is not writable. Change its permissions, or {elsewhere} you can write to."
        )
    return DataError(
        f"Writing in {folder} failed ({error.strerror or error}). Try again, or {elsewhere} on another disk."
    )


def _wait_for(lock: FileLock, file: RemoteFile, part: Path) -> Iterator[DownloadProgress]:
    """Takes the lock; while another process holds it, yields that one's progress."""
    while True:
        try:
            lock.acquire(timeout=0.2)
            return
        except Timeout:
            yield DownloadProgress(file.path, size(part), file.size_hint or None, "", False)


def _from_mirrors(file: RemoteFile, part: Path) -> Iterator[DownloadProgress]:
    """Fills `part` with the verified file from the first mirror that can; DataError if none can."""
    if _digest(file, part) == file.digest:
        return
    failures: list[MirrorFailed] = []
    is_corrupt = False
    for url in file.urls:
        try:
            is_resumed = True
            while is_resumed:  # a part from another mirror may not fit this one: then start again from the first byte
                is_resumed = size(part) > 0
                yield from _from_mirror(file, url, part)
                if _digest(file, part) == file.digest:
                    return
                part.unlink(missing_ok=True)
            is_corrupt = True
        except MirrorFailed as failure:
            failures.append(failure)
    raise DataError(_why_not(file, failures, is_corrupt, size(part)))


def _from_mirror(file: RemoteFile, url: str, part: Path) -> Iterator[DownloadProgress]:
    with closing(receive(url, part)) as stream:
        for received, total in stream:
            yield DownloadProgress(file.path, received, total, url, False)
            if file.size_hint and received > 2 * file.size_hint + 2**20:
                return  # not the file, and perhaps endless


def _why_not(file: RemoteFile, failures: list[MirrorFailed], is_corrupt: bool, kept: int) -> str:
    if is_corrupt:
        return (
            f"Every mirror that answered sent '{file.path}' corrupt or truncated. "
            f"Try again later, or from another network; {file.meanwhile}."
        )
    if any(each.has_arrived for each in failures):
        return (
            f"The download of '{file.path}' was cut short, truncated after {kept / 1e6:.1f} MB. What arrived is kept; "
            f"try again and it goes on from there. Meanwhile {file.meanwhile}."
        )
    reason = f" (the last, {failures[-1]})" if failures else ""
    return (
        f"No mirror of '{file.path}' could be reached{reason}. Check the network connection and try "
        f"again; {file.meanwhile}."
    )


def _digest(file: RemoteFile, path: Path) -> str:
    """The digest of what `file.hashed` names; "" if there is no file, or it cannot be uncompressed."""
    if not path.is_file():
        return ""
    is_payload = file.path.endswith(".gz") and file.hashed == "payload"
    digest, room = (
        hashlib.sha256() if file.sha256 else hashlib.md5(usedforsecurity=False),
        200 * max(file.size_hint, 2**20),
    )
    try:
        with gzip.open(path) if is_payload else open(path, "rb") as stream:
            while (chunk := stream.read(2**20)) and room > 0:
                digest.update(chunk)
                room -= len(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return ""
    return digest.hexdigest()
