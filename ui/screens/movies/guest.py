"""Film night on a guest's own phone: the way in by its code, the evening's list, and the way back to it."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.serving.night_state import Night
from aecore.rooms.queries import SIZE, as_code
from aecore.rooms.words import LONGEST_NAME, MOST_PASTED
from ui.app.codes import enter
from ui.app.frame import refuse
from ui.screens.movies.evening import end_of, members_of, rated_of, told, watch
from ui.screens.movies.group_list import show_group
from ui.screens.movies.link import NIGHT, PANELS
from ui.screens.movies.night_return import show_panel_of
from ui.screens.movies.visitor import FIRST_NAME, me, nights, owner, profile, profile_store, taste
from ui.widgets.live import rerun_part

_LAST = "night-visited"


def guest_panel(night: Night) -> None:
    """The evening's list for a guest; what they rate counts from the next look on."""
    night = _up_to_date(night)
    st.session_state[_LAST] = night.code
    own = night.guest(me())
    if own is None:
        entrance()
        return
    st.subheader(f"Film night of {in_markdown(night.title)}" if night.title else "Film night", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"You are **{in_markdown(own.name)}** here. The night ends {end_of(night)} at the latest.", width="stretch"
        )
        st.button(
            "Leave", key="night-leave", on_click=_leave, args=(night.code,), icon=":material/logout:",
            help="You can come back with the same code. Your vetoes do not count while you are away.",
        )  # fmt: skip
    if not taste().rated:
        st.info(
            "The list does not know your taste yet. Rate a few films, about five to start with. *Back to the film "
            "night* brings you back here.",
            icon=":material/star:",
        )
        st.button("Rate films", key="night-rate", type="primary", on_click=show_panel_of, args=(PANELS[0],))
    if members := members_of(night.people):
        mine = night.may_veto_as(me())
        show_group(
            members, night.evening, night.vetoes, mine,
            lambda who, film, title, on: nights().veto(night.code, me(), who, film, title, is_against=on),
            is_host=False,
        )  # fmt: skip
    else:
        st.caption("Nobody here has rated a film yet. As soon as somebody has, the list appears.")
    watch(night)


def _up_to_date(night: Night) -> Night:
    """The night, after the guest's profile in use and its ratings have been noted in it."""
    mine, own = profile(), night.guest(me())
    id, rated = (mine.id, rated_of(taste())) if mine else ("", "")
    if own and (own.profile, own.rated) == (id, rated):
        return night
    nights().note_guest(night.code, me(), id, rated)
    return nights().night(night.code, me())


def say_if_over() -> None:
    """Says once that the night in which this page was has ended, or that its host has removed the guest: where it is
    seen however far down the page somebody is, and until they close it.
    """
    if st.session_state.pop(_LAST, ""):
        words = "This film night is over for you: it has ended, or its host has removed you."
        st.toast(words, icon=":material/logout:", duration="infinite")


def entrance(invited: str = "", *, is_host: bool = False) -> None:
    """The form with which a guest joins. invited: the code of a link or QR code. is_host: whether the page already says
    what the others of a night see.
    """
    st.subheader("Join a film night", anchor=False)
    mine = profile()
    with st.form("night-join", border=False):
        code = st.text_input(
            "Code", value=invited, max_chars=MOST_PASTED, key="night-join-code", placeholder="ABC234",
            help=f"The {SIZE} characters that the host shows. It makes no difference whether you type capitals.",
        )  # fmt: skip
        name = st.text_input(
            "Your name", value=mine.name if mine and mine.name != FIRST_NAME else "", max_chars=MOST_PASTED,
            key="night-join-name", placeholder="Guest",
            help=f"The name beside your stars on everybody's page. At most {LONGEST_NAME} letters are kept.",
        )  # fmt: skip
        is_asked = st.form_submit_button("Join", type="primary", icon=":material/login:")
    if not is_host:
        st.caption(
            "The others see your name, the stars that you would probably give, and your vetoes. Nobody sees your "
            "ratings."
        )
    if invited:
        st.button("Not now", key="night-not-now", on_click=NIGHT.clear)
    if not is_asked:
        return
    if why_not := enter(lambda: _come(as_code(code), name)):
        refuse(why_not)
        return
    NIGHT.clear()
    rerun_part()


def _come(code: str, name: str) -> None:
    mine = profile()
    called = nights().come(code, me(), name, mine.id if mine else "", rated_of(taste()))
    if mine is None:
        nights().note_guest(code, me(), profile_store().create(called, owner()).id, "")


@told
def _leave(code: str) -> None:
    st.session_state.pop(_LAST, None)
    nights().leave(code, me())
