"""Requests of parts that refresh themselves, answered without a run where `watching` says that this will do.

A browser is answered by messages outside of a run, and by one that says nothing, which ends the answer for those that
wait for it. This rests on private parts of Streamlit; where a later version has moved them, each request is a run, and
the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import streamlit as st

from ui.app import streamlit_inside
from ui.app.refusals import of_part
from ui.app.streamlit_inside import ForwardMsg, get_script_run_ctx
from ui.app.watching import Shown, Watching

DRAWN = frozenset({
    "alert", "bidi_component", "button", "button_group", "checkbox", "empty", "heading", "html", "markdown", "metric",
    "progress", "skeleton", "slider", "text",
})  # fmt: skip
"""Elements that are the same in every session: no file or picture, which the server keeps for one of them."""

END = ForwardMsg()
END.stop_auto_rerun.SetInParent()  # of no part: a browser does nothing about it

log = logging.getLogger("autoencoder-explorer")
watching = Watching()


@contextmanager
def shown_to_all(follows: Callable[[], Hashable], stays: Callable[[], bool]) -> Iterator[None]:
    """Keeps what the block draws for the others who watch: a part that refreshes itself, in its own run.

    follows: all that the part shows because of who looks and of their address, beside the values of its widgets.
    """
    context = get_script_run_ctx(suppress_warning=True)
    part = _part(context)
    if context is None or not part or not watching.is_awaited(context.fragment_storage, part):
        yield
        return
    began, messages, enqueue = watching.clock(), [], context.enqueue

    def keep(message: ForwardMsg) -> None:
        enqueue(message)
        messages.append(message)

    context.enqueue = keep  # type: ignore[assignment, method-assign]
    try:
        yield
    except BaseException:
        watching.failed(context.fragment_storage)
        raise
    finally:
        del context.enqueue
    values = _values(context)
    if values is None or of_part() or not all(_is_for_all(each, part) for each in messages):
        watching.failed(context.fragment_storage)
        return
    group = (part, values, follows())
    watching.note(context.fragment_storage, part, Shown(group, began, tuple(messages)), stays)


def _part(context: Any) -> str:
    """The part that runs by itself now and asked for it, or ""."""
    from ui.app.streamlit_inside import ThreadState

    parts: Sequence[str] = (context and context.fragment_ids_this_run) or ()
    return parts[0] if len(parts) == 1 and ThreadState.get().fragment_id == parts[0] else ""


def _values(context: Any) -> str | None:
    """The values of the widgets of this run; None where one of them has no key."""
    ids, keys = (
        each.snapshot() for each in (context.shared.widget_ids_this_run, context.shared.widget_user_keys_this_run)
    )
    return repr([(key, st.session_state.get(key)) for key in sorted(keys)]) if len(ids) == len(keys) else None


def _is_for_all(message: ForwardMsg, part: str) -> bool:
    if not message.HasField("delta") or message.delta.fragment_id != part:
        return False
    if message.delta.HasField("add_block"):
        return True
    element = message.delta.new_element
    kind = element.WhichOneof("type") if message.delta.HasField("new_element") else None
    return kind in DRAWN and not getattr(getattr(element, kind), "set_value", False)


def install() -> None:
    """Lets the requests of parts that refresh themselves be answered without a run where that will do."""
    if places := streamlit_inside.misfits("shown to all"):
        log.warning("this version of Streamlit works in another way (%s): many who watch the same will be slow", places)
        return
    from ui.app.streamlit_inside import AppSession

    request = AppSession.request_rerun
    if hasattr(request, "is_watching"):
        return

    @wraps(request)
    def request_or_answer(self: AppSession, client_state: Any) -> None:
        if not _answer(self, client_state):
            request(self, client_state)

    request_or_answer.is_watching = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_or_answer  # type: ignore[method-assign]


def _answer(session: Any, asked: Any) -> bool:
    """Answers a request without a run; False if that cannot be."""
    from ui.app.streamlit_inside import create_reference_msg

    tab = getattr(session, "_fragment_storage", None)
    if tab is None or not hasattr(session, "_scriptrunner"):
        return False
    if not (asked and asked.is_auto_rerun and asked.fragment_id and session.has_fragment(asked.fragment_id)):
        watching.forget(tab)
        return False
    state = (
        asked.query_string, asked.page_script_hash, asked.widget_states.SerializeToString(deterministic=True),
        asked.context_info.SerializeToString(deterministic=True),
    )  # fmt: skip
    changed = watching.request(tab, asked.fragment_id, state, is_idle=session._scriptrunner is None)
    if changed is None:
        return False
    for each in changed:
        is_known = each.metadata.cacheable and each.hash in asked.cached_message_hashes
        session._enqueue_forward_msg(create_reference_msg(each) if is_known else each)
    session._enqueue_forward_msg(END)
    return True
