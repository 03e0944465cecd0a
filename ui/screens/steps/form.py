"""The form of the training page: the table to edit and the settings. What was typed stays in the session and in the link."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from aecore.worked_examples.toy_training import ORDERS
from ui.screens.steps.lesson import HIDDEN, MOST_START, RATES, Lesson, Moment
from ui.screens.steps.ratings_table import FILMS, KINDS, MOST_LETTERS, MOST_ROWS, PRESETS, VIEWER, read, table_of, unrated_rows
from ui.widgets.forms import take_plain_name

PLAYER = "training-steps"
"""Key of the player."""

ALLOWED = {
    "nodes": [str(count) for count in HIDDEN],
    "rate": [f"{rate:g}" for rate in RATES],
    "order": [*ORDERS, *(order.capitalize() for order in ORDERS)],
    "ratings": [*KINDS, *KINDS.values()],
}


def link_complaints() -> list[str]:
    """A sentence for everything in the address that cannot be used; call it before the widgets, which take what they can."""
    query = st.query_params
    said = [
        f"The link says {name}={query[name][:20]}, which is none of {', '.join(allowed)}: the usual value is used."
        for name, allowed in ALLOWED.items()
        if name in query and query[name] not in allowed
    ]
    begin = query.get("start", "0")
    if not begin.isdecimal() or int(begin[:9]) > MOST_START:
        said.append(f"The link says start={begin[:20]}, and a start is a whole number from 0 to {MOST_START}: the usual one is used.")
    try:
        Moment.of(query.get("at", str(Moment())))
    except ValueError as error:
        said.append(f"The link's moment cannot be used: {error}. The player stands at the beginning.")
    return said


def ask_table() -> tuple[str, str, list[str]]:
    """Kind and text of the table, and what there is to say about it; edited or filled in, it is in the session and in the link."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = _ask_kind()
        state, said = _table_state(kind)
        for name, text in PRESETS[kind].items():
            st.button(name, key=f"steps-fill-{kind}-{name}", on_click=_fill, args=(kind, text), help=f"Fills the table with this example: {name.lower()}.")
        if state["own"]:
            st.button("Back to my table", key="steps-own", icon=":material/undo:", on_click=_fill, args=(kind, state["own"]), help="The table as you had it.")
    frame = st.data_editor(
        table_of(state["base"], kind).frame, key=_editor_key(kind, state), num_rows="dynamic", hide_index=True, width="stretch",
        column_config=_columns(kind), alt="The ratings: a row for each viewer, a column for each film.",
    )  # fmt: skip
    table, complaints = read(frame, kind)
    if table.text != state["text"]:
        state["text"], state["refused"] = table.text, None
    if not state["refused"]:
        _to_link(kind, state["text"])
    for name in unrated_rows(table):
        said.append(f"{name} has rated nothing. Such a row makes no error, and the network learns nothing from it.")
    return kind, state["text"], said + complaints


