"""Requests that are answered without a run: by what another has been shown, in Streamlit's own messages."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.runtime.scriptrunner_utils.shared_run_state import SharedRunState
from streamlit.testing.v1 import AppTest

from tests.clock import Clock
from ui.app import shown_to_all
from ui.app.shown_to_all import END, install
from ui.app.watching import Shown, Watching

PART = "part"


def element(text: str, *, part: str = PART, is_large: bool = False) -> ForwardMsg:
    made = ForwardMsg()
    made.metadata.delta_path[:] = [0, 1]
    made.delta.fragment_id = part
    made.delta.new_element.html.body = text * (20_000 if is_large else 1)
    populate_hash_if_needed(made)
    return made


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    monkeypatch.setattr(shown_to_all, "watching", Watching(Clock(0.0)))
    return shown_to_all.watching


class Session(SimpleNamespace):
    """A session whose part has been run once, by itself."""

    def __init__(self, watching: Watching, message: ForwardMsg) -> None:
        super().__init__(_fragment_storage=MemoryFragmentStorage(), _scriptrunner=None, sent=[])
        self._enqueue_forward_msg: Callable[[ForwardMsg], None] = self.sent.append
        assert not self.ask()
        watching.note(self._fragment_storage, PART, Shown("class", watching.clock(), (message,)), lambda: True)

    def has_fragment(self, part: str) -> bool:
        return part == PART

    def ask(self, **options: Any) -> bool:
        asked = ClientState(fragment_id=PART, is_auto_rerun=True, query_string="run=1")
        for name, value in options.items():
            if name == "slider":
                asked.widget_states.widgets.add(id="slider", double_value=value)
            elif name == "cached":
                asked.cached_message_hashes.extend(value)
            else:
                setattr(asked, name, value)
        self.sent.clear()
        return shown_to_all._answer(self, asked)


def test_an_answer_is_what_differs_and_a_message_that_says_nothing(watching: Watching) -> None:
    ann, new = Session(watching, element("Epoch 1")), element("Epoch 2")
    Session(watching, new)
    assert ann.ask()
    assert ann.sent == [new, END]
    assert ann.ask()
    assert ann.sent == [END]


def test_the_message_that_says_nothing_stops_no_part() -> None:
    """Browsers go through the parts that it names, and there are none."""
    assert END.WhichOneof("type") == "stop_auto_rerun"
    assert list(END.stop_auto_rerun.fragment_ids) == []


def test_a_browser_that_has_a_large_message_gets_its_hash(watching: Watching) -> None:
    ann, new = Session(watching, element("Epoch 1")), element("Epoch 2", is_large=True)
    Session(watching, new)
    assert new.metadata.cacheable
    assert ann.ask(cached=[new.hash])
    assert ann.sent[0].ref_hash == new.hash
    assert list(ann.sent[0].metadata.delta_path) == [0, 1]


@pytest.mark.parametrize(
    "options",
    [
        {"is_auto_rerun": False}, {"fragment_id": ""}, {"fragment_id": "gone"}, {"query_string": "run=2"},
        {"page_script_hash": "another"}, {"slider": 0.5},
    ],
)  # fmt: skip
def test_what_is_asked_for_by_the_visitor_or_after_a_change_is_a_run(
    watching: Watching, options: dict[str, Any]
) -> None:
    ann = Session(watching, element("Epoch 1"))
    assert ann.ask()
    assert not ann.ask(**options)
    assert ann.sent == []
    assert not ann.ask(), "and so is what comes before the part has been run again"


def test_what_comes_while_something_runs_is_another_run(watching: Watching) -> None:
    ann = Session(watching, element("Epoch 1"))
    ann._scriptrunner = object()
    assert not ann.ask()


def test_what_a_server_keeps_for_one_session_is_not_for_all() -> None:
    picture, changed, block, toast = (ForwardMsg() for _ in range(4))
    picture.delta.new_element.imgs.imgs.add(url="/media/1.png")
    changed.delta.new_element.slider.set_value = True
    block.delta.add_block.allow_empty = True
    toast.delta.new_element.toast.body = "Stopped"
    for each in (picture, changed, block, toast):
        each.delta.fragment_id = PART
    address = ForwardMsg()
    address.page_info_changed.query_string = "run=2"
    is_for_all = [shown_to_all._is_for_all(each, PART) for each in (picture, changed, toast, address, block)]
    assert is_for_all == [False, False, False, False, True]
    assert shown_to_all._is_for_all(element("text"), PART)
    assert not shown_to_all._is_for_all(element("text", part="of a part inside"), PART)


def _a_part_that_nobody_waits_for() -> None:
    import streamlit as st

    from ui.app.shown_to_all import shown_to_all

    with shown_to_all(lambda: None, lambda: True):
        st.write("drawn")


def test_a_run_of_the_whole_page_is_not_kept(watching: Watching) -> None:
    page = AppTest.from_function(_a_part_that_nobody_waits_for).run()
    assert not page.exception
    assert [each.value for each in page.markdown] == ["drawn"]
    assert not watching._latest


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (AppSession, "request_rerun"), (AppSession, "_enqueue_forward_msg"), (AppSession, "has_fragment"),
        (script_run_context, "ThreadState"), (script_run_context.ScriptRunContext, "enqueue"),
        (SharedRunState(), "widget_user_keys_this_run"), (SharedRunState(), "widget_ids_this_run"),
    ],
)  # fmt: skip
def test_the_places_in_streamlit_are_still_there(owner: Any, name: str) -> None:
    assert hasattr(owner, name)


def test_a_session_has_what_an_answer_needs() -> None:
    """They are made by its constructor, so that a class does not tell."""
    assert {"_fragment_storage", "_scriptrunner"} <= set(AppSession.__init__.__code__.co_names)
    assert "enqueue" not in getattr(script_run_context.ScriptRunContext, "__slots__", ())


def test_every_request_goes_through_it_once(monkeypatch: pytest.MonkeyPatch, watching: Watching) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(AppSession, "request_rerun", lambda self, state: asked.append(state))
    install()
    install()
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # its end has nothing to put away
    session._fragment_storage, session._scriptrunner = MemoryFragmentStorage(), None
    session.request_rerun(None)
    assert asked == [None]


def test_without_a_place_the_app_goes_on_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(AppSession, "has_fragment")
    before = AppSession.request_rerun
    install()
    assert AppSession.request_rerun is before
    assert "another way" in caplog.text
