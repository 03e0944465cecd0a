"""Texts that strangers wrote, for whatever would read more than letters into them: a function for each.

Names of runs, uploads, files, columns, classes and films are such texts. HTML has `html.escape`. What shows a text as
letters anyhow (options of a list, cells of a table, `textContent`) takes it as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""First characters of a formula in a spreadsheet; some take full-width signs for the plain ones."""

_WORD_JOINER = "\u2060"
"""Has no width and breaks no line; parts what some programs look for in the finished text, where no backslash helps."""

_JOINERS = "\u200c\u200d"
"""Part of how Persian, Indic scripts and some emoji are written, though they count as unprintable."""

_SOUGHT = re.compile(
    r"(?P<icon>:)(?=[\w+-]+:|material/)"
    r"|(?P<link>https?(?=:)|www(?=\.))"
    r"|(?<=[-.\w+])(?P<mail>)(?=@[-\w])"
    r"|(?<!\S)(?P<arrow><(?=-(?!\S)|->(?!\S)|=(?!\S))|[->~](?=[->=](?!\S)))",
    re.IGNORECASE,
)
"""Names of icons, addresses, and arrows that become other signs."""

_SIGNS = re.compile(r"[\\`*\[\]<$~|]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])|:(?=[^\W\d]|[:\u2060])")
_BEGINS = re.compile(r"^([-+#>]|=(?==*$)|\d+(?=[.)](?!\S)))")
"""What Markdown reads anywhere, and what it reads at the beginning of a line."""

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?", re.IGNORECASE)


_PARTED = re.compile(
    rf"[;|\t\r\n][\s'\"]*(?=[{''.join(map(re.escape, FORMULA))}])(?!-\))(?!{_NUMBER.pattern}\s*(?:$|[;|\t\r\n]))", re.I
)
"""After what programs may part a cell so that a formula begins; a smile with a nose is none."""


def one_line(text: str) -> str:
    """The text with single spaces for all other white space and for what cannot be printed."""
    return " ".join("".join(each if each.isprintable() or each in _JOINERS else " " for each in text).split())


def in_markdown(text: str) -> str:
    """Markdown, of Streamlit or of a notebook, that shows the text letter by letter; lines stay lines."""
    lines = (one_line(line) for line in text.splitlines())
    return "\n".join(_BEGINS.sub(_escaped_begin, _SIGNS.sub(r"\\\g<0>", _SOUGHT.sub(_parted, line))) for line in lines)


def in_chart(text: str) -> str:
    """A text of a Plotly figure (name, title, tick, hover text or template) that shows it letter by letter."""
    shown = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("%{", f"%{_WORD_JOINER}{{")


def csv_text(rows: Iterable[Sequence[object]], end: str = "\n") -> str:
    """The rows as CSV, from which no program makes a formula: texts are quoted, since some part cells at a semicolon
    or a tab, and written as `in_csv` has them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([in_csv(each) if isinstance(each, str) else each for each in row] for row in rows)
    return text.getvalue()


def in_csv(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, or parts into one: an apostrophe goes before its signs. Numbers
    stay numbers.
    """
    return _guarded(cell, "'")


def in_table(cell: str) -> str:
    """A cell of a table on screen, which its readers can save as CSV: as `in_csv`, by a sign without width."""
    return _guarded(cell, _WORD_JOINER)


def in_docstring(text: str) -> str:
    '''A text for within """: on one line, with / for backslashes and apostrophes for quotation marks.'''
    return one_line(text).replace("\\", "/").replace('"', "'")


def _guarded(cell: str, sign: str) -> str:
    parted = _PARTED.sub(rf"\g<0>{sign}", cell)
    return f"{sign}{parted}" if _is_formula(cell) else parted


def _is_formula(cell: str) -> bool:
    begins_so = cell.lstrip(" '\t\r\n").startswith(FORMULA) and not _NUMBER.fullmatch(cell.strip())
    return begins_so or cell.startswith(("\t", "\r", "\n"))


def _parted(found: re.Match[str]) -> str:
    return found[0] + _WORD_JOINER


def _escaped_begin(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
