"""Any other table with titles or ids: what Letterboxd accepts, what this app writes, a list of one's own."""

from __future__ import annotations

from aecore.recommender.profiles.importers.base import WATCHLIST, Collector, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.imdb import no_snapshots
from aecore.recommender.profiles.importers.texts import Row, Table
from aecore.recommender.ratings.films import parse_title

_IDS = ("imdbid", "tmdbid", "movieid")


def is_table_of_films(table: Table) -> bool:
    """Whether it has a title or an id, and something beside it."""
    return table.has("title") or table.has("name") or any(table.has(each) for each in ("imdbid", "tmdbid"))


def read_table_of_films(table: Table) -> Parsed:
    """Columns Title or Name, Year, imdbID, tmdbID, and Rating (to 5), Rating10 or Your Rating (to 10);
    without ratings it is a list of films to watch.
    """
    out = Collector(table.file)
    scale, rating = next(
        ((scale, name) for scale, name in ((5, "rating"), (10, "rating10"), (10, "yourrating")) if table.has(name)),
        (5, ""),
    )
    for number, row in table.rows():
        film = _film(row)
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif other := no_snapshots(row["titletype"] or row["type"]):
            out.skip(number, film.title, f"{other}, not a film")
        elif rating:
            out.rate(number, film, row[rating], scale, moment_of(row["watcheddate"] or row["date"] or row["timestamp"]))
        else:
            out.add(number, film, marks=WATCHLIST)
    notes = (
        () if rating or not out.lines else (f"{table.file} has no ratings; its films were taken for films to watch.",)
    )
    return out.parsed("a table of films", notes)


def _film(row: Row):

    parsed = parse_title((row["title"] or row["name"])[:400])
    return film_of(parsed.name, row["year"] or str(parsed.year), *(row[each] for each in _IDS))