def ask_lesson(kind: str, text: str) -> Lesson:
    """The settings beside the table."""
    common: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
    take_plain_name("order", ORDERS)
    row = st.container(horizontal=True, gap="medium")
    order = row.segmented_control(
        "Weights change", ORDERS, default=ORDERS[0], required=True, key="order", format_func=str.capitalize, **common,
        help="Online: after every row. Batch: the gradients of all rows are added up, and the weights change once, at the end of the epoch.",
    )  # fmt: skip
    hidden = row.segmented_control(
        "Hidden nodes", HIDDEN, default=2, required=True, key="nodes", help="How many numbers six ratings are squeezed into.", **common
    )  # fmt: skip
    rate = st.select_slider(
        "Learning rate", RATES, value=1.0, key="rate", format_func=lambda value: f"{value:g}", **common,
        help="The share of the gradient by which a weight moves. Small ones crawl; very large ones overshoot, and the sigmoids get stuck.",
    )  # fmt: skip
    seed = st.number_input(
        "Start number", 0, MOST_START, 1, key="start", help="Every number stands for one set of random weights to begin with.", **common
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button("Same start", key="same-start", icon=":material/replay:", on_click=go_to_start, help="Back to the first step, with the same random weights.")
        st.button("New start", key="new-start", icon=":material/casino:", on_click=_new_start, help="Back to the first step, with new random weights.")
    return Lesson(kind, text, int(hidden), float(rate), order, int(seed))


def place() -> tuple[Moment, int]:
    """Where the player is to stand, and how often it was sent somewhere; before it has said anything the link decides."""
    state = st.session_state.setdefault("steps-place", {"at": _moment(st.query_params.get("at")), "returns": 0})
    return state["at"], state["returns"]


def moved(text: str | None) -> Moment:
    """Notes where the player says it stands, in the session and in the link."""
    state = st.session_state["steps-place"]
    if not text:  # it is about to appear, and begins where it is told to
        state["heard"] = str(state["at"])
    elif text != state["heard"]:
        state["heard"], state["at"] = text, _moment(text)
    if state["at"] != Moment():
        st.query_params["at"] = str(state["at"])
    elif "at" in st.query_params and _is_moment(st.query_params["at"]):
        del st.query_params["at"]
    return state["at"]


def go_to_start() -> None:
    """Sends the player to the first step."""
    state = st.session_state["steps-place"]
    state.update(at=Moment(), returns=state["returns"] + 1)


def _ask_kind() -> str:
    take_plain_name("ratings", list(KINDS))
    return st.segmented_control(
        "Ratings", list(KINDS), default="stars", required=True, format_func=KINDS.__getitem__, key="ratings", bind="query-params", persist_state="session",
        help="Stars from 1 to 5, where 0 means not rated; or yes and no, where an empty cell means not rated. Each has a table of its own.",
    )  # fmt: skip


def _new_start() -> None:
    st.session_state["start"] = (int(st.session_state["start"]) + 1 + secrets.randbelow(MOST_START)) % (MOST_START + 1)
    go_to_start()


def _moment(text: str | None) -> Moment:
    return Moment.of(text) if text and _is_moment(text) else Moment()


def _is_moment(text: str) -> bool:
    try:
        return bool(Moment.of(text))
    except ValueError:
        return False


def _table_state(kind: str) -> tuple[dict[str, Any], list[str]]:
    """base: what the editor began with; text: with the edits; own: what a preset has replaced; refused: a link that says nothing."""
    usual = next(iter(PRESETS[kind].values()))
    state = st.session_state.setdefault(f"steps-table-{kind}", {"base": usual, "text": usual, "own": "", "refused": None, "version": 0})
    linked = st.query_params.get(kind)
    if linked is not None and linked != state["text"] and linked != state["refused"]:
        try:
            text = table_of(linked, kind).text
            state.update(base=text, text=text, refused=None, version=state["version"] + 1)
        except ValueError as error:
            state["refused"], state["why"] = linked, str(error)
    elif _editor_key(kind, state) not in st.session_state:  # back from another page: the editor has forgotten the edits
        state["base"] = state["text"]
    return state, [f"The table in the link cannot be read: {state['why']}. You see the usual one instead."] if state["refused"] is not None else []


def _fill(kind: str, text: str) -> None:
    state = st.session_state[f"steps-table-{kind}"]
    is_own = state["text"] not in PRESETS[kind].values()
    own = "" if text == state["own"] else state["text"] if is_own else state["own"]
    state.update(base=text, text=text, own=own, refused=None, version=state["version"] + 1)
    _to_link(kind, text)


def _to_link(kind: str, text: str) -> None:
    if text != next(iter(PRESETS[kind].values())):
        st.query_params[kind] = text
    elif kind in st.query_params:
        del st.query_params[kind]


def _editor_key(kind: str, state: dict[str, Any]) -> str:
    return f"steps-editor-{kind}-{state['version']}"


def _columns(kind: str) -> dict[str, Any]:
    name = st.column_config.TextColumn("Viewer", max_chars=MOST_LETTERS, help=f"Who rates. At most {MOST_ROWS} rows.", width="small")
    if kind == "stars":
        films = {
            film: st.column_config.NumberColumn(film, min_value=0, max_value=5, step=1, default=0, width="small", help="1 to 5 stars; 0: not rated")
            for film in FILMS
        }
    else:
        films = {film: st.column_config.SelectboxColumn(film, options=["yes", "no"], width="small", help="Empty: not rated") for film in FILMS}
    return {VIEWER: name, **films}
