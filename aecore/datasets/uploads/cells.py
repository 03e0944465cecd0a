"""The cells of an uploaded table: numbers and labels, columns of words and rows with gaps left out as was chosen."""

from __future__ import annotations

import io
import math
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import count_of, shown, some
from aecore.datasets.uploads.decimals import Decimals
from aecore.datasets.uploads.plans import Plan
from aecore.readers.columns import check_length, fast_columns
from aecore.readers.delimited import DelimitedText
from aecore.readers.errors import place

ENCODINGS = {"latin-1": "Latin-1", "cp1252": "Windows-1252"}
LARGE = 2**20
"""Bytes from which the fast reader is worth loading."""

_MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "?", "-", "--", "."))
_WORDS = 0.05
"""A column of which a larger share of cells are words was never meant as numbers."""


@dataclass(frozen=True)
class Cells:
    """What was read. values: (N, D) float64 of the features; labels: N texts, or none without a label column.

    notes: what was left out. gaps: why the rest cannot be used as it is, "" if it can; has_gaps: whether cells had to
    be left out.
    """

    plan: Plan
    values: np.ndarray
    labels: list[str]
    notes: tuple[str, ...] = ()
    gaps: str = ""
    has_gaps: bool = False


def read_cells(table: DelimitedText, plan: Plan, data: bytes, decimals: Decimals, gaps: str) -> Cells:
    """The numbers and labels of a table. gaps: the setting. DataError if no column holds numbers."""
    may_be_fast = len(data) > LARGE and not decimals.taken  # pandas knows neither decimal commas nor thousands
    return (_fast(table, plan, data) if may_be_fast else None) or _careful(table, plan, decimals.number, gaps)


def _fast(table: DelimitedText, plan: Plan, data: bytes) -> Cells | None:
    """The cells of a large regular file; None for any other."""
    is_read = table.encoding in ("utf-8", *ENCODINGS) and not table.damaged
    if not is_read or len(table.separator) > 1 or table.separator == " ":
        return None
    kinds = dict.fromkeys(plan.features, np.float64) | ({} if plan.label is None else {plan.label: str})
    opener, above, most = partial(io.BytesIO, data), table.layout.first_line - 1, table.limits.rows
    columns = fast_columns(opener, table.separator, table.width, kinds, above, table.encoding, most)
    if columns is None or not len(columns[0]):
        return None
    check_length(table, opener, columns)
    labels = [] if plan.label is None else columns.pop().tolist()
    return Cells(plan, np.column_stack(columns), labels) if plan.label is None or all(labels) else None


@dataclass
class _Bad:
    """Cells that hold no finite number, by their columns. first: column -> line and text of the first one."""

    first: dict[int, tuple[int, str]]
    words: Counter[int]

    def add(self, column: int, line: int, cell: str, is_word: bool) -> None:
        self.first.setdefault(column, (line, cell))
        self.words[column] += is_word

    def sentence(self, table: DelimitedText, plan: Plan, column: int) -> str:
        """Where the first bad cell of a column is and what is wrong with it, without a full stop."""
        line, cell = self.first[column]
        where = f"{place(table.name, line)}, column '{plan.columns[column]}'"
        if not cell:
            return f"{where}: the {'label' if column == plan.label else 'cell'} is empty"
        kind = "not a number" if self.words[column] else "not a finite number"
        return f"{where}: '{shown(cell, 30)}' is {kind}"


