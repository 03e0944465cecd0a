"""The table of ratings behind the training page: as numbers, as compact text for the link,
and as a data frame to edit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from aecore.worked_examples.toy_training import Ratings

FILMS = ("Alien", "Matrix", "Heat", "Titanic", "Amélie", "Up")
KINDS = {"stars": "Stars", "liked": "Liked or not"}
MOST_ROWS, MOST_LETTERS = 8, 12
VIEWER = "viewer"
"""Name of the first column."""

SIGNS = {"stars": "012345", "liked": "01_"}
"""How one rating is written in the link; not rated is 0 among stars, _ among likes."""

PRESETS: dict[str, dict[str, str]] = {
    "stars": {
        "Two tastes": "545101Ana.450121Ben.112545Chi.021455Dora.554012Emil",
        "Everyone alike": "542123Ana.542123Ben.542123Chi.542123Dora",
        "Up is seen by one": "545105Ana.450120Ben.112540Chi.021450Dora.554010Emil",
    },
    "liked": {
        "Bought or not": "111000Ana.110000Ben.000111Chi.000011Dora.111010Emil",
        "Two tastes": "1110_0Ana.11_000Ben.000111Chi._00111Dora",
    },
}
"""The first of each kind is shown at first. Bought or not is a table in which a 0 is an answer too."""

IDEAS = {
    "Two tastes": "Two groups of viewers like different films: one number of the code can tell the groups apart.",
    "Everyone alike": "All rows are the same, so there is nothing for a code to tell apart.",
    "Up is seen by one": "Only Ana has rated Up: one rating is all that the network can learn about that film.",
    "Bought or not": "Every cell is a yes or a no, so nothing is left out of the error.",
}
"""What each preset shows."""


@dataclass(frozen=True)
class Table:
    """`values` (N, 6): stars 1 to 5, or 1 and 0 for yes and no; NaN where a film is not rated."""

    kind: str
    names: tuple[str, ...]
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    @property
    def ratings(self) -> Ratings:
        """The input of the network: stars divided by 5, yes and no as 1 and 0, and the mask of the ratings."""
        return Ratings.of(np.nan_to_num(self.values) / (5 if self.kind == "stars" else 1), ~np.isnan(self.values))

    @property
    def text(self) -> str:
        """The table as text for the link: six characters and a name per row, separated by dots."""
        rows = zip(self.names, self.values, strict=True)
        return ".".join("".join(_sign(value, self.kind) for value in row) + _escape(name) for name, row in rows)

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a data frame for the editor: stars as text, 0 if not rated; yes, no or None.

        An editor of numbers throws away what is none, or out of bounds, without a word; `read` says what is wrong.
        """
        columns: dict[str, object] = {VIEWER: pd.Series(self.names, dtype=object)}
        for film, column in zip(FILMS, self.values.T, strict=True):
            if self.kind == "stars":
                columns[film] = pd.Series([_sign(value, self.kind) for value in column], dtype=object)
            else:
                columns[film] = pd.Series(
                    [None if np.isnan(value) else ("no", "yes")[int(value)] for value in column], dtype=object
                )
        return pd.DataFrame(columns)

    def called(self, row: int) -> str:
        """The viewer's name, or the row's number where there is none."""
        return self.names[row] or f"Row {row + 1}"


@lru_cache(maxsize=64)
def frame_of(text: str, kind: str) -> pd.DataFrame:
    """The table that a link describes, for the editor, which works on a copy of it."""
    return table_of(text, kind).frame


def table_of(text: str, kind: str) -> Table:
    """The table that a link describes. ValueError, in a sentence, if it describes none."""
    rows = text.split(".") if text else []
    if len(rows) > MOST_ROWS:
        raise ValueError(f"it has {len(rows)} rows, and at most {MOST_ROWS} fit")
    names, values = [], []
    for number, row in enumerate(rows, start=1):
        signs, name = row[: len(FILMS)], re.sub(r"~([01])", lambda found: "~."[int(found[1])], row[len(FILMS) :])
        if len(signs) < len(FILMS) or not set(signs) <= set(SIGNS[kind]):
            raise ValueError(f"row {number} begins with '{signs}', and must begin with six of {', '.join(SIGNS[kind])}")
        names.append(_name(name))
        values.append([_value(sign, kind) for sign in signs])
    return Table(kind, tuple(names), np.array(values, float).reshape(-1, len(FILMS)))


def read(frame: pd.DataFrame, kind: str) -> tuple[Table, list[str]]:
    """What was typed, and a sentence for everything that cannot be used; such an entry counts as not rated."""
    complaints: list[str] = []
    if len(frame) > MOST_ROWS:
        complaints.append(f"The table has {len(frame)} rows. The first {MOST_ROWS} take part; the others wait.")
    names, values = [], []
    for number, row in enumerate(frame.head(MOST_ROWS).itertuples(index=False), start=1):
        names.append(_name("" if row[0] is None or row[0] is pd.NA or row[0] != row[0] else str(row[0])))
        values.append(
            [
                _typed(value, kind, f"{film}, row {number}", complaints)
                for film, value in zip(FILMS, row[1:], strict=True)
            ]
        )
    return Table(kind, tuple(names), np.array(values, float).reshape(-1, len(FILMS))), complaints


def unrated_rows(table: Table) -> Sequence[str]:
    """The viewers without any rating."""
    return [table.called(row) for row in range(len(table)) if np.isnan(table.values[row]).all()]


def _typed(value: object, kind: str, where: str, complaints: list[str]) -> float:
    if value is None or value is pd.NA or value != value or value == "":
        return np.nan
    if kind == "liked" and value in ("yes", "no"):
        return float(value == "yes")
    try:
        number = float(str(value).strip())
    except ValueError:
        number = np.nan
    if number in ((0, 1) if kind == "liked" else range(6)):
        return np.nan if kind == "stars" and number == 0 else number
    wanted = "yes or no" if kind == "liked" else "a whole number of stars from 1 to 5, or 0"
    complaints.append(f"'{str(value)[:20]}' ({where}) is not {wanted}: it counts as not rated.")
    return np.nan


def _sign(value: float, kind: str) -> str:
    return ("0" if kind == "stars" else "_") if np.isnan(value) else str(int(value))


def _value(sign: str, kind: str) -> float:
    return np.nan if sign == "_" or (kind == "stars" and sign == "0") else float(sign)


def _name(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MOST_LETTERS]


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace(".", "~1")
