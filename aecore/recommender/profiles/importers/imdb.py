"""IMDb exports: ratings, lists and the watchlist; every film has its IMDb id."""

from __future__ import annotations

from aecore.datasets.uploads.base import shown
from aecore.recommender.profiles.importers.base import Collector, Meaning, Parsed, film_of, moment_of
from aecore.recommender.profiles.importers.texts import Row, Table

SOURCE = "IMDb"
_NO_FILM = {
    "episode": "an episode of a series", "season": "a season of a series", "series": "a series", "show": "a series",
    "game": "a game", "podcast": "a podcast",
}  # fmt: skip
_FILM = ("movie", "film", "short", "video", "special")


def is_imdb(table: Table) -> bool:
    """Whether a table is an IMDb export: by the column `Const`, which holds IMDb ids."""
    return table.has("const") and (table.has("yourrating") or table.has("position") or table.has("titletype"))


def read_imdb(table: Table, meaning: Meaning) -> Parsed:
    """Reads ratings from 1 to 10 as stars; unrated films of a list count as watchlist or seen by the kind of list."""
    out, is_list, listed = Collector(table.file), table.has("position"), []
    kinds = Kinds(table, "titletype")
    for number, row in table.rows():
        film = film_of(row["title"] or row["originaltitle"], row["year"], row["const"])
        if row.problem:
            out.skip(number, film.title, row.problem)
        elif other := kinds.other(row):
            out.skip(number, film.title, f"{other}, not a film")
        elif is_list and not row["yourrating"]:
            listed.append((number, film, moment_of(row["created"])))
        else:
            out.rate(number, film, row["yourrating"], 10, moment_of(row["daterated"]))
    out.list_all(listed, meaning.lists)
    return out.parsed(SOURCE)


class Kinds:
    """What the rows of a table are: films or not, by a column such as IMDb's `Title Type` or TMDb's `Type`.

    Where that column calls some rows films, those that it calls anything unknown are none. Where it calls none a film,
    it may tell something else, such as a genre, and only what is known to be no film is left out.
    """

    def __init__(self, table: Table, *columns: str) -> None:
        self._column = next((each for each in columns if table.has(each)), "")
        self._knows_films = bool(self._column) and any(_is_film(_plain(row[self._column])) for _, row in table.rows())

    def other(self, row: Row) -> str:
        """The kind of a title that is not a film, as in "a series"; "" for a film."""
        kind = row[self._column] if self._column else ""
        plain = _plain(kind)
        if no_film := next((name for sign, name in _NO_FILM.items() if sign in plain), ""):
            return no_film
        if not plain or _is_film(plain):
            return ""
        return "a series" if plain == "tv" else f"of the kind '{shown(kind, 20)}'" if self._knows_films else ""


def _plain(kind: str) -> str:
    """ "TV Mini Series" and "tvMiniSeries" are the same."""
    return kind.casefold().replace(" ", "")


def _is_film(plain: str) -> bool:
    return any(sign in plain for sign in _FILM) and not any(sign in plain for sign in _NO_FILM)
