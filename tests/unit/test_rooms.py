"""Rooms: codes, who may do what, polls, questions, and what survives."""

from __future__ import annotations

import csv
import io
import json
import math
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.predictions.schema import Choice, Curve, Form, Number, Prediction, Truth, as_guess
from aecore.predictions.summary import summary
from aecore.rooms.archive import archive
from aecore.rooms.floor import MOST_ASKED
from aecore.rooms.queries import LETTERS, SIZE, as_code, is_code
from aecore.rooms.state import Goal
from aecore.rooms.store import DAY, KEPT_DAYS, MOST_OPEN, NoRoomError, RoomError, Rooms
from aecore.rooms.words import LONGEST_NAME, name_among, one_line
from aecore.runs.store import RunStore
from tests.clock import Clock

HOST, ANN, BOB = "host", "ann", "bob"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(tmp_path: Path, clock: Clock) -> Rooms:
    return Rooms(tmp_path, clock)


@pytest.fixture
def code(rooms: Rooms) -> str:
    code = rooms.open(HOST, "Tuesday").code
    rooms.join(code, ANN, "Ann")
    rooms.join(code, BOB, "Bob")
    return code


def test_a_code_has_six_letters_that_nobody_confuses(rooms: Rooms) -> None:
    codes = {rooms.open(f"host {number}").code for number in range(20)}
    assert len(codes) == 20
    assert all(is_code(each) and len(each) == SIZE for each in codes)
    assert not set("01OIL") & set(LETTERS)


def test_a_code_is_found_however_it_is_typed(rooms: Rooms, code: str) -> None:
    for typed in (code.lower(), f" {code[:3]}-{code[3:]} ", f"{code[:3]} {code[3:]}"):
        assert as_code(typed) == code
        assert rooms.get(typed).code == code


def test_a_wrong_code_is_named(rooms: Rooms) -> None:
    with pytest.raises(RoomError, match="There is no room ABC234"):
        rooms.join("abc234", ANN)
    with pytest.raises(RoomError, match="There is no room without a code"):
        rooms.get(" -- ")


def test_nobody_is_in_a_room_before_there_is_any(rooms: Rooms, tmp_path: Path) -> None:
    assert rooms.of_person(ANN) == ""
    assert not list(tmp_path.iterdir()), "looking makes no file"


def test_a_room_ends_after_a_day_or_when_its_host_says(rooms: Rooms, code: str, clock: Clock) -> None:
    other = rooms.open(HOST).code
    rooms.end(other, HOST)
    with pytest.raises(RoomError, match="has ended"):
        rooms.join(other, ANN)
    clock.now += DAY - 1
    assert rooms.get(code).code == code
    clock.now += 2
    with pytest.raises(RoomError, match="has ended"):
        rooms.get(code)
    assert rooms.of_person(ANN) == rooms.of_person(HOST) == ""
    assert rooms.versions() == {}


def test_the_room_of_a_person_is_the_last_they_joined(rooms: Rooms, code: str, clock: Clock) -> None:
    clock.now += 10
    later = rooms.open(BOB).code
    assert rooms.of_person(BOB) == later, "opened"
    clock.now += 10
    rooms.join(later, ANN)
    assert rooms.of_person(ANN) == later
    rooms.leave(later, ANN)
    assert rooms.of_person(ANN) == code
    assert rooms.of_person(HOST) == code
    assert rooms.of_person("nobody") == ""


def test_names_are_one_line_and_nobody_shares_one(rooms: Rooms, code: str) -> None:
    assert rooms.join(code, "1", "ann").name == "ann 2"
    assert rooms.join(code, "2", "").name == "Guest 1"
    assert rooms.join(code, "3", " \u202e<b>x</b>\n\tof  mine\x00 ").name == "<b>x</b> of mine"
    assert rooms.join(code, ANN).name == "Ann", "who comes back is called as before"
    assert rooms.join(code, ANN, "Anna").name == "Anna"
    assert rooms.rename(code, HOST, BOB, "anna") == "anna 2"