def _careful(table: DelimitedText, plan: Plan, number: Callable[[str], float | None], gaps: str) -> Cells:
    numbers, labels, bad = array("d"), list[str](), _Bad({}, Counter())
    for _, line, cells in table.rows():
        if len(cells) != table.width:
            held = f"{count_of(len(cells), 'cell')}, where the first line has {table.width}"
            raise DataError(f"{place(table.name, line)}: {held}. Give every row the same number of cells.")
        if plan.label is not None:
            labels.append(cells[plan.label].strip())
            if not labels[-1]:
                bad.add(plan.label, line, "", is_word=False)
        row = [number(cells[i]) for i in plan.features]
        if None in row or not math.isfinite(sum(each for each in row if each is not None)):
            for place_of, value in enumerate(row):
                if value is None or not math.isfinite(value):
                    cell, column = cells[plan.features[place_of]].strip(), plan.features[place_of]
                    bad.add(column, line, cell, is_word=value is None and cell.casefold() not in _MISSING)
                    row[place_of] = math.nan
        numbers.extend(row)
    width = len(plan.features)
    values = np.frombuffer(numbers, dtype=np.float64).reshape(-1, width) if numbers else np.empty((0, width))
    found = _without_words(table, Cells(plan, values, labels), bad)
    return _without_gaps(table, found, bad, gaps) if len(values) else found


def _without_words(table: DelimitedText, cells: Cells, bad: _Bad) -> Cells:
    """Columns of words left out. DataError, naming the first word, if none would be left."""
    plan, most = cells.plan, _WORDS * len(cells.values)
    mixed = [i for i in plan.features if bad.words[i] > most]
    if not mixed:
        return cells
    if len(mixed) == len(plan.features):
        first = min(mixed, key=lambda column: (bad.first[column][0], column))
        advice = "Remove the column, or name it 'label' if it says what the row is"
        raise DataError(f"{bad.sentence(table, plan, first)}. {advice}.")
    told = [f"'{plan.columns[i]}' (line {bad.first[i][0]:,}: '{shown(bad.first[i][1], 20)}')" for i in mixed]
    note = f"Words among their numbers, and left out: {some(told, 8)}."
    return replace(_only(cells, [i for i in plan.features if i not in mixed], mixed), notes=(note,))


def _without_gaps(table: DelimitedText, cells: Cells, bad: _Bad, gaps: str) -> Cells:
    """Rows or columns with gaps left out, as wanted; else `gaps` says where the first one is."""
    plan = cells.plan
    columns = [i for i in plan.features if i in bad.first]
    is_unlabelled = plan.label in bad.first
    if not columns and not is_unlabelled:
        return cells
    is_whole = np.isfinite(cells.values).all(1)
    if cells.labels:
        is_whole &= np.array([bool(label) for label in cells.labels])
    without = count_of(int((~is_whole).sum()), "row")
    named = [f"'{plan.columns[i]}'" for i in (*columns, *((plan.label,) if is_unlabelled else ())) if i is not None]
    if gaps == "rows":
        labels = (
            [label for label, is_kept in zip(cells.labels, is_whole, strict=True) if is_kept] if cells.labels else []
        )
        note = f"{without} left out, with cells that are empty or hold no number in {some(named, 8)}."
        return replace(cells, values=cells.values[is_whole], labels=labels, notes=(*cells.notes, note), has_gaps=True)
    if gaps == "columns":
        note = f"Left out, as cells are empty or hold no number: {some(named, 8)}."
        cells = _only(cells, [i for i in plan.features if i not in columns], columns)
        if is_unlabelled:
            cells = replace(cells, plan=replace(cells.plan, label=None), labels=[])
        return replace(cells, notes=(*cells.notes, note), has_gaps=True)
    first = min(bad.first.keys() & {*columns, plan.label}, key=lambda column: (bad.first[column][0], column))
    held = f"{without} and {count_of(len(named), 'column')} have such cells"
    return replace(cells, gaps=f"{bad.sentence(table, plan, first)}. {held}: mend them, or leave one or the other out.")


def _only(cells: Cells, features: list[int], spoilt: list[int]) -> Cells:
    """The cells with these features alone; spoilt: the columns that were left out."""
    plan = cells.plan
    kept = [plan.features.index(i) for i in features]
    plan = replace(plan, features=tuple(features), spoilt=(*plan.spoilt, *spoilt))
    return replace(cells, plan=plan, values=cells.values[:, kept])
