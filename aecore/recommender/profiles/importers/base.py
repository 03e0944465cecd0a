"""Shared by all importers: lines read and lines left out, limits, and safe parsing of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aecore.datasets.uploads.base import Choice, count_of, shown
from aecore.recommender.profiles.film import Film, clean_title
from aecore.recommender.profiles.importers.lists import EACH, LISTS, SEEN, kind_of_list
from aecore.recommender.ratings.scales import SCALES, scale_of


@dataclass(frozen=True)
class ImportLimits:
    """The most that one import may have in all, over every file in it and in its archives.

    bytes: of all files, and of one inside an archive; unpacked: bytes of all archives; files: in an archive; rows:
    lines of text; films: lines of one user, listed or left out.
    """

    bytes: int = 64 * 2**20
    unpacked: int = 256 * 2**20
    files: int = 5_000
    rows: int = 1_200_000
    films: int = 50_000


LIMITS = ImportLimits()


@dataclass(frozen=True)
class Meaning:
    """How the user wants files to be read where they leave it open.

    scale: the highest rating, one of SCALES, "" or "each" to infer it; lists: one of LISTS, "" or "each" to go by the
    file's name.
    """

    scale: str = ""
    lists: str = ""


class ImportProblem(ValueError):
    """A file that cannot be used; the message says which file, which row, what is wrong and what to do about it."""


class SeveralUsersError(ImportProblem):
    """Ratings of several users, of whom one must be chosen. users: their numbers, ascending."""

    users: tuple[int, ...]

    def __init__(self, message: str, users: tuple[int, ...]) -> None:
        super().__init__(message)
        self.users = users


@dataclass(frozen=True)
class Line:
    """One film of a file.

    row: number as in a spreadsheet, the header being 1. stars: 0.5 to 5 or None. when: seconds, 0 if unknown.
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
    """A line that was left out, and the reason."""

    file: str
    row: int
    title: str
    reason: str

    def __str__(self) -> str:
        name = f" ({shown(self.title)})" if self.title else ""
        return f"{self.file}, row {self.row:,}{name}: {self.reason}."


@dataclass(frozen=True)
class Parsed:
    """The content of imported files.

    source: name of the service. notes: sentences on how they were read; problems: on files that were not read.
    choices: what could be read differently, see `Meaning`.
    """

    source: str
    lines: tuple[Line, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()

    def joined(self, other: Parsed) -> Parsed:
        """The content of both."""
        joined = ("lines", "skipped", "notes", "problems")
        parts: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in joined}
        source = (
            self.source
            if self.source == other.source or not other.source
            else (f"{self.source} and {other.source}" if self.source else other.source)
        )
        asked = {each.setting: each for each in self.choices}
        for each in other.choices:
            before = asked.setdefault(each.setting, each)
            if before.taken != each.taken and EACH in each.options:
                asked[each.setting] = replace(before, taken=EACH)
        return replace(self, source=source, choices=tuple(asked.values()), **parts)