@pytest.mark.parametrize(
    ("wanted", "called"),
    [
        ("\u200b\u200d\ufeff", "Guest 1"),
        ("\u3164\u2800", "Guest 1"),
        ("\u0301\u0302", "Guest 1"),
        ("Ann\u200d", "Ann\u200d 2"),
        ("\uff21nn", "\uff21nn 2"),
        ("Host", "Host 2"),
        ("host\u3164", "host 2"),
        ("Z" + "\u0301\u0302\u0303\u0304\u0305" * 20, "\u0179\u0302\u0303\u0304"),
        ("\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd"),
        ("Nguy\u1ec5n Th\u1ecb", "Nguy\u1ec5n Th\u1ecb"),
        ("\u0646\u06cc\u200c\u06a9\u06cc", "\u0646\u06cc\u200c\u06a9\u06cc"),
    ],
)
def test_a_name_is_seen_and_looks_like_no_other_nor_like_the_hosts(
    rooms: Rooms, code: str, wanted: str, called: str
) -> None:
    assert rooms.join(code, "new", wanted).name == called
    assert rooms.rename(code, HOST, "new", wanted) == called


def test_the_host_may_be_called_as_hosts_are(rooms: Rooms, code: str) -> None:
    assert rooms.join(code, HOST, "Host").name == "Host"


def test_a_question_of_which_nothing_is_seen_is_none(rooms: Rooms, code: str) -> None:
    for text in ("\u200d", "\u3164 \u2800", "\u0301", "\x00\n"):
        with pytest.raises(RoomError, match="Write your question first."):
            rooms.floor.ask(code, ANN, text)


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=5))
def test_any_name_is_short_printable_and_new(wanted: str, others: list[str]) -> None:
    taken = [one_line(each, LONGEST_NAME) for each in others]
    name = name_among(wanted, taken)
    assert name
    assert name.casefold() not in {each.casefold() for each in taken}
    assert len(name) <= LONGEST_NAME + 4
    assert name == one_line(name, 100)
    assert "\n" not in name


def test_a_locked_room_lets_only_those_back_in_who_were_there(rooms: Rooms, code: str) -> None:
    rooms.leave(code, BOB)
    rooms.lock(code, HOST, True)
    with pytest.raises(RoomError, match="locked"):
        rooms.join(code, "eve", "Eve")
    assert rooms.join(code, BOB).name == "Bob"
    rooms.join(code, HOST, "Lecturer")
    rooms.lock(code, HOST, False)
    rooms.join(code, "eve", "Eve")


def test_who_was_sent_out_stays_out_until_the_host_relents(rooms: Rooms, code: str) -> None:
    question = rooms.floor.ask(code, BOB, "Why?")
    rooms.add_run(code, BOB, "run1")
    rooms.remove(code, HOST, BOB)
    for action in (
        lambda: rooms.join(code, BOB), lambda: rooms.floor.ask(code, BOB, "Again?"), lambda: rooms.leave(code, BOB),
        lambda: rooms.add_run(code, BOB, "run2"), lambda: rooms.floor.upvote(code, BOB, question),
    ):  # fmt: skip
        with pytest.raises(RoomError, match="sent you out"):
            action()
    assert rooms.runs(code) == {}
    assert rooms.floor.questions(code) == []
    assert rooms.of_person(BOB) == ""
    rooms.remove(code, HOST, BOB, is_removed=False)
    assert rooms.runs(code) == {"run1": BOB}
    assert [each.text for each in rooms.floor.questions(code)] == ["Why?"]


