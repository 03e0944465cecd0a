"""Tables of texts: a CSV file, its columns, the guessed label and text columns,
and the texts of the chosen columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import LABEL_COLUMNS, shown, shown_name
from aecore.readers.delimited import DelimitedText, read_delimited
from aecore.readers.encoding import decode
from aecore.readers.errors import UnreadableError, place
from aecore.readers.layout import Expected
from aecore.readers.records import Row as Cells
from aecore.words.texts import MOST_BYTES, MOST_CLASSES, PAGE, TOO_LARGE, Row, Texts, gather

TEXT_COLUMNS = ("text", "texts", "sentence", "review", "remark", "comment", "message", "content")
KNOWN_COLUMNS = (*LABEL_COLUMNS, *TEXT_COLUMNS, "sentiment", "category", "topic")
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Table:
    """Rows of cells.

    columns: their names; lines: where each row begins in the file; label, text: the guessed columns. has_header:
    whether the first line names the columns.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    label: int
    text: int
    has_header: bool = True


def read_table(name: str, data: bytes, has_header: bool | None = None) -> Table:
    """The cells of a CSV file, in any dialect; a column that only counts the rows is left out.

    has_header: None to detect it. DataError if it is no table.
    """
    name = shown_name(name)
    if len(data) > MOST_BYTES:
        raise DataError(f"'{name}' has {len(data) / 2**20:,.1f} MB; {TOO_LARGE}")
    try:
        text = decode(name, data).text
        if PAGE.match(text):
            raise DataError(f"'{name}' is a web page. Save the table itself as CSV.")
        table = read_delimited(name, text, Expected(KNOWN_COLUMNS, has_header=has_header))
        _refuse_width(table)
        rows = _even_rows(table)
    except UnreadableError as error:
        raise DataError(str(error)) from None
    if not rows:
        raise DataError(f"'{name}' has a line of names and no text below it. Add rows.")
    counts = table.layout.index is not None
    names = (table.header or ("",) * table.width)[counts:]
    columns = tuple(shown(cell, 30) or f"column {number}" for number, cell in enumerate(names, 1))
    cells = [tuple(row.cells[counts:]) for row in rows]
    label, text_column = _guess(columns, cells)
    return Table(
        name, columns, tuple(cells), tuple(row.line for row in rows), label, text_column, table.header is not None
    )


def _refuse_width(table: DelimitedText) -> None:
    name = table.name
    if not table.width:
        raise DataError(f"'{name}' is empty. Choose a table with a label and a text in each row.")
    if table.width - (table.layout.index is not None) < 2:
        where = place(name, table.layout.header_line or table.layout.first_line)
        raise DataError(
            f"{where}: there is only one column. A label and a text are needed, "
            "separated by a comma, a semicolon or a tab."
        )
    if table.width > MOST_COLUMNS:
        raise DataError(
            f"'{name}' has {table.width:,} columns; at most {MOST_COLUMNS} can be read. Save label and text alone."
        )


def _even_rows(table: DelimitedText) -> list[Cells]:
    rows = list(table.rows())
    for row in rows:
        if len(row.cells) != table.width:
            raise DataError(
                f"{place(table.name, row.line)}: {len(row.cells)} cells, where the first row has {table.width}. "
                "If a text has commas in it, put it in quotation marks."
            )
    return rows


def texts_of(table: Table, label: int, text: int) -> Texts:
    """The texts of the chosen columns. DataError, naming the line."""
    if label == text:
        raise DataError(f"Label and text are both taken from '{table.columns[label]}'. Choose two different columns.")
    rows = (Row(f"line {line}", cells[label], cells[text]) for line, cells in zip(table.lines, table.rows, strict=True))
    return gather(table.name.rsplit(".", 1)[0], rows)


def _guess(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> tuple[int, int]:
    """The text is the column with the most letters; the label is named as one,
    or has the fewest different entries, more than one.
    """
    letters = [sum(len(cells[index]) for cells in rows) for index in range(len(columns))]
    text = max(range(len(columns)), key=lambda index: (columns[index].lower() in TEXT_COLUMNS, letters[index]))
    others = [index for index in range(len(columns)) if index != text]
    kinds = {index: len({cells[index].strip() for cells in rows}) for index in others}
    return min(
        others,
        key=lambda index: (
            columns[index].lower() not in LABEL_COLUMNS,
            not 1 < kinds[index] <= MOST_CLASSES,
            kinds[index],
        ),
    ), text
