"""Savings in Streamlit: messages arrive as before, in order, with one waking of the loop for many of them."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit import config
from streamlit.components.v2.bidi_component import serialization
from streamlit.components.v2.bidi_component.main import BidiComponentMixin
from streamlit.cursor import Cursor, RunningCursor
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ui.app import savings, streamlit_inside
from ui.app.letterbox import GATHERED, Corked, Letterbox
from ui.components import chart  # noqa: F401  a component that is shown under a key

MESSAGE = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG

PLACES: tuple[tuple[Any, str], ...] = (
    (AppSession, "_on_scriptrunner_event"), (AppSession, "_create_scriptrunner"), (AppSession, "request_rerun"),
    (AppSession, "flush_browser_queue"), (Runtime, "_send_message"), (AppSession, "_enqueue_forward_msg"),
    (WebSocketsSansIOProtocol, "connection_made"), (BidiComponentMixin, "_build_bidi_identity_kwargs"),
    (app_session, "_populate_theme_msg"), (SafeSessionState, "filtered_state"),
    (serialization, "is_dataframe_like"),
)  # fmt: skip
"""What the savings replace."""


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts Streamlit's own functions back after the test, and lets stand-ins of another shape take their place."""
    monkeypatch.setattr(streamlit_inside, "misfits", lambda change: "")
    for owner, name in PLACES:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(Cursor, "__deepcopy__", None, raising=False)  # so that it is gone after the test
    del Cursor.__deepcopy__  # type: ignore[attr-defined]


class Timer:
    """A call for later."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call, self.is_cancelled = call, False

    def cancel(self) -> None:
        self.is_cancelled = True


class Loop:
    """Calls that are scheduled, run when the test says so."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []
        self.timers: list[Timer] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        assert seconds == GATHERED
        self.timers.append(Timer(call))
        return self.timers[-1]

    def run(self) -> None:
        while self.calls:
            self.calls.pop(0)()

    def run_on(self) -> None:
        """Until the timers have ended, too."""
        self.run()
        while self.timers:
            timer = self.timers.pop(0)
            if not timer.is_cancelled:
                timer.call()
            self.run()


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


def test_messages_gather_until_one_comes_that_nothing_follows() -> None:
    loop, seen = Loop(), []
    box = Letterbox(loop.calls.append, seen.append, loop.call_later)
    box.put("a", has_time=True)
    box.put("b", has_time=True)
    assert len(loop.calls) == 1
    loop.run()
    assert not seen, "they have time"
    box.put("c")
    loop.run()
    assert seen == ["a", "b", "c"]
    assert loop.timers[0].is_cancelled


def test_messages_go_when_they_have_gathered_long_enough_though_the_script_goes_on() -> None:
    loop, seen = Loop(), []
    box = Letterbox(loop.calls.append, seen.append, loop.call_later)
    box.put("a", has_time=True)
    loop.run_on()
    assert seen == ["a"]
    box.put("b", has_time=True)
    box.empty()
    assert seen == ["a", "b"]
    box.put("c", has_time=True)
    loop.run_on()
    assert seen == ["a", "b", "c"]


class Wire:
    """A connection that remembers what it has been told."""

    is_ready = True

    def __init__(self) -> None:
        self.told: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("close")


def test_what_is_written_in_one_turn_is_sent_in_one_piece_and_before_the_end() -> None:
    loop, wire = Loop(), Wire()
    corked = Corked(wire, loop.calls.append)
    for data in (b"a", b"b", b"c"):
        corked.write(data)
    assert wire.told == []
    loop.run()
    corked.write(b"d")
    corked.close()
    loop.run()
    assert wire.told == [b"abc", b"d", "close"]
    assert corked.is_ready


