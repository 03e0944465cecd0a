"""Labelled texts: their limits, and reading them from pasted lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import as_labels, shown
from aecore.readers.encoding import lines_of
from aecore.stores.fingerprint import fingerprint

MOST_BYTES = 10 * 2**20
MOST_TEXTS = 20_000
MOST_LETTERS = 50_000
"""Most letters in one text."""

MOST_CLASSES = 30
FEWEST = 4
MARKUP = re.compile(r"<(?:/?[A-Za-z][^<>]{0,300}|!--.*?--)>")
PAGE = re.compile(r"\s*(?:<!doctype|<html|<\?xml|<head|<body)", re.IGNORECASE)
TOO_LARGE = f"at most {MOST_BYTES >> 20} MB can be read. Use a part of it."


@dataclass(frozen=True)
class Texts:
    """texts (N,) and the label of each, an index into `classes`. notes: sentences about the reading."""

    title: str
    texts: tuple[str, ...]
    labels: tuple[int, ...]
    classes: tuple[str, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        """12 hex digits that identify texts and labels, independent of the title."""
        return fingerprint([self.texts, self.labels, self.classes], digits=12)

    def counts(self) -> tuple[int, ...]:
        """Texts of each class."""
        counted = Counter(self.labels)
        return tuple(counted[label] for label in range(len(self.classes)))


@dataclass(frozen=True)
class Row:
    """A label and a text, and their place, for instance "line 3"."""

    where: str
    label: str
    text: str


def read_lines(pasted: str, title: str = "My texts") -> Texts:
    """A text per line: the label, a tab or a comma, the text.

    Blank lines are skipped. DataError, naming the line.
    """
    if len(pasted) > MOST_BYTES:
        raise DataError(f"These are {len(pasted):,} letters; {TOO_LARGE}")
    if PAGE.match(pasted):
        raise DataError(
            "Line 1: this is the source of a web page. Paste plain lines instead: a label, a comma, and the text."
        )
    return gather(
        title, (_row(number, line.rstrip("\r\n")) for number, line in enumerate(lines_of(pasted), 1) if line.strip())
    )


def gather(title: str, rows: Iterable[Row]) -> Texts:
    """The rows as texts without markup.

    DataError if there is nothing to learn from, naming the row.
    """
    kept: list[Row] = []
    marked: list[str] = []
    for row in rows:
        if len(kept) == MOST_TEXTS:
            raise DataError(f"{_first(row.where)}: at most {MOST_TEXTS:,} texts can be read. Use a part of them.")
        clean = _clean(row)
        if clean != row.text.strip():
            marked.append(row.where)
        kept.append(Row(row.where, row.label.strip(), clean))
    _refuse_few(kept)
    labels, classes = as_labels(row.label for row in kept)
    _refuse_classes(kept, labels.tolist(), classes)
    many = f"{len(marked):,} text{'s' if len(marked) > 1 else ''}"
    notes = (f"Markup such as <br> was taken out of {many}, first in {marked[0]}.",) if marked else ()
    return Texts(
        shown(title, 60) or "My texts", tuple(row.text for row in kept), tuple(labels.tolist()), classes, notes
    )


def _row(number: int, line: str) -> Row:
    separator = "\t" if "\t" in line else ","
    label, found, text = line.partition(separator)
    if not found:
        raise DataError(
            f"Line {number}: there is no comma and no tab in '{shown(line, 40)}'. "
            "Write the label first, then a comma, then the text."
        )
    return Row(f"line {number}", label.strip().strip('"'), text.strip().removeprefix('"').removesuffix('"'))


def _clean(row: Row) -> str:
    """The text without markup. DataError if nothing is left."""
    where, text = _first(row.where), row.text.strip()
    if "\0" in text or "\0" in row.label:
        raise DataError(
            f"{where}: there are signs here that no text has. Is this a text file? Save it as plain text or CSV."
        )
    if not row.label.strip():
        raise DataError(
            f"{where}: the label is empty. Say what kind of text '{shown(text, 30)}' is, or remove the row."
        )
    if text.startswith("=") or row.label.strip().startswith("="):
        raise DataError(
            f"{where}: here is a formula ('{shown(text if text.startswith('=') else row.label, 30)}'). "
            "Save the table with its values instead."
        )
    if len(text) > MOST_LETTERS:
        raise DataError(
            f"{where}: the text has {len(text):,} letters; at most {MOST_LETTERS:,} can be read. "
            "Cut it into shorter ones."
        )
    text = " ".join(MARKUP.sub(" ", text).split()) if MARKUP.search(text) else text
    if not any(letter.isalnum() for letter in text):
        raise DataError(f"{where}: there is no word in this text. Write one, or remove the row.")
    return text


def _refuse_few(rows: list[Row]) -> None:
    if not rows:
        raise DataError("There is no text here. Write one per line: the label, a comma, and the text.")
    if len(rows) < FEWEST:
        raise DataError(
            f"There {'is' if len(rows) == 1 else 'are'} only {len(rows)} here; "
            f"at least {FEWEST} texts are needed, two of each kind. Add more."
        )


def _refuse_classes(rows: list[Row], labels: list[int], classes: tuple[str, ...]) -> None:
    counted = Counter(labels)
    if len(classes) == 1:
        raise DataError(
            f"All {len(rows):,} texts have the label '{classes[0]}'. At least two different labels are "
            "needed to tell texts apart."
        )
    if len(classes) > MOST_CLASSES:
        raise DataError(
            f"There are {len(classes):,} different labels; at most {MOST_CLASSES} can be told apart. "
            "Is the label really the first thing in a row?"
        )
    single = next((label for label, count in sorted(counted.items()) if count == 1), None)
    if single is not None:
        where = _first(rows[labels.index(single)].where)
        raise DataError(
            f"{where}: this is the only text with the label '{classes[single]}'. "
            "One more is needed, to learn from one and be tested on the other."
        )


def _first(where: str) -> str:
    return where[:1].upper() + where[1:]
