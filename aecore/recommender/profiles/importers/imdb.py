"""IMDb exports: ratings, lists and the watchlist; every film has its IMDb id."""

from __future__ import annotations

from aecore.recommender.profiles.importers.base import Collector, Meaning, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.texts import Table

SOURCE = "IMDb"
_NO_FILM = {"series": "a series", "episode": "an episode of a series", "game": "a game", "podcast": "a podcast"}


def is_imdb(table: Table) -> bool:
    """Whether a table is an IMDb export: by the column `Const`, which holds IMDb ids."""
    return table.has("const") and (table.has("yourrating") or table.has("position") or table.has("titletype"))


def read_imdb(table: Table, meaning: Meaning) -> Parsed:
    """Reads ratings from 1 to 10 as stars; unrated films of a list count as watchlist or seen by the kind of list."""
    out, is_list, listed = Collector(table.file), table.has("position"), []
    for number, row in table.rows():
        film = film_of(row["title"] or row["originaltitle"], row["year"], row["const"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif other := other_kind(row["titletype"]):
            out.skip(number, film.title, f"{other}, not a film")
        elif is_list and not row["yourrating"]:
            listed.append((number, film, moment_of(row["created"])))
        else:
            out.rate(number, film, row["yourrating"], 10, moment_of(row["daterated"]))
    out.list_all(listed, meaning.lists)
    return out.parsed(SOURCE)


def other_kind(kind: str) -> str:
    """The kind of a title that is not a film, "a series"; "" for a film.

    "TV Mini Series" and "tvMiniSeries" are the same.
    """
    kind = kind.casefold().replace(" ", "")
    return next((name for sign, name in _NO_FILM.items() if sign in kind), "")
