"""Uploaded CSV files: label column and row numbers recognised; every bad cell named by its line and column."""

from __future__ import annotations

import math
import re

import numpy as np

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import (
    LABEL_COLUMNS,
    MAX_CLASSES,
    MAX_EXAMPLES,
    NO_LABEL,
    Choice,
    UnclearError,
    Uploaded,
    UploadSettings,
    as_labels,
    count_of,
    shown,
    shown_name,
    some,
)
from aecore.datasets.uploads.cells import ENCODINGS, Cells, read_cells
from aecore.datasets.uploads.decimals import Decimals, find_decimals
from aecore.datasets.uploads.plans import Plan, find_plan
from aecore.datasets.uploads.shapes import as_rows_or_pictures
from aecore.readers.delimited import DelimitedText, Limits, read_delimited
from aecore.readers.dialect import SEPARATORS
from aecore.readers.errors import UnreadableError
from aecore.readers.layout import Expected
from aecore.readers.numbers import as_number, counts_up

_DEFAULT = UploadSettings()
_GAPS = ("rows", "columns")


def read_table(name: str, data: bytes, settings: UploadSettings = _DEFAULT) -> Uploaded:
    """Numeric columns in 0..1; a column 'label', 'class', 'target' or 'y' becomes the labels, if it names classes.

    UnclearError, a DataError with choices, if cells are empty or hold no number.
    """
    has_header = {"yes": True, "no": False}.get(settings.header)
    try:
        expected = Expected(LABEL_COLUMNS, has_header=has_header)
        table = read_delimited(shown_name(name), data, expected, Limits(rows=MAX_EXAMPLES))
        decimals = find_decimals(table, data, settings.decimal)
        plan = find_plan(table, settings, decimals)
        try:
            cells = read_cells(table, plan, data, decimals, settings.gaps)
        except DataError as error:
            raise UnclearError(str(error), plan.choices(table, _label_of(plan), decimals)) from None
    except UnreadableError as error:
        raise DataError(str(error)) from None
    if cells.gaps:
        asked = (*cells.plan.choices(table, _label_of(cells.plan), decimals), Choice("gaps", _GAPS, ""))
        raise UnclearError(cells.gaps, asked)
    return _understood(table, cells, decimals, settings)


def _named(column: str) -> str:
    """A column in a sentence; one without a name is called by its place."""
    return column.capitalize() if re.fullmatch(r"column \d+", column) else f"Column '{column}'"


def _label_of(plan: Plan) -> str:
    return NO_LABEL if plan.label is None else plan.columns[plan.label]


def _understood(table: DelimitedText, cells: Cells, decimals: Decimals, settings: UploadSettings) -> Uploaded:
    plan, values, labels = cells.plan, cells.values, cells.labels
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
    elif settings.label != NO_LABEL and (at := _unnamed_label(table, values, names)) is not None:
        index, classes = as_labels(f"{number:g}" for number in values[:, at])
        pixels = math.isqrt(values.shape[1] - 1)
        notes.append(
            f"{_named(names[at])} holds {classes[0]} to {classes[-1]} beside {pixels * pixels} = {pixels} × {pixels} "
            f"numbers; it became the labels, {len(classes)} classes."
        )
        label, values, names = names[at], np.delete(values, at, axis=1), names[:at] + names[at + 1 :]
    if not values.shape[1]:
        raise DataError(f"'{table.name}' has no column of numbers. Add one, or see whether its first line is right.")
    scaled, choices = as_rows_or_pictures(table.name, values, names, settings)
    notes = [*_notes(table, plan, len(values), len(names)), *cells.notes, *notes]
    notes += [decimals.note] if decimals.note else []
    asked = plan.choices(table, label or NO_LABEL, decimals)
    asked += (Choice("gaps", _GAPS, settings.gaps),) if cells.has_gaps else ()
    return Uploaded(
        Examples(scaled.x, index), "table", classes, (*notes, *scaled.notes), scaled.columns, scaled.ranges,
        (*asked, *choices, *scaled.choices), scaled.scale,
    )  # fmt: skip


def _measured(table: DelimitedText, cells: list[str]) -> np.ndarray | None:
    """The numbers of a column, None if not all of its cells are finite ones."""
    numbers = [table.number(cell) for cell in cells]
    return np.array(numbers) if all(each is not None and math.isfinite(each) for each in numbers) else None


def _notes(table: DelimitedText, plan: Plan, rows: int, columns: int) -> list[str]:
    header = "without" if table.header is None else "with"
    size = f"{rows:,} rows of {count_of(columns, 'column')} of numbers"
    notes = [
        f"{size}, separated by {SEPARATORS.get(table.separator, shown(table.separator))}, {header} a line of names."
    ]
    if table.encoding in ENCODINGS:
        notes.append(f"Its letters were read as {ENCODINGS[table.encoding]}.")
    if table.damaged:
        notes.append(f"{count_of(table.damaged, 'letter')} could not be read.")
    if plan.index is not None and plan.index in plan.left:
        what = "The first column" if plan.index == table.layout.index else f"Column '{plan.columns[plan.index]}'"
        notes.append(f"{what} only counts the rows and was left out.")
    chosen = [f"'{plan.columns[i]}'" for i in plan.left if i != plan.index]
    if chosen:
        notes.append(f"Left out, as was chosen: {some(chosen, 8)}.")
    if plan.texts:
        named = [f"'{plan.columns[i]}'" for i in plan.texts]
        notes.append(f"Without numbers, and left out: {some(named, 8)}.")
    return notes


def _unnamed_label(table: DelimitedText, values: np.ndarray, names: tuple[str, ...]) -> int | None:
    """The first or last column of a table whose columns have no names, or only numbers, if it counts classes 0, 1, 2, …
    beside square pictures, as MNIST's CSV does.
    """
    pixels = values.shape[1] - 1
    is_unnamed = table.header is None or counts_up(list(names))
    if not is_unnamed or pixels < 64 or math.isqrt(pixels) ** 2 != pixels or not len(values):
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
