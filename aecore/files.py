"""Atomic writing of files, and safe reading: JSON and npz."""

from __future__ import annotations

import json
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError, IndexError, OverflowError, KeyError,
)  # fmt: skip
"""What `zipfile` raises on damaged or hostile bytes; RuntimeError where a bit says that a member is encrypted."""


class BrokenFileError(ValueError):
    """A file that cannot be read as what its name says."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which replaces `path` when the block succeeds
    and is deleted otherwise.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, values: dict[str, Any], *, indent: int | None = 1) -> None:
    """Writes an object so that a reader never sees half of it. indent: None for long files."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(values, indent=indent))


def read_json(path: Path, *, is_finite: bool = False) -> Any:
    """What a JSON file holds. OSError if it cannot be opened, BrokenFileError if it is not JSON, or nests too deeply.

    is_finite: NaN and Infinity, which JSON does not know but Python reads, are refused too.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, parse_constant=_refuse_constant) if is_finite else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFileError(f"{path.name} cannot be read ({error}).") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def write_npz(path: Path, **arrays: Any) -> None:
    """Writes arrays so that a reader never sees half of them; the folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an .npz, no pickles. FileNotFoundError if it is not there, BrokenFileError if it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except (*ZIP_ERRORS, AttributeError) as error:
        raise BrokenFileError(f"{path.name} cannot be read ({error}).") from None
