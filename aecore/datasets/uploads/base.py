"""What every kind of upload shares: the settings, the result, the limits, and names that are safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aecore.datasets.base import DataError, Examples
from aecore.settings import Settings, knob

MAX_UPLOAD_BYTES = 200 * 2**20
MAX_EXAMPLES = 100_000
MAX_COLUMNS = 4_096
MAX_CLASSES = 1_000
MAX_NUMBERS = 100_000_000
"""Examples times numbers in each: 400 MB as float32."""

LABEL_COLUMNS = ("label", "labels", "class", "target", "y")
"""Names, in small letters, of a table's column that says what a row is."""

File = tuple[str, bytes]
"""Name and content, as a browser sends them."""


@dataclass(frozen=True)
class UploadLimits:
    """The most that one upload may have in all, over every file in it and in its archives.

    bytes: as sent; unpacked: bytes; files: in an archive; pixels: decoded, see `headers.cost_of`.
    """

    bytes: int = MAX_UPLOAD_BYTES
    unpacked: int = 512 * 2**20
    files: int = 20_000
    pixels: int = 500_000_000


LIMITS = UploadLimits()


@dataclass(frozen=True)
class UploadSettings(Settings):
    """How files become examples. What is "auto" (or empty) is found from the whole data, and told as a `Choice`."""

    image_size: int = knob(28, "Height and width of every picture, in pixels.", low=8, high=64)
    colour: bool = knob(False, "Keep red, green and blue; otherwise pictures become grey.")
    fit: Literal["crop", "pad", "stretch"] = knob("crop", "How a picture that is not square becomes square.")
    turn: Literal["stored", "transposed", "right", "left", "around"] = knob("stored", "How every picture is turned.")
    scale: Literal["auto", "kept", "bytes", "bits", "full", "highest", "range", "columns"] = knob(
        "auto", "Which numbers become 0 and 1."
    )
    layout: Literal["auto", "first", "last"] = knob("auto", "Which axis of an array counts the pictures.")
    rows: Literal["numbers", "pictures"] = knob("numbers", "What the rows of a table are.")
    header: Literal["auto", "yes", "no"] = knob("auto", "Whether the first line of a table names its columns.")
    label: str = knob("", 'The column, or the array, that says what an example is, or "none".')
    array: str = knob("", "Which of several arrays is read.")
    left_out: str = knob("", 'Columns that are left out, each on a line, or "none".')
    gaps: Literal["auto", "rows", "columns"] = knob("auto", "What is left out where cells hold no number.")
    decimal: Literal["auto", "point", "comma"] = knob("auto", "The decimal sign; the other one groups thousands.")


NO_LABEL = "none"


@dataclass(frozen=True)
class Choice:
    """Something that was understood and could be understood otherwise.

    setting: its name in `UploadSettings`; options: valid values for these files; taken: what was done. has_several:
    taken are any number of the options, each on a line, or "none".
    """

    setting: str
    options: tuple[str, ...]
    taken: str
    has_several: bool = False

    @property
    def chosen(self) -> list[str]:
        """The options that were taken."""
        return [each for each in self.options if each in self.taken.split("\n")]


@dataclass(frozen=True)
class Uploaded:
    """What was understood. kind: "images", "array", "idx" or "table". notes: sentences that say what was done.

    columns and ranges belong to tables: name, and the (low, high) that became 0 and 1. choices: what could be
    understood otherwise. scale: of pictures in arrays and tables, the (low, high) that became 0 and 1 in all of them.
    """

    examples: Examples
    kind: str
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()
    choices: tuple[Choice, ...] = ()
    scale: tuple[float, float] | None = None


class UnclearError(DataError):
    """Files that can be used if something is said otherwise. choices: what."""

    choices: tuple[Choice, ...]

    def __init__(self, message: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(message)
        self.choices = choices


def shown(text: str, limit: int = 60) -> str:
    """A name that does no harm as HTML, Markdown or in a terminal: other signs become "_",
    the middle of a long one "…".
    """
    text = "".join(sign if sign.isalnum() or sign in " .-+,()/%'=°²" else "_" for sign in text[: 10 * limit]).strip()
    return text if len(text) <= limit else text[: limit // 2] + "…" + text[-limit // 2 + 1 :]


def shown_name(path: str) -> str:
    """The last part of a path, safe to show."""
    return shown(path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]) or "unnamed"


def some(reasons: Sequence[str], limit: int = 5) -> str:
    """The first few reasons in one line, and how many more there are."""
    rest = len(reasons) - limit
    return "; ".join(reasons[:limit]) + (f"; and {rest:,} more" if rest > 0 else "")


def count_of(number: int, what: str) -> str:
    """As in "1 image" and "2,000 images"."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def refuse_too_many(name: str, examples: int, numbers_each: int) -> None:
    """DataError if there are none, or more than fit in memory."""
    if examples < 1 or numbers_each < 1:
        raise DataError(f"'{name}' holds no examples. Upload a file with at least 3.")
    if examples > MAX_EXAMPLES:
        raise DataError(
            f"'{name}' holds {examples:,} examples; at most {MAX_EXAMPLES:,} can be read. Upload a part of them."
        )
    if examples * numbers_each > MAX_NUMBERS:
        raise DataError(
            f"'{name}' holds {examples:,} examples of {numbers_each:,} numbers, more than {MAX_NUMBERS:,} in all. "
            "Upload a part of them, or choose a smaller image size."
        )


def as_labels(names: Iterable[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Label (N,) int64 of each name, and the classes: numbers by size, then words by the alphabet.

    DataError if too many.
    """
    names = [_whole(name.strip()) for name in names]
    classes = sorted(set(names), key=lambda name: (not _is_whole(name), float(name) if _is_whole(name) else 0, name))
    if len(classes) > MAX_CLASSES:
        raise DataError(f"There are {len(classes):,} different labels; at most {MAX_CLASSES:,} can be told apart.")
    index = {name: i for i, name in enumerate(classes)}
    return np.array([index[name] for name in names], dtype=np.int64), tuple(shown(name) for name in classes)


def _whole(name: str) -> str:
    """ "3" for "3.0" and "3", as tables write the same label in both ways."""
    return re.sub(r"^(-?\d{1,15})\.0+$", r"\1", name)


def _is_whole(name: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}", name) is not None
