"""The entries of a profile in its SQLite file: found by any id or name of a film,
changed in actions that can be undone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from aecore.recommender.profiles.film import Film, as_values, film_from
from aecore.recommender.profiles.same_film import IDENTITIES, is_another, joined
from aecore.recommender.profiles.taste import Entry

_COLUMNS = "profile, key, name, title, year, imdb, tmdb, movie_id, genres, stars, marks, moment, place"


def entries_of(connection: sqlite3.Connection, profile: str) -> tuple[Entry, ...]:
    """All entries of a profile, in the order in which they were last changed."""
    rows = connection.execute("select * from entries where profile = ? order by place", (profile,))
    return tuple(_as_entry(row) for row in rows)


def entry_for(connection: sqlite3.Connection, profile: str, film: Film) -> Entry:
    """The entry of a film, found by any of its ids or its name, with the ids of both records;
    an empty entry if there is none.
    """
    row = _row_for(connection, profile, film)
    return Entry(film) if row is None else replace(_as_entry(row), film=joined(film, _as_entry(row).film))


def put(connection: sqlite3.Connection, profile: str, entries: Iterable[Entry], about: str, moment: float) -> int:
    """Writes entries as one action; empty entries are removed. Returns the number of changed entries."""
    action, count = 0, 0
    place = connection.execute("select coalesce(max(place), 0) from entries where profile = ?", (profile,)).fetchone()[
        0
    ]
    for entry in entries:
        row = _row_for(connection, profile, entry.film)
        before = None if row is None else _as_entry(row)
        after = replace(entry, film=joined(entry.film, before.film)) if before else entry
        if (
            not after.film.key
            or (before is None and after.is_empty)
            or (before is not None and replace(before, when=after.when) == after)
        ):
            continue
        if not action:
            action = (
                connection.execute(
                    "insert into actions (profile, moment, about) values (?, ?, ?)", (profile, moment, about[:400])
                ).lastrowid
                or 0
            )
        place += 1
        change = (
            before and before.film.key,
            before and row and _packed(before, row["place"]),
            after.film.key,
            _packed(after, place),
        )
        connection.execute("insert into changes values (?, ?, ?, ?, ?)", (action, *change))
        if before:
            connection.execute("delete from entries where profile = ? and key = ?", (profile, before.film.key))
        if not after.is_empty:
            _insert(connection, profile, after, place)
        count += 1
    return count


def take_back(connection: sqlite3.Connection, profile: str, action: int) -> None:
    """Restores every entry that an action changed."""
    changes = connection.execute("select * from changes where action = ? order by rowid desc", (action,)).fetchall()
    for change in changes:
        connection.execute("delete from entries where profile = ? and key = ?", (profile, change["key_after"]))
        if change["before"]:
            _insert(connection, profile, *_unpacked(change["before"]))


def _insert(connection: sqlite3.Connection, profile: str, entry: Entry, place: int) -> None:
    film = entry.film
    names = (film.key, film.name, film.title, film.year, film.imdb, film.tmdb, film.movie_id)
    row = (profile, *names, "|".join(film.genres), entry.stars, ",".join(sorted(entry.marks)), entry.when, place)
    connection.execute(f"insert or replace into entries ({_COLUMNS}) values ({', '.join('?' * len(row))})", row)


def _row_for(connection: sqlite3.Connection, profile: str, film: Film) -> sqlite3.Row | None:
    """The row of a film: by a shared id, else by title and year,
    unless their IMDb ids differ.
    """
    for column in IDENTITIES:
        if not (value := getattr(film, column)):
            continue
        query = f"select * from entries where profile = ? and {column} = ? order by place"
        for row in connection.execute(query, (profile, value)):
            if column == "imdb" or not is_another(film, _film_in(row)):
                return row
    return None


def _film_in(row: sqlite3.Row) -> Film:
    genres = tuple(filter(None, row["genres"].split("|")))
    return Film(row["title"], row["year"], row["imdb"], row["tmdb"], row["movie_id"], genres)


def _as_entry(row: sqlite3.Row) -> Entry:
    return Entry(_film_in(row), row["stars"], frozenset(filter(None, row["marks"].split(","))), row["moment"])


def _packed(entry: Entry, place: int) -> str:
    return json.dumps(
        {
            "film": as_values(entry.film),
            "stars": entry.stars,
            "marks": sorted(entry.marks),
            "when": entry.when,
            "place": place,
        }
    )


def _unpacked(text: str) -> tuple[Entry, int]:
    values = json.loads(text)
    film = film_from(values["film"])
    return Entry(film, values["stars"], frozenset(values["marks"]), values["when"]), values["place"]
