"""Letterboxd's export: ratings, diary, reviews, films watched, the watchlist, and lists; titles and years, no ids."""

from __future__ import annotations

from aecore.recommender.profiles.importers.base import SEEN, WATCHLIST, Collector, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.texts import Table

SOURCE = "Letterboxd"


def is_letterboxd(table: Table) -> bool:
    """By its columns, or a list by its first line."""
    above = table.content.layout.skipped
    is_list = bool(above) and above[0][1].startswith("Letterboxd list")
    return table.has("name", "letterboxduri") or (table.has("position", "name", "url") and is_list)


def read_letterboxd(table: Table) -> Parsed:
    """Stars from ratings, diary and reviews; from lists and the watchlist what to watch;
    from `watched` what was seen.
    """
    out, has_ratings = Collector(table.file), table.has("rating")
    marks = SEEN if "watched" in table.file.casefold() else WATCHLIST
    for number, row in table.rows():
        film = film_of(row["name"], row["year"])
        when = moment_of(row["watcheddate"] or row["date"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif has_ratings:
            out.rate(number, film, row["rating"], 5, when)
        else:
            out.add(number, film, marks=marks, when=when)
    kind = "films seen without a rating" if marks == SEEN else "films to watch"
    return out.parsed(
        SOURCE,
        () if has_ratings or not out.lines else (f"{table.file} has no ratings; its films were taken for {kind}.",),
    )
