"""Tables of texts: a CSV file, its columns, a guess which of them are label and text, and the texts of the chosen two."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import LABEL_COLUMNS, shown, shown_name
from aecore.words.texts import MOST_BYTES, MOST_CLASSES, PAGE, TOO_LARGE, Row, Texts, gather

SEPARATORS = ("\t", ";", ",")
TEXT_COLUMNS = ("text", "texts", "sentence", "review", "remark", "comment", "message", "content")
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Table:
    """Rows of cells. columns: their names; lines: where each row begins in the file; label, text: the guessed columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    label: int
    text: int


def read_table(name: str, data: bytes) -> Table:
    """The cells of a CSV file in UTF-8, UTF-16 or Latin-1, separated by tabs, semicolons or commas. DataError if it is none."""
    name = shown_name(name)
    content = _decoded(name, data)
    separator = max(SEPARATORS, key=lambda sign: content.split("\n", 1)[0].count(sign))
    rows = list(_rows(name, content, separator))
    if not rows:
        raise DataError(f"'{name}' is empty. Choose a table with a label and a text in each row.")
    width = len(rows[0][1])
    if width < 2:
        raise DataError(f"'{name}', line {rows[0][0]}: there is only one column. A label and a text are needed, separated by a comma, a semicolon or a tab.")
    if width > MOST_COLUMNS:
        raise DataError(f"'{name}' has {width:,} columns; at most {MOST_COLUMNS} can be read. Save label and text alone.")
    for line, cells in rows:
        if len(cells) != width:
            raise DataError(
                f"'{name}', line {line}: {len(cells)} cells, where the first row has {width}. If a text has commas in it, put it in quotation marks."
            )
    has_header = _has_header(rows)
    columns = tuple((shown(cell, 30) if has_header else "") or f"column {index + 1}" for index, cell in enumerate(rows[0][1]))
    rows = rows[has_header:]
    if not rows:
        raise DataError(f"'{name}' has a line of names and no text below it. Add rows.")
    label, text = _guess(columns, [cells for _, cells in rows])
    return Table(name, columns, tuple(tuple(cells) for _, cells in rows), tuple(line for line, _ in rows), label, text)


def texts_of(table: Table, label: int, text: int) -> Texts:
    """The texts of the chosen columns. DataError, naming the line."""
    if label == text:
        raise DataError(f"Label and text are both taken from '{table.columns[label]}'. Choose two different columns.")
    rows = (Row(f"line {line}", cells[label], cells[text]) for line, cells in zip(table.lines, table.rows, strict=True))
    return gather(table.name.rsplit(".", 1)[0], rows)


def _decoded(name: str, data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise DataError(f"'{name}' has {len(data) / 2**20:,.1f} MB; {TOO_LARGE}")
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        content = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("latin-1")
    if "\0" in content or sum(not (sign.isprintable() or sign.isspace()) for sign in content[:2000]) > 20:
        raise DataError(f"'{name}' is not a text file. In a spreadsheet, choose 'Save as' and then CSV.")
    if PAGE.match(content):
        raise DataError(f"'{name}' is a web page. Save the table itself as CSV.")
    return content


def _rows(name: str, content: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(io.StringIO(content, newline=""), delimiter=separator), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"'{name}', line {line}: the row cannot be read ({error}). Save the table as CSV again.") from error


def _has_header(rows: list[tuple[int, list[str]]]) -> bool:
    """Whether the first row names the columns: a usual name, or words that occur nowhere below."""
    first = [cell.strip().lower() for cell in rows[0][1]]
    if any(cell in LABEL_COLUMNS or cell in TEXT_COLUMNS or cell in ("sentiment", "category", "topic") for cell in first):
        return True
    below = [{cells[index].strip().lower() for _, cells in rows[1:]} for index in range(len(first))]
    return len(rows) > 2 and all(cell and " " not in cell for cell in first) and not any(cell in seen for cell, seen in zip(first, below, strict=True))


def _guess(columns: tuple[str, ...], rows: list[list[str]]) -> tuple[int, int]:
    """The text is the column with the most letters; the label is named as one, or has the fewest different entries, more than one."""
    letters = [sum(len(cells[index]) for cells in rows) for index in range(len(columns))]
    text = max(range(len(columns)), key=lambda index: (columns[index].lower() in TEXT_COLUMNS, letters[index]))
    others = [index for index in range(len(columns)) if index != text]
    kinds = {index: len({cells[index].strip() for cells in rows}) for index in others}
    return min(others, key=lambda index: (columns[index].lower() not in LABEL_COLUMNS, not 1 < kinds[index] <= MOST_CLASSES, kinds[index])), text
