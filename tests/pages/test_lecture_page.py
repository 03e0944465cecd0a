"""The Lecture page for its host and for strangers: the guide, the check list, and the way to the sheet."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from aecore.rooms.store import Rooms
from tests.pages.conftest import OpenPage, labels, sentences
from ui.app.identity import HOST, Person
from ui.app.services import services
from ui.screens.lecture import check_list, checking, sheet_link
from ui.screens.lecture.checking import MACHINE, NETWORK, QUESTIONS, REACH, Check
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding
from ui.screens.lecture.hello import Hellos
from ui.screens.lecture.link import CHECKS, SHEET

ANN = Person("ann")
ADDRESS = "http://10.0.0.5:8501"


def told(page: AppTest) -> str:
    """All Markdown on the page."""
    return "\n".join(each.value for each in (*page.markdown, *page.caption))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Finding]]:
    """What the questions are answered with; only one of them takes its time."""
    found: dict[str, Callable[[], Finding]] = {
        question: lambda: Finding(OK, "As it should be.") for question in QUESTIONS if question != checking.PHONE
    }
    stop = threading.Event()
    monkeypatch.setattr("ui.screens.lecture.facts.base_address", lambda: ADDRESS)
    monkeypatch.setattr(
        check_list, "check_of", lambda facts, rooms, tours, token, own: Check(found, token, [*own, facts.where], stop)
    )
    return found


def checked(page: AppTest) -> AppTest:
    """The page once the check list is through."""
    page.button(key="lecture-check-now").click().run()
    page.session_state["lecture-check"].wait(20)
    return page.run()


def test_everybody_reads_the_guide(visit: OpenPage) -> None:
    for person in (HOST, ANN):
        assert "## Forty-five minutes" in told(visit(person, "lecture"))


def test_a_stranger_sees_why_they_may_not_check(visit: OpenPage) -> None:
    page = visit(ANN, "lecture", part=CHECKS)
    assert "Check now" not in labels(page)
    assert "Only the host of this server" in sentences(page)
    assert visit(HOST, "lecture", part=CHECKS).button(key="lecture-check-now")


def test_no_callback_of_a_stranger_checks_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(check_list.st, "session_state", state)
    monkeypatch.setattr(services, "person", lambda: ANN)
    check_list._begin()
    assert state == {}


def test_before_a_check_the_questions_stand_there(open_page: OpenPage) -> None:
    page = open_page("lecture", part=CHECKS)
    assert all(question in told(page) for question in QUESTIONS)
    assert not page.exception


def test_each_answer_stands_at_its_question_with_what_to_do(
    open_page: OpenPage, answers: dict[str, Callable[[], Finding]]
) -> None:
    answers[REACH] = lambda: Finding(BAD, "Nobody can.", "Start it otherwise.")
    answers[NETWORK[-1]] = lambda: Finding(ATTENTION, "No.", more=("Why", "So it is."))
    answers[MACHINE[0]] = lambda: Finding(ATTENTION, "Not yet.", page="room")
    page = checked(open_page("lecture", part=CHECKS))
    assert not page.exception
    text = told(page)
    assert f"**{REACH}** :red-badge[not ok]  \nNobody can." in text
    assert "Start it otherwise." in text
    assert f"**{NETWORK[-1]}** :orange-badge[attention]" in text
    assert [each.label for each in page.expander] == ["Why"]
    assert f"**{MACHINE[-1]}** :green-badge[ok]" in text
    assert "Check now" in labels(page)


def test_a_phone_that_opens_the_address_is_told_of(
    open_page: OpenPage, answers: dict[str, Callable[[], Finding]]
) -> None:
    page = checked(open_page("lecture", part=CHECKS))
    token = page.session_state["lecture-check"].token
    assert f"/lecture/hello/{token}" in told(page).replace("\\", "").replace("\u2060", "")
    hellos = Hellos(services.housekeeping.home)
    hellos.note(token, "127.0.0.1")
    assert "but from an address of this computer" in told(page.run())
    hellos.note(token, "192.168.1.33")
    text = told(page.run())
    assert "Another device has opened this" in text
    assert token not in text, "nobody needs the code any more"
    assert not page.exception


def test_what_is_stopped_can_be_begun_again(open_page: OpenPage, answers: dict[str, Callable[[], Finding]]) -> None:
    go_on = threading.Event()

    def slow() -> Finding:
        go_on.wait(20)
        return Finding(OK, "At last.")

    answers[MACHINE[0]] = slow
    page = open_page("lecture", part=CHECKS)
    page.button(key="lecture-check-now").click().run()
    assert f"**{MACHINE[0]}** Being measured …" in told(page)
    page.button(key="lecture-stop").click().run()
    go_on.set()
    page.session_state["lecture-check"].wait(20)
    page.run()
    assert f"**{MACHINE[-1]}** Left out." in told(page)
    assert "Check now" in labels(page)


def test_where_only_this_computer_opens_the_app_there_is_nothing_to_scan(
    open_page: OpenPage, answers: dict[str, Callable[[], Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.screens.lecture.facts.base_address", lambda: "http://127.0.0.1:8501")
    page = checked(open_page("lecture", part=CHECKS))
    assert "Not as long as only this computer can open the app." in told(page)
    assert "/lecture/hello/" not in told(page)


def test_the_way_to_the_sheet_names_the_room_of_its_host_alone(
    visit: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_link, "base_address", lambda: ADDRESS)
    rooms: Rooms = services.rooms
    code = rooms.open(HOST.tag).code
    rooms.join(code, ANN.tag, "Ann")
    assert f"of your room {code}" in told(visit(HOST, "lecture", part=SHEET))
    assert code not in told(visit(ANN, "lecture", part=SHEET))
    assert not sentences(visit(ANN, "lecture", part=SHEET))
    monkeypatch.setattr(sheet_link, "base_address", lambda: "http://localhost:8501")
    assert "Only this computer can open this address" in sentences(visit(ANN, "lecture", part=SHEET))
