"""The form of the Steps page: the table to edit and the settings.

Edits are stored in the session and in the link.
"""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from aecore.worked_examples.toy_training import ORDERS
from ui.components.training_steps.lesson import HIDDEN, MOST_START, RATES, Lesson, Moment
from ui.components.training_steps.ratings_table import (
    FILMS,
    IDEAS,
    KINDS,
    MOST_LETTERS,
    MOST_ROWS,
    PRESETS,
    VIEWER,
    frame_of,
    read,
    unrated_rows,
)
from ui.screens.steps.link import AT, NODES, ORDER, RATE, RATINGS, START, TABLES

PLAYER = "training-steps"
"""Key of the player."""


def ask_table() -> tuple[str, str, list[str]]:
    """Kind and text of the table, and sentences about invalid entries; the table is
    stored in the session and in the link.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = _ask_kind()
        state, said = _table_state(kind), []
        for name, text in PRESETS[kind].items():
            st.button(
                name,
                key=f"steps-fill-{kind}-{name}",
                on_click=_fill,
                args=(kind, text),
                help=IDEAS[name],
            )
        if state["own"]:
            st.button(
                "Back to my table",
                key="steps-own",
                icon=":material/undo:",
                on_click=_fill,
                args=(kind, state["own"]),
                help="The table as you had it.",
            )
    frame = st.data_editor(
        frame_of(state["base"], kind), key=_editor_key(kind, state), num_rows="dynamic",
        hide_index=True, width="stretch",
        column_config=_columns(kind), alt="The ratings: a row for each viewer, a column for each film.",
    )  # fmt: skip
    table, complaints = read(frame, kind)
    if table.text != state["text"]:
        state["text"], state["refused"] = table.text, False
    if not state["refused"]:
        _to_link(kind, state["text"])
    for name in unrated_rows(table):
        said.append(f"{name} has rated nothing. Such a row makes no error, and the network learns nothing from it.")
    return kind, state["text"], said + complaints


def ask_lesson(kind: str, text: str) -> Lesson:
    """The settings beside the table."""
    common: dict[str, Any] = {"persist_state": "session"}
    row = st.container(horizontal=True, gap="medium")
    order = row.segmented_control(
        "Weights change", ORDERS, default=ORDERS[0], required=True, format_func=str.capitalize,
        **ORDER.bound(), **common,
        help="Online: after every row. Batch: the gradients of all rows are added up, and the weights change once, "
        "at the end of the epoch.",
    )  # fmt: skip
    hidden = row.segmented_control(
        "Hidden nodes", HIDDEN, default=2, required=True, help="The size of the latent code.",
        **NODES.bound(), **common
    )  # fmt: skip
    rate = st.select_slider(
        "Learning rate", RATES, value=1.0, format_func=lambda value: f"{value:g}", **RATE.bound(), **common,
        help="A weight moves against its gradient, by this many times the gradient. Small rates crawl; "
        "very large ones overshoot, and the sigmoids get stuck.",
    )  # fmt: skip
    seed = st.number_input(
        "Random seed", 0, MOST_START, 1, help="Each number gives another set of random initial weights.",
        **START.bound(), **common
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Same start",
            key="same-start",
            icon=":material/replay:",
            on_click=go_to_start,
            help="Back to the first step, with the same random weights.",
        )
        st.button(
            "New start",
            key="new-start",
            icon=":material/casino:",
            on_click=_new_start,
            help="Back to the first step, with new random weights.",
        )
    return Lesson(kind, text, int(hidden), float(rate), order, int(seed))


def place(text: str | None = None) -> tuple[Moment, int]:
    """The moment that the player should show, and how often it was sent to one.

    It is sent to the moment of the address where another has come there by Back, by a link or with the host of a room.
    text: what the player has reported, None before it has.
    """
    linked = AT.asked()
    state = st.session_state.setdefault(
        "steps-place", {"at": AT.read(), "returns": 0, "linked": linked, "heard": None}
    )  # in a session that a server has just begun, the player may have moved before it was first drawn
    if text == str(state["at"]):
        state["heard"] = text  # it has arrived where it was sent
    if linked != state["linked"] and (not text or text == state["heard"]):
        if linked is not None:
            send_to(linked)
        elif text and not AT.is_there:  # on this page, and so not by the menu, which has no moments
            send_to(Moment())
    state["linked"] = linked
    return state["at"], state["returns"]


def moved(text: str | None) -> Moment:
    """Stores the player's moment in the session and in the link."""
    state = st.session_state["steps-place"]
    if not text:  # it is about to appear, and begins at the given moment
        state["heard"] = str(state["at"])
    elif text != state["heard"]:
        state["heard"], state["at"] = text, _moment(text)
    if state["at"] != Moment():
        AT.write(state["at"])
    elif AT.asked() is not None:  # an invalid value stays, and so does its refusal
        AT.clear()
    state["linked"] = AT.asked()
    return state["at"]


