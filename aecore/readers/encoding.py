"""Bytes as text: byte order marks, UTF-8, UTF-16 and UTF-32, Windows-1252 and Latin-1; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aecore.readers.errors import UnreadableError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_HEAD = 100_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_STRANGE = re.compile(r"[\0-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_PADDING = "\0\x1a"
"""Padding after the last line, by a disk or an old editor."""


@dataclass(frozen=True)
class Decoded:
    """encoding: its name in Python. damaged: how many letters could not be read and became "\ufffd"."""

    text: str
    encoding: str
    damaged: int = 0


def decode(name: str, data: bytes, most_bytes: int = 0) -> Decoded:
    """The text of a file without its byte order mark.

    UnreadableError if it is no text, or has more than `most_bytes`.
    """
    if most_bytes and len(data) > most_bytes:
        size = f"has {len(data) / 2**20:,.1f} MB; at most {most_bytes >> 20} MB can be read"
        raise UnreadableError(name, size, advice="Use a part of it.")
    encoding, mark = marked_encoding(data)
    text = data[mark:].decode(encoding, "replace") if encoding else ""
    if not encoding:
        text, encoding = _unmarked(data)
    kept = text.rstrip(_PADDING)
    text = kept if kept.endswith(("\n", "\r")) and encoding not in ("latin-1", "cp1252") else text.rstrip("\x1a")
    strange = len(_STRANGE.findall(text, 0, _HEAD))
    if "\0" in text or strange > max(3, min(len(text), _HEAD) // 50):
        raise UnreadableError(name, "is not a text file", advice="Save the table as CSV and use that.")
    return Decoded(text.removeprefix("\ufeff"), encoding, 0 if encoding == "latin-1" else text.count("\ufffd"))


def marked_encoding(data: bytes) -> tuple[str, int]:
    """The encoding by the byte order mark and the length of that mark; "" and 0 if they do not."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:2000].rstrip(b"\0")
    zeros_first, zeros_second = head[::2].count(0), head[1::2].count(0)
    if max(zeros_first, zeros_second) > len(head) // 5:
        return ("utf-16-be" if zeros_first > zeros_second else "utf-16-le"), 0
    return "", 0


def _unmarked(data: bytes) -> tuple[str, str]:
    """UTF-8, also if a few letters of many are damaged; else Windows-1252 where its own letters occur, or Latin-1."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * text.count("\ufffd"):
        return text, "utf-8"
    if re.search(rb"[\x80-\x9f]", data):
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1"), "latin-1"


def lines_of(text: str) -> Iterator[str]:
    """The lines with their ends, "\\n", "\\r\\n" or "\\r" and nothing else,
    so that they are counted as an editor counts them.
    """
    return (found[0] for found in _LINE.finditer(text))