@dataclass
class Collector:
    """Gathers the lines of one file. most: how many; ImportProblem if there are more."""

    file: str
    most: int = LIMITS.films
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    rounded: int = 0
    unrated: int = 0

    def add(
        self, row: int, film: Film, stars: float | None = None, marks: frozenset[str] = frozenset(), when: float = 0.0
    ) -> None:
        """Adds a film with its stars or marks; one without title and ids is left out."""
        if not film.key:
            self.skip(row, film.title, "neither a title nor an id")
        else:
            self.lines.append(Line(self.file, row, film, stars, marks, when))
            self._refuse_many()

    def skip(self, row: int, title: str, reason: str) -> None:
        """Notes a line as left out."""
        self.skipped.append(Skipped(self.file, row, title, reason))
        self._refuse_many()

    def _refuse_many(self) -> None:
        if len(self.lines) + len(self.skipped) > self.most:
            raise ImportProblem(too_many_films(self.file, self.most))

    def rate(self, row: int, film: Film, text: str, scale: int, when: float = 0.0) -> None:
        """Adds a film with the rating in a cell, on a scale to 5, 10 or 100.

        Without a rating, or with 0, it counts as seen; an invalid rating is left out.
        """
        value = number_of(text)
        if not text or value == 0:
            self.unrated += 1
            self.add(row, film, marks=SEEN, when=when)
            return
        stars = None if value is None else value * 5 / scale
        if stars is None or not 0.5 <= stars <= 5:
            self.skip(row, film.title, f"'{shown(text, 20)}' is no rating from {scale / 10:g} to {scale}")
            return
        halves = round(stars * 2) / 2
        self.rounded += halves != stars
        self.add(row, film, halves, when=when)

    def rate_all(self, rated: Sequence[tuple[int, Film, str, float]], wanted: str, usual: str = "") -> None:
        """Adds films with ratings of unknown scale: the wanted one, the usual one of such a column, or the smallest
        that fits all of them.
        """
        wanted = "" if wanted == EACH else wanted
        values = [value for _, _, text, _ in rated if (value := number_of(text)) is not None]
        scale, note = scale_of(max(values, default=0), wanted, usual)
        if note:
            self.notes.append(f"{self.file}: {note}")
        self.choices.append(Choice("ratings_to", (EACH, *SCALES), scale))
        for row, film, text, when in rated:
            self.rate(row, film, text, int(scale), when)

    def list_all(self, films: Sequence[tuple[int, Film, float]], wanted: str) -> None:
        """Adds the films of a list without ratings, as watchlist or seen, by the file's name or as wanted."""
        if not films:
            return
        taken = ("" if wanted == EACH else wanted) or kind_of_list(self.file.split(" in ")[0]) or "out"
        marks = LISTS[taken]
        many = count_of(len(films), "film")
        if marks is None:
            why = "as was chosen" if wanted == taken else "as the list does not say whether its films were seen"
            self.notes.append(f"{self.file}: {many} left out, {why}.")
        else:
            what = "counted as films to watch" if taken == "watch" else "counted as seen"
            self.notes.append(f"{self.file}: {many} without a rating, {what}.")
        self.choices.append(Choice("lists", (EACH, *LISTS), taken))
        for row, film, when in films if marks is not None else ():
            self.add(row, film, marks=marks or frozenset(), when=when)

    def parsed(self, source: str) -> Parsed:
        """The collected lines, with notes."""
        notes = list(self.notes)
        if self.unrated:
            notes.append(f"{self.file}: {count_of(self.unrated, 'film')} without a rating, counted as seen.")
        if self.rounded:
            notes.append(f"{self.file}: {count_of(self.rounded, 'rating')} between two half stars rounded.")
        return Parsed(source, tuple(self.lines), tuple(self.skipped), tuple(notes), choices=tuple(self.choices))


def too_many_films(file: str, most: int) -> str:
    """The sentence of an import that is no user's."""
    return (
        f"{file} holds more than {most:,} films of one user; that many can be imported. Choose a part of it, "
        "or bring it to Recommender as ratings of your own if it holds those of many users."
    )


def film_of(title: str = "", year: str = "", imdb: str = "", tmdb: str = "", movie_id: str = "") -> Film:
    """A film from the cells of a file; an invalid cell counts as empty."""
    return Film(clean_title(title), year_of(year), imdb_of(imdb), whole_of(tmdb), whole_of(movie_id))


def number_of(text: str) -> float | None:
    """4, 4.5 or 4,5; None for anything else."""
    return float(text.replace(",", ".")) if re.fullmatch(r"[+-]?[0-9]{1,9}([.,][0-9]{1,9})?", text) else None


def year_of(text: str) -> int:
    """The year in a cell; 0 if there is none."""
    found = re.match(r"((?:18[7-9]|19[0-9]|20[0-9])[0-9])(?![0-9])", text.strip())
    return int(found[1]) if found else 0


def imdb_of(text: str) -> int:
    """The number in "tt0133093", "0133093", "133093" or a link to IMDb; 0 if there is none."""
    found = re.fullmatch(r"(?:tt)?([0-9]{1,9})", text.strip()) or re.search(r"\btt([0-9]{5,9})\b", text[:300])
    return int(found[1]) if found else 0


def whole_of(text: str) -> int:
    """A whole number of at most nine digits, also written 862.0 as spreadsheets do; 0 for anything else."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.0)?", text.strip())
    return int(found[1]) if found else 0


def moment_of(text: str) -> float:
    """Seconds since 1970 from a date, a date with a time, or seconds; 0 for anything else."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{9,10}", text):
        return float(text)
    try:
        moment = datetime.fromisoformat(text[:40])
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0.0
