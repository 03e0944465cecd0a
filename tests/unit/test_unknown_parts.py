"""What is pressed in a part of a page that the session has yet to draw."""

from __future__ import annotations

import asyncio
import logging

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from ui.app import unknown_parts


class Session(AppSession):
    """A session that only notes what would run. runner: whether something runs now."""

    def __init__(self) -> None:
        self.ran: list[ClientState] = []
        self.known = {"known"}
        self._scriptrunner = None

    def has_fragment(self, fragment_id: str) -> bool:
        return fragment_id in self.known

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


def press(part: str, value: int = 7, *, is_auto_rerun: bool = False) -> ClientState:
    state = ClientState(fragment_id=part, is_auto_rerun=is_auto_rerun, query_string="data=Digits")
    state.widget_states.widgets.add(id="slider").int_value = value
    return state


def values(session: Session) -> list[tuple[str, int]]:
    """Part and value of what has run."""
    return [(each.fragment_id, each.widget_states.widgets[0].int_value) for each in session.ran]


@pytest.mark.parametrize(("part", "runs"), [("known", "known"), ("unknown", ""), ("", "")])
def test_a_press_in_a_part_that_nothing_draws_runs_the_page_with_what_was_pressed(
    session: Session, part: str, runs: str
) -> None:
    session.request_rerun(press(part))
    assert values(session) == [(runs, 7)]
    assert session.ran[0].query_string == "data=Digits"


def test_what_is_pressed_while_the_page_is_drawn_waits_for_its_part_and_keeps_its_order(session: Session) -> None:
    async def pressed_early() -> None:
        session._scriptrunner = object()  # type: ignore[assignment]
        session.request_rerun(press("later", 1))
        session.request_rerun(press("known", 2))
        session.request_rerun(press("later", 3, is_auto_rerun=True))
        await asyncio.sleep(3 * unknown_parts.LOOK)
        assert values(session) == [("later", 3)], "what refreshes itself is Streamlit's to drop"
        session.known.add("later")
        while len(session.ran) < 3:
            await asyncio.sleep(unknown_parts.LOOK)
        session.request_rerun(press("later", 4))

    asyncio.run(asyncio.wait_for(pressed_early(), 60))
    assert values(session)[1:] == [("later", 1), ("known", 2), ("later", 4)]


def test_it_does_not_wait_for_ever(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_parts, "LONGEST", 2 * unknown_parts.LOOK)

    async def pressed() -> None:
        session._scriptrunner = object()  # type: ignore[assignment]
        session.request_rerun(press("gone", 1))
        while not session.ran:
            await asyncio.sleep(unknown_parts.LOOK)

    asyncio.run(asyncio.wait_for(pressed(), 60))
    assert values(session) == [("", 1)]


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
