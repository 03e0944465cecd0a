"""The import report: films found, guessed, unknown and left out, and ratings that conflict."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from aecore.recommender.profiles.film import Film, film_at
from aecore.recommender.profiles.importers.base import Line, Parsed, Skipped
from aecore.recommender.profiles.matching import Match, MatchedFilms, match_films, once
from aecore.recommender.profiles.same_film import ByFilm, joined, same_films
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.serving.catalogue import Catalogue

Keep = Literal["mine", "theirs"]
"""Whose stars count where a film has other stars in the profile: those given here, or those in the file."""


@dataclass(frozen=True)
class Conflict:
    """A film with another rating in the profile. mine: the stars given here; theirs: those in the file."""

    film: Film
    mine: float
    theirs: float


@dataclass(frozen=True)
class _FilmLine:
    """A film, and the line of the file about it. column: in the catalogue, -1 if it is unknown."""

    film: Film
    line: Line
    column: int


@dataclass(frozen=True)
class ImportReport:
    """What an import would do; nothing changes until its `entries` are saved.

    See `Parsed` for source, notes and problems.

    In its methods, picked is index in `unmatched` -> column chosen for it, and refused are indices in `guessed` of
    wrong guesses. Films that stay unknown go by their own titles.
    """

    source: str
    matched: tuple[Match, ...]
    guessed: tuple[Match, ...]
    unmatched: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    catalogue: Catalogue = field(repr=False, compare=False)
    taste: Taste = field(repr=False, compare=False)

    def entries(
        self, keep: Keep = "mine", picked: Mapping[int, int] | None = None, refused: Collection[int] = ()
    ) -> tuple[Entry, ...]:
        """The entries to save."""
        found = (self._entry(each, keep) for each in self._films(picked or {}, refused))
        return tuple(each for each in found if each)

    def conflicts(self, picked: Mapping[int, int] | None = None, refused: Collection[int] = ()) -> tuple[Conflict, ...]:
        """The films, known to the catalogue or not, that have other stars in the profile."""
        out = []
        for each in self._films(picked or {}, refused):
            mine, stars = self._mine(each), each.line.stars
            if mine and mine.stars is not None and stars not in (None, mine.stars):
                out.append(Conflict(each.film, mine.stars, stars))
        return tuple(out)

    def sentence(self) -> str:
        """The report in one sentence."""
        parts = [
            f"{len(self.matched):,} found",
            f"{len(self.guessed):,} by guess",
            f"{len(self.unmatched):,} unknown here",
            f"{len(self.skipped):,} left out",
        ]
        count = len(self.conflicts())
        conflict = f"; {count:,} rated otherwise before" if count else ""
        return f"{self.source}: {', '.join(parts)}{conflict}."

    def _films(self, picked: Mapping[int, int], refused: Collection[int]) -> list[_FilmLine]:
        """Every film once: of several lines that have become one film, the one that counts."""
        asked = frozenset(picked.items()), frozenset(refused)
        if asked not in self._listed:
            self._listed.clear()
            self._listed[asked] = self._list(picked, refused)
        return self._listed[asked]

    def _list(self, picked: Mapping[int, int], refused: Collection[int]) -> list[_FilmLine]:
        known = [(each.line, each.column) for each in self.matched]
        known += [(each.line, each.column) for place, each in enumerate(self.guessed) if place not in refused]
        known += [(self.unmatched[place], column) for place, column in picked.items()]
        unknown = [each.line for place, each in enumerate(self.guessed) if place in refused]
        unknown += [line for place, line in enumerate(self.unmatched) if place not in picked]
        films = [_FilmLine(film_at(self.catalogue.films, column), line, column) for line, column in known]
        films += [_FilmLine(line.film, line, -1) for line in unknown]
        counting, _ = once([each.line for each in films], same_films([each.film for each in films]))
        return [each for place, each in enumerate(films) if place in counting]

    def _entry(self, found: _FilmLine, keep: Keep) -> Entry | None:
        """The new entry of a film; None if the present entry stays."""
        mine, line = self._mine(found), found.line
        if mine is None:
            return Entry(found.film, line.stars, line.marks, line.when)
        if found.column < 0:
            mine = replace(mine, film=joined(mine.film, line.film))
        if line.stars is not None:
            return None if mine.stars is not None and keep == "mine" else mine.rated(line.stars, line.when)
        if mine.stars is not None or "not for me" in mine.marks:
            return None
        for mark in sorted(line.marks):
            mine = mine.marked(mark, True, line.when)
        return mine

    def _mine(self, found: _FilmLine) -> Entry | None:
        """What the user has said of a film before."""
        if not self.taste.entries:
            return None
        return self._by_column.get(found.column) or self._by_film.find(found.film)

    @cached_property
    def _listed(self) -> dict[tuple[frozenset[tuple[int, int]], frozenset[int]], list[_FilmLine]]:
        """The films as they were listed last: a page asks for entries and conflicts at every choice."""
        return {}

    @cached_property
    def _by_column(self) -> dict[int, Entry]:
        column = self.catalogue.films.column
        return {column[movie]: entry for movie, entry in self.taste.known(self.catalogue).items()}

    @cached_property
    def _by_film(self) -> ByFilm[Entry]:
        return ByFilm((each.film, each) for each in self.taste.entries)


def import_report_of(parsed: Parsed, catalogue: Catalogue, taste: Taste | None = None) -> ImportReport:
    """Matches every line to a film of the catalogue, and compares it with what the user has said before."""
    return report_of(match_films(parsed, catalogue), catalogue, taste)


def report_of(found: MatchedFilms, catalogue: Catalogue, taste: Taste | None = None) -> ImportReport:
    """The report on films that were matched to this catalogue, as compared with what the user has said before."""
    return ImportReport(
        found.source, found.matched, found.guessed, found.unmatched, found.skipped, found.notes, found.problems,
        catalogue, taste or Taste(),
    )  # fmt: skip
