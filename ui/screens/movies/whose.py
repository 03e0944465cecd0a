"""Whose list this is: chips of the browser's profiles, on the cards or above a panel without cards."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from ui.components.film_cards import Person
from ui.screens.movies.visitor import FIRST_NAME, profile, profiles, use

STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-films-whose) { position: sticky; top: 3.75rem; z-index: 90; }
.st-key-films-whose { background: light-dark(#fdfcf9, #12161c); padding: 4px 0; }
</style>"""


def people() -> tuple[Person, ...]:
    """The profiles of this browser as chips of the cards; before the first rating the one that is begun by it."""
    now = profile()
    if now is None:
        return (Person("1", FIRST_NAME, True),)
    return tuple(Person(str(place), each.name, each.id == now.id) for place, each in enumerate(profiles(), 1))


def whose() -> None:
    """The same above a panel."""
    mine = people()
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key="films-whose"):
        if len(mine) == 1:
            st.markdown(f"For **{in_markdown(mine[0].name)}**")
            return
        words = "Whose ratings this panel shows and keeps: those of a profile of this browser. *Friends* adds more."
        st.markdown("For", width="content", help=words)
        names = {each.key: each.name for each in mine}
        st.session_state["films-whose-choice"] = next(each.key for each in mine if each.on)
        st.segmented_control(
            "For", tuple(names), format_func=lambda key: in_markdown(names[key]), required=True, on_change=_use,
            label_visibility="collapsed",
            key="films-whose-choice", help=words,  # without a label it is not shown: it stands at "For"
        )  # fmt: skip


def _use() -> None:
    use(int(st.session_state["films-whose-choice"]))
