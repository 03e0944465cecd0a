"""What is pressed in a part of a page that the session has yet to draw."""

from __future__ import annotations

import logging

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from ui.app import unknown_parts


class Session(AppSession):
    """A session that knows one part and only notes what would run."""

    def __init__(self) -> None:
        self.ran: list[ClientState] = []

    def has_fragment(self, fragment_id: str) -> bool:
        return fragment_id == "known"

    def __del__(self) -> None:
        pass


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    def ran(self: Session, client_state: ClientState | None) -> None:
        self.ran.append(client_state or ClientState())

    monkeypatch.setattr(AppSession, "request_rerun", ran)
    unknown_parts.install()
    unknown_parts.install()  # once is enough
    return Session()


def press(part: str, *, is_auto_rerun: bool = False) -> ClientState:
    state = ClientState(fragment_id=part, is_auto_rerun=is_auto_rerun, query_string="data=Digits")
    state.widget_states.widgets.add(id="slider").int_value = 7
    return state


@pytest.mark.parametrize(("part", "runs"), [("known", "known"), ("unknown", ""), ("", "")])
def test_a_press_in_an_unknown_part_runs_the_page_with_what_was_pressed(session: Session, part: str, runs: str) -> None:
    session.request_rerun(press(part))
    (ran,) = session.ran
    assert ran.fragment_id == runs
    assert (ran.query_string, ran.widget_states.widgets[0].int_value) == ("data=Digits", 7)


def test_a_part_that_refreshes_itself_and_is_gone_runs_no_page(session: Session) -> None:
    session.request_rerun(press("unknown", is_auto_rerun=True))
    assert session.ran[0].fragment_id == "unknown"


def test_a_request_of_no_browser_goes_on_as_it_is(session: Session) -> None:
    session.request_rerun(None)
    assert len(session.ran) == 1


def test_another_streamlit_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delattr(AppSession, "has_fragment")
    before = AppSession.request_rerun
    with caplog.at_level(logging.WARNING):
        unknown_parts.install()
    assert AppSession.request_rerun is before
    assert "pressed too early" in caplog.text
