"""Callbacks of the buttons of the Room page; a refusal becomes a toast."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from aecore.rooms.state import Goal
from aecore.rooms.store import RoomError
from ui.app.room_routes import HUB
from ui.app.services import services


def told(action: Callable[..., None]) -> Callable[..., None]:
    """Decorator that shows a refusal as a notice."""

    @wraps(action)
    def wrapper(*arguments: Any) -> None:
        try:
            action(*arguments)
        except RoomError as error:
            st.session_state["notice"] = str(error)
        HUB.hurry()

    return wrapper


def me() -> str:
    """The tag of the current visitor."""
    return services.person().tag


@told
def open_room() -> None:
    """Opens a room under the title that was typed."""
    services.rooms.open(me(), str(st.session_state.get("room-title", "")))


@told
def leave(code: str) -> None:
    """Takes the visitor out."""
    services.rooms.leave(code, me())


@told
def end(code: str) -> None:
    """Ends the room for everybody."""
    services.rooms.end(code, me())


@told
def lock(code: str) -> None:
    """Locks or unlocks the room, as its toggle says."""
    services.rooms.lock(code, me(), bool(st.session_state["room-locked"]))


def enlarge() -> None:
    """Remembers whether the code is to be large: a widget's own state goes with its page."""
    st.session_state["room-large-kept"] = bool(st.session_state["room-large"])


@told
def rename(code: str, person: str, before: str) -> None:
    """Gives a member the name that was typed in the field of the name before."""
    services.rooms.rename(code, me(), person, str(st.session_state[f"room-name-{person}-{before}"]))


@told
def mute(code: str, person: str, is_muted: bool) -> None:
    """Takes no more questions from a member, or does so again."""
    services.rooms.mute(code, me(), person, is_muted)


@told
def remove(code: str, person: str, is_removed: bool) -> None:
    """Sends a member out, or lets them come back."""
    services.rooms.remove(code, me(), person, is_removed=is_removed)


@told
def ask_poll(code: str) -> None:
    """Opens a poll with what was typed, and empties the form."""
    choices = str(st.session_state.get("poll-choices", "")).splitlines()
    services.rooms.floor.ask_poll(code, me(), str(st.session_state.get("poll-question", "")), choices)
    st.session_state["poll-question"] = st.session_state["poll-choices"] = ""


@told
def close_poll(code: str, poll: int) -> None:
    """Takes no more votes."""
    services.rooms.floor.close_poll(code, me(), poll)


@told
def set_goal(code: str) -> None:
    """What the runs compete for, from the form."""
    state = st.session_state
    goal = Goal(
        str(state.get("goal-data") or ""), str(state.get("goal-variant") or ""), int(state.get("goal-codes") or 0)
    )
    services.rooms.set_goal(code, me(), goal)


@told
def answer(code: str, question: int) -> None:
    """Marks a question as answered."""
    services.rooms.floor.answer(code, me(), question)


@told
def hide(code: str, question: int) -> None:
    """Hides a question from everybody."""
    services.rooms.floor.hide(code, me(), question)


@told
def show_again(code: str, question: int) -> None:
    """Shows a hidden question to everybody again."""
    services.rooms.floor.show_again(code, me(), question)
