"""Whatever can be done with a film night has been tried by somebody who is not there, and by a guest as another."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from aecore.recommender.serving.night_state import Attendee, Evening
from aecore.recommender.serving.nights import FilmNights
from aecore.rooms.file import RoomError

HOST, ANN, BOB, STRANGER = "host", "ann", "bob", "stranger"
VALUES: dict[str, Any] = {
    "film": 7, "title": "Heat", "name": "Eve", "profile": "profile-of-ann", "rated": "", "is_locked": True, "tab": "",
    "path": "/movies", "query": "", "is_muted": True, "run": "", "goal": None, "evening": Evening(),
}  # fmt: skip
"""What else methods take."""

OPEN_TO_ALL = {"come", "join", "members", "get", "runs", "views"}
"""Those that let somebody in, and those of the rooms below that pages never call with a code from outside."""

METHODS = {
    name: signature
    for name, method in inspect.getmembers(FilmNights, inspect.isfunction)
    if not name.startswith("_") and "code" in (signature := inspect.signature(method)).parameters
}


@pytest.fixture
def nights(tmp_path: Path) -> FilmNights:
    made = FilmNights(tmp_path)
    code = made.invite(HOST, "Hedy")
    made.choose(HOST, Evening((Attendee("h", "Hedy", "profile-of-hedy"),)))
    for person in (ANN, BOB):
        made.come(code, person, person.capitalize(), f"profile-of-{person}")
        made.veto(code, person, person, 7, "Heat (1995)")
    return made


def tried(nights: FilmNights, name: str, code: str, person: str, other: str) -> Any:
    """What the method gives somebody; RoomError if they may not. other: in whose name they try."""
    given: dict[str, Any] = {}
    for each, parameter in METHODS[name].parameters.items():
        if each in ("self", "code"):
            continue
        takes_two = "host" in METHODS[name].parameters or "who" in METHODS[name].parameters
        if each in ("host", "person") and not (each == "person" and "host" in METHODS[name].parameters):
            given[each] = person
        elif each in ("person", "who"):
            given[each] = other if takes_two else person
        elif parameter.default is inspect.Parameter.empty:
            given[each] = VALUES[each]
    return getattr(nights, name)(code, **given)


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OPEN_TO_ALL))
def test_a_stranger_learns_and_changes_nothing(nights: FilmNights, name: str) -> None:
    code = nights.hosted_by(HOST)
    before = nights.night(code, HOST)
    for other in (STRANGER, ANN, "h"):
        told, refused = None, ""
        try:
            told = tried(nights, name, code, STRANGER, other)
        except RoomError as error:
            refused = str(error)
        assert not told, f"{name} tells a stranger {told!r}"
        assert not any(word in refused for word in ("Ann", "Bob", "Hedy", "Heat"))
    assert nights.night(code, HOST) == before


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OPEN_TO_ALL))
def test_a_guest_does_nothing_for_another(nights: FilmNights, name: str) -> None:
    code = nights.hosted_by(HOST)
    before = nights.night(code, HOST)
    if not {"host", "who"} & METHODS[name].parameters.keys():
        return  # it takes nobody else
    for other in (BOB, "h", HOST):
        with pytest.raises(RoomError):
            tried(nights, name, code, ANN, other)
    assert nights.night(code, HOST) == before


def test_all_that_can_be_done_is_tried() -> None:
    assert {"night", "version", "veto", "remove", "end", "leave", "note_guest"} <= METHODS.keys() - OPEN_TO_ALL
