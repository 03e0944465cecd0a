"""A term of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term of the glossary.

    meaning: one or two sentences for beginners. pages: file names of the pages that show it. formula: LaTeX, where one
    helps. also: other names, which the search finds too.
    """

    title: str
    meaning: str
    pages: tuple[str, ...]
    formula: str = ""
    also: tuple[str, ...] = ()
