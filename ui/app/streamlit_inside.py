"""Streamlit's inside: the one file by which the app reaches private parts of Streamlit, and what it relies on there.

Everything else of the app uses what Streamlit documents. Who needs more imports it from here, names it in PLACES, and
asks `misfits` before a change is made: where a later Streamlit has another shape, that change stays out, the app works
as without it, and the log says so. A test holds this table against the installed version, and fails where it has moved.
"""

from __future__ import annotations

import inspect
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit import config as config
    from streamlit.components.v2.bidi_component import serialization as serialization
    from streamlit.components.v2.bidi_component.main import BidiComponentMixin as BidiComponentMixin
    from streamlit.cursor import Cursor as Cursor
    from streamlit.cursor import SparseList as SparseList
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg as ForwardMsg
    from streamlit.proto.NewSession_pb2 import CustomThemeConfig as CustomThemeConfig
    from streamlit.proto.RootContainer_pb2 import RootContainer as RootContainer
    from streamlit.runtime import app_session as app_session
    from streamlit.runtime import forward_msg_queue as forward_msg_queue
    from streamlit.runtime import get_instance as get_instance
    from streamlit.runtime.app_session import AppSession as AppSession
    from streamlit.runtime.forward_msg_cache import create_reference_msg as create_reference_msg
    from streamlit.runtime.runtime import Runtime as Runtime
    from streamlit.runtime.scriptrunner import ScriptRunnerEvent as ScriptRunnerEvent
    from streamlit.runtime.scriptrunner import get_script_run_ctx as get_script_run_ctx
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner as ScriptRunner
    from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext as ScriptRunContext
    from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState as ThreadState
    from streamlit.runtime.scriptrunner_utils.shared_run_state import SharedRunState as SharedRunState
    from streamlit.runtime.state.safe_session_state import SafeSessionState as SafeSessionState

TESTED = ((1, 67), (1, 67))
"""The first and the last minor version with which the tests have passed."""

WHERE = {
    "config": "streamlit", "serialization": "streamlit.components.v2.bidi_component",
    "BidiComponentMixin": "streamlit.components.v2.bidi_component.main", "Cursor": "streamlit.cursor",
    "SparseList": "streamlit.cursor",
    "ForwardMsg": "streamlit.proto.ForwardMsg_pb2", "RootContainer": "streamlit.proto.RootContainer_pb2",
    "CustomThemeConfig": "streamlit.proto.NewSession_pb2",
    "app_session": "streamlit.runtime", "forward_msg_queue": "streamlit.runtime", "get_instance": "streamlit.runtime",
    "AppSession": "streamlit.runtime.app_session", "create_reference_msg": "streamlit.runtime.forward_msg_cache",
    "MemoryUploadedFileManager": "streamlit.runtime.memory_uploaded_file_manager",
    "Runtime": "streamlit.runtime.runtime", "ScriptRunnerEvent": "streamlit.runtime.scriptrunner",
    "get_script_run_ctx": "streamlit.runtime.scriptrunner",
    "ScriptRunner": "streamlit.runtime.scriptrunner.script_runner",
    "ScriptRunContext": "streamlit.runtime.scriptrunner_utils.script_run_context",
    "ThreadState": "streamlit.runtime.scriptrunner_utils.script_run_context",
    "SharedRunState": "streamlit.runtime.scriptrunner_utils.shared_run_state",
    "SafeSessionState": "streamlit.runtime.state.safe_session_state",
}  # fmt: skip
"""What the app takes from Streamlit's inside -> its module, which is loaded when it is asked for."""

_EVENT = (
    "self sender event forward_msg exception client_state page_script_hash fragment_ids_this_run pages run_descriptor"
)

