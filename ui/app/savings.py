"""What Streamlit does for each message or each rerun, done once: a server of many visitors is busy with little else.

A script hands its messages to the event loop one by one, and wakes it for each, as each wakes the sender; the message
that begins a rerun reads the theme's hundred settings anew. `streamlit_inside` names the private places of Streamlit
that this rests on, and the shape they must have; one place is uvicorn's.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any

from ui.app import streamlit_inside
from ui.app.letterbox import Corked, Letterbox
from ui.components.mount import WITH_KEY

log = logging.getLogger("autoencoder-explorer")

PARCEL = 100
"""Messages that are sent to one browser before others have their turn."""

PLAIN = frozenset({dict, list, tuple, str, int, float, bool, type(None)})
"""Types of which no table is."""


def install() -> None:
    """Makes the savings, once for this process; the log says which this version of Streamlit doesn't allow."""
    for saving in (
        _wake_once_for_many_messages, _wake_the_sender_once, _send_many_messages_in_one_turn,
        _write_many_messages_at_once, _describe_components_once,
        _see_at_once_what_is_no_table, _copy_places_at_once, _look_up_one_value_of_a_session, _read_the_theme_once,
    ):  # fmt: skip
        name = saving.__name__.strip("_").replace("_", " ")
        try:
            places = streamlit_inside.misfits(name) if name in streamlit_inside.PLACES else ""
            if not places:
                saving()
        except (AttributeError, ImportError, KeyError) as error:
            places = str(error)
        if places:
            log.warning("this version of Streamlit works in another way (%s), and “%s” was left out", places, name)


