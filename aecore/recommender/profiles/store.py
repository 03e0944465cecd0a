"""Profiles: the store of user profiles on this machine, with undo, trash and sharing codes."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from aecore.paths import home_folder
from aecore.recommender.profiles.bounds import ENTRY_BYTES, FEW, bounded, check_profiles, cut_trash
from aecore.recommender.profiles.entries import entries_of, entry_for, put, take_back
from aecore.recommender.profiles.file import ProfileError, ProfileFile
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.taste import Entry, Taste

__all__ = ["Action", "Profile", "ProfileError", "Profiles", "Shared", "new_key"]

CODE_LETTERS, CODE_SIZE = "abcdefghjkmnpqrstuvwxyz23456789", 10
"""No letters that are easily confused; 31^10 codes, too many to guess one."""


@dataclass(frozen=True)
class Profile:
    """A user profile. id: a secret of its owner that permits changes. created, deleted: seconds since 1970, or None."""

    id: str
    name: str
    created: float
    deleted: float | None = None


@dataclass(frozen=True)
class Shared:
    """What a sharing code gives access to: name and taste, not the id."""

    code: str
    name: str
    taste: Taste


@dataclass(frozen=True)
class Action:
    """One change to a profile. about: a sentence; undone: whether it was undone."""

    moment: float
    about: str
    undone: bool


class Profiles:
    """The profiles under a home folder.

    Safe for concurrent threads and processes; every change is on disk when the call returns.

    notice: a sentence for the screen if the file was damaged, "" otherwise. check_disk: raises a ProfileError unless
    there is room for so many bytes; asked before many films come at once.
    """

    def __init__(self, home: Path | None = None, check_disk: Callable[[int], object] = lambda new_bytes: None) -> None:
        self._file, self._check_disk = ProfileFile((home or home_folder()) / "people"), check_disk

    @property
    def notice(self) -> str:
        """What was done about a damaged file; "" if none was."""
        return self._file.notice

    def close(self) -> None:
        """Closes the file; the next call reopens it."""
        self._file.close()

    def create(self, name: str, owner: str = "") -> Profile:
        """Creates a profile.

        owner: the key of its owner, by which `of_owner` lists it. ProfileError without a name.
        """
        profile = Profile(new_key(), _named(name), time.time())
        with self._file.writing() as connection:
            check_profiles(connection, owner)
            connection.execute(
                "insert into profiles values (?, ?, ?, ?, null)", (profile.id, owner, profile.name, profile.created)
            )
        return profile

    def get(self, profile: str) -> Profile:
        """The profile of this id. ProfileError if there is none, or it is in the trash."""
        with self._file.reading() as connection:
            return _profile(connection, profile)

    def of_owner(self, owner: str, *, deleted: bool = False) -> list[Profile]:
        """The profiles of an owner, oldest first; or those in the trash."""
        condition = "is not null" if deleted else "is null"
        with self._file.reading() as connection:
            rows = connection.execute(
                f"select * from profiles where owner = ? and owner != '' and deleted {condition} order by created",
                (owner,),
            )
            return [_as_profile(row) for row in rows]

    def rename(self, profile: str, name: str) -> Profile:
        """Renames a profile. ProfileError without a name."""
        with self._file.writing() as connection:
            _profile(connection, profile)
            connection.execute("update profiles set name = ? where id = ?", (_named(name), profile))
        return self.get(profile)

    def delete(self, profile: str) -> None:
        """Moves a profile to the trash; its codes stop working, its ratings are kept for `restore`, as long as
        `bounds.cut_trash` says.
        """
        with self._file.writing() as connection:
            _profile(connection, profile)
            connection.execute("update profiles set deleted = ? where id = ?", (time.time(), profile))
            connection.execute(
                "update codes set withdrawn = ? where profile = ? and withdrawn is null", (time.time(), profile)
            )
            cut_trash(connection, profile)

    def restore(self, profile: str) -> Profile:
        """Restores a profile from the trash. ProfileError if it does not exist, or its owner has too many films."""
        with self._file.writing() as connection, bounded(connection, profile, time.time()):
            if not connection.execute("update profiles set deleted = null where id = ?", (profile,)).rowcount:
                raise ProfileError(_UNKNOWN)
        return self.get(profile)

    def taste(self, profile: str) -> Taste:
        """All entries of the profile, latest last."""
        with self._file.reading() as connection:
            _profile(connection, profile)
            return Taste(entries_of(connection, profile))

    def rate(self, profile: str, film: Film, stars: float | None) -> Entry:
        """Sets the stars of a film or, with None, removes them. RatingsError outside 0.5 to 5."""
        about = f"{film}: {stars:g} stars" if stars is not None else f"{film}: rating taken away"
        return self._change(profile, film, about, lambda entry, now: entry.rated(stars, now))

    def mark(self, profile: str, film: Film, mark: str, on: bool = True) -> Entry:
        """Marks a film as "seen", "not seen", "not for me" or "watchlist", or removes the mark.

        RatingsError for any other.
        """
        about = f"{film}: {mark}" if on else f"{film}: no longer {mark}"
        return self._change(profile, film, about, lambda entry, now: entry.marked(mark, on, now))

    def keep(self, profile: str, entries: Iterable[Entry], about: str) -> int:
        """Saves entries as one action, so that one `undo` reverts all of them;
        returns the number of changed entries.
        """
        entries, now = list(entries), time.time()
        if len(entries) > FEW:
            self._check_disk(len(entries) * ENTRY_BYTES)
        with self._file.writing() as connection:
            _profile(connection, profile)
            with bounded(connection, profile, now):
                return put(connection, profile, entries, about, now)

    def undo(self, profile: str) -> str:
        """Undoes the last action not yet undone; returns its sentence. ProfileError if there is none."""
        with self._file.writing() as connection:
            _profile(connection, profile)
            last = connection.execute(
                "select id, about from actions where profile = ? and undone is null order by id desc limit 1",
                (profile,),
            ).fetchone()
            if last is None:
                raise ProfileError("There is nothing to take back.")
            take_back(connection, profile, last["id"])
            connection.execute("update actions set undone = ? where id = ?", (time.time(), last["id"]))
            return str(last["about"])

    def history(self, profile: str, count: int = 100) -> list[Action]:
        """The actions, latest first, including those undone."""
        with self._file.reading() as connection:
            _profile(connection, profile)
            rows = connection.execute(
                "select * from actions where profile = ? order by id desc limit ?", (profile, count)
            )
            return [Action(row["moment"], row["about"], row["undone"] is not None) for row in rows]

    def share(self, profile: str) -> str:
        """The code by which others see this taste: the present one, or a new one."""
        with self._file.writing() as connection:
            _profile(connection, profile)
            if code := _code_of(connection, profile):
                return code
            code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_SIZE))
            connection.execute("insert into codes values (?, ?, ?, null)", (code, profile, time.time()))
            return _grouped(code)

    def code(self, profile: str) -> str:
        """The code under which the profile is shared; "" if it is not."""
        with self._file.reading() as connection:
            _profile(connection, profile)
            return _code_of(connection, profile)

    def withdraw(self, profile: str) -> None:
        """Withdraws the code at once and for good; `share` makes another."""
        with self._file.writing() as connection:
            _profile(connection, profile)
            connection.execute(
                "update codes set withdrawn = ? where profile = ? and withdrawn is null", (time.time(), profile)
            )

    def shared(self, code: str) -> Shared:
        """Name and taste of a sharing code, typed in any form. ProfileError if it is wrong or withdrawn."""
        letters = "".join(each for each in code.casefold() if each.isalnum())[: 2 * CODE_SIZE]
        query = (
            "select profiles.id, name from codes join profiles on profiles.id = profile where code = ? "
            "and withdrawn is null and deleted is null"
        )
        with self._file.reading() as connection:
            row = connection.execute(query, (letters,)).fetchone()
            if row is None:
                raise ProfileError(
                    "Nobody shares a taste under this code. Check its letters; it may also have been withdrawn."
                )
            return Shared(_grouped(letters), row["name"], Taste(entries_of(connection, row["id"])))

    def _change(self, profile: str, film: Film, about: str, change: Callable[[Entry, float], Entry]) -> Entry:
        if not film.key:
            raise ProfileError("A film needs a title or an id to be remembered.")
        now = time.time()
        with self._file.writing() as connection:
            _profile(connection, profile)
            changed = change(entry_for(connection, profile, film), now)
            with bounded(connection, profile, now):
                put(connection, profile, [changed], about, now)
        return changed


def new_key() -> str:
    """An unguessable key: the id of a profile, or the key of an owner."""
    return secrets.token_urlsafe(16)


_UNKNOWN = "There is no such profile here. It may have been deleted, or the link is from another machine."


def _profile(connection: sqlite3.Connection, id: str) -> Profile:
    row = connection.execute("select * from profiles where id = ?", (id,)).fetchone()
    if row is None:
        raise ProfileError(_UNKNOWN)
    if row["deleted"] is not None:
        raise ProfileError(f"The profile '{row['name']}' is in the trash; bring it back to use it.")
    return _as_profile(row)


def _as_profile(row: sqlite3.Row) -> Profile:
    return Profile(row["id"], row["name"], row["created"], row["deleted"])


def _named(name: str) -> str:
    name = "".join(each for each in " ".join(name.split()) if each.isprintable())[:60].strip()
    if not name:
        raise ProfileError("A profile needs a name: type at least one letter.")
    return name


def _code_of(connection: sqlite3.Connection, profile: str) -> str:
    row = connection.execute("select code from codes where profile = ? and withdrawn is null", (profile,)).fetchone()
    return _grouped(row["code"]) if row else ""


def _grouped(code: str) -> str:
    """The code in two groups of five letters."""
    return f"{code[:5]}-{code[5:]}"