def test_only_the_host_does_what_is_the_hosts(rooms: Rooms, code: str) -> None:
    poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
    question = rooms.floor.ask(code, ANN, "Why?")
    tried = (
        lambda who: rooms.move(code, who, "/noise", ""), lambda who: rooms.lock(code, who, True),
        lambda who: rooms.set_goal(code, who, Goal()), lambda who: rooms.rename(code, who, BOB, "Rob"),
        lambda who: rooms.mute(code, who, BOB, True), lambda who: rooms.remove(code, who, BOB),
        lambda who: rooms.floor.ask_poll(code, who, "?", ["a", "b"]),
        lambda who: rooms.floor.close_poll(code, who, poll),
        lambda who: rooms.floor.answer(code, who, question), lambda who: rooms.floor.hide(code, who, question),
        lambda who: rooms.floor.show_again(code, who, question),
        lambda who: rooms.end(code, who),
    )  # fmt: skip
    before = rooms.get(code)
    for action in tried:
        for who in (ANN, "stranger", ""):
            with pytest.raises(RoomError, match="Only the host"):
                action(who)
    assert rooms.get(code) == before
    for action in tried:
        action(HOST)


def test_only_those_in_the_room_take_part(rooms: Rooms, code: str) -> None:
    poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
    for action in (
        lambda: rooms.floor.vote(code, "stranger", poll, 0), lambda: rooms.floor.ask(code, "stranger", "Hello?"),
        lambda: rooms.add_run(code, "stranger", "run"), lambda: rooms.leave(code, "stranger"),
    ):  # fmt: skip
        with pytest.raises(RoomError, match="not joined"):
            action()


def test_a_move_is_counted_once(rooms: Rooms, code: str) -> None:
    version = rooms.get(code).version
    assert rooms.move(code, HOST, "/noise", "data=mnist").moves == 1
    assert rooms.move(code, HOST, "/noise", "data=mnist").moves == 1
    assert rooms.get(code).version == version + 1
    assert rooms.move(code, HOST, "/noise", "data=faces").moves == 2
    assert rooms.move(code, HOST, "/", "").moves == 3
    for path, query in (("noise", ""), ("//evil.example", ""), ("/a/b", ""), ("/noise", "x" * 9000), ("/x" * 50, "")):
        with pytest.raises(RoomError, match="Nobody can be led"):
            rooms.move(code, HOST, path, query)


def test_one_tab_of_the_host_leads(rooms: Rooms, code: str) -> None:
    rooms.lead(code, HOST, "laptop")
    rooms.move(code, HOST, "/noise", "", "laptop")
    with pytest.raises(RoomError, match="Another tab of yours leads"):
        rooms.move(code, HOST, "/steps", "", "tablet")
    with pytest.raises(RoomError, match="Only the host"):
        rooms.lead(code, ANN, "phone")
    rooms.lead(code, HOST, "tablet")
    assert rooms.move(code, HOST, "/steps", "", "tablet").leader == "tablet"
    rooms.lead(code, HOST, "")
    with pytest.raises(RoomError, match="Another tab"):
        rooms.move(code, HOST, "/noise", "", "tablet")


def test_the_host_trains_along_and_is_not_counted(rooms: Rooms, code: str) -> None:
    rooms.add_run(code, HOST, "run1")
    assert rooms.runs(code) == {"run1": HOST}
    rooms.join(code, HOST, "Lecturer")
    assert rooms.views(code, [HOST])[HOST].count == 2


def test_what_changes_nothing_is_no_change(rooms: Rooms, code: str) -> None:
    poll, question = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"]), rooms.floor.ask(code, BOB, "Why?")
    rooms.floor.vote(code, ANN, poll, 0)
    rooms.floor.upvote(code, ANN, question)
    version = rooms.get(code).version
    rooms.floor.vote(code, ANN, poll, 0)
    rooms.floor.upvote(code, ANN, question)
    rooms.lock(code, HOST, False)
    assert rooms.get(code).version == version
    rooms.floor.vote(code, ANN, poll, 1)
    assert rooms.get(code).version == version + 1


