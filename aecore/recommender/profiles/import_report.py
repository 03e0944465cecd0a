"""The import report: films found, guessed, unknown and left out, and ratings that conflict."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aecore.recommender.profiles.film import film_at
from aecore.recommender.profiles.importers.base import Line, Parsed, Skipped
from aecore.recommender.profiles.matching import Match, MatchedFilms, match_films
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.serving.catalogue import Catalogue


@dataclass(frozen=True)
class Conflict:
    """A film with another rating in the profile. mine: the stars given here; theirs: those in the file."""

    line: Line
    column: int
    mine: float
    theirs: float


@dataclass(frozen=True)
class ImportReport:
    """What an import would do; nothing changes until its `entries` are saved.

    See `Parsed` for source, notes and problems.
    """

    source: str
    matched: tuple[Match, ...]
    guessed: tuple[Match, ...]
    unmatched: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    catalogue: Catalogue = field(repr=False, compare=False)
    mine: dict[int, Entry] = field(repr=False, compare=False)

    def entries(
        self,
        keep: Literal["mine", "theirs"] = "mine",
        picked: Mapping[int, int] | None = None,
        refused: Collection[int] = (),
    ) -> tuple[Entry, ...]:
        """The entries to save.

        keep: whose stars count where they differ. picked: index in `unmatched` -> column chosen for
        it. refused: indices in `guessed` of wrong guesses. Films that stay unknown are saved
        under their own titles.
        """
        picked = picked or {}
        known = [(each.line, each.column) for each in self.matched]
        known += [(each.line, each.column) for place, each in enumerate(self.guessed) if place not in refused]
        known += [(self.unmatched[place], column) for place, column in picked.items()]
        unknown = [each.line for place, each in enumerate(self.guessed) if place in refused]
        unknown += [line for place, line in enumerate(self.unmatched) if place not in picked]
        out = [entry for line, column in known if (entry := self._entry(line, column, keep))]
        return (*out, *(Entry(line.film, line.stars, line.marks, line.when) for line in unknown))

    def sentence(self) -> str:
        """The report in one sentence."""
        parts = [
            f"{len(self.matched):,} found",
            f"{len(self.guessed):,} by guess",
            f"{len(self.unmatched):,} unknown here",
            f"{len(self.skipped):,} left out",
        ]
        conflict = f"; {len(self.conflicts):,} rated otherwise before" if self.conflicts else ""
        return f"{self.source}: {', '.join(parts)}{conflict}."

    def _entry(self, line: Line, column: int, keep: str) -> Entry | None:
        """The new entry of a known film; None if the present entry stays."""
        mine = self.mine.get(column)
        film = film_at(self.catalogue.films, column)
        if mine is None:
            return Entry(film, line.stars, line.marks, line.when)
        if line.stars is not None:
            return None if mine.stars is not None and keep == "mine" else mine.rated(line.stars, line.when)
        if mine.stars is not None or "not for me" in mine.marks:
            return None
        for mark in sorted(line.marks):
            mine = mine.marked(mark, True, line.when)
        return mine


def import_report_of(parsed: Parsed, catalogue: Catalogue, taste: Taste | None = None) -> ImportReport:
    """Matches every line to a film of the catalogue, and compares it with what the user has said before."""
    return report_of(match_films(parsed, catalogue), catalogue, taste)


def report_of(found: MatchedFilms, catalogue: Catalogue, taste: Taste | None = None) -> ImportReport:
    """The report on films that were matched to this catalogue, as compared with what the user has said before."""
    mine = {catalogue.films.column[movie]: entry for movie, entry in (taste or Taste()).known(catalogue).items()}
    conflicts = tuple(
        Conflict(each.line, each.column, before.stars, each.line.stars)
        for each in found.known
        if (before := mine.get(each.column))
        and before.stars is not None
        and each.line.stars not in (None, before.stars)
    )
    return ImportReport(
        found.source, found.matched, found.guessed, found.unmatched, found.skipped,
        conflicts, found.notes, found.problems, catalogue, mine,
    )  # fmt: skip
