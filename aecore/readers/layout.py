"""Layout of a delimited text, detected from its first lines: lines above the table,
separator, names and width.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from aecore.readers.dialect import SEPARATORS, find_separator, has_loose_quotes, sample_rows, separator_of_excel
from aecore.readers.errors import UnreadableError
from aecore.readers.numbers import has_decimal_comma, is_number
from aecore.readers.records import COMMENT_MARKS, Dialect, Lines, Row, rows_of, split
from aecore.readers.structure import counts_rows, find_names, is_line_of_names

_SAMPLE_LINES, _SAMPLE_LETTERS, _SAMPLE_LEAST = 400, 100_000, 8


@dataclass(frozen=True)
class Expected:
    """What a caller knows of the format.

    known: columns' names (see `plain_name`); has_header, separator, has_quotes: None to find out. is_patient: a row
    with a quote that is never closed is split at its separators, not refused.
    """

    known: Collection[str] = ()
    has_header: bool | None = None
    separator: str | None = None
    has_quotes: bool | None = None
    is_patient: bool = False


@dataclass(frozen=True)
class Layout:
    """The layout of a table.

    header: the columns' names as written on line header_line, or None. width: cells in a row. first_line: where
    the rows begin. skipped: number and words of the lines above that are neither names nor rows, such as Excel's
    `sep=` and comments. index: 0 if the first column only counts the rows, else None.
    """

    dialect: Dialect
    header: tuple[str, ...] | None = None
    header_line: int = 0
    width: int = 0
    first_line: int = 1
    skipped: tuple[tuple[int, str], ...] = ()
    has_decimal_comma: bool = False
    index: int | None = None


def find_layout(name: str, lines: Callable[[], Iterator[str]], expected: Expected, longest: int) -> Layout:
    """The layout of the text whose lines these are. UnreadableError if its first row cannot be read."""
    sample = _sample(lines())
    start, told = _begin(sample)
    comments, body = _apart(sample[start:])
    separator = expected.separator or told or _separator([*comments, *body], body, expected.known)
    has_quotes = expected.has_quotes
    if has_quotes is None:
        is_loose = separator in ("\t", "|") and has_loose_quotes(_rowlike(lines(), start), separator)
        has_quotes = separator != "::" and not is_loose
    dialect = Dialect(separator, has_quotes)
    rows = _rows(name, sample, start, dialect, expected.is_patient, longest)
    return _structure(rows, sample, start, dialect, expected)


def is_comment(line: str, separator: str, width: int) -> bool:
    """A line with a comment's mark is a comment, unless it has as many cells as a row."""
    return line.startswith(COMMENT_MARKS) and (width < 2 or len(split(_unmarked(line), separator)) != width)


def _sample(lines: Iterator[str]) -> list[str]:
    """The first lines, as many as detection needs."""
    sample: list[str] = []
    letters = 0
    for line in islice(lines, _SAMPLE_LINES):
        sample.append(line)
        letters += len(line)
        if letters > _SAMPLE_LETTERS and len(sample) >= _SAMPLE_LEAST:
            break
    return sample


def _begin(sample: list[str]) -> tuple[int, str | None]:
    """Number of lines to skip at the beginning, blank ones and Excel's,
    and the separator in Excel's line.
    """
    start = next((number for number, line in enumerate(sample) if line.strip()), len(sample))
    told = separator_of_excel(sample[start]) if start < len(sample) else None
    return start + (told is not None), told


def _apart(lines: list[str]) -> tuple[list[str], list[str]]:
    """The comments above the first row, and all lines that are no comments;
    if there are none, comments are the rows.
    """
    lines = [line for line in lines if line.strip()]
    body = [line for line in lines if not line.startswith(COMMENT_MARKS)]
    return (lines[: lines.index(body[0])] if body else []), body or lines


def _rowlike(lines: Iterable[str], start: int) -> Iterator[str]:
    return (line for line in islice(lines, start, None) if not line.startswith(COMMENT_MARKS))