def test_it_is_known_who_is_inside(rooms: Rooms, code: str) -> None:
    assert [rooms.is_inside(code, who) for who in (HOST, ANN, "stranger")] == [True, True, False]
    assert not rooms.is_inside("ABC234", ANN)
    rooms.leave(code, ANN)
    rooms.remove(code, HOST, BOB)
    assert not rooms.is_inside(code, ANN)
    assert not rooms.is_inside(code, BOB)
    rooms.end(code, HOST)
    assert not rooms.is_inside(code, HOST)


def test_a_host_copies_an_ended_room_for_a_while_then_it_is_forgotten(rooms: Rooms, code: str, clock: Clock) -> None:
    store = RunStore(rooms._file.path.parent / "runs")
    rooms.floor.ask(code, ANN, "Why?")
    clock.now += 60
    rooms.end(code, HOST)
    assert [(each.code, each.ends) for each in rooms.ended(HOST)] == [(code, clock.now)]
    assert rooms.ended(ANN) == []
    assert archive(rooms, store, code, HOST, is_anonymous=False)
    with pytest.raises(RoomError, match="has ended"):
        archive(rooms, store, code, ANN, is_anonymous=False)
    clock.now += KEPT_DAYS * DAY - 1
    assert rooms.forget_old() == 0
    clock.now += 2
    rooms.open(HOST)
    assert rooms.ended(HOST) == []
    assert rooms.members(code) == []
    with pytest.raises(NoRoomError):
        rooms.get(code)


