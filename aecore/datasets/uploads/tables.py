"""Uploaded CSV files: label column and row numbers recognised; every bad cell named by its line and column."""

from __future__ import annotations

import io
import math
from array import array
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, islice
from typing import cast

import numpy as np

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import (
    LABEL_COLUMNS,
    MAX_CLASSES,
    MAX_EXAMPLES,
    NO_LABEL,
    Choice,
    Uploaded,
    UploadSettings,
    as_labels,
    count_of,
    shown,
    shown_name,
    some,
)
from aecore.datasets.uploads.columns import refuse_wide
from aecore.datasets.uploads.shapes import as_rows_or_pictures
from aecore.readers.columns import check_length, fast_columns
from aecore.readers.delimited import DelimitedText, Limits, read_delimited
from aecore.readers.dialect import SEPARATORS
from aecore.readers.errors import UnreadableError, place
from aecore.readers.layout import Expected
from aecore.readers.numbers import as_number, is_number

_ENCODINGS = {"latin-1": "Latin-1", "cp1252": "Windows-1252"}
_DEFAULT = UploadSettings()
_SAMPLE = 200
_LARGE = 2**20
"""Bytes from which the fast reader is worth loading."""


@dataclass(frozen=True)
class _Plan:
    """What each column is for.

    label: the place of the label column, or None; features: those of the columns of numbers; texts: of those without
    any number; guessed: whether the label was found by its name.
    """

    columns: tuple[str, ...]
    label: int | None
    features: tuple[int, ...]
    texts: tuple[int, ...] = ()
    guessed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns[i] for i in self.features)


def read_table(name: str, data: bytes, settings: UploadSettings = _DEFAULT) -> Uploaded:
    """Numeric columns in 0..1; a column 'label', 'class', 'target' or 'y' becomes the labels, if it names classes."""
    has_header = {"yes": True, "no": False}.get(settings.header)
    try:
        expected = Expected(LABEL_COLUMNS, has_header=has_header)
        table = read_delimited(shown_name(name), data, expected, Limits(rows=MAX_EXAMPLES))
        plan = _plan(table, settings.label)
        values, labels = _values(table, plan, data)
    except UnreadableError as error:
        raise DataError(str(error)) from None
    names, label = plan.names, "" if plan.label is None else plan.columns[plan.label]
    index: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    notes = []
    if plan.label is not None:
        index, classes, note = _classes(label, labels)
        if index is None and plan.guessed and (numbers := _measured(table, labels)) is not None:
            values, names = np.column_stack([values, numbers]), (*names, label)
            note = f"Column '{label}' holds numbers with fractions: it was taken for a measurement, not for labels."
        notes.append(note)
        label = label if index is not None else NO_LABEL
    elif settings.label != NO_LABEL and (at := _unnamed_label(table, values)) is not None:
        index, classes = as_labels(f"{number:g}" for number in values[:, at])
        pixels = math.isqrt(values.shape[1] - 1)
        notes.append(
            f"Column {at + 1} holds {classes[0]} to {classes[-1]} beside {pixels * pixels} = {pixels} × {pixels} "
            f"numbers; it became the labels, {len(classes)} classes."
        )
        label, values, names = names[at], np.delete(values, at, axis=1), names[:at] + names[at + 1 :]
    if not values.shape[1]:
        raise DataError(f"'{table.name}' has no column of numbers. Add one, or see whether its first line is right.")
    scaled, choices = as_rows_or_pictures(table.name, values, names, settings)
    notes = [*_notes(table, plan, len(values), len(names)), *notes]
    choices = (*_choices(table, plan, label or NO_LABEL), *choices, *scaled.choices)
    return Uploaded(
        Examples(scaled.x, index), "table", classes, (*notes, *scaled.notes), scaled.columns, scaled.ranges, choices
    )


def _choices(table: DelimitedText, plan: _Plan, label: str) -> tuple[Choice, ...]:
    header = Choice("header", ("yes", "no"), "no" if table.header is None else "yes")
    if len(plan.columns) < 2:
        return (header,)
    return header, Choice("label", (NO_LABEL, *plan.columns), label)