PLACES: dict[str, dict[str, str]] = {
    "gate": {
        "ScriptRunner._run_script": "self rerun_data", "ScriptRunner._enqueue_forward_msg": "self msg",
        "RootContainer": "has EVENT",
    },
    "shown to all": {
        "AppSession.request_rerun": "self client_state", "AppSession._enqueue_forward_msg": "self msg",
        "AppSession.has_fragment": "self fragment_id", "AppSession": "keeps _scriptrunner _fragment_storage",
        "ThreadState.get": "", "ScriptRunContext.enqueue": "self msg", "create_reference_msg": "msg",
        "SharedRunState": "has widget_ids_this_run widget_user_keys_this_run",
    },
    "unsent": {
        "forward_msg_queue.ForwardMsgQueue.clear": "self retain_lifecycle_msgs fragment_ids_this_run",
        "forward_msg_queue.ForwardMsgQueue": "keeps _queue",
    },
    "unknown parts": {
        "AppSession.request_rerun": "self client_state", "AppSession.has_fragment": "self fragment_id",
        "AppSession": "keeps _scriptrunner",
    },
    "uploads in memory": {"MemoryUploadedFileManager": "keeps file_storage _total_bytes"},
    "clear cache": {"AppSession._handle_clear_cache_request": "self"},
    "wake once for many messages": {
        "AppSession._on_scriptrunner_event": _EVENT, "AppSession._handle_scriptrunner_event_on_event_loop": _EVENT,
        "AppSession._create_scriptrunner": "self initial_rerun_data", "AppSession.request_rerun": "self client_state",
        "AppSession._call_soon_on_event_loop": "self callback", "AppSession": "keeps _event_loop",
        "ScriptRunnerEvent": "has SHUTDOWN",
    },
    "wake the sender once": {
        "AppSession._enqueue_forward_msg": "self msg", "Runtime._enqueued_some_message": "self",
        "Runtime._get_async_objs": "self", "AppSession": "keeps _message_enqueued_callback _browser_queue",
    },
    "send many messages in one turn": {
        "AppSession.flush_browser_queue": "self", "Runtime._send_message": "self session_info msg",
    },
    "describe components once": {
        "BidiComponentMixin._build_bidi_identity_kwargs":
            "self component_name isolate_styles width height proto data default",
    },
    "see at once what is no table": {"serialization.is_dataframe_like": "obj"},
    "copy places at once": {"Cursor": "keeps _transient_index _transient_elements", "SparseList": ""},
    "look up one value of a session": {"SafeSessionState": "has filtered_state _state _lock"},
    "read the theme once": {
        "app_session._populate_theme_msg": "msg section", "config": "has on_config_parsed", "CustomThemeConfig": "",
    },
}  # fmt: skip
"""What is changed in Streamlit -> the places that it rests on, and their shapes: the parameters of a function, what an
object "keeps" from its beginning, what a class or module "has", or "" where it need only be there.
"""

log = logging.getLogger("autoencoder-explorer")


def __getattr__(name: str) -> Any:
    """A private part of Streamlit, by its name in WHERE."""
    if name not in WHERE:
        raise AttributeError(name)
    return getattr(import_module(WHERE[name]), name)


def misfits(change: str) -> str:
    """The places of a change that this Streamlit lacks or that have another shape; "" if it can be made."""
    return ", ".join(place for place, shape in PLACES[change].items() if not _fits(place, shape))


def check_version() -> None:
    """Says in the log if this version of Streamlit is none of those that were tested."""
    from streamlit import __version__ as version

    minor = tuple(int(each) for each in version.split(".")[:2] if each.isdecimal())
    if not TESTED[0] <= minor <= TESTED[1]:
        first, last = (".".join(map(str, each)) for each in TESTED)
        tested = first if first == last else f"{first} to {last}"
        log.warning(
            "Streamlit %s has not been tried with this app, which was tested with %s; what rests on its inside is left "
            "out where that has changed", version, tested,
        )  # fmt: skip


def _fits(place: str, shape: str) -> bool:
    try:
        first, *rest = place.split(".")
        found = __getattr__(first)
        for name in rest:
            found = getattr(found, name)
    except (AttributeError, ImportError):
        return False
    how, *names = shape.split() or [""]
    if how == "has":
        return all(hasattr(found, name) or name in _set_by(found) for name in names)
    if how == "keeps":
        return set(names) <= _set_by(found)
    return not shape or list(inspect.signature(found).parameters) == shape.split()


def _set_by(found: Any) -> set[str]:
    """The names that come with a new object of a class."""
    begin = getattr(found, "__init__", None)
    return set(getattr(getattr(begin, "__code__", None), "co_names", ())) | {*getattr(found, "__annotations__", ())}