def _separator(lines: list[str], body: list[str], known: Collection[str]) -> str:
    """The separator between most known names; the one that splits the rows most evenly if fewer than two are found."""
    if known:
        usual = [each for each in SEPARATORS if each != " "]
        found = {each: find_names(sample_rows(lines, Dialect(each, each != "::")), known)[1] for each in usual}
        best = max(usual, key=lambda each: found[each])
        if found[best] > 1:
            return best
    return find_separator(body)


def _rows(name: str, sample: list[str], start: int, dialect: Dialect, is_patient: bool, longest: int) -> list[Row]:
    """The rows of the sample that are no comments; an error in the first of them is raised, a later one ends them."""
    only_comments = all(line.startswith(COMMENT_MARKS) for line in sample[start:] if line.strip())
    passes = (lambda line: False) if only_comments else (lambda line: line.startswith(COMMENT_MARKS))
    rows: list[Row] = []
    try:
        for row in rows_of(Lines(sample, name, passes, longest), dialect, name):
            if row.line > start and any(map(str.strip, row.cells)):
                rows.append(row)
    except UnreadableError:
        if not rows and not is_patient:
            raise
    return rows


def _structure(rows: list[Row], sample: list[str], start: int, dialect: Dialect, expected: Expected) -> Layout:
    if not rows:
        return Layout(dialect, first_line=len(sample) + 1, skipped=_skipped(sample, len(sample)))
    at, known = find_names([row.cells for row in rows], expected.known)
    if known > 1 and expected.has_header is not False:
        header, rows, has_header = rows[at], rows[at + 1 :], True
    else:
        header, rows, has_header = _header(rows, sample, start, dialect, expected)
    below = [row.cells for row in rows]
    names = header.cells
    if (
        has_header
        and below
        and all(len(row) == len(names) + 1 for row in below)
        and counts_rows("", [row[0] for row in below])
    ):
        names = ["", *names]
    data = below if has_header else [names, *below]
    width = _width(names, data)
    first = (rows[0].line if rows else header.line + 1) if has_header else header.line
    return Layout(
        dialect, tuple(names[:width]) if has_header else None, header.line if has_header else 0, width, first,
        _skipped(sample, header.line - 1),
        dialect.separator != "," and any(has_decimal_comma(cell) for row in data for cell in row),
        0 if has_header and width > 1 and counts_rows(names[0], [row[0] for row in data if row]) else None,
    )  # fmt: skip


def _header(
    rows: list[Row], sample: list[str], start: int, dialect: Dialect, expected: Expected
) -> tuple[Row, list[Row], bool]:
    """The first row, the rows below it, and whether it names the columns; a comment right above may do so."""
    width = len(rows[0].cells)
    above = [
        (number, line)
        for number, line in enumerate(sample[start : rows[0].line - 1], start + 1)
        if line.startswith(COMMENT_MARKS) and not is_comment(line, dialect.separator, width)
    ]
    if above:
        names = [cell.strip() for cell in split(_unmarked(above[-1][1]), dialect.separator)]
        if not any(map(is_number, names)) and any(map(is_number, rows[0].cells)):
            return Row(above[-1][0], above[-1][0], names), rows, True
    has_header = expected.has_header
    if has_header is None:
        has_header = is_line_of_names(rows[0].cells, [row.cells for row in rows[1:]], expected.known)
    if above and not has_header:
        rows = [*(Row(number, number, split(line, dialect.separator)) for number, line in above), *rows]
    return rows[0], rows[1:], has_header


def _unmarked(line: str) -> str:
    return line.removeprefix(next(each for each in COMMENT_MARKS if line.startswith(each)))


def _width(first: list[str], data: list[list[str]]) -> int:
    """Cells in a row: those of the first, without blank ones at its end if no row has anything there."""
    width = len(first)
    while (
        width > 1
        and not first[width - 1].strip()
        and not any(cell.strip() for row in data for cell in row[width - 1 :])
    ):
        width -= 1
    return width


def _skipped(sample: list[str], before: int) -> tuple[tuple[int, str], ...]:
    return tuple((number, line.strip()[:200]) for number, line in enumerate(sample[:before], 1) if line.strip())