def _plan(table: DelimitedText, wanted: str) -> _Plan:
    if not table.width:
        raise DataError(f"'{table.name}' is empty. Upload a table with at least 3 rows.")
    cells = [cell.strip() for cell in table.header or ("",) * table.width]
    columns = _unique([shown(cell) for cell in cells])
    guess = next((i for i, cell in enumerate(cells) if cell.lower() in LABEL_COLUMNS), None)
    label = columns.index(wanted) if wanted in columns else None if wanted == NO_LABEL else guess
    words = _without_numbers(table)
    if label is None and guess is None and wanted == "" and len(words) == 1:
        label = words[0] if _repeats(table, words[0]) else None
    texts = tuple(i for i in words if i != label)
    features = tuple(i for i in range(len(cells)) if i not in (label, table.layout.index, *texts))
    refuse_wide(table.name, len(features))
    if not features and not texts and label is not None:
        raise DataError(f"'{table.name}' has nothing but the labels '{columns[label]}'. Add columns of numbers.")
    if not features:  # the error will name the bad cell
        features, texts = texts, ()
    return _Plan(columns, label, features, texts, guessed=label == guess and wanted == "")


def _repeats(table: DelimitedText, at: int) -> bool:
    """Whether values of a column repeat, as names of classes do and names of rows do not."""
    cells = [row.cells[at].strip() for row in islice(table.rows(), _SAMPLE)]
    return all(cells) and len(set(cells)) <= len(cells) / 2


def _without_numbers(table: DelimitedText) -> list[int]:
    """The columns that hold no number in the first rows, of which there are at least two."""
    try:
        rows = [row.cells for row in islice(table.rows(), _SAMPLE)]
    except UnreadableError:  # the error is raised when the rows are read
        return []
    even = [row for row in rows if len(row) == table.width]
    if len(even) < 2 or len(even) < len(rows):
        return []
    return [i for i in range(table.width) if not any(is_number(row[i]) for row in even)]


def _measured(table: DelimitedText, cells: list[str]) -> np.ndarray | None:
    """The numbers of a column, None if not all of its cells are finite ones."""
    numbers = [table.number(cell) for cell in cells]
    return np.array(numbers) if all(each is not None and math.isfinite(each) for each in numbers) else None