def _wake_once_for_many_messages() -> None:
    """And mends how a script's last messages can get lost: a request that comes when the script has just ended gets
    another runner, and Streamlit ignores what the ended one has said and nobody has taken yet. A page then stood still,
    since the message by which its parts refresh themselves was among these.
    """
    from ui.app.streamlit_inside import AppSession, ScriptRunnerEvent

    handle, take = AppSession._on_scriptrunner_event, AppSession._handle_scriptrunner_event_on_event_loop
    create, request = AppSession._create_scriptrunner, AppSession.request_rerun
    if hasattr(handle, "is_saving"):
        return
    last = ScriptRunnerEvent.SHUTDOWN

    def box_of(session: Any) -> Letterbox:
        known: Letterbox | None = session.__dict__.get("_letterbox")
        if known:
            return known

        def deliver(event: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
            take(session, *event[0], **event[1])

        def later(seconds: float, call: Callable[[], None]) -> Any:
            return session._event_loop.call_later(seconds, call)

        made: Letterbox = session.__dict__.setdefault(
            "_letterbox", Letterbox(session._call_soon_on_event_loop, deliver, later)
        )
        return made

    @wraps(handle)
    def hand_over(self: AppSession, sender: Any, event: Any, *data: Any, **named: Any) -> None:
        has_time = event is not last and asyncio._get_running_loop() is None  # the loop's own are never in a hurry
        box_of(self).put(((sender, event, *data), named), has_time=has_time)

    def take_now(session: AppSession) -> None:
        with suppress(RuntimeError):  # outside of a loop
            if asyncio.get_running_loop() is session._event_loop:
                box_of(session).empty()

    @wraps(create)
    def create_after(self: AppSession, *data: Any, **named: Any) -> None:
        take_now(self)
        create(self, *data, **named)

    @wraps(request)
    def request_after(self: AppSession, *data: Any, **named: Any) -> None:
        take_now(self)  # what the runner has said that this request may stop
        request(self, *data, **named)

    hand_over.is_saving = True  # type: ignore[attr-defined]
    AppSession._on_scriptrunner_event = hand_over  # type: ignore[method-assign]
    AppSession._create_scriptrunner = create_after  # type: ignore[method-assign]
    AppSession.request_rerun = request_after  # type: ignore[method-assign]


def _wake_the_sender_once() -> None:
    """The sessions know the runtime's own method, so theirs is replaced."""
    from ui.app.streamlit_inside import AppSession, Runtime

    put, told = AppSession._enqueue_forward_msg, Runtime._enqueued_some_message
    if hasattr(put, "is_saving"):
        return

    @wraps(put)
    def put_and_tell_once(self: AppSession, msg: Any) -> None:
        tell = self._message_enqueued_callback
        if getattr(tell, "__func__", None) is told and (loop := asyncio._get_running_loop()):
            parts = tell.__self__._get_async_objs()
            if parts.eventloop is loop:
                self._browser_queue.enqueue(msg)
                parts.need_send_data.set()
                return
        put(self, msg)

    put_and_tell_once.is_saving = True  # type: ignore[attr-defined]
    AppSession._enqueue_forward_msg = put_and_tell_once  # type: ignore[method-assign]


def _send_many_messages_in_one_turn() -> None:
    """Streamlit gives the loop away after each message, which waits for Python's lock each time."""
    from ui.app.streamlit_inside import AppSession, Runtime

    flush, send = AppSession.flush_browser_queue, Runtime._send_message
    if hasattr(flush, "is_saving"):
        return

    @wraps(flush)
    def flush_in_parcels(self: AppSession) -> list[Any]:
        messages = flush(self)
        return [tuple(messages[at : at + PARCEL]) for at in range(0, len(messages), PARCEL)]

    @wraps(send)
    def send_all(self: Runtime, session_info: Any, msg: Any) -> None:
        for each in msg if isinstance(msg, tuple) else (msg,):
            send(self, session_info, each)

    flush_in_parcels.is_saving = True  # type: ignore[attr-defined]
    AppSession.flush_browser_queue = flush_in_parcels  # type: ignore[method-assign]
    Runtime._send_message = send_all  # type: ignore[method-assign]


def _write_many_messages_at_once() -> None:
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    made = WebSocketsSansIOProtocol.connection_made
    if hasattr(made, "is_saving"):
        return

    @wraps(made)
    def made_corked(self: WebSocketsSansIOProtocol, transport: Any) -> None:
        made(self, transport)
        self.transport = Corked(transport, self.loop.call_soon)  # type: ignore[assignment]

    made_corked.is_saving = True  # type: ignore[attr-defined]
    WebSocketsSansIOProtocol.connection_made = made_corked  # type: ignore[method-assign]


def _describe_components_once() -> None:
    """A component's data would be written as JSON a second time for its identity, which is its key."""
    from ui.app.streamlit_inside import BidiComponentMixin

    identify = BidiComponentMixin._build_bidi_identity_kwargs
    if hasattr(identify, "is_saving"):
        return

    @wraps(identify)
    def identify_by_key(self: BidiComponentMixin, **named: Any) -> dict[str, Any]:
        return {} if named["component_name"] in WITH_KEY else identify(self, **named)

    identify_by_key.is_saving = True  # type: ignore[attr-defined]
    BidiComponentMixin._build_bidi_identity_kwargs = identify_by_key  # type: ignore[method-assign]


def _see_at_once_what_is_no_table() -> None:
    """Each value of a component's data is held against the names of all kinds of tables."""
    from ui.app.streamlit_inside import serialization

    ask = serialization.is_dataframe_like
    if hasattr(ask, "is_saving"):
        return

    @wraps(ask)
    def ask_of_others(obj: object) -> bool:
        return type(obj) not in PLAIN and ask(obj)

    ask_of_others.is_saving = True  # type: ignore[attr-defined]
    serialization.is_dataframe_like = ask_of_others


def _copy_places_at_once() -> None:
    """A part that runs by itself gets copies of the places it may draw in, which are numbers and nothing else."""
    from ui.app.streamlit_inside import Cursor, SparseList

    if hasattr(Cursor, "__deepcopy__"):
        return

    def copied(self: Cursor, memo: dict[int, Any]) -> Cursor:
        found = object.__new__(type(self))
        vars(found).update(vars(self))
        inside = self._transient_elements
        found._transient_elements = copy.deepcopy(inside, memo) if len(inside) else SparseList()
        return found

    Cursor.__deepcopy__ = copied  # type: ignore[attr-defined]


class _Looked(Mapping[str, Any]):
    """A session's values by their keys: `one` or `all` of them, each looked up when it is asked for."""

    def __init__(self, one: Callable[[str], Any], all: Callable[[], dict[str, Any]]) -> None:
        self._one, self._all = one, all

    def __getitem__(self, key: str) -> Any:
        return self._one(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _look_up_one_value_of_a_session() -> None:
    """Many a widget gathers all values of the session, to see whether its own is None."""
    from ui.app.streamlit_inside import SafeSessionState

    gather: Any = vars(SafeSessionState)["filtered_state"].fget
    if hasattr(gather, "is_saving"):
        return

    def looked(self: SafeSessionState) -> Mapping[str, Any]:
        def one(key: str) -> Any:
            with self._lock:
                return self._state[key]

        return _Looked(one, lambda: gather(self))

    looked.is_saving = True  # type: ignore[attr-defined]
    SafeSessionState.filtered_state = property(looked)  # type: ignore[assignment]


def _read_the_theme_once() -> None:
    from ui.app.streamlit_inside import CustomThemeConfig, app_session, config

    read = app_session._populate_theme_msg
    if hasattr(read, "is_saving"):
        return
    known: dict[str, CustomThemeConfig] = {}

    @wraps(read)
    def read_once(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            fresh = CustomThemeConfig()
            read(fresh, section)
            known[section] = fresh
        if known[section].ByteSize():
            msg.MergeFrom(known[section])

    read_once.is_saving = True  # type: ignore[attr-defined]
    app_session._populate_theme_msg = read_once
    config.on_config_parsed(known.clear, force_connect=True)
