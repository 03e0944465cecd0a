"""How much one owner may have in the file of profiles: profiles, films in them, the trash, and what can be undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from aecore.recommender.profiles.file import ProfileError

MOST_PROFILES = 50
"""Profiles of one owner, without deleted ones, and as many deleted ones."""

MOST_ENTRIES = 60_000
"""Films in all profiles of one owner together, without deleted ones, and as many in deleted ones."""

MOST_CHANGES, MOST_ACTIONS, UNDO_DAYS = 120_000, 1_000, 90.0
"""Changed films and actions that one owner can undo, and for how long; the last action always."""

FEW, ENTRY_BYTES = 500, 1_000
"""Films that count as few at once; about how many bytes one takes, with what it takes to undo it."""

DAY = 86_400.0


def check_profiles(connection: sqlite3.Connection, owner: str) -> None:
    """ProfileError if the owner may have no further profile."""
    counted = "select count(*) from profiles where owner = ? and deleted is null"
    if owner and connection.execute(counted, (owner,)).fetchone()[0] >= MOST_PROFILES:
        raise ProfileError(_TOO_MANY)


@contextmanager
def bounded(connection: sqlite3.Connection, profile: str, now: float) -> Iterator[None]:
    """Within it a profile is changed or restored. ProfileError, before anything is committed, if its owner then has too
    much; what they can undo is cut as this file's first lines say.
    """
    mine = _of_same_owner(connection, profile)
    had = _films(connection, mine)
    yield
    now_mine = _of_same_owner(connection, profile)
    films = _films(connection, now_mine)
    if len(now_mine) > max(len(mine), MOST_PROFILES):
        raise ProfileError(_TOO_MANY)
    if films > max(had, MOST_ENTRIES):
        raise ProfileError(
            f"Your profiles would hold {films:,} films, and {MOST_ENTRIES:,} is the most for one person. "
            "Bring fewer films, or remove a profile that you no longer use."
        )
    _cut_log(connection, [*now_mine, *_of_same_owner(connection, profile, deleted=True)], now)


def cut_trash(connection: sqlite3.Connection, profile: str) -> None:
    """Removes for good the deleted profiles of the owner of this one that are beyond the bounds, the oldest first."""
    films = 0
    for place, each in enumerate(_of_same_owner(connection, profile, deleted=True)):
        films += _films(connection, [each])
        if place and (place >= MOST_PROFILES or films > MOST_ENTRIES):
            of_actions = "(select id from actions where profile = ?)"
            connection.execute(f"delete from changes where action in {of_actions}", (each,))
            for table in ("actions", "entries", "codes"):
                connection.execute(f"delete from {table} where profile = ?", (each,))
            connection.execute("delete from profiles where id = ?", (each,))


def _cut_log(connection: sqlite3.Connection, profiles: list[str], now: float) -> None:
    """Forgets actions that are old or too many, or whose changes are: they can no longer be undone."""
    marks = ", ".join("?" * len(profiles))
    newest_first = connection.execute(
        "select id, moment, (select count(*) from changes where action = actions.id) as films from actions "
        f"where profile in ({marks}) order by id desc limit {MOST_ACTIONS + 1}",
        profiles,
    )
    changes = 0
    for place, action in enumerate(newest_first.fetchall()):
        changes += action["films"]
        is_over = place >= MOST_ACTIONS or changes > MOST_CHANGES or now - action["moment"] > UNDO_DAYS * DAY
        if place and is_over:
            older = f"from actions where profile in ({marks}) and id <= ?"
            connection.execute(f"delete from changes where action in (select id {older})", (*profiles, action["id"]))
            connection.execute(f"delete {older}", (*profiles, action["id"]))
            return


_TOO_MANY = f"There are {MOST_PROFILES} profiles already; delete one that is not used."


def _of_same_owner(connection: sqlite3.Connection, profile: str, *, deleted: bool = False) -> list[str]:
    """The profiles of the owner of this one, or the deleted ones, the last deleted first; where nobody owns it, this
    one alone.
    """
    which = "deleted is not null order by deleted desc" if deleted else "deleted is null"
    rows = connection.execute(
        "select id from profiles where (id = ?1 or owner = (select nullif(owner, '') from profiles where id = ?1)) "
        f"and {which}",
        (profile,),
    )
    return [row["id"] for row in rows]


def _films(connection: sqlite3.Connection, profiles: list[str]) -> int:
    marks = ", ".join("?" * len(profiles))
    counted = connection.execute(f"select count(*) from entries where profile in ({marks})", profiles)
    return int(counted.fetchone()[0])
