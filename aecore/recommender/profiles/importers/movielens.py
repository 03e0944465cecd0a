"""MovieLens: the site's export of one user, and the files of its data sets, from which one user is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aecore.readers.encoding import lines_of
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.importers.base import (
    Collector,
    ImportProblem,
    Meaning,
    Parsed,
    SeveralUsersError,
    film_of,
    moment_of,
)
from aecore.recommender.profiles.importers.texts import Table
from aecore.recommender.ratings.films import parse_title

SOURCE = "MovieLens"
_RATINGS = re.compile(r"(\d+)(::|\t)(\d+)\2([\d.]+)\2(\d+)", re.ASCII)
_MOVIES = re.compile(r"(\d+)(::|\|)(.+?)\2.*", re.ASCII)
_FIRST_MOVIE = re.compile(r"\d+(::|\|)[^:|]+\(\d{4}\)\1.*", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One file of a data set. kind: "ratings", "movies" or "links"; table: None if the file has no header."""

    kind: str
    file: str
    text: str
    table: Table | None = None

    @property
    def has_old_numbers(self) -> bool:
        """Whether its films have the ids of MovieLens 100K, which no other edition uses."""
        return self.table is None and "::" not in next(lines_of(self.text), "")


def is_site_export(table: Table) -> bool:
    """Whether a table is an export of the site: movie_id,imdb_id,tmdb_id,rating,average_rating,title."""
    return table.has("movieid", "rating") and (
        table.has("averagerating") or (table.has("title") and table.has("imdbid"))
    )


def read_site_export(table: Table, meaning: Meaning) -> Parsed:
    """Reads the ratings of one user, with all ids."""
    out = Collector(table.file)
    for number, row in table.rows():
        title = parse_title(row["title"][:400])
        film = film_of(title.name, str(title.year), row["imdbid"], row["tmdbid"], row["movieid"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        else:
            out.rate(number, film, row["rating"], 5)
    return out.parsed(SOURCE)


def part_of(file: str, text: str, table: Table | None) -> Part | None:
    """The file as part of a data set; None if it is not one."""
    if table is not None:
        if table.has("userid", "movieid", "rating"):
            return Part("ratings", file, text, table)
        if table.has("rating"):
            return None
        if table.has("movieid", "title", "genres"):
            return Part("movies", file, text, table)
        return (
            Part("links", file, text, table)
            if table.has("movieid", "imdbid", "tmdbid") and not table.has("title")
            else None
        )
    first = next(lines_of(text.lstrip()), "").strip()
    if _RATINGS.fullmatch(first):
        return Part("ratings", file, text)
    return Part("movies", file, text) if _FIRST_MOVIE.fullmatch(first) else None


def read_parts(parts: Sequence[Part], user: int | None, knows_old_numbers: bool) -> Parsed:
    """Reads the ratings of one user.

    user: whose, if there are several. knows_old_numbers: whether the catalogue has the ids of MovieLens 100K.

    SeveralUsersError if there are several and none is chosen; ImportProblem if the files do not say
    which films they mean.
    """
    ratings = [each for each in parts if each.kind == "ratings"]
    if not ratings:
        raise ImportProblem(
            f"{parts[0].file} lists films but no ratings. Choose the file of the ratings along with it."
        )
    chosen = max(ratings, key=lambda each: len(each.text))
    films = _films(parts)
    if chosen.has_old_numbers and not films and not knows_old_numbers:
        raise ImportProblem(
            f"{chosen.file} numbers its films as MovieLens 100K does, so their titles are needed. "
            "Choose u.item along with it, or the whole ZIP."
        )
    notes = tuple(f"{each.file} was left out; {chosen.file} was read." for each in ratings if each is not chosen)
    return _read(chosen, films, _one_of(chosen, user), notes)


def _read(part: Part, films: dict[str, Film], user: str, notes: tuple[str, ...]) -> Parsed:
    out = Collector(part.file)
    for row, rated_by, movie, stars, moment, problem in _ratings(part):
        if problem:
            out.skip(row, "", problem)
        elif rated_by == user:
            film = films.get(movie) or film_of(movie_id=movie)
            film = replace(film, movie_id=0) if part.has_old_numbers and film.title else film
            out.rate(row, film, stars, 5, moment_of(moment))
    out.notes += notes
    return out.parsed(SOURCE)


def _ratings(part: Part) -> Iterator[tuple[int, str, str, str, str, str]]:
    """Yields row number, user, film, stars, time, and what is wrong with the row."""
    if part.table is not None:
        for number, row in part.table.rows():
            yield number, row["userid"], row["movieid"], row["rating"], row["timestamp"], row.problem
        return
    for number, line in enumerate(lines_of(part.text), 1):
        if found := _RATINGS.fullmatch(line.strip()):
            yield number, found[1], found[3], found[4], found[5], ""
        elif line.strip():
            yield (
                number,
                "",
                "",
                "",
                "",
                "not a user, a film, stars and a moment; the row is cut off or of another kind",
            )


def _one_of(part: Part, user: int | None) -> str:
    """The user to take, as the file writes them."""
    named = ((each, problem) for _, each, _, _, _, problem in _ratings(part))
    users = {each for each, problem in named if not problem and re.fullmatch(r"[0-9]{1,9}", each)}
    if user is not None and str(user) in users:
        return str(user)
    if user is not None:
        raise ImportProblem(f"{part.file} holds no ratings of user {user}.")
    if len(users) > 1:
        numbers = tuple(sorted(int(each) for each in users))
        message = (
            f"{part.file} holds the ratings of {len(users):,} users, numbers {numbers[0]} to "
            f"{numbers[-1]:,}. Choose one of them."
        )
        raise SeveralUsersError(message, numbers)
    return next(iter(users), "")


def _films(parts: Sequence[Part]) -> dict[str, Film]:
    """Movie id, as written -> film, from the tables of films and links."""
    films: dict[str, Film] = {}
    for part in parts:
        if part.kind == "movies":
            for movie, title in _titles(part):
                parsed = parse_title(title[:400])
                films[movie] = film_of(parsed.name, str(parsed.year), movie_id=movie)
    for part in parts:
        if part.kind == "links" and part.table is not None:
            for _, row in part.table.rows():
                film = films.get(row["movieid"], film_of(movie_id=row["movieid"]))
                ids = film_of(imdb=row["imdbid"], tmdb=row["tmdbid"])
                films[row["movieid"]] = replace(film, imdb=ids.imdb, tmdb=ids.tmdb)
    return films


def _titles(part: Part) -> Iterator[tuple[str, str]]:
    if part.table is not None:
        yield from ((row["movieid"], row["title"]) for _, row in part.table.rows())
        return
    for line in lines_of(part.text):
        if found := _MOVIES.fullmatch(line.strip()):
            yield found[1], found[3]
