"""The check list: each question is answered from facts, and what is wrong says what to do."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aecore.limits import LECTURE, SHARED
from aecore.rooms.store import Rooms
from aecore.tours.schema import Step, Tour
from aecore.tours.shelf import Shelf
from ui.app.network import ADDRESS
from ui.app.password import PASSWORD
from ui.screens.lecture import capacity
from ui.screens.lecture.capacity import Crowd, NotMeasured, Reference, estimate, measured, reference, rounded_down
from ui.screens.lecture.checking import PHONE, QUESTIONS, REACH, Check, check_of
from ui.screens.lecture.facts import Facts
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding
from ui.screens.lecture.hello import Opening
from ui.screens.lecture.machine_checks import BUSY, CLASS, data, memory_and_disk, needs, people, trainings
from ui.screens.lecture.network_checks import ask_health, cameras, password, phone, reach
from ui.screens.lecture.room_check import own_room

HERE, LAN = "http://127.0.0.1:8501", "http://10.0.0.5:8501"
KNOWN = Reference(
    "today", 2, 5.0, most=40.0, probe=40.0,
    crowds=(Crowd(20, 80, 0.3), Crowd(50, 150, 0.4), Crowd(100, 500, 0.3), Crowd(200, 2500, 0.2)),
)  # fmt: skip


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """A server for a lecture, in a network."""
    return Facts("0.0.0.0", 8501, "", False, LAN, tmp_path, "host", "127.0.0.1", environment={LECTURE: "1"})


def well(address: str) -> str:
    return ""


def reached(facts: Facts, wrong: str = "", addresses: tuple[str, ...] = ("10.0.0.5",)) -> Finding:
    return reach(facts, lambda _: wrong, lambda: addresses)


def test_a_server_that_answers_at_its_address_can_be_reached(facts: Facts) -> None:
    asked: list[str] = []
    found = reach(replace(facts, base="/lab"), lambda address: asked.append(address) or "", lambda: ["10.0.0.5"])  # type: ignore[func-returns-value]
    assert (found.state, asked) == (OK, [f"{LAN}/lab"])
    assert "10.0.0.5:8501" in found.found.replace("\u2060", "")


def test_a_server_for_this_computer_alone_says_how_to_start_it_for_a_class(facts: Facts) -> None:
    for bound in ("127.0.0.1", "localhost", "::1"):
        found = reached(replace(facts, bound=bound, address=HERE))
        assert (found.state, "make lecture" in found.do) == (BAD, True)


def test_without_a_network_there_is_a_way_out(facts: Facts) -> None:
    found = reached(replace(facts, address=HERE), addresses=())
    assert (found.state, "hotspot" in found.do) == (BAD, True)


def test_links_that_only_this_computer_opens_are_told(facts: Facts) -> None:
    found = reached(replace(facts, address=HERE, environment={}))
    assert (found.state, "make lecture" in found.do) == (ATTENTION, True)


@pytest.mark.parametrize(
    ("wrong", "environment", "way_out"),
    [
        ("nothing answers within 3 s", {LECTURE: "1"}, "let port 8501 in"),
        ("Connection refused", {ADDRESS: "https://class.example.org"}, ADDRESS),
        ("its certificate is not trusted (self-signed)", {ADDRESS: "https://class.example.org"}, "certificate"),
    ],
)
def test_who_does_not_reach_itself_is_told_why_and_what_to_do(
    facts: Facts, wrong: str, environment: dict[str, str], way_out: str
) -> None:
    found = reached(replace(facts, environment=environment), wrong)
    assert (found.state, way_out in found.do, wrong in found.found.replace("\\", "")) == (BAD, True, True)


def test_behind_a_proxy_the_named_address_counts(facts: Facts) -> None:
    behind = replace(
        facts,
        bound="127.0.0.1",
        address="https://class.example.org",
        environment={ADDRESS: "https://class.example.org"},
    )
    assert reached(behind, addresses=()).state == OK
    assert cameras(behind).state == OK
    assert cameras(facts).state == ATTENTION


@pytest.fixture
def answering() -> Iterator[list[object]]:
    """[address, what it answers]: a server on this machine."""
    said: list[object] = ["", (200, b"ok")]

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = said[1]  # type: ignore[misc]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said[0] = f"http://127.0.0.1:{server.server_port}"
    yield said
    server.shutdown()


def test_a_request_tells_a_well_server_from_others(answering: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    address = str(answering[0])
    assert ask_health(address) == "", "no proxy is asked"
    answering[1] = (200, b"<html>Log in to the hotel's network")
    assert ask_health(address) == "something else answers there"
    answering[1] = (421, b"")
    assert ask_health(address) == "the answer is the error 421"
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        assert "refused" in ask_health(f"http://127.0.0.1:{deaf.getsockname()[1]}").lower()
        deaf.listen(1)
        assert ask_health(f"http://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.2).startswith("nothing answers within")
    assert ask_health("http://")


OWN = frozenset({"127.0.0.1", "10.0.0.5"})


def test_a_phone_is_one_that_asks_from_elsewhere() -> None:
    assert phone([], OWN) is None
    for own in ("127.0.0.1", "10.0.0.5", "::1"):
        found = phone([Opening(0.0, own)], OWN)
        assert found is not None
        assert found.state == ATTENTION
    found = phone([Opening(0.0, "10.0.0.5"), Opening(1.0, "10.0.0.9"), Opening(2.0, "10.0.0.10")], OWN)
    assert found is not None
    assert (found.state, "10.0.0.9, and 1 more" in found.found) == (OK, True)
    expired = phone(None, OWN)
    assert expired is not None
    assert expired.state == ATTENTION


def test_who_can_come_in_is_told(facts: Facts) -> None:
    assert PASSWORD in password(facts).do
    assert "knows the password" in password(replace(facts, environment={PASSWORD: "bottleneck"})).found


def test_people_are_those_of_the_reference_by_the_speed_of_this_server(facts: Facts) -> None:
    stop = threading.Event()
    found = people(facts, stop, lambda *_: 40.0, lambda: 0.1, KNOWN)
    assert found.state == OK
    assert "About **50**" in found.found
    assert "within 0.1 s" in found.found or "within 0.2 s" in found.found
    assert "With **100**, within 0.5 s" in found.found
    assert "after about 2 s" in found.found, "100 pages, 40 a second"
    assert found.more is not None
    assert "40 answers a second" in found.more[1]
    slow = people(facts, stop, lambda *_: 20.0, lambda: 0.1, KNOWN)
    assert (slow.state, "About **25**" in slow.found) == (ATTENTION, True)
    assert CLASS > 25
    busy = people(facts, stop, lambda *_: 40.0, lambda: BUSY + 0.1, KNOWN)
    assert (busy.state, "busy already" in busy.do) == (ATTENTION, True)


def test_a_measurement_that_failed_says_so(facts: Facts) -> None:
    def fails(*_: object) -> float:
        raise NotMeasured("you stopped it")

    found = people(facts, threading.Event(), fails, lambda: 0.0, KNOWN)
    assert (found.state, "you stopped it" in found.found) == (ATTENTION, True)


def test_numbers_of_people_are_rounded_down_and_never_precise() -> None:
    assert [rounded_down(count) for count in (0, 7.9, 12, 99, 100, 119.9)] == [0, 7, 10, 95, 100, 110]
    assert estimate(20.0, KNOWN).easy == 25
    none_in_time = replace(KNOWN, crowds=(Crowd(20, 3000, 0.3), Crowd(50, 5000, 0.3)))
    assert estimate(40.0, none_in_time).easy == 20, "the smallest crowd that was measured, with its time"


def test_what_was_measured_is_there() -> None:
    known = reference()
    assert known.probe > 0
    assert len(known.crowds) >= 3
    assert estimate(known.probe, known).easy in [each.visitors for each in known.crowds]


def probing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Another program takes the place of the probe."""
    (tmp_path / "probe.py").write_text(source)
    monkeypatch.setattr(capacity, "PROBE", tmp_path / "probe.py")