def test_a_connection_with_a_browser_is_corked(untouched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(self: Any, transport: Any) -> None:
        self.transport = transport

    monkeypatch.setattr(WebSocketsSansIOProtocol, "connection_made", made)
    savings.install()
    loop, wire = Loop(), Wire()
    protocol = WebSocketsSansIOProtocol.__new__(WebSocketsSansIOProtocol)
    protocol.loop = SimpleNamespace(call_soon=loop.calls.append)  # type: ignore[assignment]
    protocol.connection_made(wire)  # type: ignore[arg-type]
    protocol.transport.write(b"a")
    protocol.transport.write(b"b")
    loop.run()
    assert wire.told == [b"ab"]


def test_messages_are_sent_in_parcels_and_each_as_it_is(untouched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[object, int]] = []
    messages = list(range(savings.PARCEL + 2))
    monkeypatch.setattr(AppSession, "flush_browser_queue", lambda self: messages)
    monkeypatch.setattr(Runtime, "_send_message", lambda self, info, message: sent.append((info, message)))
    savings.install()
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    parcels = session.flush_browser_queue()
    assert len(parcels) == 2
    runtime = Runtime.__new__(Runtime)
    for each in parcels:
        runtime._send_message("info", each)  # type: ignore[arg-type]
    assert sent == [("info", each) for each in messages]
    runtime._send_message("info", 7)  # type: ignore[arg-type]
    assert sent[-1] == ("info", 7)


def test_data_of_components_with_a_key_take_no_part_in_their_identity(untouched: None) -> None:
    savings.install()
    mixin = BidiComponentMixin()
    given: dict[str, Any] = {
        "isolate_styles": True, "width": "stretch", "height": 3, "proto": BidiComponent(json="[1]"), "data": [1],
    }  # fmt: skip
    assert mixin._build_bidi_identity_kwargs(component_name="chart", **given) == {}
    assert "json" in mixin._build_bidi_identity_kwargs(component_name="another", **given)


def test_messages_of_a_script_and_its_other_events_arrive_in_their_order(
    untouched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, seen = Loop(), []

    def take(self: Any, sender: Any, event: Any, forward_msg: Any = None, *rest: Any, **named: Any) -> None:
        seen.append((sender, event, forward_msg))

    monkeypatch.setattr(AppSession, "_handle_scriptrunner_event_on_event_loop", take)
    monkeypatch.setattr(AppSession, "_call_soon_on_event_loop", lambda self, call: loop.calls.append(call))
    monkeypatch.setattr(asyncio, "_get_running_loop", lambda: None)  # a browser's loop may run in this thread
    savings.install()
    savings.install()  # once is enough
    session = AppSession.__new__(AppSession)
    session._event_loop = loop  # type: ignore[assignment]
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    first, second, third = ForwardMsg(), ForwardMsg(), ForwardMsg()
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=first)
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=second)
    session._on_scriptrunner_event(None, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)
    session._on_scriptrunner_event(None, MESSAGE, forward_msg=third)
    assert len(loop.calls) == 1
    loop.run()
    assert not seen
    session._on_scriptrunner_event(None, ScriptRunnerEvent.SHUTDOWN)
    loop.run()
    assert [event for _, event, _ in seen] == [
        MESSAGE, MESSAGE, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS, MESSAGE, ScriptRunnerEvent.SHUTDOWN,
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
    session._event_loop = loop  # type: ignore[assignment]
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


def test_the_loop_need_not_be_woken_by_itself(untouched: None) -> None:
    """The runtime's flag is set at once there; a script has to wake the loop, which sets it."""
    savings.install()
    runtime, woken = Runtime.__new__(Runtime), []
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    session._browser_queue = ForwardMsgQueue()
    session._message_enqueued_callback = runtime._enqueued_some_message

    async def on_the_loop() -> bool:
        loop = SimpleNamespace(call_soon_threadsafe=woken.append)
        flag = asyncio.Event()
        runtime._async_objs = SimpleNamespace(eventloop=loop, need_send_data=flag)  # type: ignore[assignment]
        session._enqueue_forward_msg(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))
        assert woken == [flag.set], "this is another loop than the runtime's"
        runtime._async_objs.eventloop = asyncio.get_running_loop()
        session._enqueue_forward_msg(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))
        return flag.is_set()

    with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        assert apart.submit(asyncio.run, on_the_loop()).result(60)
    assert len(woken) == 1
    assert len(session._browser_queue) == 2


def test_tables_in_the_data_of_a_component_are_still_seen(untouched: None) -> None:
    ask = serialization.is_dataframe_like
    savings.install()
    assert serialization.is_dataframe_like is not ask
    for each in (
        pd.DataFrame({"a": [1]}),
        pd.Series([1]),
        np.zeros(2),
        {"a": [1]},
        [[1]],
        (1,),
        "a",
        1,
        0.5,
        None,
        True,
    ):
        assert serialization.is_dataframe_like(each) == ask(each)


def test_a_copy_of_a_place_goes_its_own_way(untouched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    place = RunningCursor(0, (1, 2))
    place.lock_element()
    place.get_transient_cursor()
    place.transient_elements[0] = [1]  # type: ignore[assignment]
    slow = vars(copy.deepcopy(place))
    savings.install()
    assert hasattr(Cursor, "__deepcopy__")
    copied = copy.deepcopy(place)
    assert slow.keys() == vars(copied).keys()
    assert (copied.delta_path, copied.transient_index) == (place.delta_path, 0) == ([0, 1, 2, 1], 0)
    copied.transient_elements[0].append(2)  # type: ignore[attr-defined]
    assert list(place.transient_elements) == [[1]]
    copied.lock_element()
    assert (place.index, copied.index) == (1, 2)


def test_a_value_of_a_session_is_looked_up_alone(untouched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered: list[SafeSessionState] = []

    def gather(self: SafeSessionState) -> dict[str, Any]:
        gathered.append(self)
        return {"a": None, "b": 2}

    monkeypatch.setattr(SafeSessionState, "filtered_state", property(gather))
    savings.install()
    state = SessionState()
    state["a"], state["b"] = None, 2
    seen = SafeSessionState(state, lambda: None).filtered_state
    assert "a" in seen
    assert seen["a"] is None
    assert "c" not in seen
    assert not gathered
    assert dict(seen) == {"a": None, "b": 2}
    assert len(seen) == 2
    assert gathered


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
        *PLACES, (AppSession, "_handle_scriptrunner_event_on_event_loop"), (AppSession, "_call_soon_on_event_loop"),
        (Runtime, "_get_async_objs"), (Runtime, "_enqueued_some_message"),
    ],
)  # fmt: skip
def test_the_places_in_streamlit_are_still_there(owner: Any, name: str) -> None:
    place = getattr(owner, name)
    assert callable(place.fget if isinstance(place, property) else place)


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
