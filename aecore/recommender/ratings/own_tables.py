"""Reads an uploaded CSV of users, films and ratings: its columns, its rating scale, its errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aecore.datasets.uploads.base import MAX_UPLOAD_BYTES, Choice, shown, shown_name
from aecore.readers.delimited import DelimitedText, Limits, read_delimited
from aecore.readers.errors import UnreadableError, place
from aecore.readers.layout import Expected
from aecore.readers.numbers import as_number, is_number
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.own_columns import LARGE, RatingRows, fast_rows
from aecore.recommender.ratings.own_times import in_seconds, moment_of
from aecore.recommender.ratings.scales import SCALES, scale_of
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings, RatingsError

COLUMNS = {
    "user": ("userid", "user", "person", "personid", "reviewer"),
    "film": ("movieid", "movie", "film", "filmid", "itemid", "item"),
    "stars": ("rating", "stars", "score"),
    "time": ("timestamp", "time"),
    "title": ("title", "name"),
    "genres": ("genres",),
}
"""Names that each column may have, in lower case without spaces and punctuation."""

_ASKED = ("user", "film", "stars")
_NOTHING = (
    "'{}' holds no ratings. It needs a first row of names, userId, movieId and rating, and a row for each rating."
)

_HIGHEST_SCALE = int(SCALES[-1])

MOST_RATINGS = 5_000_000
LONGEST_TITLE = 200


@dataclass(frozen=True)
class OwnMeaning:
    """How the user wants a table of ratings to be read.

    user, film, stars: names of columns, "" to go by `COLUMNS`. scale: the highest rating, one of SCALES, "" to
    infer it.
    """

    user: str = ""
    film: str = ""
    stars: str = ""
    scale: str = ""


_UNTOLD = OwnMeaning()


@dataclass(frozen=True)
class OwnRatings:
    """Ratings as read. notes: sentences on how they were read; choices: what could be read differently."""

    ratings: Ratings
    films: Films
    notes: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


class ColumnsError(RatingsError):
    """A table whose columns are not recognised. choices: the candidate columns for each setting."""

    choices: tuple[Choice, ...]

    def __init__(self, message: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(message)
        self.choices = choices


def read_own(name: str, data: bytes, meaning: OwnMeaning = _UNTOLD) -> tuple[Ratings, Films]:
    """Reads ratings and films from a table; see `understand_own`."""
    found = understand_own(name, data, meaning)
    return found.ratings, found.films


def understand_own(name: str, data: bytes, meaning: OwnMeaning = _UNTOLD, large: int = LARGE) -> OwnRatings:
    """Reads ratings and films from a CSV with columns for user, film and rating, and optionally time,
    title and genres; other columns are ignored.

    Users may be names or numbers. Films named by whole numbers keep them as ids; others are numbered from 1 and
    keep their names as titles. All times are left out if one of them cannot be read. If a user rated a film twice, the
    last row counts. Ratings may go to 5, 10 or 100.
    RatingsError, with file and line; ColumnsError if a column must be chosen. large: bytes from which pandas is tried.
    """
    name = shown_name(name)
    known = {each for called in COLUMNS.values() for each in called}
    limits = Limits(bytes=MAX_UPLOAD_BYTES, rows=MOST_RATINGS)
    try:
        table = read_delimited(name, data, Expected(known, has_header=True), limits)
        if table.header and all(map(is_number, table.header)):
            table = read_delimited(name, data, Expected(known, has_header=False), limits)
        if not table.width:
            raise RatingsError(_NOTHING.format(name))
        names = tuple(cell.strip() for cell in table.header or (f"column {at + 1}" for at in range(table.width)))
        found = _Ratings(name, _places(table, names, meaning))
        rows = fast_rows(table, data, found.places, _HIGHEST_SCALE, large)
        if rows is None:
            for row in table.rows():
                found.add(row.line, row.cells)
            rows = found.collected()
    except UnreadableError as error:
        raise RatingsError(str(error)) from None
    return found.finish(rows, names, meaning.scale)


class _Ratings:
    """Collects the rows of a table, then builds the ratings."""

    def __init__(self, name: str, places: dict[str, int]) -> None:
        self.name = name
        self.places = places
        self.users: dict[str, int] = {}
        self.films: dict[str, int] = {}
        self.about: dict[int, tuple[str, list[str]]] = {}
        self.rows: list[tuple[int, int, float, int, int]] = []
        self.untimed = ""

    def add(self, line: int, fields: list[str]) -> None:
        count, at = len(fields), self.places
        cells = [fields[at[what]].strip() if at[what] < count else "" for what in _ASKED]
        if not all(cells):
            what = _ASKED[cells.index("")]
            raise RatingsError(f"{place(self.name, line)}: the {what} is missing. Fill it in, or delete the row.")
        user, film, stars = cells
        number = self.films.setdefault(film, len(self.films))
        if number not in self.about:
            self.about[number] = self._about(film, fields)
        rating = as_number(stars, has_decimal_comma=True)
        if rating is None or not 0 < rating <= _HIGHEST_SCALE:
            raise self._wrong(stars, line, _HIGHEST_SCALE)
        time = self._time(fields[at["time"]].strip(), line) if 0 <= at["time"] < count else 0
        self.rows.append((self.users.setdefault(user, len(self.users)), number, rating, time, line))

    def _about(self, film: str, fields: list[str]) -> tuple[str, list[str]]:
        """Title and genres of a film, from the row where it first occurs."""
        title, genres = (
            fields[at].strip() if 0 <= at < len(fields) else "" for at in (self.places["title"], self.places["genres"])
        )
        return _clean(title or film), [shown(each, 40) for each in genres.split("|") if each][:30]

    def _wrong(self, rating: str, line: int, highest: int) -> RatingsError:
        return RatingsError(
            f"{place(self.name, line)}: a rating of '{shown(rating, 20)}'; ratings lie between "
            f"{highest * LOWEST / HIGHEST:g} and {highest}. Mend it, delete the row, or say how high ratings go."
        )

    def _time(self, text: str, line: int) -> int:
        time = moment_of(text)
        if time is None and not self.untimed:
            self.untimed = f"'{shown(text, 20)}' in line {line:,} is neither a date nor a number of seconds since 1970"
        return time or 0

    def collected(self) -> RatingRows:
        """The rows that were added."""
        if not self.rows:
            raise RatingsError(_NOTHING.format(self.name))
        users, films, given, times, lines = (np.array(column) for column in zip(*self.rows, strict=True))
        return RatingRows(users, films, given, times, tuple(self.users), tuple(self.films), lambda at: int(lines[at]))

    def finish(self, rows: RatingRows, columns: tuple[str, ...], wanted: str) -> OwnRatings:
        """The ratings of these rows."""
        scale, note = scale_of(float(rows.given.max()), wanted)
        stars = rows.given * HIGHEST / int(scale)
        if (wrong := np.flatnonzero((stars < LOWEST) | (stars > HIGHEST))).size:
            at = int(wrong[0])
            raise self._wrong(f"{rows.given[at]:g}", rows.line_of(at), int(scale))
        names = rows.film_names
        is_numbered = all(len(each) < 10 and each.isascii() and each.isdecimal() for each in names) and len(
            set(map(int, names))
        ) == len(names)
        ids = np.array([int(each) for each in names], np.int64) if is_numbered else np.arange(1, len(names) + 1)
        order = np.argsort(ids)
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        about = [self.about.get(place, (name, [])) for place, name in enumerate(names)]
        titles = [title for title, _ in about]
        if is_numbered:
            titles = [
                f"Film {title}" if title.isdecimal() and int(title) == id else title
                for title, id in zip(titles, ids, strict=True)
            ]
        times, unit = in_seconds(rows.times)
        catalogue = Films.of(ids[order], [titles[film] for film in order], [about[film][1] for film in order])
        ratings = Ratings.of(
            rows.users,
            places[rows.films],
            stars,
            times if times.any() and not self.untimed else None,
            np.arange(1, len(rows.user_names) + 1),
            ids[order],
        )
        used = {what: shown(columns[self.places[what]], 40) for what in _ASKED}
        notes = [f"Users are in '{used['user']}', films in '{used['film']}', ratings in '{used['stars']}'."]
        if note:
            notes.append(note[0].upper() + note[1:])
        if self.untimed:
            notes.append(f"Times were left out, as {self.untimed}.")
        elif unit:
            notes.append(f"Times are in {unit} since 1970.")
        choices = (*_column_choices(columns, self.places), Choice("ratings_to", SCALES, scale))
        return OwnRatings(ratings, catalogue, tuple(notes), choices)


def _places(table: DelimitedText, names: tuple[str, ...], meaning: OwnMeaning) -> dict[str, int]:
    """The position of each column, -1 if absent. ColumnsError if users, films or ratings have none."""
    found = {what: -1 if (at := table.place(*called)) is None else at for what, called in COLUMNS.items()}
    if found["film"] < 0:
        found["film"] = found["title"]
    if table.header is None and table.width in (3, 4):  # the order of MovieLens: user, film, rating, time
        found |= {"user": 0, "film": 1, "stars": 2} | ({"time": 3} if table.width == 4 else {})
    for what in _ASKED:
        if (wanted := getattr(meaning, what)) and wanted in names:
            found[what] = names.index(wanted)
    missing = [what for what in _ASKED if found[what] < 0]
    if missing:
        where, here = place(table.name, max(table.layout.header_line, 1)), shown(", ".join(names), 80)
        raise ColumnsError(
            f"{where}: no column could be found for the {_listed(missing)}. Choose it, or name the columns userId, "
            f"movieId and rating; the file has: {here}.",
            _column_choices(names, found),
        )
    return found


def _listed(missing: list[str]) -> str:
    """['user', 'film', 'stars'] -> 'user, the film and the stars'."""
    return " and the ".join(filter(None, [", the ".join(missing[:-1]), missing[-1]]))


def _column_choices(names: tuple[str, ...], places: dict[str, int]) -> tuple[Choice, ...]:
    """A choice of column for users, films and ratings, with the one taken; "" if unknown."""
    return tuple(Choice(f"{what}_column", names, names[places[what]] if places[what] >= 0 else "") for what in _ASKED)


def _clean(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text[:LONGEST_TITLE]).split())
