"""What every importer shares: a line of somebody's file, a line left out, limits, and cells read without trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aecore.datasets.uploads.base import count_of, shown
from aecore.recommender.profiles.film import Film, clean_title

MAX_BYTES = 64 * 2**20
MAX_ROWS = 1_200_000

SEEN, WATCHLIST = frozenset({"seen"}), frozenset({"watchlist"})


class ImportProblem(ValueError):
    """A file that cannot be used; the message says which file, which row, what is wrong and what to do."""


class SeveralPeopleError(ImportProblem):
    """Ratings of many people, of whom one must be chosen. people: their numbers, rising."""

    def __init__(self, message: str, people: tuple[int, ...]) -> None:
        super().__init__(message)
        self.people = people


@dataclass(frozen=True)
class Line:
    """One film of a file.

    row: as a spreadsheet counts them, the header being 1. stars: 0.5 to 5 or None. when: seconds, 0 unknown.
    """

    file: str
    row: int
    film: Film
    stars: float | None = None
    marks: frozenset[str] = frozenset()
    when: float = 0.0

    @property
    def place(self) -> str:
        """ "ratings.csv, row 7"."""
        return f"{self.file}, row {self.row:,}"


@dataclass(frozen=True)
class Skipped:
    """A line that was left out, and why."""

    file: str
    row: int
    title: str
    reason: str

    def __str__(self) -> str:
        name = f" ({shown(self.title)})" if self.title else ""
        return f"{self.file}, row {self.row:,}{name}: {self.reason}."


@dataclass(frozen=True)
class Parsed:
    """What files say.

    source: where they come from, as a name. notes: sentences of what was done; problems: of files that were not read.
    """

    source: str
    lines: tuple[Line, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def joined(self, other: Parsed) -> Parsed:
        """Both together."""
        parts = {name: getattr(self, name) + getattr(other, name) for name in ("lines", "skipped", "notes", "problems")}
        source = (
            self.source
            if self.source == other.source or not other.source
            else (f"{self.source} and {other.source}" if self.source else other.source)
        )
        return replace(self, source=source, **parts)


@dataclass
class Collector:
    """Gathers the lines of one file."""

    file: str
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rounded: int = 0

    def add(
        self, row: int, film: Film, stars: float | None = None, marks: frozenset[str] = frozenset(), when: float = 0.0
    ) -> None:
        """A film with its stars or marks; one without any name is left out."""
        if not film.key:
            self.skip(row, film.title, "neither a title nor an id")
        else:
            self.lines.append(Line(self.file, row, film, stars, marks, when))

    def skip(self, row: int, title: str, reason: str) -> None:
        """A line left out."""
        self.skipped.append(Skipped(self.file, row, title, reason))

    def rate(self, row: int, film: Film, text: str, scale: int, when: float = 0.0) -> None:
        """A film with the rating that a cell holds, on a scale to 5 or to 10.

        Without one it counts as seen; a wrong one is left out.
        """
        if not text:
            self.skip(row, film.title, "no rating; it counts as seen")
            self.add(row, film, marks=SEEN, when=when)
            return
        value = number_of(text)
        stars = None if value is None else value * 5 / scale
        if stars is None or not 0.5 <= stars <= 5:
            lowest = "0.5" if scale == 5 else "1"
            self.skip(row, film.title, f"'{shown(text, 20)}' is no rating from {lowest} to {scale}")
            return
        halves = round(stars * 2) / 2
        self.rounded += halves != stars
        self.add(row, film, halves, when=when)

    def parsed(self, source: str, notes: Sequence[str] = ()) -> Parsed:
        """Everything gathered."""
        rounded = (
            (f"{self.file}: {count_of(self.rounded, 'rating')} between two half stars rounded.",)
            if self.rounded
            else ()
        )
        return Parsed(source, tuple(self.lines), tuple(self.skipped), (*notes, *rounded))


def film_of(title: str = "", year: str = "", imdb: str = "", tmdb: str = "", movie_id: str = "") -> Film:
    """A film from cells as they stand in a file; a cell that makes no sense counts as empty."""
    return Film(clean_title(title), year_of(year), imdb_of(imdb), whole_of(tmdb), whole_of(movie_id))


def number_of(text: str) -> float | None:
    """4, 4.5 or 4,5; None for anything else."""
    return float(text.replace(",", ".")) if re.fullmatch(r"[+-]?[0-9]{1,9}([.,][0-9]{1,9})?", text) else None


def year_of(text: str) -> int:
    """The year in a cell, 0 if there is none."""
    found = re.match(r"((?:18[7-9]|19[0-9]|20[0-9])[0-9])(?![0-9])", text.strip())
    return int(found[1]) if found else 0


def imdb_of(text: str) -> int:
    """The number in "tt0133093", "0133093", "133093" or a link to IMDb; 0 if there is none."""
    found = re.fullmatch(r"(?:tt)?([0-9]{1,9})", text.strip()) or re.search(r"\btt([0-9]{5,9})\b", text[:300])
    return int(found[1]) if found else 0


def whole_of(text: str) -> int:
    """A whole number of at most nine digits, 0 for anything else; spreadsheets may have written 862 as 862.0."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.0)?", text.strip())
    return int(found[1]) if found else 0


def moment_of(text: str) -> float:
    """Seconds since 1970 of a date, of a date with a time, or of seconds; 0 if there are none."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{9,10}", text):
        return float(text)
    try:
        moment = datetime.fromisoformat(text[:40])
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0.0
