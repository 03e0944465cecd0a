"""Any other table with titles or ids: as Letterboxd accepts them, as this app exports them, or the user's own."""

from __future__ import annotations

from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.importers.base import Collector, Meaning, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.imdb import Kinds
from aecore.recommender.profiles.importers.texts import Row, Table
from aecore.recommender.ratings.films import parse_title

_IDS = ("imdbid", "tmdbid", "movieid")
_OWN = ("yourrating", "myrating")
"""Where there is such a column, one called Rating holds the mean of everybody, as in exports of TMDb."""

_RATINGS = (*_OWN, "rating", "rating10")


def is_table_of_films(table: Table) -> bool:
    """Whether a table has a column of titles or ids."""
    return table.has("title") or table.has("name") or any(table.has(each) for each in ("imdbid", "tmdbid"))


def read_table_of_films(table: Table, meaning: Meaning) -> Parsed:
    """Reads Title or Name, Year, imdbID, tmdbID, and Your Rating, Rating (to 5, 10 or 100) or Rating10 (to 10)."""
    out, listed, rated = Collector(table.file), [], []
    present = [name for name in _RATINGS if table.has(name)]
    rating, kinds = next(iter(present), ""), Kinds(table, "titletype", "type")
    for number, row in table.rows():
        film = _film(row)
        when = moment_of(row["watcheddate"] or row["daterated"] or row["date"] or row["timestamp"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif other := kinds.other(row):
            out.skip(number, film.title, f"{other}, not a film")
        elif not rating:
            listed.append((number, film, when))
        elif rating == "rating10":
            out.rate(number, film, row[rating], 10, when)
        else:
            rated.append((number, film, row[rating], when))
    if rating in _OWN and "rating" in present:
        out.notes.append(f"{table.file}: ratings were read from '{table.written(rating)}', not from 'Rating'.")
    if rated:
        out.rate_all(rated, meaning.scale, "10" if rating == "yourrating" else "")
    out.list_all(listed, meaning.lists)
    return out.parsed("a table of films")


def _film(row: Row) -> Film:
    parsed = parse_title((row["title"] or row["name"])[:400])
    return film_of(parsed.name, row["year"] or row["releasedate"] or str(parsed.year), *(row[each] for each in _IDS))