def test_those_sent_out_and_hidden_questions_take_no_room(
    rooms: Rooms, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.rooms.store.MOST_MEMBERS", 2)
    monkeypatch.setattr("aecore.rooms.floor.MOST_QUESTIONS", 1)
    with pytest.raises(RoomError, match="full"):
        rooms.join(code, "eve")
    rooms.remove(code, HOST, BOB)
    rooms.join(code, "eve")
    question = rooms.floor.ask(code, ANN, "Why?")
    with pytest.raises(RoomError, match="questions"):
        rooms.floor.ask(code, ANN, "Why not?")
    rooms.floor.hide(code, HOST, question)
    taken = rooms.floor.ask(code, ANN, "Why not?")
    with pytest.raises(RoomError, match="Hide another one first"):
        rooms.floor.show_again(code, HOST, question)
    rooms.floor.hide(code, HOST, taken)
    rooms.floor.show_again(code, HOST, question)
    assert [each.text for each in rooms.floor.questions(code)] == ["Why?"]


def test_a_hidden_question_is_the_hosts_alone_and_comes_back_with_its_votes(rooms: Rooms, code: str) -> None:
    question = rooms.floor.ask(code, ANN, "Why?")
    rooms.floor.upvote(code, BOB, question)
    (shown,) = rooms.floor.questions(code)
    assert rooms.floor.hidden(code) == []
    rooms.floor.hide(code, HOST, question)
    assert rooms.floor.questions(code) == []
    assert rooms.floor.hidden(code) == [shown]
    views = rooms.views(code, [HOST, ANN])
    assert "Why?" not in repr(views), "neither the bar of its author nor the host's shows it"
    version = rooms.get(code).version
    rooms.floor.show_again(code, HOST, question)
    assert rooms.floor.questions(code) == [shown]
    assert rooms.floor.hidden(code) == []
    assert rooms.get(code).version > version, "everybody hears of it"


def test_each_has_one_vote_which_they_may_change_while_the_poll_is_open(rooms: Rooms, code: str) -> None:
    poll = rooms.floor.ask_poll(code, HOST, " Will it\ncopy? ", ["Yes", "No", "Yes", " "])
    for who, choice in ((ANN, 0), (BOB, 0), (ANN, 1)):
        rooms.floor.vote(code, who, poll, choice)
    (found,) = rooms.floor.polls(code)
    assert (found.question, found.choices, found.counts, found.votes) == ("Will it copy?", ("Yes", "No"), (1, 1), 2)
    for choice in (2, -1):
        with pytest.raises(RoomError, match="Choose one"):
            rooms.floor.vote(code, ANN, poll, choice)
    rooms.floor.close_poll(code, HOST, poll)
    with pytest.raises(RoomError, match="closed"):
        rooms.floor.vote(code, ANN, poll, 0)
    second = rooms.floor.ask_poll(code, HOST, "And now?", ["a", "b"])
    third = rooms.floor.ask_poll(code, HOST, "And then?", ["a", "b"])
    assert [(each.id, each.is_open) for each in rooms.floor.polls(code)] == [
        (third, True),
        (second, False),
        (poll, False),
    ]


@pytest.mark.parametrize("choices", [[], ["Yes"], ["Yes", " Yes", " "], list("abcdefg")])
def test_a_poll_needs_two_to_six_choices(rooms: Rooms, code: str, choices: list[str]) -> None:
    with pytest.raises(RoomError, match="2 to 6 different choices"):
        rooms.floor.ask_poll(code, HOST, "Copy?", choices)


def test_votes_of_one_poll_are_not_votes_of_another_rooms(rooms: Rooms, code: str) -> None:
    other = rooms.open(HOST).code
    poll = rooms.floor.ask_poll(other, HOST, "Copy?", ["Yes", "No"])
    with pytest.raises(RoomError, match="closed"):
        rooms.floor.vote(code, ANN, poll, 0)
    question = rooms.floor.ask(code, ANN, "Why?")
    rooms.join(other, ANN)
    with pytest.raises(RoomError, match="gone"):
        rooms.floor.upvote(other, ANN, question)


def test_questions_stand_in_the_order_of_those_who_want_to_know(rooms: Rooms, code: str) -> None:
    first, second = rooms.floor.ask(code, ANN, "Why a bottleneck?"), rooms.floor.ask(code, BOB, "Why not PCA?")
    rooms.floor.upvote(code, ANN, second)
    rooms.floor.upvote(code, ANN, second)
    rooms.floor.upvote(code, ANN, first)
    assert [(each.id, each.upvotes) for each in rooms.floor.questions(code)] == [(second, 1), (first, 0)]
    rooms.floor.answer(code, HOST, second)
    assert [(each.id, each.is_answered) for each in rooms.floor.questions(code)] == [(first, False), (second, True)]
    rooms.floor.upvote(code, ANN, second, is_for=False)
    rooms.floor.hide(code, HOST, first)
    assert [(each.id, each.upvotes) for each in rooms.floor.questions(code)] == [(second, 0)]
    with pytest.raises(RoomError, match="gone"):
        rooms.floor.upvote(code, BOB, first)


def test_who_is_muted_and_who_has_asked_enough_asks_no_more(rooms: Rooms, code: str) -> None:
    rooms.mute(code, HOST, ANN, True)
    with pytest.raises(RoomError, match="no more questions from you"):
        rooms.floor.ask(code, ANN, "Why?")
    rooms.mute(code, HOST, ANN, False)
    for number in range(MOST_ASKED):
        rooms.floor.ask(code, ANN, f"Why {number}?")
    with pytest.raises(RoomError, match=f"You have asked {MOST_ASKED} questions"):
        rooms.floor.ask(code, ANN, "Why?")
    rooms.floor.ask(code, BOB, "Why?")
    with pytest.raises(RoomError, match="Write your question first"):
        rooms.floor.ask(code, BOB, " \n")


def test_a_view_has_what_one_person_may_see(rooms: Rooms, code: str) -> None:
    poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
    rooms.floor.vote(code, BOB, poll, 1)
    question = rooms.floor.ask(code, ANN, "Why?")
    rooms.floor.upvote(code, BOB, question)
    views = rooms.views(code, [HOST, ANN, BOB, "stranger"])
    assert views[HOST].is_host(HOST)
    assert not views[ANN].is_host(ANN)
    assert [views[who].own_vote for who in (HOST, ANN, BOB)] == [None, None, 1]
    assert views[BOB].upvoted == {question}
    assert views[ANN].upvoted == frozenset()
    assert views[ANN].count == 2
    assert views["stranger"].me is None
    rooms.leave(code, BOB)
    assert rooms.views(code, [ANN])[ANN].count == 1


def test_a_host_opens_a_bounded_number(rooms: Rooms, clock: Clock) -> None:
    for _ in range(MOST_OPEN):
        rooms.open(HOST)
    with pytest.raises(RoomError, match=f"You have {MOST_OPEN} open rooms"):
        rooms.open(HOST)
    rooms.open(ANN)
    clock.now += DAY + 1
    rooms.open(HOST)


def test_a_hundred_who_join_at_once_are_all_in(tmp_path: Path) -> None:
    code = Rooms(tmp_path).open(HOST).code
    servers = [Rooms(tmp_path), Rooms(tmp_path)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: servers[number % 2].join(code, f"p{number}", "Sam"), range(100)))
    names = [each.name for each in servers[0].members(code)]
    assert len(set(names)) == 100
    assert servers[1].views(code, ["p7"])["p7"].count == 100


