"""The check list on screen: a button, a line for each question, and a code for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aecore.foreign import in_markdown
from aecore.stores.personal import PersonalError
from ui.app.network import is_only_here, own_addresses
from ui.app.places import TITLES
from ui.app.qr import qr_code
from ui.app.services import services
from ui.app.url_state import link_to
from ui.screens.lecture.checking import MACHINE, NETWORK, PHONE, QUESTIONS, Check, check_of
from ui.screens.lecture.facts import facts_of_this_visit
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding
from ui.screens.lecture.hello import Hellos, Opening, hello_path
from ui.screens.lecture.network_checks import phone
from ui.widgets.live import live

TICK_SECONDS, PHONE_SECONDS = 0.5, 1.5
"""Between two looks while this computer answers, and while a phone is waited for."""

SIGNS = {
    OK: ":green[:material/check_circle:]", ATTENTION: ":orange[:material/error:]", BAD: ":red[:material/cancel:]",
    "": ":gray[:material/pending:]",
}  # fmt: skip
WORDS = {OK: ":green-badge[ok]", ATTENTION: ":orange-badge[attention]", BAD: ":red-badge[not ok]", "": ""}

STRANGER = (
    "Only the host of this server can run the check list, because it looks at the server itself: its network, its "
    "memory, its disk. The host is who has opened the host's link that `make lecture` prints; on "
    "a server that was not set up for others, it is who opens the app as `localhost` on the server's own computer."
)
_CHECK, _ADDRESS = "lecture-check", "lecture-address"


def check_list() -> None:
    """The button and, once it has been pressed, the list."""
    if not services.person().is_host:
        st.info(STRANGER, icon=":material/lock:")
        return
    check: Check | None = st.session_state.get(_CHECK)
    is_running = check is not None and check.is_running
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_running:
            st.button(
                "Stop", key="lecture-stop", icon=":material/stop:", on_click=check.stop, help="Leaves the rest out."
            )
        else:
            st.button(
                "Check now", key="lecture-check-now", type="primary", icon=":material/checklist:", on_click=_begin,
                help="Takes about ten seconds; it slows nobody down much, and trains nothing.",
            )  # fmt: skip
        st.caption(
            "Best on the day before, and again in the lecture room: its network is another one.", width="stretch"
        )
    if check is None:
        for column, heading, questions in _columns():
            with column:
                st.subheader(heading, anchor=False)
                st.markdown("\n\n".join(f"{SIGNS['']} {question}" for question in questions))
        return
    waits = _waits_for_phone(check)
    every = TICK_SECONDS if is_running else PHONE_SECONDS if waits else None
    live(_list, every, key=f"lecture-list-{check.token}")(is_running, waits)


def _columns() -> Iterable[tuple[DeltaGenerator, str, Sequence[str]]]:
    return zip(st.columns(2, gap="large"), ("The network", "This machine"), (NETWORK, MACHINE), strict=True)


def _begin() -> None:
    if not services.person().is_host:
        return
    facts = facts_of_this_visit()
    try:
        token = Hellos(facts.home).new()
    except PersonalError as error:
        st.session_state["notice"] = str(error)
        return
    tours = [*services.shelf.lessons(), *services.shelf.own()[0]]
    check = check_of(facts, services.rooms, tours, token, own_addresses())
    st.session_state[_CHECK], st.session_state[_ADDRESS] = check, f"{facts.address}{facts.base}{hello_path(token)}"
    check.start()


def _openings(check: Check) -> list[Opening] | None:
    return Hellos(services.housekeeping.home).openings(check.token)


def _waits_for_phone(check: Check) -> bool:
    """Whether the code for phones works, and none has opened it yet."""
    openings = _openings(check)
    found = phone(openings, check.own)
    is_for_others = not is_only_here(st.session_state[_ADDRESS])
    return is_for_others and openings is not None and (found is None or found.state != OK)


def _list(was_running: bool, waited: bool) -> None:
    check: Check = st.session_state[_CHECK]
    found, asking, is_running = check.found, check.asking, check.is_running
    for column, heading, questions in _columns():
        with column:
            st.subheader(heading, anchor=False)
            for question in questions:
                if question == PHONE:
                    _phone_line(check)
                elif question in found:
                    _line(question, found[question])
                else:
                    at_it = " Being measured …" if question == asking else "" if is_running else " Left out."
                    st.markdown(f"{SIGNS['']} **{question}**{at_it}")
    if (was_running and not is_running) or (waited and not _waits_for_phone(check)):
        st.rerun()  # the page says how often this is looked at


def _line(question: str, finding: Finding) -> None:
    with st.container(key=f"lecture-line-{QUESTIONS.index(question)}", gap="xxsmall"):
        st.markdown(f"{SIGNS[finding.state]} **{question}** {WORDS[finding.state]}  \n{finding.found}")
        if finding.do:
            st.markdown(f":material/arrow_forward: {finding.do}")
        if finding.page:
            link_to(finding.page, TITLES[finding.page], icon=":material/open_in_new:")
        if finding.more:
            title, text = finding.more
            with st.expander(title, icon=":material/info:"):
                st.markdown(text)


def _phone_line(check: Check) -> None:
    address = st.session_state[_ADDRESS]
    if is_only_here(address):
        _line(PHONE, Finding(BAD, "Not as long as only this computer can open the app.", "See the line above."))
        return
    if found := phone(_openings(check), check.own):
        _line(PHONE, found)
    else:
        st.markdown(f"{SIGNS['']} **{PHONE}**  \nScan this with a phone, or type the address. This line turns green.")
    if _waits_for_phone(check):
        with st.container(key="lecture-phone", gap="xxsmall"):
            st.image(qr_code(address), width=180)
            st.markdown(in_markdown(address))
