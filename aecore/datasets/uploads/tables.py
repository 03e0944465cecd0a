"""Uploaded CSV files: separator, header and label column recognised; every bad cell named by its line and column."""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from aecore.datasets.base import DataError, Examples
from aecore.datasets.uploads.base import LABEL_COLUMNS, MAX_CLASSES, MAX_EXAMPLES, Uploaded, as_labels, count_of, shown, shown_name
from aecore.datasets.uploads.columns import refuse_wide, scale_columns

_SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma"}
"""Tried in this order: between tabs or semicolons the comma is a decimal sign."""


@dataclass(frozen=True)
class _Text:
    name: str
    data: bytes
    encoding: str


@dataclass(frozen=True)
class _Layout:
    """What the first line says. label: index of the label column, or None."""

    separator: str
    columns: tuple[str, ...]
    has_header: bool
    label: int | None


def read_table(name: str, data: bytes) -> Uploaded:
    """Numeric columns, each in 0..1; a column 'label', 'class', 'target' or 'y' becomes the labels, whatever it holds."""
    text = _text(shown_name(name), data)
    layout = _layout(text)
    values, labels = _values(text, layout)
    features = tuple(column for i, column in enumerate(layout.columns) if i != layout.label)
    table = scale_columns(text.name, values, features)
    header = "with" if layout.has_header else "without"
    size = f"{len(values):,} rows of {len(features):,} columns of numbers"
    notes = [f"{size}, separated by {_SEPARATORS[layout.separator]}s, {header} a line of names."]
    if text.encoding == "latin-1":
        notes.append("Its letters were read as Latin-1.")
    index: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    if layout.label is not None:
        index, classes, note = _classes(layout.columns[layout.label], labels)
        notes.append(note)
    return Uploaded(Examples(table.x, index), "table", classes, (*notes, *table.notes), table.columns, table.ranges)


def _text(name: str, data: bytes) -> _Text:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
        text = data.decode(encoding)
    if "\0" in text:
        raise DataError(f"'{name}' is not a text file. Save the table as CSV and upload that.")
    return _Text(name, data, encoding)


def _rows(text: _Text, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(text.data), text.encoding, newline=""), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"'{text.name}', line {line}: the row cannot be read ({error}). Save the table as CSV again.") from error


def _layout(text: _Text) -> _Layout:
    for separator in _SEPARATORS:
        _, first = next(_rows(text, separator), (1, []))
        if len(first) > 1:
            break
    if not first:
        raise DataError(f"'{text.name}' is empty. Upload a table with at least 3 rows.")
    cells = [cell.strip() for cell in first]
    label = next((i for i, cell in enumerate(cells) if cell.lower() in LABEL_COLUMNS), None)
    refuse_wide(text.name, len(cells) - (label is not None))
    if label is not None and len(cells) == 1:
        raise DataError(f"'{text.name}' has nothing but the labels '{cells[0]}'. Add columns of numbers.")
    has_header = label is not None or not any(_is_number(cell) for cell in cells)
    return _Layout(separator, _unique([shown(cell) if has_header else "" for cell in cells]), has_header, label)


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names without gaps or repetitions: "column 3" for an empty one, "x (2)" for the second x."""
    taken: dict[str, None] = {}
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        tries = chain([name], (f"{name} ({times})" for times in count(2)))
        taken[next(each for each in tries if each not in taken)] = None
    return tuple(taken)


def _values(text: _Text, layout: _Layout) -> tuple[np.ndarray, list[str]]:
    """Numbers (N, D) float64 and the texts of the label column."""
    numbers, labels = array("d"), []
    rows = _rows(text, layout.separator)
    if layout.has_header:
        next(rows)
    for done, (line, cells) in enumerate(rows):
        where = f"'{text.name}', line {line}"
        if done >= MAX_EXAMPLES:
            raise DataError(f"{where}: at most {MAX_EXAMPLES:,} rows can be read. Upload a part of them.")
        if len(cells) != len(layout.columns):
            held = f"{count_of(len(cells), 'cell')}, where the first line has {len(layout.columns)}"
            raise DataError(f"{where}: {held}. Give every row the same number of cells.")
        if layout.label is not None:
            labels.append(cells[layout.label].strip())
            if not labels[-1]:
                column = layout.columns[layout.label]
                raise DataError(f"{where}, column '{column}': the label is empty. Fill it or remove the row.")
        numbers.extend(_numbers(where, layout, cells))
    width = len(layout.columns) - (layout.label is not None)
    return np.frombuffer(numbers, dtype=np.float64).reshape(-1, width) if numbers else np.empty((0, width)), labels


def _numbers(where: str, layout: _Layout, cells: list[str]) -> list[float]:
    """The row without its label; the slow way, which finds the bad cell, only if something is wrong."""
    try:
        row = [float(cell) for i, cell in enumerate(cells) if i != layout.label]
        if math.isfinite(sum(row)):
            return row
    except ValueError:
        pass
    features = [(layout.columns[i], cell) for i, cell in enumerate(cells) if i != layout.label]
    return [_number(f"{where}, column '{column}'", cell, layout.separator) for column, cell in features]


def _number(where: str, cell: str, separator: str) -> float:
    if not cell.strip():
        raise DataError(f"{where}: the cell is empty. Fill it or remove the row.")
    try:
        number = float(cell if separator == "," else cell.replace(",", "."))
    except ValueError as error:
        advice = "Remove the column, or name it 'label' if it says what the row is"
        raise DataError(f"{where}: '{shown(cell, 30)}' is not a number. {advice}.") from error
    if not math.isfinite(number):
        raise DataError(f"{where}: '{shown(cell, 30)}' is not a finite number. Replace it or remove the row.")
    return number


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _classes(column: str, labels: list[str]) -> tuple[np.ndarray | None, tuple[str, ...], str]:
    """Labels and classes, or None and () with a note if the column measures something instead of naming it."""
    distinct = set(labels)
    has_fractions = all(map(_is_number, distinct)) and any(not float(each.replace(",", ".")).is_integer() for each in distinct)
    if has_fractions or len(distinct) > MAX_CLASSES:
        why = "numbers with fractions" if has_fractions else f"{len(distinct):,} different values"
        return None, (), f"Column '{column}' holds {why}, so it does not name classes and was left out."
    index, classes = as_labels(labels)
    return index, classes, f"Column '{column}' became the labels, {len(classes):,} classes."
