"""Film nights: who gets in, who sees what, vetoes, and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aecore.recommender.serving.night_state import MOST_GUESTS, Attendee, Evening, evening_of
from aecore.recommender.serving.nights import MOST_VETOES, FilmNights
from aecore.recommender.serving.recommend import Preferences
from aecore.rooms.file import NoRoomError, RoomError
from aecore.rooms.store import DAY
from tests.clock import Clock
from tests.hostile import NAMES

HOST, ANN, BOB, STRANGER = "host", "ann", "bob", "stranger"
AT_SCREEN = (Attendee("h1", "Hedy", "profile-of-hedy"), Attendee("h2", "Ida", "profile-of-ida"))
EVENING = Evening(
    AT_SCREEN, "least misery", Preferences(("Comedy",), ("War",), 1990, 2000, 0.5, frozenset({3, 1})), True
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nights(tmp_path: Path, clock: Clock) -> FilmNights:
    return FilmNights(tmp_path, clock)


@pytest.fixture
def code(nights: FilmNights) -> str:
    code = nights.invite(HOST, "Hedy")
    nights.choose(HOST, EVENING)
    nights.come(code, ANN, "Ann", "profile-of-ann", "rated")
    nights.come(code, BOB, "Bob", "profile-of-bob")
    return code


def test_what_the_host_has_chosen_comes_back_as_it_was() -> None:
    for evening in (EVENING, Evening(), replace(EVENING, preferences=Preferences(only=frozenset()))):
        assert evening_of(evening.packed()) == evening


def test_a_home_without_a_film_night_has_no_file_of_them(nights: FilmNights, tmp_path: Path) -> None:
    assert (nights.hosted_by(HOST), nights.visited_by(ANN)) == ("", "")
    nights.touch(ANN)
    nights.choose(HOST, EVENING)
    assert not list(tmp_path.iterdir())


def test_guests_and_host_see_the_same_night(nights: FilmNights, code: str) -> None:
    seen = nights.night(code, ANN)
    assert seen == nights.night(code, HOST) == nights.night(code.lower(), BOB)
    assert (seen.title, seen.is_open, seen.evening) == ("Hedy", True, EVENING)
    assert [(each.key, each.name, each.profile) for each in seen.people] == [
        ("h1", "Hedy", "profile-of-hedy"), ("h2", "Ida", "profile-of-ida"),
        (ANN, "Ann", "profile-of-ann"), (BOB, "Bob", "profile-of-bob"),
    ]  # fmt: skip
    assert (nights.hosted_by(HOST), nights.visited_by(ANN), nights.visited_by(HOST)) == (code, code, "")


def test_a_stranger_sees_nothing_and_changes_nothing(nights: FilmNights, code: str) -> None:
    before = nights.night(code, HOST)
    tries: list[Callable[[], object]] = [
        lambda: nights.night(code, STRANGER),
        lambda: nights.veto(code, STRANGER, STRANGER, 7, "Heat"),
        lambda: nights.veto(code, STRANGER, ANN, 7, "Heat"),
        lambda: nights.note_guest(code, STRANGER, "profile-of-ann", ""),
        lambda: nights.remove(code, STRANGER, ANN),
        lambda: nights.remove(code, BOB, ANN),
        lambda: nights.end(code, ANN),
        lambda: nights.leave(code, STRANGER),
    ]
    for each in tries:
        with pytest.raises(RoomError) as refused:
            each()
        assert "room" not in str(refused.value)
    assert nights.version(code, STRANGER) == 0
    assert nights.night(code, HOST) == before
    with pytest.raises(NoRoomError, match="no film night"):
        nights.come("ABCDEF" if code != "ABCDEF" else "ABCDEG", STRANGER, "S", "")


def test_nobody_vetoes_in_the_name_of_another(nights: FilmNights, code: str) -> None:
    for person, mine in ((ANN, {ANN}), (BOB, {BOB}), (HOST, {"h1", "h2"}), (STRANGER, set())):
        assert nights.night(code, HOST).may_veto_as(person) == mine
        for who in ("h1", "h2", ANN, BOB, HOST, STRANGER, ""):
            if who not in mine:
                with pytest.raises(RoomError):
                    nights.veto(code, person, who, 7, "Heat")
    assert nights.night(code, HOST).vetoes == ()


def test_a_veto_counts_until_it_is_taken_back_by_everybody_who_has_given_it(nights: FilmNights, code: str) -> None:
    nights.veto(code, ANN, ANN, 7, "Heat (1995)")
    nights.veto(code, ANN, ANN, 7, "Heat (1995)")
    nights.veto(code, HOST, "h2", 7, "Heat (1995)")
    nights.veto(code, BOB, BOB, 9, "Fargo (1996)")
    heat, fargo = nights.night(code, BOB).vetoes
    assert (heat.film, heat.title, heat.who, heat.names) == (7, "Heat (1995)", (ANN, "h2"), ("Ann", "Ida"))
    assert (fargo.film, fargo.names) == (9, ("Bob",))
    with pytest.raises(RoomError):
        nights.veto(code, BOB, ANN, 7, "", is_against=False)
    nights.veto(code, ANN, ANN, 7, "", is_against=False)
    assert [each.names for each in nights.night(code, BOB).vetoes] == [("Ida",), ("Bob",)]
    nights.veto(code, HOST, "h2", 7, "", is_against=False)
    assert [each.film for each in nights.night(code, BOB).vetoes] == [9]


def test_one_person_cannot_veto_all_there_is(nights: FilmNights, code: str) -> None:
    for film in range(MOST_VETOES):
        nights.veto(code, ANN, ANN, film, "A film")
    with pytest.raises(RoomError, match="Take another veto back"):
        nights.veto(code, ANN, ANN, MOST_VETOES, "A film")
    nights.veto(code, BOB, BOB, MOST_VETOES, "A film")


def test_the_vetoes_of_those_who_are_not_there_do_not_count(nights: FilmNights, code: str) -> None:
    for person, who, film in ((ANN, ANN, 1), (BOB, BOB, 2), (HOST, "h2", 3)):
        nights.veto(code, person, who, film, "A film")
    nights.leave(code, ANN)
    nights.remove(code, HOST, BOB)
    nights.choose(HOST, replace(EVENING, people=AT_SCREEN[:1]))
    assert nights.night(code, HOST).vetoes == ()
    nights.come(code, ANN, "", "profile-of-ann")
    assert [each.film for each in nights.night(code, HOST).vetoes] == [1]


def test_who_was_removed_sees_nothing_until_the_host_lets_them_in_again(nights: FilmNights, code: str) -> None:
    nights.remove(code, HOST, BOB)
    assert nights.night(code, HOST).removed == {BOB: "Bob"}
    assert nights.visited_by(BOB) == ""
    assert nights.version(code, BOB) == 0
    for tries in (lambda: nights.night(code, BOB), lambda: nights.come(code, BOB, "Bobby", "p")):
        with pytest.raises(RoomError):
            tries()
    nights.remove(code, HOST, BOB, is_removed=False)
    assert nights.visited_by(BOB) == code


def test_everything_that_others_may_see_makes_the_version_grow_and_looking_does_not(
    nights: FilmNights, code: str
) -> None:
    changes: list[Callable[[], object]] = [
        lambda: nights.veto(code, ANN, ANN, 7, "Heat"),
        lambda: nights.veto(code, ANN, ANN, 7, "Heat", is_against=False),
        lambda: nights.choose(HOST, replace(EVENING, rule="average")),
        lambda: nights.note_guest(code, ANN, "profile-of-ann", "rated more"),
        lambda: nights.touch(BOB),
        lambda: nights.touch(HOST),
        lambda: nights.come(code, "cy", "Cy", ""),
        lambda: nights.leave(code, "cy"),
        lambda: nights.remove(code, HOST, BOB),
        lambda: nights.invite(HOST, "", is_open=False),
    ]
    for each in changes:
        before = nights.version(code, ANN)
        each()
        assert nights.version(code, ANN) > before
    before = nights.version(code, ANN)
    nights.choose(HOST, replace(EVENING, rule="average"))
    nights.note_guest(code, ANN, "profile-of-ann", "rated more")
    nights.touch(STRANGER)
    nights.night(code, ANN)
    assert nights.version(code, ANN) == before


def test_before_the_host_opens_it_nobody_can_come(nights: FilmNights) -> None:
    code = nights.begin(HOST)
    assert nights.begin(HOST) == code
    with pytest.raises(RoomError, match="locked"):
        nights.come(code, ANN, "Ann", "")
    assert nights.invite(HOST, "") == code
    assert nights.come(code, ANN, "Ann", "") == "Ann"
    nights.invite(HOST, "", is_open=False)
    with pytest.raises(RoomError, match="locked this film night"):
        nights.come(code, BOB, "Bob", "")
    assert nights.come(code, ANN, "", "") == "Ann", "who has come may come back"


def test_a_night_ends_after_a_day_and_leaves_nothing_once_somebody_looks(
    nights: FilmNights, code: str, clock: Clock, tmp_path: Path
) -> None:
    nights.veto(code, ANN, ANN, 7, "A very secret film")
    clock.now += DAY - 1
    assert nights.version(code, ANN)
    clock.now += 2
    assert nights.version(code, ANN) == 0
    with pytest.raises(RoomError, match="has ended"):
        nights.night(code, HOST)
    assert (nights.hosted_by(HOST), nights.visited_by(ANN)) == ("", "")
    with nights._file.reading() as db:
        for table in ("rooms", "members", "guests", "evenings", "vetoes"):
            assert db.execute(f"select count(*) from {table}").fetchone()[0] == 0, table


def test_a_host_who_ends_a_night_begins_another_with_another_code(nights: FilmNights, code: str, clock: Clock) -> None:
    nights.veto(code, HOST, "h1", 7, "Heat")
    nights.end(code, HOST)
    clock.now += 1
    assert nights.version(code, ANN) == 0
    again = nights.begin(HOST)
    assert again != code
    assert nights.night(again, HOST).vetoes == ()


def test_a_server_that_starts_again_has_lost_nothing(
    nights: FilmNights, code: str, clock: Clock, tmp_path: Path
) -> None:
    nights.veto(code, ANN, ANN, 7, "Heat")
    before = nights.night(code, BOB)
    nights.close()
    assert FilmNights(tmp_path, clock).night(code, BOB) == before


def test_a_night_holds_so_many_guests(nights: FilmNights) -> None:
    code = nights.invite(HOST, "Hedy")
    for number in range(MOST_GUESTS):
        nights.come(code, f"g{number}", "", "")
    with pytest.raises(RoomError, match=f"full: it holds {MOST_GUESTS}"):
        nights.come(code, "late", "", "")
    nights.leave(code, "g0")
    assert nights.come(code, "late", "", "")
    assert len({each.name for each in nights.night(code, HOST).guests}) == MOST_GUESTS, "no two have the same name"


@pytest.mark.parametrize("name", NAMES)
def test_names_and_titles_of_strangers_are_kept_on_one_line(nights: FilmNights, code: str, name: str) -> None:
    called = nights.come(code, "evil", name, "")
    nights.veto(code, "evil", "evil", 7, f"{name}\n{name}" * 50)
    (veto,) = nights.night(code, HOST).vetoes
    assert veto.names == (called,)
    assert all(text.isprintable() for text in (veto.title, called))
    assert len(called) <= 30
    assert len(veto.title) <= 200


def test_a_guest_has_come_as_a_whole_or_not_at_all(nights: FilmNights, code: str) -> None:
    with nights._file.writing() as db:
        db.execute("create trigger refuses before insert on guests begin select raise(abort, 'full'); end")
    with pytest.raises(RoomError):
        nights.come(code, "cy", "Cy", "profile-of-cy")
    assert nights.visited_by("cy") == ""
    assert [each.key for each in nights.night(code, HOST).guests] == [ANN, BOB]


def test_a_night_is_begun_as_a_whole_or_not_at_all(nights: FilmNights, tmp_path: Path) -> None:
    nights.begin("another host")
    with nights._file.writing() as db:
        db.execute("create trigger refuses before update on rooms begin select raise(abort, 'full'); end")
    with pytest.raises(RoomError):
        nights.invite(HOST, "Hedy", "profile-of-hedy")
    assert nights.hosted_by(HOST) == ""


def test_a_night_that_is_begun_twice_at_once_is_one(nights: FilmNights, monkeypatch: pytest.MonkeyPatch) -> None:
    code = nights.begin(HOST)
    monkeypatch.setattr(nights, "hosted_by", lambda person: "")  # as another tab saw it a moment before
    assert nights.begin(HOST) == code == nights.invite(HOST, "Hedy")


def test_the_night_knows_which_profile_has_the_hosts_name(nights: FilmNights, code: str) -> None:
    assert nights.night(code, ANN).own == ""
    nights.invite(HOST, "Hedy", "profile-of-hedy")
    nights.invite(HOST, "", is_open=False)
    seen = nights.night(code, HOST)
    assert (seen.title, seen.own, seen.is_open) == ("Hedy", "profile-of-hedy", False)
    assert [each.key for each in seen.guests] == [ANN, BOB], "the host is no guest"


def test_a_look_at_the_nights_goes_well_where_what_is_over_cannot_be_forgotten(
    nights: FilmNights, code: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now += DAY + 1
    with nights._file.writing() as db:
        db.execute("create trigger refuses before delete on rooms begin select raise(abort, 'full'); end")
    assert nights.hosted_by(HOST) == ""


def test_what_is_refused_speaks_of_film_nights_and_leaves_names_alone(nights: FilmNights, code: str) -> None:
    with nights._file.writing() as db:
        db.execute("create trigger refuses before insert on vetoes begin select raise(abort, 'room of rooms'); end")
    with pytest.raises(RoomError, match="rooms.sqlite cannot be used .room of rooms."):
        nights.veto(code, ANN, ANN, 7, "Room (2015)")
    with pytest.raises(NoRoomError, match="There is no film night ROOM"):
        nights.come("room", STRANGER, "S", "")
    with pytest.raises(NoRoomError, match="There is no room ROOM"):
        nights.get("room")