def test_everything_is_there_after_a_restart(rooms: Rooms, code: str, tmp_path: Path, clock: Clock) -> None:
    rooms.move(code, HOST, "/noise", "data=mnist")
    rooms.set_goal(code, HOST, Goal(data="mnist", codes=2))
    rooms.close()
    again = Rooms(tmp_path, clock)
    found = again.get(code)
    assert (found.title, found.place.path, found.goal) == ("Tuesday", "/noise", Goal(data="mnist", codes=2))
    assert again.of_person(ANN) == code


def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path) -> None:
    (tmp_path / "rooms.sqlite").write_bytes(b"no database at all" * 100)
    rooms = Rooms(tmp_path)
    assert rooms.open(HOST).code
    assert "set aside as rooms-broken-" in rooms.notice
    assert [each.read_bytes()[:11] for each in tmp_path.glob("rooms-broken-*.sqlite")] == [b"no database"]


def test_a_later_versions_file_is_left_alone(tmp_path: Path) -> None:
    Rooms(tmp_path).open(HOST)
    with sqlite3.connect(tmp_path / "rooms.sqlite") as db:
        db.execute("pragma user_version = 99")
    with pytest.raises(RoomError, match="later version"):
        Rooms(tmp_path).open(HOST)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_copy_has_everything_and_without_names_no_name(
    rooms: Rooms, code: str, tmp_path: Path, is_anonymous: bool
) -> None:
    store = RunStore(tmp_path / "runs")
    run = store.create({"variant": "linear", "data": "digits"}, "Ann's run", owner=ANN)
    rooms.add_run(code, ANN, run.id)
    rooms.add_run(code, BOB, "0123456789ab")
    poll = rooms.floor.ask_poll(code, HOST, "Copy?", ["=Yes", "No"])
    rooms.floor.vote(code, ANN, poll, 0)
    rooms.floor.ask(code, BOB, "Why?")
    rooms.floor.hide(code, HOST, rooms.floor.ask(code, ANN, "Rude?"))
    with pytest.raises(RoomError, match="Only the host"):
        archive(rooms, store, code, ANN, is_anonymous=is_anonymous)
    tours = [(who, "=What?", "3", "14", "1", "1", "3", "no") for who in (BOB, ANN, "stranger")]
    taken = archive(rooms, store, code, HOST, is_anonymous=is_anonymous, tours=tours)
    with zipfile.ZipFile(io.BytesIO(taken)) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert json.loads(texts[f"runs/{run.id}/settings.json"]) == run.settings
    rows = {name: list(csv.reader(io.StringIO(text))) for name, text in texts.items() if name.endswith(".csv")}
    assert rows["polls.csv"][1:] == [["Copy?", "'=Yes", "1", "", ""], ["Copy?", "No", "0", "", ""]]
    assert [row[1:] for row in rows["questions.csv"][1:]] == [["Why?", "0", "no", "no"], ["Rude?", "0", "no", "yes"]]
    assert len(rows["people.csv"]) == 3
    assert len(rows["runs.csv"]) == 2, "a run that is gone is left out"
    named = ["Person 1", "Person 2"] if is_anonymous else ["Ann", "Bob"]
    assert rows["tours.csv"][1:] == [[name, "'=What?", "3", "14", "1", "1", "3", "no"] for name in named]
    everything = "\n".join(texts.values())
    assert ("Ann" in everything) is not is_anonymous
    assert ("Bob" in everything) is not is_anonymous


