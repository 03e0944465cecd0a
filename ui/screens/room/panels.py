"""The panels of a room: the wall, its people, polls, questions and tours. Only the chosen one is computed."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import wraps

import streamlit as st

from aecore.foreign import in_markdown
from aecore.predictions.schema import described
from aecore.predictions.summary import summary
from aecore.rooms.state import Member, Poll, Room
from aecore.rooms.store import RoomError
from aecore.rooms.words import LONGEST_TEXT, MOST_PASTED
from ui.app.frame import refuse
from ui.app.services import services
from ui.components.guess_result import guess_result
from ui.screens.room.actions import answer, ask_poll, close_poll, hide, me, mute, remove, rename, show_again
from ui.screens.room.link import PEOPLE, POLLS, TOURS, WALL
from ui.screens.room.tours import show_standings, tour_choice
from ui.screens.room.wall import order_control, show_entries, show_goal
from ui.widgets.live import live
from ui.widgets.run_actions import notice
from ui.widgets.wording import percent

LOOK_SECONDS = 2.0
"""Between two looks at what others have changed; the bar below the page hears of it at once."""


TOURS_SECONDS = 4.0
"""The same of the tours: a file is read for each member."""


def show_panel(room: Room, name: str) -> None:
    """Shows a panel by its name; each refreshes itself while it is looked at, since others act in it."""
    is_host = room.host == me()
    if name == WALL:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            order_control()
            if is_host:
                show_goal(room)
        live(_wall, LOOK_SECONDS, key=f"room-wall-{room.code}")(room.code, is_host)
    elif name == PEOPLE:
        live(_people, LOOK_SECONDS, key=f"room-people-{room.code}")(room.code, is_host)
    elif name == POLLS:
        if is_host:
            _poll_form(room)
        live(_polls, LOOK_SECONDS, key=f"room-polls-{room.code}")(room.code, is_host)
    elif name == TOURS:
        if is_host:
            tour_choice(room)
        live(_tours, TOURS_SECONDS, key=f"room-tours-{room.code}")(room.code, is_host)
    else:
        live(_questions, LOOK_SECONDS, key=f"room-questions-{room.code}")(room.code, is_host)


def for_members(panel: Callable[..., None]) -> Callable[..., None]:
    """Decorator of a panel: for somebody who is no longer in the room, the whole page runs anew and says so."""

    @wraps(panel)
    def checked(code: str, is_host: bool) -> None:
        notice()
        try:
            if not services.rooms.is_inside(code, me()):
                _say_if_ended(code)
                st.rerun()
            panel(code, is_host)
        except RoomError as error:
            refuse(str(error))

    return checked


def _say_if_ended(code: str) -> None:
    try:
        services.rooms.get(code)
    except RoomError as error:
        st.session_state["notice"] = str(error)


@for_members
def _wall(code: str, is_host: bool) -> None:
    show_entries(code)


@for_members
def _tours(code: str, is_host: bool) -> None:
    show_standings(services.rooms.get(code))


@for_members
def _people(code: str, is_host: bool) -> None:
    members = [each for each in services.rooms.members(code) if each.person != services.rooms.get(code).host]
    here = [each for each in members if not (each.is_away or each.is_removed)]
    st.markdown(f"**{len(here)}** {'has' if len(here) == 1 else 'have'} joined.")
    if not is_host:
        st.markdown(", ".join(in_markdown(each.name) for each in here))
        return
    for each in here:
        _member(code, each)
    if gone := [each for each in members if each.is_removed]:
        st.caption("Sent out:")
        for each in gone:
            st.button(
                f"Let {in_markdown(each.name)} in again", key=f"room-back-{each.person}", on_click=remove,
                args=(code, each.person, False), icon=":material/undo:", help="They come back by the same code.",
            )  # fmt: skip


def _member(code: str, each: Member) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"room-member-{each.person}"):
        st.markdown(f"{in_markdown(each.name)}{' · muted' if each.is_muted else ''}", width="stretch")
        with st.popover("Change", key=f"room-change-{each.person}"):
            st.text_input(
                "Name", value=each.name, max_chars=MOST_PASTED, key=f"room-name-{each.person}-{each.name}",
                on_change=rename, args=(code, each.person, each.name), help="Everybody in the room sees it.",
            )  # fmt: skip
            st.button(
                "Unmute" if each.is_muted else "Mute", key=f"room-mute-{each.person}", on_click=mute,
                args=(code, each.person, not each.is_muted), help="Whether you take questions from them.",
            )  # fmt: skip
            st.button(
                "Send out", key=f"room-remove-{each.person}", on_click=remove, args=(code, each.person, True),
                help="Their runs leave the wall, their questions the list; you can let them in again.",
            )  # fmt: skip


def _poll_form(room: Room) -> None:
    asked = len(services.rooms.floor.polls(room.code))
    with st.expander("A new poll", key=f"room-new-poll-{asked}", expanded=not asked):  # it folds once it has asked
        st.text_input(
            "Question", key="poll-question", max_chars=LONGEST_TEXT, placeholder="Will it copy the noise?",
            help="Everybody in the room is asked at once.",
        )  # fmt: skip
        st.text_area(
            "Choices, one per line", key="poll-choices", placeholder="Yes\nNo\nIt depends on the code", height=110,
            help="Two to six.",
        )  # fmt: skip
        st.button("Ask everybody", key="poll-ask", type="primary", on_click=ask_poll, args=(room.code,))


@for_members
def _polls(code: str, is_host: bool) -> None:
    polls = services.rooms.floor.polls(code)
    if not polls:
        st.caption("No polls yet.")
    for each in polls:
        st.subheader(in_markdown(each.question), anchor=False)
        _result(each, is_shown=is_host or not each.is_open)
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{each.votes} {'vote' if each.votes == 1 else 'votes'}{'' if each.is_open else ', closed'}."
            st.caption(said if is_host or not each.is_open else f"{said} Vote in the bar below.", width="stretch")
            if is_host and each.is_open:
                st.button(
                    "Close this poll", key=f"poll-close-{each.id}", on_click=close_poll, args=(code, each.id),
                    help="It takes no more votes; everybody sees the result.",
                )  # fmt: skip


def _result(poll: Poll, *, is_shown: bool) -> None:
    """What has been guessed, and what turned out; of a poll that is open, members see the choices only."""
    if poll.choices:
        st.html(_bars(poll) if is_shown else _choices(poll))
    elif is_shown:
        crowd = summary(poll.form, poll.guesses)
        data = {"form": described(poll.form), "crowd": crowd, "truth": poll.truth and poll.truth.value}
        guess_result(data, key=f"poll-result-{poll.id}")
    if poll.truth:
        if isinstance(poll.truth.value, int) and poll.choices:
            st.markdown(f"Right answer: **{in_markdown(poll.choices[poll.truth.value])}**")
        st.markdown(poll.truth.text)


def _bars(poll: Poll) -> str:
    rows = [
        f'<div><i style="width:{count / max(1, poll.votes):.1%}"></i><span>{html.escape(choice)}</span>'
        f"<b>{count} · {percent(count / max(1, poll.votes), 0)}</b></div>"
        for choice, count in zip(poll.choices, poll.counts, strict=True)
    ]
    return f'<div class="poll">{"".join(rows)}</div>'


def _choices(poll: Poll) -> str:
    """Without the bars, which would tell those who have not voted yet what others think."""
    return f'<div class="poll">{"".join(f"<div><span>{html.escape(each)}</span></div>" for each in poll.choices)}</div>'


@for_members
def _questions(code: str, is_host: bool) -> None:
    questions = services.rooms.floor.questions(code)
    if not questions:
        st.caption("No questions yet. They are asked in the bar at the bottom of every page.")
    for each in questions:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"room-question-{each.id}"):
            done = " · answered" if each.is_answered else ""
            small = f":small[{in_markdown(each.name)} · ▲ {each.upvotes}{done}]"
            st.markdown(f"{in_markdown(each.text)}  \n{small}", width="stretch")
            if is_host and not each.is_answered:
                st.button(
                    "Answered", key=f"room-answer-{each.id}", on_click=answer, args=(code, each.id),
                    help="It moves below the open questions.",
                )  # fmt: skip
            if is_host:
                st.button(
                    "Hide", key=f"room-hide-{each.id}", on_click=hide, args=(code, each.id),
                    help="Nobody else sees it any more. You can show it again; it stays in your copy of the room.",
                )  # fmt: skip
    if is_host:
        _hidden_questions(code)


def _hidden_questions(code: str) -> None:
    """What the host has hidden, with the way back; folded, as a class may see the host's screen."""
    hidden = services.rooms.floor.hidden(code)
    if not hidden:
        return
    with st.expander(f"Hidden ({len(hidden)})", key="room-hidden", icon=":material/visibility_off:"):
        for each in hidden:
            with st.container(horizontal=True, vertical_alignment="center", key=f"room-hidden-{each.id}"):
                st.markdown(f"{in_markdown(each.text)}  \n:small[{in_markdown(each.name)}]", width="stretch")
                st.button(
                    "Show again", key=f"room-show-{each.id}", on_click=show_again, args=(code, each.id),
                    icon=":material/undo:", help="Everybody sees it again, with the votes it had.",
                )  # fmt: skip
