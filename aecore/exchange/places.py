"""A folder of a model, or a ZIP of one, as somebody brings it: its files by name, none larger than it may be."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from aecore.exchange import ExchangeError
from aecore.exchange.huggingface import CONFIG, WEIGHTS
from aecore.files import ZIP_ERRORS
from aecore.limits import in_gb

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")

Read = Callable[[str, int], bytes | None]
"""(name, most bytes) -> the content of that file; None if it is not there."""


def open_place(place: Path) -> tuple[Read, list[str]]:
    """A reader of the files of a folder or ZIP, and their names."""
    try:
        if place.is_dir():
            return lambda name, most: _of_folder(place / name, most), sorted(each.name for each in place.iterdir())
        if not place.exists():
            raise ExchangeError(f"There is no folder {place}.")
        if not zipfile.is_zipfile(place):
            raise ExchangeError(f"{place} is neither a folder nor a ZIP of one.")
        with zipfile.ZipFile(place) as bundle:
            members = [each for each in bundle.namelist() if len(PurePosixPath(each).parts) <= 2]
        inner = next((each for each in sorted(members, key=len) if PurePosixPath(each).name == CONFIG), CONFIG)
        folder = PurePosixPath(inner).parent
        names = [PurePosixPath(each).name for each in members if PurePosixPath(each).parent == folder]
        return lambda name, most: _of_zip(place, str(folder / name), most), names
    except ZIP_ERRORS as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError(f"{place} cannot be read ({error}).") from None


def _of_folder(path: Path, most: int) -> bytes | None:
    try:
        if not path.is_file():
            return None
        _check_bytes(path.name, path.stat().st_size, most)
        return path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path.name} cannot be read ({error.strerror or error}).") from None


def _of_zip(place: Path, member: str, most: int) -> bytes | None:
    name = PurePosixPath(member).name
    try:
        with zipfile.ZipFile(place) as bundle:
            if member not in bundle.namelist():
                return None
            with bundle.open(member) as file:
                content = file.read(most + 1)
    except ZIP_ERRORS as error:
        raise ExchangeError(f"{name} in {place.name} cannot be read ({error}).") from None
    _check_bytes(name, len(content), most)
    return content


def _check_bytes(name: str, size: int, most: int) -> None:
    if size > most:
        raise ExchangeError(f"{name} has more than the {in_gb(most)} that it can have for these settings.")


def parsed(name: str, content: bytes) -> Any:
    """What a file of JSON says, in which no number is infinite. ExchangeError if it is none."""
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{name} is no JSON ({error}).") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def without_weights(names: list[str]) -> ExchangeError:
    """The error of a folder of these files, which has no weights; it may have a pickle instead."""
    pickles = [name for name in names if name.endswith(PICKLES)]
    instead = (
        f" {pickles[0][:60]!r} is a pickle, which could run anything when it is opened; this app never opens one. "
        "Save the weights as safetensors."
        if pickles
        else ""
    )
    return ExchangeError(f"There is no {WEIGHTS}.{instead}")
