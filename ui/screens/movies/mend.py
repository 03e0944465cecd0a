"""Offers to remove marks that contradict the stars of a film, which a tap on a star could once set by mistake."""

from __future__ import annotations

import streamlit as st

from aecore.recommender.profiles.store import Profile
from ui.screens.movies.visitor import profile, profile_store, tell_others

_OFFERED = "films-mend"


def offer_mend() -> None:
    """Shows the offer, if the profile had such films when it was first opened.

    It then stays on the page, so that nothing below moves when it is accepted.
    """
    me = profile()
    if me is None:
        return
    found = profile_store().taste(me.id).contradictory
    offered: dict[str, str] = st.session_state.setdefault(_OFFERED, {})
    if offered.setdefault(me.id, "open" if found else "none") == "none":
        return
    films = f"{len(found)} film{'s' if len(found) != 1 else ''}"
    with st.container(border=True, key="films-mend"):
        if offered[me.id] == "open" and found:
            st.markdown(
                f"**{films} of yours {'have' if len(found) != 1 else 'has'} stars and a mark that contradicts "
                "them**: *want to see* beside stars, or *not for me* beside three stars or more. On a touch screen, "
                "an earlier version of this page could set such a mark by mistake when you gave stars. One click "
                "takes these marks away. All stars stay, other marks too, and *Undo* brings the marks back."
            )
        else:
            st.markdown(
                "All stars stay. *Undo* brings marks back that were taken away."
                if not found
                else f"The marks of {films} stay as they are."
            )
        is_done = offered[me.id] != "open" or not found
        with st.container(horizontal=True):
            st.button(
                f"Take the marks of {films} away" if found else "Marks taken away", key="films-mend-do",
                on_click=_mend, args=(me,), disabled=is_done,
                icon=":material/healing:", type="primary", help="It is one step in your history; Undo takes it back.",
            )  # fmt: skip
            st.button(
                "Leave them",
                key="films-mend-leave",
                on_click=_leave,
                args=(me,),
                disabled=is_done,
                help="Not offered again during this visit.",
            )


def _mend(me: Profile) -> None:
    found = profile_store().taste(me.id).contradictory
    profile_store().keep(
        me.id, [each.without_contradiction() for each in found], f"Marks that contradict stars taken away: {len(found)}"
    )
    tell_others()


def _leave(me: Profile) -> None:
    st.session_state[_OFFERED][me.id] = "left"