def test_the_probe_is_asked_for_this_server_and_its_cookies(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = "import json, sys\nasked = json.load(sys.stdin)\njson.dump(asked, open('{path}', 'w'))\n"
    probing(
        tmp_path, monkeypatch, echo.format(path=tmp_path / "asked.json") + 'print(\'{"answers": 90, "seconds": 3}\')'
    )
    assert measured(replace(facts, cookies="a=b"), threading.Event()) == 30.0
    asked = json.loads((tmp_path / "asked.json").read_text())
    assert (asked["address"], asked["cookies"], asked["page"]) == (HERE, "a=b", capacity.PAGE)


def test_a_probe_that_fails_or_takes_long_or_is_stopped_ends(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probing(tmp_path, monkeypatch, "raise OSError('connection refused')")
    with pytest.raises(NotMeasured, match="connection refused"):
        measured(facts, threading.Event())
    probing(tmp_path, monkeypatch, "import time; time.sleep(600)")
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(NotMeasured, match="you stopped it"):
        measured(facts, stopped)
    times = iter(range(0, 10_000, 50))
    with pytest.raises(NotMeasured, match="longer than"):
        measured(facts, threading.Event(), clock=lambda: float(next(times)))


def test_only_one_measures_at_a_time(facts: Facts) -> None:
    with capacity._one_at_a_time, pytest.raises(NotMeasured, match="another check"):
        measured(facts, threading.Event())


def test_the_server_is_asked_where_it_listens(facts: Facts) -> None:
    assert facts.here == HERE
    assert replace(facts, bound="10.0.0.5", base="/lab", has_tls=True).here == "https://10.0.0.5:8501/lab"
    assert replace(facts, bound="::1").here == "http://[::1]:8501"


def test_memory_and_disk_say_what_visitors_may_take(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    found = memory_and_disk(facts, lambda: 64e9, KNOWN)
    assert found.more is not None
    assert "at most 40 runs of at most 0.2 GB together" in found.more[1]
    assert memory_and_disk(facts, lambda: 1e6, KNOWN).state == ATTENTION
    monkeypatch.setattr("ui.screens.lecture.machine_checks.disk_bytes", lambda _: (10**12, 10**8))
    assert memory_and_disk(facts, lambda: 64e9, KNOWN).state == BAD
    everybody = memory_and_disk(replace(facts, environment={SHARED: "0"}), lambda: 64e9, KNOWN)
    assert everybody.more is not None
    assert "any number of runs" in everybody.more[1]


def test_a_gpu_is_told_and_how_many_train_at_once() -> None:
    assert "CUDA" in trainings(lambda: ("cuda", "cpu"), 4).found
    assert "4 networks train at the same time" in trainings(lambda: ("cpu",), 4).found
    assert "One network trains at a time" in trainings(lambda: ("cpu",), 1).found


def a_tour(**address: str) -> Tour:
    step = Step("one", "noise", {name: (text,) for name, text in address.items()}, 0)
    return Tour("mine", "Mine", "A goal", 5, (step,))


@pytest.mark.parametrize(
    ("address", "expected"),
    [({"data": "MNIST"}, True), ({"data": "mnist"}, True), ({"networks": "digits,mnist-denoising"}, True),
     ({"data": "Digits"}, False), ({"data": "Fashion-MNIST"}, False)],
)  # fmt: skip
def test_a_tour_needs_the_data_that_it_names(address: dict[str, str], expected: bool) -> None:
    assert needs(a_tour(**address), "mnist") is expected


def test_data_that_a_tour_needs_and_that_are_not_here_are_what_is_wrong(tmp_path: Path) -> None:
    lessons = Shelf(tmp_path).lessons()
    assert data(lessons, lambda _: True).state == OK
    missing = data(lessons, lambda name: name == "fashion-mnist")
    assert (missing.state, missing.page) == (ATTENTION, "data")
    assert "no tour needs it" in missing.found
    assert "python -m aecore data fetch mnist" in missing.do
    assert "fashion" not in missing.do
    own = data([*lessons, a_tour(data="MNIST")], lambda _: False)
    assert own.state == BAD
    assert "“Mine” needs it" in own.found


def test_the_room_of_who_asks_is_named(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path)
    assert own_room(rooms, "host").state == ATTENTION
    code = rooms.open("host").code
    rooms.join(code, "ann", "Ann")
    found = own_room(rooms, "host")
    assert (found.state, f"**{code}**, and 1 has joined" in found.found) == (OK, True)
    assert "somebody else" in own_room(rooms, "ann").found
    rooms.lock(code, "host", True)
    assert "It is locked" in own_room(rooms, "host").found


def test_questions_are_answered_in_turn_and_a_failing_one_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    fine = Finding(OK, "fine")

    def fails() -> Finding:
        raise ValueError("no")

    check = Check({"a": lambda: fine, "b": fails, "c": lambda: fine}, "token", ["10.0.0.5"], threading.Event())
    check.start()
    check.wait(10)
    assert not check.is_running
    assert check.asking == ""
    assert [check.found[name].state for name in "abc"] == [OK, ATTENTION, OK]
    assert "could not answer: b" in caplog.text


def test_what_is_stopped_leaves_the_rest_out() -> None:
    going, stop = threading.Event(), threading.Event()

    def slow() -> Finding:
        going.set()
        stop.wait(10)
        return Finding(OK, "fine")

    check = Check({"a": slow, "b": slow}, "token", [], stop)
    check.start()
    assert going.wait(10)
    assert (check.is_running, check.asking) == (True, "a")
    check.stop()
    check.wait(10)
    assert list(check.found) == ["a"]


def test_every_question_but_that_to_the_phone_is_answered_here(facts: Facts, tmp_path: Path) -> None:
    check = check_of(facts, Rooms(tmp_path), [], "token", ["10.0.0.5"])
    assert [*check._answers] == [each for each in QUESTIONS if each != PHONE]
    assert QUESTIONS[0] == REACH
    assert check.own == {"127.0.0.1", "10.0.0.5"}


def test_the_probe_runs_by_its_path_alone() -> None:
    """An installed app has `ui` inside of another package, so the probe may not import it."""
    source = capacity.PROBE.read_text()
    assert "import ui" not in source
    assert "from ui" not in source
    assert "aecore" not in source
    assert sys.version_info >= (3, 11), "which knows -P"
