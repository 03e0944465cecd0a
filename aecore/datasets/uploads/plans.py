"""What each column of an uploaded table is for: the label, a feature, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count, islice

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import LABEL_COLUMNS, NO_LABEL, Choice, UploadSettings, shown
from aecore.datasets.uploads.columns import refuse_wide
from aecore.datasets.uploads.decimals import Decimals
from aecore.readers.delimited import DelimitedText
from aecore.readers.errors import UnreadableError

_SAMPLE = 200
_ID = re.compile(r"(?:.*[\W_])?(?i:id)|.*[a-z](?:Id|ID)", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """What each column is for.

    label: the place of the label column, or None; features: those of the columns of numbers; texts: of those without
    any number; left: of those left out that hold numbers; index: the one of these that counts the rows, or None;
    guessed: whether the label was found by its name; spoilt: places of columns that were left out by their cells.
    """

    columns: tuple[str, ...]
    label: int | None
    features: tuple[int, ...]
    texts: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    index: int | None = None
    guessed: bool = False
    spoilt: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return tuple(self.columns[i] for i in self.features)

    def choices(self, table: DelimitedText, label: str, decimals: Decimals) -> tuple[Choice, ...]:
        """What could be understood otherwise; label: the column that became the labels, or "none"."""
        found = [Choice("header", ("yes", "no"), "no" if table.header is None else "yes")]
        if len(self.columns) > 1:
            found.append(Choice("label", (NO_LABEL, *self.columns), label))
            unusable = (self.label, *self.texts, *self.spoilt)
            possible = tuple(self.columns[i] for i in range(len(self.columns)) if i not in unusable)
            left = [self.columns[i] for i in self.left]
            found.append(Choice("left_out", possible, "\n".join(left) or NO_LABEL, has_several=True))
        if decimals.is_open:
            found.append(Choice("decimal", ("point", "comma"), decimals.taken))
        return tuple(found)


def find_plan(table: DelimitedText, settings: UploadSettings, decimals: Decimals) -> Plan:
    """What each column is for. DataError if none is left, or there are too many."""
    if not table.width:
        raise DataError(f"'{table.name}' is empty. Upload a table with at least 3 rows.")
    wanted, cells = settings.label, [cell.strip() for cell in table.header or ("",) * table.width]
    columns = _unique([shown(cell) for cell in cells])
    rows = _first_rows(table)
    guess = next((i for i, cell in enumerate(cells) if cell.lower() in LABEL_COLUMNS), None)
    label = columns.index(wanted) if wanted in columns else None if wanted == NO_LABEL else guess
    words = _without_numbers(rows, table.width, decimals.number)
    if label is None and guess is None and wanted == "" and len(words) == 1:
        label = words[0] if _repeats(table, words[0]) else None
    texts = tuple(i for i in words if i != label)
    index = table.layout.index if table.layout.index is not None else _counting(cells, rows)
    unused = (label, *texts)
    if settings.left_out:
        left = tuple(i for i, name in enumerate(columns) if name in settings.left_out.split("\n") and i not in unused)
    else:
        left = () if index is None or index in unused else (index,)
    features = tuple(i for i in range(len(cells)) if i not in (*unused, *left))
    refuse_wide(table.name, len(features))
    if not features and not texts and label is not None:
        raise DataError(f"'{table.name}' has nothing but the labels '{columns[label]}'. Add columns of numbers.")
    if not features:  # the error will name the bad cell
        features, texts = texts, ()
    return Plan(columns, label, features, texts, left, index, guessed=label == guess and wanted == "")


def _first_rows(table: DelimitedText) -> list[list[str]]:
    """The first rows; [] if one of them has not as many cells as the table, or cannot be read."""
    try:
        rows = [row.cells for row in islice(table.rows(), _SAMPLE)]
    except UnreadableError:  # the error is raised when the rows are read
        return []
    return rows if all(len(row) == table.width for row in rows) else []


def _without_numbers(rows: list[list[str]], width: int, number: Callable[[str], float | None]) -> list[int]:
    """The columns that hold no number in the first rows, of which there are at least two."""
    if len(rows) < 2:
        return []
    return [i for i in range(width) if not any(number(row[i]) is not None for row in rows)]


def _counting(names: list[str], rows: list[list[str]]) -> int | None:
    """The column called id, as `PassengerId` is, if it counts up by one with the rows."""
    for at, name in enumerate(names):
        if len(rows) > 2 and _ID.fullmatch(name):
            cells = [row[at].strip() for row in rows]
            numbers = [int(cell) if re.fullmatch(r"[0-9]{1,9}", cell) else -1 for cell in cells]
            if numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] >= 0:
                return at
    return None


def _repeats(table: DelimitedText, at: int) -> bool:
    """Whether values of a column repeat, as names of classes do and names of rows do not."""
    cells = [row.cells[at].strip() for row in islice(table.rows(), _SAMPLE)]
    return all(cells) and len(set(cells)) <= len(cells) / 2


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names without gaps or repetitions: "column 3" for an empty one, "x (2)" for the second x."""
    taken: dict[str, None] = {}
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        tries = chain([name], (f"{name} ({times})" for times in count(2)))
        taken[next(each for each in tries if each not in taken)] = None
    return tuple(taken)
