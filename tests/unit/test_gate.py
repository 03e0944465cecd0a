"""Turns for scripts: few at once, in the order of asking, and never held by slow work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from tests.waiting import until
from ui.app import streamlit_inside
from ui.app.gate import BUSY, Gate, install, is_tick, rest

FOREVER = 1e6


class Script(threading.Thread):
    """A thread that works in its turn until it is let go."""

    def __init__(self, gate: Gate, told: list[Script] | None = None) -> None:
        super().__init__(daemon=True)
        self.gate, self.told = gate, told if told is not None else []
        self.works, self.goes = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with self.gate.turn(lambda: self.told.append(self)):
            self.works.set()
            self.goes.wait(60)

    def end(self) -> None:
        self.goes.set()
        self.join(60)


def soon(condition: Callable[[], Any]) -> None:
    until(condition, "the scripts get their turns", every=0.01)


def waiting(gate: Gate) -> int:
    return len(gate._waiting)


@pytest.fixture
def scripts() -> Iterator[list[Script]]:
    """All of them end with the test."""
    made: list[Script] = []
    yield made
    for each in made:
        each.end()


def test_no_more_than_its_places_work_at_once_and_the_others_follow_in_the_order_of_asking(
    scripts: list[Script],
) -> None:
    gate = Gate(places=2, longest=FOREVER)
    for count in range(5):
        scripts.append(Script(gate))
        soon(lambda count=count: sum(each.works.is_set() for each in scripts) + waiting(gate) == count + 1)
    assert [each.works.is_set() for each in scripts] == [True, True, False, False, False]
    for ended, following in ((1, 2), (0, 3), (3, 4)):
        scripts[ended].end()
        soon(scripts[following].works.is_set)
        assert sum(each.works.is_set() for each in scripts) == following + 1


def test_slow_work_gives_its_turn_on_and_goes_on(scripts: list[Script]) -> None:
    gate = Gate(places=1, longest=0.05)
    scripts += [Script(gate), Script(gate), Script(gate)]
    soon(lambda: all(each.works.is_set() for each in scripts))
    assert all(each.is_alive() for each in scripts)
    scripts.append(Script(gate))
    soon(scripts[3].works.is_set)


def test_who_waits_for_long_is_told_once(scripts: list[Script]) -> None:
    gate, told = Gate(places=1, longest=FOREVER), []
    scripts.append(Script(gate, told))
    soon(scripts[0].works.is_set)
    scripts.append(Script(gate, told))
    soon(lambda: told)
    scripts[0].end()
    soon(scripts[1].works.is_set)
    assert told == [scripts[1]]


def test_who_waits_for_very_long_is_told_why(scripts: list[Script], monkeypatch: Any) -> None:
    monkeypatch.setattr("ui.app.gate.TOLD", 0.01)
    monkeypatch.setattr("ui.app.gate.FULL", 0.05)
    gate, told = Gate(places=1, longest=0.4), []
    scripts.append(Script(gate))
    soon(scripts[0].works.is_set)
    with gate.turn(lambda: told.append("late"), lambda: told.append("full")):
        assert told == ["late", "full"]
    scripts[0].end()
    with gate.turn(lambda: told.append("late"), lambda: told.append("full")):
        assert told == ["late", "full"], "who gets a turn at once is told nothing"


@pytest.mark.parametrize("is_auto", [False, True])
def test_a_visitor_is_told_in_words_that_the_server_is_full_and_what_refreshes_itself_is_not(
    is_auto: bool, monkeypatch: Any
) -> None:
    monkeypatch.setattr(streamlit_inside, "misfits", lambda change: "")
    monkeypatch.setattr("ui.app.gate.TOLD", 0.01)
    monkeypatch.setattr("ui.app.gate.FULL", 0.05)
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda self, data: None)
    sent: list[Any] = []
    monkeypatch.setattr(ScriptRunner, "_enqueue_forward_msg", lambda self, message: sent.append(message))
    gate = Gate(places=1, longest=0.4)
    install(gate)
    with gate.turn():
        runner, data = ScriptRunner.__new__(ScriptRunner), RerunData(is_auto_rerun=is_auto)
        copy_context().run(ScriptRunner._run_script, runner, data)
    notices = [each.delta.new_element.toast.body for each in sent if each.HasField("delta")]
    assert notices == ([] if is_auto else [BUSY])


def test_a_script_that_fails_gives_its_turn_back() -> None:
    gate = Gate(places=1, longest=FOREVER)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.turn():
            raise ZeroDivisionError
    with gate.turn():
        pass


def test_who_rests_lets_others_work_and_waits_for_another_turn(scripts: list[Script], monkeypatch: Any) -> None:
    gate, slept = Gate(places=1, longest=FOREVER), []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        scripts.append(Script(gate))
        soon(scripts[-1].works.is_set)  # in the turn that was given back
        threading.Timer(0.05, scripts[-1].goes.set).start()

    monkeypatch.setattr("ui.app.gate.time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    with gate.turn():
        rest(0.3)
        assert scripts[0].goes.is_set(), "the turn is one's own again when the other has ended"
        scripts.append(Script(gate))
        soon(lambda: waiting(gate) == 1)
    soon(scripts[1].works.is_set)
    assert slept == [0.3]


def test_who_has_no_turn_rests_as_well(monkeypatch: Any) -> None:
    slept: list[float] = []
    monkeypatch.setattr("ui.app.gate.time", SimpleNamespace(sleep=slept.append))
    rest(0.2)
    assert slept == [0.2]


def test_the_place_in_streamlit_is_still_there_and_every_rerun_goes_through_it(monkeypatch: Any) -> None:
    ran: list[tuple[Any, RerunData, bool]] = []
    data = RerunData(is_auto_rerun=True)
    assert callable(ScriptRunner._enqueue_forward_msg)
    assert callable(ScriptRunner._run_script)
    monkeypatch.setattr(streamlit_inside, "misfits", lambda change: "")  # the stand-in below has other parameters
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda self, data: ran.append((self, data, is_tick())))
    gate = Gate(places=1, longest=FOREVER)
    install(Gate())
    install(gate)  # the newer one counts
    runner = ScriptRunner.__new__(ScriptRunner)
    sent: list[Any] = []
    monkeypatch.setattr(ScriptRunner, "_enqueue_forward_msg", lambda self, message: sent.append(message))
    with gate.turn():
        thread = threading.Thread(target=lambda: ScriptRunner._run_script(runner, data), daemon=True)
        thread.start()
        soon(lambda: sent)
        assert not ran
    thread.join(60)
    assert ran == [(runner, data, True)]
    assert not is_tick()
    assert [each.session_status_changed.script_is_running for each in sent] == [True]


def test_without_that_place_the_app_goes_on_and_the_log_says_so(monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.delattr(ScriptRunner, "_run_script")
    install(Gate())
    assert not hasattr(ScriptRunner, "_run_script")
    assert "another way" in caplog.text
