"""Connections for reading are used again, by one call at a time, and only while their file is there and the same."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Barrier

import pytest

from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
from aecore.rooms.store import Rooms
from aecore.stores.sqlite import MOST_IDLE, Readers, connect


def write(path: Path, value: str) -> None:
    """A file with one value."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table kept (value text)")
        db.execute("insert into kept values (?)", (value,))
        db.commit()


def value(readers: Readers) -> str:
    with readers.reading() as db:
        return str(db.execute("select value from kept").fetchone()[0])


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("select 1")
    except sqlite3.ProgrammingError:
        return False
    return True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "kept.sqlite", "first")
    return tmp_path / "kept.sqlite"


@pytest.fixture
def opened() -> list[sqlite3.Connection]:
    """Every connection that was opened, in order."""
    return []


@pytest.fixture
def readers(path: Path, opened: list[sqlite3.Connection]) -> Iterator[Readers]:
    def made() -> sqlite3.Connection:
        opened.append(connect(path, "normal"))
        return opened[-1]

    readers = Readers(path, made)
    yield readers
    readers.close()


def test_call_after_call_uses_one_connection(readers: Readers, opened: list[sqlite3.Connection]) -> None:
    assert [value(readers) for _ in range(50)] == ["first"] * 50
    assert len(opened) == 1


def test_what_others_write_is_seen(readers: Readers, path: Path) -> None:
    assert value(readers) == "first"
    with closing(sqlite3.connect(path)) as db:
        db.execute("update kept set value = 'second'")
        db.commit()
    assert value(readers) == "second"


def test_a_file_in_the_place_of_another_is_noticed(
    readers: Readers, path: Path, opened: list[sqlite3.Connection]
) -> None:
    assert value(readers) == "first"
    write(path.with_name("backup.sqlite"), "restored")
    os.replace(path.with_name("backup.sqlite"), path)
    assert value(readers) == "restored"
    assert [is_open(each) for each in opened] == [False, True]


def test_a_file_that_was_deleted_is_not_read_from_beyond(readers: Readers, path: Path) -> None:
    assert value(readers) == "first"
    path.unlink()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        value(readers)
    path.unlink()
    write(path, "anew")
    assert value(readers) == "anew"


def test_a_file_that_was_damaged_is_noticed(readers: Readers, path: Path) -> None:
    assert value(readers) == "first"
    path.write_bytes(b"no database at all " * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        value(readers)


def test_a_call_that_fails_leaves_no_connection(readers: Readers, opened: list[sqlite3.Connection]) -> None:
    with pytest.raises(ValueError, match="on the way"), readers.reading():
        raise ValueError("on the way")
    assert not is_open(opened[0])


def test_calls_at_once_have_a_connection_each_and_few_of_them_stay(
    readers: Readers, opened: list[sqlite3.Connection]
) -> None:
    count = 3 * MOST_IDLE
    together = Barrier(count)

    def read(_: int) -> int:
        with readers.reading() as db:
            together.wait(30)
            return id(db)

    with ThreadPoolExecutor(count) as pool:
        assert len(set(pool.map(read, range(count)))) == count
    assert sum(map(is_open, opened)) == MOST_IDLE


def test_closing_closes_also_what_is_in_use_when_its_call_ends(
    readers: Readers, opened: list[sqlite3.Connection]
) -> None:
    value(readers)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(readers.reading())
        readers.close()
        assert all(map(is_open, opened))
    assert not any(map(is_open, opened))
    assert value(readers) == "first"


def test_looking_at_profiles_and_rooms_opens_nothing_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of films asks a dozen times for each rerun, and every page asks for the visitor's room."""
    profiles, rooms = Profiles(home), Rooms(home)
    ann, code = profiles.create("Ann", "ann"), rooms.open("ann").code
    profiles.rate(ann.id, Film("Alien", 1979, 78748, 348, 1214), 4)
    looks = (
        lambda: profiles.of_owner("ann"), lambda: profiles.taste(ann.id), lambda: rooms.get(code),
        lambda: rooms.of_person("ann"), lambda: rooms.members(code),
    )  # fmt: skip
    for look in looks:
        look()

    def refuse(*_: object) -> None:
        pytest.fail("a connection was opened")

    for module in ("aecore.recommender.profiles.file", "aecore.rooms.file"):
        monkeypatch.setattr(f"{module}.connect", refuse)
    for look in looks:
        look()
    monkeypatch.undo()
    profiles.close()
    rooms.close()
