"""The right side of the Words page: progress while networks learn, the main figures, and the chosen view."""

from __future__ import annotations

import streamlit as st

from aecore.probing.probes import wilson
from aecore.runs.status import ACTIVE
from aecore.words.results import ALL
from aecore.words.scores import guessing
from ui.app.frame import refuse
from ui.screens.words.evaluation import show_test
from ui.screens.words.found import WAYS, Found, look
from ui.screens.words.link import VIEW, VIEWS, WAY, put, take
from ui.screens.words.map import show_map
from ui.screens.words.progress import begin, run_of, show_progress, state_of, where_of
from ui.screens.words.text import of
from ui.screens.words.try_out import show_split
from ui.screens.words.views import show_learning, show_numbers
from ui.widgets.live import live
from ui.widgets.run_states import say_cluster
from ui.widgets.run_watch import watch_resting
from ui.widgets.wording import percent

TICK_SECONDS = 0.4
AT_ONCE = 200
"""Most texts for which training starts automatically."""

SHOWN = {"learning": show_learning, "map": show_map, "test": show_test, "try": show_split}


def show_words(found: Found) -> None:
    """Shows the results and trains the missing networks; the panel refreshes itself until that is done."""
    is_complete = found.results is not None and found.results.is_complete
    run = run_of(found)
    if len(found.labels) <= AT_ONCE and not is_complete and run is None:
        begin(found)
        run = run_of(found)
    active = run is not None and run.status.is_active
    run_id = run.id if run else ""
    live(_panel, TICK_SECONDS if active else None, key=f"words-{found.place.key}")(found, run_id, active)
    if run is not None and not active:
        watch_resting([run])


def _panel(before: Found, run_id: str, was_active: bool) -> None:
    if (state_of(run_id) in ACTIVE) != was_active:
        st.rerun()
    if "notice" in st.session_state:
        refuse(st.session_state.pop("notice"), icon=":material/groups:")
    found = look(before.key, before.texts, before.settings)
    with st.container(key="words-top"):
        if found.results is None or not found.results.is_complete:
            show_progress(found, run_id)
            say_cluster()
        if where := where_of(run_id):
            st.caption(where)
    key = take(VIEW, tuple(VIEWS), VIEW.default)
    view = st.segmented_control(
        "View", tuple(VIEWS), format_func=VIEWS.__getitem__, required=True, key=key, default=st.session_state[key],
        on_change=put, args=(VIEW,),
        label_visibility="collapsed", help="From texts to numbers, from numbers to a map, and what it is worth.",
    ) or VIEW.default  # fmt: skip
    if view == "numbers":
        show_numbers(found)
        return
    way = _ask_way()
    _figures(found, way)
    if found.embedding(way) is not None or view == "learning":
        SHOWN[view](found, way)
    elif was_active:
        st.skeleton(height=320)


def _ask_way() -> str:
    key = take(WAY, tuple(WAYS), WAY.default)
    return st.segmented_control(
        "The embedding is learned from", tuple(WAYS), format_func=WAYS.__getitem__, required=True,
        key=key, default=st.session_state[key], on_change=put, args=(WAY,),
        help="**The words alone**: an autoencoder encodes each text and has to reconstruct its words; "
        "labels come in only afterwards. **The labels**: embedding and classifier learn together, and are told "
        "the label of each text.",
    ) or WAY.default  # fmt: skip


def _figures(found: Found, way: str) -> None:
    """Accuracy on training texts, on held-out texts, and by guessing."""
    mine = found.results.trainings.get(way, {}) if found.results else {}
    trained, count = mine.get(ALL), len(found.labels)
    seen = of(trained.right[-1], count) if trained and trained.right else "…"
    answers = found.results.answers(way)[0] if found.results else found.labels * 0 - 1
    asked = int((answers >= 0).sum())
    right = int((answers == found.labels).sum())
    low, high = wilson(right, asked) if asked else (0, 1)
    interval = f"95 % interval {percent(low)} to {percent(high)}" if asked else "Each text is left out once."
    cards = (
        ("Learned texts right", seen, "Memorised texts count too, so this figure is too optimistic."),
        ("Unseen texts right", of(right, asked) if asked else "…", interval),
        ("By guessing", percent(guessing(found.labels)), "Always the most frequent label."),
    )  # fmt: skip
    for column, (label, value, note) in zip(st.columns(3), cards, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, value, help=note)
            st.caption(note)
