"""One owner has at most so many profiles, films, deleted profiles and actions to undo in the file of profiles."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from aecore.recommender.profiles import bounds
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import ProfileError, Profiles
from aecore.recommender.profiles.taste import Entry
from aecore.runs.usage import QuotaError
from aecore.stores.sqlite import connect
from ui.app import identity
from ui.app.services import services
from ui.screens.movies import visitor


@pytest.fixture
def profiles(home: Path) -> Profiles:
    return Profiles(home)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small bounds."""
    for name, most in (("MOST_ENTRIES", 20), ("MOST_CHANGES", 30), ("MOST_ACTIONS", 10), ("MOST_PROFILES", 3)):
        monkeypatch.setattr(bounds, name, most)


def films(count: int, begin: int = 0, stars: float = 3.0) -> list[Entry]:
    return [Entry(Film(f"Film {number}", 2000), stars) for number in range(begin, begin + count)]


def rows(home: Path, table: str) -> int:
    with closing(connect(home / "people" / "people.sqlite", "normal")) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.mark.usefixtures("small")
def test_all_profiles_of_an_owner_hold_so_many_films_together(profiles: Profiles) -> None:
    ann, too, bob = (profiles.create(name, owner) for name, owner in (("Ann", "a"), ("Ann too", "a"), ("Bob", "b")))
    profiles.keep(ann.id, films(15), "An import")
    with pytest.raises(ProfileError, match="Your profiles would hold 21 films, and 20 is the most for one person"):
        profiles.keep(too.id, films(6), "An import")
    assert profiles.taste(too.id).entries == ()
    profiles.keep(too.id, films(5), "An import")
    with pytest.raises(ProfileError, match="would hold 21 films"):
        profiles.rate(ann.id, Film("One more", 1999), 4)
    profiles.rate(ann.id, Film("Film 3", 2000), 5)
    profiles.keep(ann.id, films(15, stars=1), "The same again")
    profiles.rate(ann.id, Film("Film 3", 2000), None)
    profiles.rate(ann.id, Film("One more", 1999), 4)
    profiles.keep(bob.id, films(20), "Another's import")


@pytest.mark.usefixtures("small")
def test_who_had_more_before_there_was_a_bound_keeps_it(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = profiles.create("Ann", "a")
    with monkeypatch.context() as patch:
        patch.setattr(bounds, "MOST_ENTRIES", 1000)
        profiles.keep(ann.id, films(50), "An import")
    profiles.rate(ann.id, Film("Film 3", 2000), 5)
    assert len(profiles.taste(ann.id).entries) == 50


@pytest.mark.usefixtures("small")
def test_what_can_be_undone_is_bounded_and_the_last_action_can_always_be(profiles: Profiles, home: Path) -> None:
    ann = profiles.create("Ann", "a")
    for number in range(40):
        profiles.rate(ann.id, Film("Film", 2000), 0.5 + number % 9 / 2)
    assert rows(home, "actions") == rows(home, "changes") == 10
    for number in range(6):
        profiles.keep(ann.id, films(19, stars=1 + number / 2), f"Import {number}")
        profiles.undo(ann.id)
    assert rows(home, "changes") <= 30
    profiles.keep(ann.id, films(19, stars=5), "The last import")
    assert profiles.undo(ann.id) == "The last import"


def test_what_is_long_ago_can_no_longer_be_undone(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = profiles.create("Ann", "a")
    profiles.rate(ann.id, Film("Film", 2000), 3)
    later = time.time() + (bounds.UNDO_DAYS + 1) * bounds.DAY
    monkeypatch.setattr("aecore.recommender.profiles.store.time.time", lambda: later)
    profiles.rate(ann.id, Film("Another", 2000), 3)
    assert [each.about for each in profiles.history(ann.id)] == ["Another (2000): 3 stars"]
    assert len(profiles.taste(ann.id).entries) == 2


@pytest.mark.usefixtures("small")
def test_the_trash_of_an_owner_is_bounded_and_its_last_profile_can_be_restored(profiles: Profiles, home: Path) -> None:
    for number in range(9):
        each = profiles.create(f"Profile {number}", "a")
        profiles.keep(each.id, films(9), "An import")
        profiles.share(each.id)
        profiles.delete(each.id)
    assert [each.name for each in profiles.of_owner("a", deleted=True)] == ["Profile 7", "Profile 8"]
    assert [rows(home, table) for table in ("profiles", "entries", "codes")] == [2, 18, 2]
    assert profiles.restore(each.id).name == "Profile 8"
    assert len(profiles.taste(each.id).entries) == 9


@pytest.mark.usefixtures("small")
def test_what_is_restored_counts(profiles: Profiles) -> None:
    old = profiles.create("Old", "a")
    profiles.keep(old.id, films(15), "An import")
    profiles.delete(old.id)
    new = profiles.create("New", "a")
    profiles.keep(new.id, films(15), "An import")
    with pytest.raises(ProfileError, match="would hold 30 films"):
        profiles.restore(old.id)
    profiles.delete(new.id)
    for name in ("One", "Two", "Three"):
        profiles.create(name, "a")
    with pytest.raises(ProfileError, match="There are"):
        profiles.restore(new.id)


def test_many_films_at_once_need_room_on_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def full(new_bytes: int) -> None:
        asked.append(new_bytes)
        raise QuotaError("The disk has 0.1 GB free.")

    monkeypatch.setattr(services, "check_disk", full)
    profiles = visitor._store_in.__wrapped__(home)
    ann = profiles.create("Ann", "a")
    profiles.keep(ann.id, films(5), "A few")
    with pytest.raises(ProfileError, match="The disk has 0.1 GB free"):
        profiles.keep(ann.id, films(bounds.FEW + 1), "Many")
    assert asked == [(bounds.FEW + 1) * bounds.ENTRY_BYTES]
    assert len(profiles.taste(ann.id).entries) == 5


def test_a_key_that_somebody_made_up_is_nobodys_and_one_of_an_earlier_version_works(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def owner(key: str, id: str = "ann") -> str:
        cookies = {identity.FILMS_COOKIE: key, identity.cookie_name(): identity.signed(id)}
        context = SimpleNamespace(cookies=SimpleNamespace(to_dict=lambda: cookies))
        monkeypatch.setattr(visitor, "st", SimpleNamespace(context=context, session_state={}))
        return visitor.owner()

    earlier, derived = "k" * 22, identity.films_key_of("ann")
    assert {owner(letter * 22) for letter in "abcdef"} == {derived}, "one signed cookie, one owner"
    assert owner(derived) == owner("") == derived
    assert owner("", "bob") != derived
    profile = visitor.profile_store().create("Ann", earlier)
    assert owner(earlier) == earlier
    visitor.profile_store().delete(profile.id)
    assert owner(earlier) == earlier, "what is in the trash can be restored"
    visitor.nights().begin(visitor.key_of("n" * 22))
    assert owner("n" * 22) == "n" * 22
