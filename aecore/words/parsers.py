"""Parsers of labelled texts, for processes that read for the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aecore.datasets.base import DataError
from aecore.readers.parsers import File, Parser
from aecore.words.tables import read_table, texts_of
from aecore.words.texts import Texts, read_lines

SHOWN_ROWS, SHOWN_LETTERS = 5, 200


@dataclass(frozen=True)
class TableView:
    """What a page shows of a table: its first rows, cut short, and the number of all.

    label, text: the guessed columns. has_header: whether the first line names the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    label: int
    text: int
    has_header: bool


def _view(files: Sequence[File], has_header: bool | None = None) -> TableView:
    ((name, data),) = files
    table = read_table(name, data, has_header)
    rows = tuple(tuple(cell[:SHOWN_LETTERS] for cell in row) for row in table.rows[:SHOWN_ROWS])
    return TableView(table.columns, rows, len(table.rows), table.label, table.text, table.has_header)


def _texts(files: Sequence[File], has_header: bool | None, label: int, text: int) -> Texts:
    ((name, data),) = files
    return texts_of(read_table(name, data, has_header), label, text)


def _lines(files: Sequence[File]) -> Texts:
    ((_, data),) = files
    return read_lines(data.decode("utf-8", "replace"))


TABLE = Parser("read table", _view, TableView, (DataError,))
TABLE_TEXTS = Parser("read texts", _texts, Texts, (DataError,))
PASTED_TEXTS = Parser("read lines", _lines, Texts, (DataError,))
"""Pasted text, as UTF-8: a label and a text in each line."""
