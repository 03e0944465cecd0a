"""Savings in Streamlit: messages arrive as before, in order, with one waking of the loop for many of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from ui.app import savings
from ui.app.savings import Letterbox

MESSAGE = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts Streamlit's own functions back after the test."""
    monkeypatch.setattr(AppSession, "_on_scriptrunner_event", AppSession._on_scriptrunner_event)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", AppSession._create_scriptrunner)
    monkeypatch.setattr(Runtime, "_enqueued_some_message", Runtime._enqueued_some_message)
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)


class Loop:
    """Calls that are scheduled, run when the test says so."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []

    def run(self) -> None:
        while self.calls:
            self.calls.pop(0)()


def test_a_loop_is_woken_once_for_what_comes_before_it_runs() -> None:
    loop, seen = Loop(), []
    box = Letterbox(loop.calls.append, seen.append)
    for item in "abc":
        box.put(item)
    assert len(loop.calls) == 1
    loop.run()
    box.put("d")
    assert len(loop.calls) == 1
    loop.run()
    assert seen == ["a", "b", "c", "d"]


def test_what_is_in_it_can_be_had_at_once_and_comes_once() -> None:
    loop, seen = Loop(), []
    box = Letterbox(loop.calls.append, seen.append)
    box.empty()
    box.put("a")
    box.put("b")
    box.empty()
    assert seen == ["a", "b"]
    box.put("c")
    loop.run()
    assert seen == ["a", "b", "c"]


def test_items_put_in_while_others_are_delivered_are_not_lost() -> None:
    loop, seen = Loop(), []

    def deliver(item: int) -> None:
        seen.append(item)
        if item < 5:
            box.put(item + 1)

    box = Letterbox(loop.calls.append, deliver)
    box.put(1)
    loop.run()
    assert seen == [1, 2, 3, 4, 5]


def test_threads_put_in_at_once_and_nothing_is_lost_or_overtakes() -> None:
    async def play() -> list[tuple[int, int]]:
        loop, seen = asyncio.get_running_loop(), []
        box = Letterbox(lambda call: loop.call_soon_threadsafe(call), seen.append)
        writers = [
            threading.Thread(target=lambda of=of: [box.put((of, number)) for number in range(500)]) for of in range(4)
        ]
        for each in writers:
            each.start()
        while any(each.is_alive() for each in writers):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        return seen

    result: list[list[tuple[int, int]]] = []
    apart = threading.Thread(target=lambda: result.append(asyncio.run(play())))  # a browser's loop may run in this one
    apart.start()
    apart.join(60)
    (seen,) = result
    assert len(seen) == 2000
    assert all([number for of, number in seen if of == each] == list(range(500)) for each in range(4))


def test_messages_of_a_script_and_its_other_events_arrive_in_their_order(
    untouched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, seen = Loop(), []

    def take(self: Any, sender: Any, event: Any, forward_msg: Any = None, *rest: Any, **named: Any) -> None:
        seen.append((sender, event, forward_msg))

    monkeypatch.setattr(AppSession, "_handle_scriptrunner_event_on_event_loop", take)
    monkeypatch.setattr(AppSession, "_call_soon_on_event_loop", lambda self, call: loop.calls.append(call))
    savings.install()
    savings.install()  # once is enough
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    first, second, third = ForwardMsg(), ForwardMsg(), ForwardMsg()
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=first)
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=second)
    session._on_scriptrunner_event(None, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=third)
    assert len(loop.calls) == 1
    loop.run()
    assert [event for _, event, _ in seen] == [
        MESSAGE, MESSAGE, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS, MESSAGE,
    ]  # fmt: skip
    assert [each for _, event, each in seen if event is MESSAGE] == [first, second, third]


def test_what_an_ended_script_has_said_is_taken_before_another_runner_begins(
    untouched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit ignores what comes from a runner that is no longer the session's."""
    loop, taken = Loop(), []

    def take(self: Any, sender: Any, event: Any, forward_msg: Any = None) -> None:
        if sender is self._scriptrunner:
            taken.append(event)

    def create(self: Any, data: Any) -> None:
        self._scriptrunner = data

    monkeypatch.setattr(AppSession, "_handle_scriptrunner_event_on_event_loop", take)
    monkeypatch.setattr(AppSession, "_call_soon_on_event_loop", lambda self, call: loop.calls.append(call))
    monkeypatch.setattr(AppSession, "_create_scriptrunner", create)
    savings.install()
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    session._scriptrunner = "ended"  # type: ignore[assignment]
    session._on_scriptrunner_event("ended", MESSAGE, forward_msg=ForwardMsg())  # type: ignore[arg-type]
    session._on_scriptrunner_event("ended", ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)  # type: ignore[arg-type]

    async def request() -> None:
        session._event_loop = asyncio.get_running_loop()
        session._create_scriptrunner("next")  # type: ignore[arg-type]

    apart = threading.Thread(target=lambda: asyncio.run(request()))
    apart.start()
    apart.join(60)
    loop.run()
    assert taken == [MESSAGE, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS]
    assert session._scriptrunner == "next"


