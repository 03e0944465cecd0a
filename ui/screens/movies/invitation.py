"""How guests come to a film night: its code and QR code, who has come, and its end."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.serving.night_state import Night
from aecore.rooms.words import LONGEST_NAME, MOST_PASTED
from ui.app.frame import ONLY_HERE, base_address
from ui.app.network import is_only_here
from ui.app.places import page_path
from ui.app.qr import qr_code
from ui.app.room import base_path
from ui.app.url_state import query_of
from ui.screens.movies.evening import end_of, members_of, told
from ui.screens.movies.link import FRIENDS, NIGHT, VIEW
from ui.screens.movies.visitor import FIRST_NAME, me, nights, profile

_NAME = "night-host-name"


def invitation(night: Night | None) -> None:
    """The code and the guests of a night that is open; else how to open it."""
    with st.container():  # one place, however much is in it: what follows keeps its own, and stays open when it is
        if night is None or not night.is_open:
            _offer(night)
        else:
            _show_code(night)
        if night:
            _guests(night)
    if night:
        _end(night)


def _offer(night: Night | None) -> None:
    mine = profile()
    name = mine.name if mine and mine.name != FIRST_NAME else ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Your name for guests",
            value=(night.title if night else "") or name,
            key=_NAME,
            placeholder="Host",
            max_chars=MOST_PASTED,
            width=220,
            help=f"The name beside your stars on guests' phones. At most {LONGEST_NAME} letters are kept.",
        )
        st.button(
            "Open it for guests", key="night-open", on_click=_open, icon=":material/qr_code_2:",
            help="Shows a code with which guests join on their own phones. They see this list too, and may veto films.",
        )  # fmt: skip


def _show_code(night: Night) -> None:
    query = urlencode(query_of((VIEW, FRIENDS), (NIGHT, night.code)), doseq=True)
    address = f"{base_address()}{base_path()}{page_path('movies')}?{query}"
    with st.container(horizontal=True, vertical_alignment="center", key="night-code-card"):
        st.image(qr_code(address), width=170)
        with st.container(width="stretch"):
            st.html(
                "<p style='margin:0'>Guests scan this with their phone, or type the code under Movies, Friends:</p>"
                f"<p class='night-code' style='margin:0;font-size:2.2rem;font-weight:700;letter-spacing:.14em'>"
                f"{html.escape(night.code)}</p>"
            )
            st.caption("They see names, predicted stars and vetoes, and nobody's ratings.")
            st.button(
                "Let nobody else in", key="night-close", on_click=_close, icon=":material/lock:",
                help="Hides the code. Guests who are there stay. Once you open the night again, the same code works.",
            )  # fmt: skip
    if is_only_here(address):
        st.warning(ONLY_HERE, icon=":material/wifi_off:")


def _guests(night: Night) -> None:
    """A row for each guest, also for those who have been removed: nothing moves when somebody goes or comes back."""
    counted = {each.attendee.key for each in members_of(night.guests)}
    names = night.removed | {each.key: each.name for each in night.guests}
    if night.is_open and not names:
        st.caption("No guest is here.")
    with st.container(key="night-guests"):
        for person in sorted(names, key=lambda each: (names[each].casefold(), each)):
            is_removed = person in night.removed
            note = " · removed" if is_removed else "" if person in counted else " · has not rated a film yet"
            _guest(night, person, in_markdown(names[person]), note, is_removed=is_removed)


def _guest(night: Night, person: str, name: str, note: str, *, is_removed: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"night-guest-{person}"):
        st.markdown(f":material/smartphone: **{name}**{note}", width="stretch")
        if is_removed:
            st.button(
                f"Let {name} in again", key=f"night-back-{person}", on_click=_remove,
                args=(night.code, person, False), icon=":material/undo:",
                help="They and their vetoes count again at once. Their page shows the night as soon as it is loaded "
                "again.",
            )  # fmt: skip
        else:
            st.button(
                f"Remove {name}", key=f"night-remove-{person}", on_click=_remove,
                args=(night.code, person, True), icon=":material/person_remove:",
                help="Their page shows nothing of this night any more, and their vetoes no longer count. You can let "
                "them in again.",
            )  # fmt: skip


def _end(night: Night) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="night-end-row"):
        with st.popover("End the film night", icon=":material/logout:", key="night-ending"):
            st.markdown("The night ends for all guests, and its vetoes are forgotten. Ratings and profiles stay.")
            st.button(
                "End it now", key="night-end", type="primary", on_click=_end_it, args=(night.code,),
                help="The next film night has another code.",
            )  # fmt: skip
        st.caption(f"It ends by itself {end_of(night)}.", width="stretch")


@told
def _open() -> None:
    mine = profile()
    nights().invite(me(), str(st.session_state.get(_NAME, "")), mine.id if mine else "")


@told
def _close() -> None:
    nights().invite(me(), "", is_open=False)


@told
def _remove(code: str, person: str, is_removed: bool) -> None:
    nights().remove(code, me(), person, is_removed=is_removed)


@told
def _end_it(code: str) -> None:
    nights().end(code, me())