def send_to(moment: Moment) -> None:
    """Sends the player to a moment."""
    state = st.session_state["steps-place"]
    state.update(at=moment, returns=state["returns"] + 1)


def go_to_start() -> None:
    """Sends the player to the first step."""
    send_to(Moment())


def _ask_kind() -> str:
    return st.segmented_control(
        "Ratings", list(KINDS), default="stars", required=True, format_func=KINDS.__getitem__,
        persist_state="session", **RATINGS.bound(),
        help="Stars from 1 to 5, where 0 means not rated; or yes and no, where an empty cell means not rated. "
        "Each has a table of its own.",
    )  # fmt: skip


def _new_start() -> None:
    st.session_state["start"] = (int(st.session_state["start"]) + 1 + secrets.randbelow(MOST_START)) % (MOST_START + 1)
    go_to_start()


def _moment(text: str) -> Moment:
    try:
        return Moment.of(text)
    except ValueError:  # sent only by a manipulated browser
        return Moment()


def _table_state(kind: str) -> dict[str, Any]:
    """State of the table. base: without the edits; text: with them; own: the table replaced by a preset;
    refused: the address holds an invalid table.
    """
    usual = next(iter(PRESETS[kind].values()))
    state = st.session_state.setdefault(
        f"steps-table-{kind}", {"base": usual, "text": usual, "own": "", "refused": False, "version": 0}
    )
    linked = TABLES[kind].asked()
    state["refused"] = TABLES[kind].is_there and linked is None
    if linked is not None and linked != state["text"]:
        state.update(base=linked, text=linked, version=state["version"] + 1)
    elif _editor_key(kind, state) not in st.session_state:  # returned from another page: the editor has lost the edits
        state["base"] = state["text"]
    return state


def _fill(kind: str, text: str) -> None:
    state = st.session_state[f"steps-table-{kind}"]
    is_own = state["text"] not in PRESETS[kind].values()
    own = "" if text == state["own"] else state["text"] if is_own else state["own"]
    state.update(base=text, text=text, own=own, refused=False, version=state["version"] + 1)
    _to_link(kind, text)


def _to_link(kind: str, text: str) -> None:
    TABLES[kind].put(text, unless=next(iter(PRESETS[kind].values())))


def _editor_key(kind: str, state: dict[str, Any]) -> str:
    return f"steps-editor-{kind}-{state['version']}"


def _columns(kind: str) -> dict[str, Any]:
    name = st.column_config.TextColumn(
        "Viewer", max_chars=MOST_LETTERS, help=f"Who rates. At most {MOST_ROWS} rows.", width="small"
    )
    if kind == "stars":
        films = {
            film: st.column_config.TextColumn(film, default="0", width="small", help="1 to 5 stars; 0: not rated")
            for film in FILMS
        }
    else:
        films = {
            film: st.column_config.SelectboxColumn(film, options=["yes", "no"], width="small", help="Empty: not rated")
            for film in FILMS
        }
    return {VIEWER: name, **films}