def test_the_sender_is_woken_unless_it_is_awake(untouched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(Runtime, "_enqueued_some_message", lambda self: woken.append(True))
    savings.install()
    runtime = Runtime.__new__(Runtime)

    class Flag:
        value = False

        def is_set(self) -> bool:
            return self.value

    class Objects:
        need_send_data = Flag()

    monkeypatch.setattr(Runtime, "_get_async_objs", lambda self: Objects)
    runtime._enqueued_some_message()
    Flag.value = True
    runtime._enqueued_some_message()
    assert woken == [True]


def test_the_theme_is_read_once_and_anew_after_the_settings_have_changed(
    untouched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def populate(msg: CustomThemeConfig, section: str = "theme") -> None:
        read.append(section)
        if section == "theme":
            msg.base_radius = "0.6rem"
            msg.heading_font_weights.extend([650, 600])

    forget: list[Callable[[], None]] = []
    monkeypatch.setattr(app_session, "_populate_theme_msg", populate)
    monkeypatch.setattr(config, "on_config_parsed", lambda call, **named: forget.append(call))
    savings.install()
    for _ in range(3):
        message = CustomThemeConfig()
        app_session._populate_theme_msg(message)
        app_session._populate_theme_msg(message.dark, "theme.dark")
        assert message.base_radius == "0.6rem"
        assert list(message.heading_font_weights) == [650, 600]
        assert not message.HasField("dark"), "an empty section is not sent"
    assert read == ["theme", "theme.dark"]
    forget[0]()
    app_session._populate_theme_msg(CustomThemeConfig())
    assert read == ["theme", "theme.dark", "theme"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (AppSession, "_on_scriptrunner_event"), (AppSession, "_handle_scriptrunner_event_on_event_loop"),
        (AppSession, "_call_soon_on_event_loop"), (AppSession, "_create_scriptrunner"),
        (Runtime, "_enqueued_some_message"), (Runtime, "_get_async_objs"), (app_session, "_populate_theme_msg"),
    ],
)  # fmt: skip
def test_the_places_in_streamlit_are_still_there(owner: Any, name: str) -> None:
    assert callable(getattr(owner, name))


def test_without_a_place_the_app_goes_on_and_the_log_says_so(
    untouched: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(app_session, "_populate_theme_msg")
    savings.install()
    assert "“read the theme once” was left out" in caplog.text
    assert not hasattr(app_session, "_populate_theme_msg")


def test_a_message_that_cannot_be_delivered_does_not_keep_the_others_back(caplog: pytest.LogCaptureFixture) -> None:
    loop, seen = Loop(), []

    def deliver(item: str) -> None:
        if item == "b":
            raise ValueError(item)
        seen.append(item)

    box = Letterbox(loop.calls.append, deliver)
    for item in "abc":
        box.put(item)
    loop.run()
    assert seen == ["a", "c"]
    assert "could not be delivered" in caplog.text
