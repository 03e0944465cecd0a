"""Film night, at the host's screen: who is there, how films are sorted and filtered, and the list for all."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.profiles.store import Profile, ProfileError
from aecore.recommender.serving.film_night import RULES, RULES_WITHOUT_STARS
from aecore.recommender.serving.night_state import MOST_GUESTS, Attendee, Evening, Night
from aecore.rooms.queries import HOST_NAME
from ui.app.address_choices import SomeOf
from ui.app.frame import refuse
from ui.screens.movies.evening import hosted, members_of, rated_of, watch
from ui.screens.movies.filters import ask_preferences
from ui.screens.movies.group_list import show_group
from ui.screens.movies.invitation import invitation
from ui.screens.movies.link import AGAIN, RULE, THERE, WITH
from ui.screens.movies.model import advisor
from ui.screens.movies.night_controls import take_controls
from ui.screens.movies.night_list import ask_films
from ui.screens.movies.visitor import FIRST_NAME, key_of, me, nights, profile_store, profiles

_CODE, _CHOSEN = "night-code", "night-chosen"


def night_panel() -> None:
    """Shows the invitation, the members, the rule and the filters; and the films."""
    st.subheader("Film night", anchor=False)
    night = hosted()
    take_controls(night)
    invitation(night)
    here = _people_here(night)
    members = members_of([*here, *(night.guests if night else ())])
    if not members:
        st.info(
            "Rate some films first, or invite a friend by their code. Then films for all of you appear here.",
            icon=":material/groups:",
        )
    else:
        evening = _choices(here)
        night = _published(evening, night)
        _films(evening, night)
    if night:
        watch(night)


def _choices(here: list[Attendee]) -> Evening:
    """The rule and the filters, as the controls have them."""
    words = RULES if advisor().scores({}).stars is not None else RULES_WITHOUT_STARS
    left, right = st.columns(2, gap="medium")
    rule = left.segmented_control(
        "What counts", tuple(RULES), default="average", required=True, format_func=str.capitalize, **RULE.bound(),
        help="How films are chosen and sorted for all of you; the sentence below says what this rule does.",
    )  # fmt: skip
    left.caption(words[rule or "average"])
    with right:
        only = ask_films()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preferences = ask_preferences(advisor().catalogue.films, only)
        again = st.toggle(
            "Also what some have seen",
            help="Films that all have seen, or that one has marked *not for me*, stay out. So does what a guest on "
            "their own phone has seen, so that nobody learns what they have rated.",
            **AGAIN.bound(),
        )
    return Evening(tuple(here), rule or "average", preferences, again, advisor().source)


def _published(evening: Evening, night: Night | None) -> Night | None:
    """The night, once guests' pages know what this page has chosen: it tells each choice once, since another tab may
    have chosen later, and then only what is new about the people there.
    """
    if night is None:
        st.session_state.pop(_CHOSEN, None)
        return None
    chosen = (night.code, _choice(evening))
    if st.session_state.get(_CHOSEN) == chosen:
        now = {each.key: each for each in evening.people}
        evening = replace(night.evening, people=tuple(now.get(each.key, each) for each in night.evening.people))
    if evening != night.evening:
        nights().choose(me(), evening)
        night = hosted()
    st.session_state[_CHOSEN] = chosen
    return night


def _choice(evening: Evening) -> str:
    """What somebody has chosen; what people are called and have rated is no choice."""
    return replace(evening, people=tuple(replace(each, name="", rated="") for each in evening.people)).packed()


def _films(evening: Evening, night: Night | None) -> None:
    """The list that the guests see too, also where another tab has chosen it."""
    shown = night.evening if night else evening
    if _choice(shown) != _choice(evening):
        st.caption(
            "You have since chosen differently in another tab. This is the list from there, which guests see too; your "
            "next choice here replaces it."
        )
    if members := members_of(night.people if night else shown.people):
        show_group(
            members, shown, night.vetoes if night else (), frozenset(each.key for each in shown.people),
            lambda who, film, title, on: _veto(evening, who, film, title, on), is_host=True,
        )  # fmt: skip


def _veto(evening: Evening, who: str, film: int, title: str, on: bool) -> None:
    """The veto of somebody at this screen; the first one begins the night that keeps it."""
    code = nights().hosted_by(me())
    if not code:
        code = nights().begin(me())
        nights().choose(me(), evening)
    nights().veto(code, me(), who, film, title, is_against=on)


def _titled_before(name: str) -> str:
    """How addresses of earlier versions write a name: with a backslash before every sign."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", name)


def _told(mine: Profile, night: Night | None) -> str:
    """What the list calls somebody at this screen. Once guests may see it, the host has the name that they have set
    for the night, and nobody is "Me".
    """
    if night is None or not (night.is_open or night.guests):
        return mine.name
    if mine.id == night.own or (not night.own and mine.name == FIRST_NAME):
        return night.title or HOST_NAME
    return HOST_NAME if mine.name == FIRST_NAME else mine.name


def _people_here(night: Night | None) -> list[Attendee]:
    """The selected profiles of this browser, and friends by their codes."""
    mine = profiles()
    found: list[Attendee] = []
    if mine:
        names = {str(number): each.name for number, each in enumerate(mine, 1)}
        earlier = {_titled_before(name): number for number, name in names.items()}
        there = st.pills(
            "Who is there", tuple(names), selection_mode="multi", default=tuple(names),
            format_func=lambda each: in_markdown(names[each]),
            help="The profiles of this browser: choose those who watch.",
            **THERE.among(SomeOf(tuple(names), lambda each: in_markdown(names[each]), earlier), list(names)).bound(),
        )  # fmt: skip
        for number in there or ():
            each = mine[int(number) - 1]
            rated = rated_of(profile_store().taste(each.id))
            found.append(Attendee(key_of(each.id), _told(each, night), each.id, rated=rated))
    _ask_code()
    for code in _codes():
        try:
            friend = profile_store().shared(code)
        except ProfileError as error:
            refuse(f"{code[:20]}: {error}")
            continue
        found.append(Attendee(key_of(code), friend.name, code=code, rated=rated_of(friend.taste)))
        st.button(
            f"Take {in_markdown(friend.name)} off",
            key=f"night-out-{code}",
            on_click=_uninvite,
            args=(code,),
            icon=":material/close:",
            help="Their taste then no longer counts.",
        )
    if len(found) > MOST_GUESTS:
        refuse(f"{len(found)} people at one screen are too many; the first {MOST_GUESTS} count.")
    return found[:MOST_GUESTS]


def _ask_code() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "A friend's code",
            key=_CODE,
            placeholder="abcde-fghij",
            width=220,
            max_chars=40,
            help="For a friend who watches at this screen: ten letters and digits, from their own Friends panel.",
        )
        st.button("Invite", key="night-invite", on_click=_invite, icon=":material/person_add:")


def _codes() -> list[str]:
    """The codes in the address."""
    return list(WITH.read())


def _invite() -> None:
    letters = "".join(each for each in st.session_state[_CODE].casefold() if each.isalnum())[:20]
    try:
        profile_store().shared(letters)
    except ProfileError as error:
        st.session_state["notice"] = str(error)
        return
    codes = tuple(dict.fromkeys([*_codes(), letters]))
    if len(codes) > MOST_GUESTS:
        st.session_state["notice"] = f"You can invite {MOST_GUESTS} friends by their codes. Take one off first."
        return
    WITH.write(codes)
    st.session_state[_CODE] = ""


def _uninvite(code: str) -> None:
    WITH.put(tuple(each for each in _codes() if each != code), unless=())
