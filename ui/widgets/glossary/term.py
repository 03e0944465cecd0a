"""A term of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A line of the glossary.

    meaning: one or two sentences for somebody who has never met an autoencoder. pages: where the app shows it, by the
    names of their files. formula: LaTeX, where one helps. also: other names, which the search finds too.
    """

    title: str
    meaning: str
    pages: tuple[str, ...]
    formula: str = ""
    also: tuple[str, ...] = ()
