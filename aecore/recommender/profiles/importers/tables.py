"""Any other table with titles or ids: as Letterboxd accepts them, as this app exports them, or the user's own."""

from __future__ import annotations

from aecore.recommender.profiles.importers.base import Collector, Meaning, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.imdb import other_kind
from aecore.recommender.profiles.importers.texts import Row, Table
from aecore.recommender.ratings.films import parse_title

_IDS = ("imdbid", "tmdbid", "movieid")


def is_table_of_films(table: Table) -> bool:
    """Whether a table has a column of titles or ids."""
    return table.has("title") or table.has("name") or any(table.has(each) for each in ("imdbid", "tmdbid"))


def read_table_of_films(table: Table, meaning: Meaning) -> Parsed:
    """Reads Title or Name, Year, imdbID, tmdbID, and Rating (to 5, 10 or 100), Rating10 or Your Rating (to 10)."""
    out, listed, rated = Collector(table.file), [], []
    rating = next((name for name in ("rating", "rating10", "yourrating") if table.has(name)), "")
    for number, row in table.rows():
        film = _film(row)
        when = moment_of(row["watcheddate"] or row["date"] or row["timestamp"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif other := other_kind(row["titletype"] or row["type"]):
            out.skip(number, film.title, f"{other}, not a film")
        elif not rating:
            listed.append((number, film, when))
        elif rating == "rating":
            rated.append((number, film, row[rating], when))
        else:
            out.rate(number, film, row[rating], 10, when)
    if rated:
        out.rate_all(rated, meaning.scale)
    out.list_all(listed, meaning.lists)
    return out.parsed("a table of films")


def _film(row: Row):

    parsed = parse_title((row["title"] or row["name"])[:400])
    return film_of(parsed.name, row["year"] or str(parsed.year), *(row[each] for each in _IDS))
