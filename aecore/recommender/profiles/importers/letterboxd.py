"""Letterboxd exports: ratings, diary, reviews, films watched, the watchlist, and lists; titles and years, no ids."""

from __future__ import annotations

from aecore.recommender.profiles.importers.base import Collector, Meaning, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.texts import Table

SOURCE = "Letterboxd"


def is_letterboxd(table: Table) -> bool:
    """Whether a table is a Letterboxd export: by its columns, or for a list by its first line."""
    above = table.content.layout.skipped
    is_list = bool(above) and above[0][1].startswith("Letterboxd list")
    return table.has("name", "letterboxduri") or (table.has("position", "name", "url") and is_list)


def read_letterboxd(table: Table, meaning: Meaning) -> Parsed:
    """Reads stars from ratings, diary and reviews; of lists, only `watchlist` and `watched` are known by name."""
    out, has_ratings, listed = Collector(table.file), table.has("rating"), []
    for number, row in table.rows():
        film = film_of(row["name"], row["year"])
        when = moment_of(row["watcheddate"] or row["date"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif has_ratings:
            out.rate(number, film, row["rating"], 5, when)
        else:
            listed.append((number, film, when))
    out.list_all(listed, meaning.lists)
    return out.parsed(SOURCE)
