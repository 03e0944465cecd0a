"""The Room page for its host, for members and for strangers."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from aecore.limits import LECTURE
from aecore.rooms.state import Goal
from aecore.rooms.store import Rooms
from aecore.rooms.words import LONGEST_NAME
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.hostile import NAMES
from tests.pages.conftest import OpenPage, labels
from tests.pages.test_strangers_text import AS_HTML, AS_MARKDOWN
from ui.app.identity import HOST, Person
from ui.app.services import services

ANN = Person("ann")


@pytest.fixture
def rooms() -> Rooms:
    return services.rooms


@pytest.fixture
def code(rooms: Rooms) -> str:
    code = rooms.open(HOST.tag, "Tuesday").code
    rooms.join(code, ANN.tag, "Ann")
    return code


def as_ann(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "person", lambda: ANN)


def texts(page: AppTest) -> str:
    return "\n".join(
        str(each.value) for kind in (page.markdown, page.caption, page.warning, page.html) for each in kind
    )


def test_a_room_is_opened_with_a_title(open_page: OpenPage, rooms: Rooms) -> None:
    page = open_page("room")
    page.text_input(key="room-title").input("Monday")
    page.button(key="room-open").click().run()
    assert rooms.get(rooms.of_person(HOST.tag)).title == "Monday"
    assert rooms.of_person(HOST.tag) in texts(page)


def test_in_a_lecture_only_the_host_opens_rooms(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LECTURE, "1")
    assert "Open a room" in labels(open_page("room"))
    as_ann(monkeypatch)
    assert "Open a room" not in labels(open_page("room"))


def test_somebody_joins_by_a_link_and_leaves(
    open_page: OpenPage, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = rooms.open(HOST.tag, "Tuesday").code
    as_ann(monkeypatch)
    page = open_page("room", code=code)
    assert page.text_input(key="room-code").value == code
    page.text_input(key="room-own-name").input("Ann")
    page.button[-1].click().run()
    assert rooms.is_inside(code, ANN.tag)
    assert "You are called Ann." in texts(page)
    page.button(key="room-leave").click().run()
    assert not rooms.is_inside(code, ANN.tag)
    assert "Join a room" in [each.value for each in page.header]


def test_a_long_name_that_is_pasted_is_cut_and_not_lost(
    open_page: OpenPage, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = rooms.open(HOST.tag, "Tuesday").code
    as_ann(monkeypatch)
    page = open_page("room", code=code)
    field = page.text_input(key="room-own-name")
    name = "Anna-Maria Theodora von und zu Hohenstein-Ingelfingen"
    assert field.proto.max_chars > len(name), "the browser would refuse it without a word"
    field.input(name)
    page.button[-1].click().run()
    assert f"You are called {name[:LONGEST_NAME].strip()}." in texts(page)


def test_who_was_sent_out_or_whose_room_has_ended_is_at_the_entrance(
    open_page: OpenPage, rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.remove(code, HOST.tag, ANN.tag)
    as_ann(monkeypatch)
    page = open_page("room", view="People")
    assert "Join a room" in [each.value for each in page.header]
    assert "Tuesday" not in texts(page)


@pytest.mark.parametrize("view", ["Wall", "People", "Polls", "Questions", "Tours"])
def test_strangers_words_are_letters_in_every_panel(
    open_page: OpenPage, rooms: Rooms, store: RunStore, view: str
) -> None:
    code = rooms.open(HOST.tag, NAMES[0]).code
    for number, name in enumerate(NAMES):
        rooms.join(code, f"p{number}", name)
        rooms.floor.ask(code, f"p{number}", name)
        rooms.add_run(code, f"p{number}", finished_run(store.folder, name, epochs=2).id)
    rooms.floor.ask_poll(code, HOST.tag, NAMES[0], NAMES[1:3])
    page = open_page("room", view=view)
    assert not page.exception
    assert not AS_MARKDOWN.search("\n".join(str(each.value) for each in (*page.markdown, *page.caption)))
    assert not AS_HTML.search("\n".join(str(each.value) for each in page.html))


def test_the_host_hides_a_question_and_shows_it_again(
    open_page: OpenPage, rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = rooms.floor.ask(code, ANN.tag, "Why so rude?")
    page = open_page("room", view="Questions")
    page.button(key=f"room-hide-{question}").click().run()
    assert rooms.floor.questions(code) == []
    assert [each.label for each in page.expander] == ["Hidden (1)"]
    assert not page.expander[0].proto.expanded, "a class may see the host's screen"
    assert "Why so rude?" in texts(page)
    with monkeypatch.context() as patch:
        patch.setattr(services, "person", lambda: ANN)
        assert "Why so rude?" not in texts(open_page("room", view="Questions"))
    page.button(key=f"room-show-{question}").click().run()
    assert [each.text for each in rooms.floor.questions(code)] == ["Why so rude?"]
    assert f"room-hide-{question}" in {each.key for each in page.button}
    assert not page.expander


def test_runs_of_the_room_are_placed_and_the_hosts_is_among_them(
    open_page: OpenPage, rooms: Rooms, code: str, store: RunStore
) -> None:
    for person in (ANN.tag, HOST.tag):
        rooms.add_run(code, person, finished_run(store.folder, "A run", epochs=2).id)
    page = open_page("room")
    assert not page.exception
    assert set(page.dataframe[0].value["Who"]) == {"Ann", "Host"}
    assert "Who gets the smallest test error per pixel?" in texts(page)


def test_what_counts_may_have_been_deleted(open_page: OpenPage, rooms: Rooms, code: str) -> None:
    rooms.set_goal(code, HOST.tag, Goal(data="upload-0123456789", codes=2))
    page = open_page("room")
    assert not page.exception
    assert "data that have been deleted" in texts(page)


def test_a_broken_file_of_rooms_breaks_no_other_page(open_page: OpenPage, rooms: Rooms, code: str) -> None:
    rooms.close()
    rooms._file.path.write_bytes(b"broken" * 500)
    page = open_page("synapses")
    assert not page.exception
    page = open_page("room")
    assert not page.exception


def progress_of(person: Person, *, is_finished: bool) -> None:
    services.progress.arrive(person.tag, "denoising", "two", "tour=denoising.two")
    services.progress.answer(person.tag, "denoising", "ask-target", 0)
    if is_finished:
        services.progress.finish(person.tag, "denoising")


def test_the_host_sees_who_has_finished_a_tour(open_page: OpenPage, rooms: Rooms, code: str) -> None:
    bob, eve = Person("bob"), Person("eve")
    for each, name in ((bob, "Bob"), (Person("carl"), "Carl")):
        rooms.join(code, each.tag, name)
    for each, is_finished in ((ANN, True), (bob, False), (eve, True), (HOST, False)):
        progress_of(each, is_finished=is_finished)
    page = open_page("room", view="Tours")
    assert page.selectbox(key="room-tour").value == "denoising", "where the host has been last"
    assert "1 of 3 has finished “Denoising”, 1 is at it, 1 has not begun." in texts(page)
    table = page.dataframe[0].value
    assert list(table["Who"]) == ["Ann", "Bob", "Carl"]
    assert list(table["Where"]) == ["Finished", "Step 2 of 12", "Not begun"]
    assert list(table["Right"]) == ["1 of 1", "1 of 1", ""]
    assert list(table["Finished in this room"]) == ["Denoising", "", ""]
    rooms.lead(code, HOST.tag, "tab")
    rooms.move(code, HOST.tag, "/home", "tour=what.code", "tab")
    assert open_page("room", view="Tours").selectbox(key="room-tour").value == "what", "where the host leads to"


def test_members_see_of_the_tours_what_the_host_sees_of_them(
    open_page: OpenPage, rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = Person("bob")
    rooms.join(code, bob.tag, "Bob")
    progress_of(bob, is_finished=True)
    as_ann(monkeypatch)
    page = open_page("room", view="Tours")
    assert "You have begun none since then." in texts(page)
    assert not page.dataframe
    progress_of(ANN, is_finished=False)
    page = open_page("room", view="Tours")
    assert "**Denoising**: Step 2 of 12, 1 of 1 right at the first try." in texts(page)
    assert "Bob" not in texts(page)


def test_what_was_done_before_the_room_and_by_those_who_left_is_not_in_the_copy(rooms: Rooms) -> None:
    from ui.screens.room.tours import tour_rows

    progress_of(ANN, is_finished=True)
    room = rooms.open(HOST.tag)
    for name in ("Ann", "Bob", "Carl"):
        rooms.join(room.code, Person(name.lower()).tag, name)
    for name in ("bob", "carl"):
        progress_of(Person(name), is_finished=True)
    rooms.leave(room.code, Person("carl").tag)
    assert tour_rows(room) == [(Person("bob").tag, "Denoising", "2", "12", "1", "1", "3", "yes")]