CURVE = Curve((0.0, 1.0, 2.0), "epoch", 0.0, 1.0, "error")


@pytest.mark.parametrize(
    ("form", "guess", "result", "wrong"),
    [
        (Choice(("Yes", "No")), 1, {"counts": [0, 1]}, [2, -1, True, "1", None, [1]]),
        (Number(0, 10, 0.5, "dB"), 4, {"values": [[4.0, 1]]}, [11, -1, math.nan, math.inf, "4", True, [4]]),
        (CURVE, [1, 0.5, 0], {"lines": [[1.0, 0.5, 0.0]]}, [[1, 0.5], [1, 2, 0], 1, [1, None, 0], []]),
    ],
)
def test_a_prediction_is_a_poll_of_numbers_and_curves_too(
    form: Form, guess: Any, result: dict[str, Any], wrong: list[Any], rooms: Rooms, code: str
) -> None:
    asked = Prediction("test", "noise", "How much?", form, {}, "", "", lambda given: Truth(0, ""))
    poll = rooms.floor.ask_prediction(code, HOST, asked)
    for each in wrong:
        with pytest.raises(RoomError):
            rooms.floor.vote(code, ANN, poll, each)
    rooms.floor.vote(code, ANN, poll, guess)
    found = rooms.views(code, [ANN])[ANN]
    assert found.poll is not None
    assert (found.poll.form, found.poll.prediction, found.poll.truth) == (form, "test", None)
    assert found.own_vote == found.poll.guesses[0] == as_guess(guess)
    assert summary(form, found.poll.guesses) == result
    truth = Truth(as_guess(guess), "So it is.")
    rooms.floor.uncover(code, HOST, poll, truth)
    (closed,) = rooms.floor.polls(code)
    assert (closed.truth, closed.is_open) == (truth, False)
    with pytest.raises(RoomError, match="closed"):
        rooms.floor.vote(code, BOB, poll, guess)
    with pytest.raises(RoomError, match="Only the host"):
        rooms.floor.uncover(code, ANN, poll, truth)
    with pytest.raises(RoomError, match="Only the host"):
        rooms.floor.ask_prediction(code, ANN, asked)


def test_many_curves_are_told_by_their_middle_and_how_far_most_reach() -> None:
    many = tuple((float(height), 0.0, 1.0) for height in np.linspace(0, 1, 101))
    assert summary(CURVE, many) == {"low": [0.1, 0.0, 1.0], "middle": [0.5, 0.0, 1.0], "high": [0.9, 0.0, 1.0]}


def test_a_file_of_rooms_from_before_there_were_predictions_keeps_its_polls(tmp_path: Path) -> None:
    old = Rooms(tmp_path)
    code = old.open(HOST).code
    old.join(code, ANN)
    poll = old.floor.ask_poll(code, HOST, "Copy?", ["Yes", "No"])
    old.floor.vote(code, ANN, poll, 1)
    old.close()
    with closing(sqlite3.connect(tmp_path / "rooms.sqlite")) as db:
        for table, column in (("polls", "form"), ("polls", "prediction"), ("polls", "truth"), ("votes", "guess")):
            db.execute(f"alter table {table} drop column {column}")
        db.execute("pragma user_version = 1")
    rooms = Rooms(tmp_path)
    (found,) = rooms.floor.polls(code)
    assert (found.choices, found.counts, found.truth) == (("Yes", "No"), (0, 1), None)
    rooms.floor.vote(code, ANN, poll, 0)
    assert rooms.floor.polls(code)[0].counts == (1, 0)