def _notes(table: DelimitedText, plan: _Plan, rows: int, columns: int) -> list[str]:
    header = "without" if table.header is None else "with"
    size = f"{rows:,} rows of {count_of(columns, 'column')} of numbers"
    notes = [
        f"{size}, separated by {SEPARATORS.get(table.separator, shown(table.separator))}, {header} a line of names."
    ]
    if table.encoding in _ENCODINGS:
        notes.append(f"Its letters were read as {_ENCODINGS[table.encoding]}.")
    if table.damaged:
        notes.append(f"{count_of(table.damaged, 'letter')} could not be read.")
    if table.layout.index is not None:
        notes.append("The first column only counts the rows and was left out.")
    if plan.texts:
        named = [f"'{plan.columns[i]}'" for i in plan.texts]
        notes.append(f"Without numbers, and left out: {some(named, 8)}.")
    return notes


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names without gaps or repetitions: "column 3" for an empty one, "x (2)" for the second x."""
    taken: dict[str, None] = {}
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        tries = chain([name], (f"{name} ({times})" for times in count(2)))
        taken[next(each for each in tries if each not in taken)] = None
    return tuple(taken)


def _values(table: DelimitedText, plan: _Plan, data: bytes) -> tuple[np.ndarray, list[str]]:
    """Numbers (N, D) float64 and the texts of the label column."""
    found = _fast_values(table, plan, data) if len(data) > _LARGE else None
    return found or _careful_values(table, plan)


def _fast_values(table: DelimitedText, plan: _Plan, data: bytes) -> tuple[np.ndarray, list[str]] | None:
    """The same for a large regular file; None for any other."""
    if (
        table.encoding not in ("utf-8", *_ENCODINGS)
        or table.damaged
        or len(table.separator) > 1
        or table.separator == " "
    ):
        return None
    kinds = dict.fromkeys(plan.features, np.float64) | ({} if plan.label is None else {plan.label: str})
    opener, above, most = partial(io.BytesIO, data), table.layout.first_line - 1, table.limits.rows
    columns = fast_columns(opener, table.separator, table.width, kinds, above, table.encoding, most)
    if columns is None or not len(columns[0]):
        return None
    check_length(table, opener, columns)
    labels = [] if plan.label is None else columns.pop().tolist()
    return (np.column_stack(columns), labels) if plan.label is None or all(labels) else None


def _careful_values(table: DelimitedText, plan: _Plan) -> tuple[np.ndarray, list[str]]:
    numbers, labels = array("d"), []
    for _, line, cells in table.rows():
        where = place(table.name, line)
        if len(cells) != table.width:
            held = f"{count_of(len(cells), 'cell')}, where the first line has {table.width}"
            raise DataError(f"{where}: {held}. Give every row the same number of cells.")
        if plan.label is not None:
            labels.append(cells[plan.label].strip())
            if not labels[-1]:
                column = plan.columns[plan.label]
                raise DataError(f"{where}, column '{column}': the label is empty. Fill it or remove the row.")
        numbers.extend(_numbers(where, table, plan, cells))
    width = len(plan.features)
    return np.frombuffer(numbers, dtype=np.float64).reshape(-1, width) if numbers else np.empty((0, width)), labels


def _numbers(where: str, table: DelimitedText, plan: _Plan, cells: list[str]) -> list[float]:
    """The row without its label; a slower pass finds the bad cell if something is wrong."""
    row = [table.number(cells[i]) for i in plan.features]
    if None not in row and math.isfinite(sum(row)):
        return cast(list[float], row)
    return [_number(f"{where}, column '{plan.columns[i]}'", cells[i], table) for i in plan.features]


def _number(where: str, cell: str, table: DelimitedText) -> float:
    if not cell.strip():
        raise DataError(f"{where}: the cell is empty. Fill it or remove the row.")
    number = table.number(cell)
    if number is None:
        advice = "Remove the column, or name it 'label' if it says what the row is"
        raise DataError(f"{where}: '{shown(cell, 30)}' is not a number. {advice}.")
    if not math.isfinite(number):
        raise DataError(f"{where}: '{shown(cell, 30)}' is not a finite number. Replace it or remove the row.")
    return number


def _unnamed_label(table: DelimitedText, values: np.ndarray) -> int | None:
    """The first or last column of a table without names if it counts classes 0, 1, 2,
    … beside square pictures, as MNIST's CSV does.
    """
    pixels = values.shape[1] - 1
    if table.header is not None or pixels < 64 or math.isqrt(pixels) ** 2 != pixels or not len(values):
        return None
    for at in (0, pixels):
        classes = np.unique(values[:, at])
        if 2 <= len(classes) < min(100, len(values)) and (np.diff(classes) == 1).all() and classes[0] in (0, 1):
            return at if np.delete(values, at, axis=1).max() > classes[-1] else None
    return None


def _classes(column: str, labels: list[str]) -> tuple[np.ndarray | None, tuple[str, ...], str]:
    """Labels and classes, or None and () with a note if the column measures something instead of naming it."""
    distinct = set(labels)
    numbers = [as_number(each, True) for each in distinct]
    has_fractions = None not in numbers and any(not number.is_integer() for number in numbers)
    if has_fractions or len(distinct) > MAX_CLASSES:
        why = "numbers with fractions" if has_fractions else f"{len(distinct):,} different values"
        return None, (), f"Column '{column}' holds {why}, so it does not name classes and was left out."
    index, classes = as_labels(labels)
    return index, classes, f"Column '{column}' became the labels, {len(classes):,} classes."
