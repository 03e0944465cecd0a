"""What Streamlit does for each message or each rerun, done once: a server of many visitors is busy with little else.

A script hands its messages to the event loop one by one, and wakes it for each, as each wakes the sender; the message
that begins a rerun reads the theme's hundred settings anew. These places are private parts of Streamlit: where a later
one has moved them, the app works without the saving, and the log says so.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

log = logging.getLogger("autoencoder-explorer")


class Letterbox:
    """Hands what threads put in to a loop, in that order and with one waking for many.

    call_soon: schedules a call on the loop. deliver: takes one item, on the loop.
    """

    def __init__(self, call_soon: Callable[[Callable[[], None]], None], deliver: Callable[[Any], None]) -> None:
        self._call_soon, self._deliver = call_soon, deliver
        self._lock = threading.Lock()
        self._open: list[Any] | None = None

    def put(self, item: Any) -> None:
        """Another item; the loop is woken for the first one only."""
        with self._lock:
            if self._open is not None:
                self._open.append(item)
                return
            batch = self._open = [item]
            self._call_soon(lambda: self._empty(batch))

    def empty(self) -> None:
        """Delivers what is in it now; to be called on the loop."""
        if (batch := self._open) is not None:
            self._empty(batch)

    def _empty(self, batch: list[Any]) -> None:
        with self._lock:
            if self._open is batch:
                self._open = None
            items = batch[:]
            batch.clear()
        for item in items:
            try:
                self._deliver(item)
            except Exception:  # one event is no reason to lose the others, which had callbacks of their own before
                log.exception("an event of a script could not be delivered")


def install() -> None:
    """Makes the savings, once for this process; the log says which this version of Streamlit doesn't allow."""
    for saving in (_wake_once_for_many_messages, _wake_the_sender_once, _read_the_theme_once):
        try:
            saving()
        except (AttributeError, ImportError):
            name = saving.__name__.strip("_").replace("_", " ")
            log.warning("this version of Streamlit works in another way, and “%s” was left out", name)


def _wake_once_for_many_messages() -> None:
    """And mends how a script's last messages can get lost: a request that comes when the script has just ended gets
    another runner, and Streamlit ignores what the ended one has said and nobody has taken yet. A page then stood still,
    since the message by which its parts refresh themselves was among these.
    """
    from streamlit.runtime.app_session import AppSession

    handle, take = AppSession._on_scriptrunner_event, AppSession._handle_scriptrunner_event_on_event_loop
    create = AppSession._create_scriptrunner
    if hasattr(handle, "is_saving"):
        return

    def box_of(session: Any) -> Letterbox:
        def deliver(event: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
            take(session, *event[0], **event[1])

        return session.__dict__.setdefault("_letterbox", Letterbox(session._call_soon_on_event_loop, deliver))

    @wraps(handle)
    def hand_over(self: AppSession, *event: Any, **named: Any) -> None:
        box_of(self).put((event, named))

    @wraps(create)
    def create_after(self: AppSession, *data: Any, **named: Any) -> None:
        with suppress(RuntimeError):  # outside of a loop
            if asyncio.get_running_loop() is self._event_loop:
                box_of(self).empty()
        create(self, *data, **named)

    hand_over.is_saving = True  # type: ignore[attr-defined]
    AppSession._on_scriptrunner_event = hand_over  # type: ignore[method-assign]
    AppSession._create_scriptrunner = create_after  # type: ignore[method-assign]


def _wake_the_sender_once() -> None:
    from streamlit.runtime.runtime import Runtime

    tell = Runtime._enqueued_some_message
    if hasattr(tell, "is_saving"):
        return

    @wraps(tell)
    def tell_once(self: Runtime) -> None:
        if not self._get_async_objs().need_send_data.is_set():
            tell(self)

    tell_once.is_saving = True  # type: ignore[attr-defined]
    Runtime._enqueued_some_message = tell_once  # type: ignore[method-assign]


def _read_the_theme_once() -> None:
    from streamlit import config
    from streamlit.proto.NewSession_pb2 import CustomThemeConfig
    from streamlit.runtime import app_session

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
