"""Film night: recommendations for a group, with predicted stars for each member."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.profiles.importers import ENDINGS, ImportProblem
from aecore.recommender.profiles.importers.parser import FILMS
from aecore.recommender.profiles.store import ProfileError
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.serving.film_night import RULES, GroupPick, Guest, film_night
from ui.app.address_choices import SomeOf
from ui.app.frame import refuse
from ui.components import film_cards as component
from ui.components.film_cards import Card, Screen, Section, film_cards, take_actions
from ui.screens.movies.cards import Cards
from ui.screens.movies.filters import ask_preferences
from ui.screens.movies.link import AGAIN, CHOOSE_FROM, FROM, MOST_GUESTS, RULE, THERE, WITH
from ui.screens.movies.model import Advisor, advisor
from ui.screens.movies.posters import poster_key
from ui.screens.movies.visitor import FIRST_NAME, act, profile_store, profiles, said, taste
from ui.screens.movies.why import sheet
from ui.widgets.reading import read

KEY = "films-night"
SHOWN = 18
_CODE = "night-code"


@dataclass(frozen=True)
class Invited:
    """A member of the group. code: the sharing code of a friend, "" for a profile of this browser."""

    name: str
    taste: Taste
    code: str = ""


def night_panel() -> None:
    """Shows the members, the rule and the filters; and the films."""
    st.subheader("Film night", anchor=False)
    invited = _invited()
    if not invited:
        st.info(
            "Rate some films first, or add a friend's code. Then here are films for all of you.",
            icon=":material/groups:",
        )
        return
    left, right = st.columns(2, gap="medium")
    rule = left.segmented_control(
        "What counts", tuple(RULES), default="average", required=True, format_func=str.capitalize, **RULE.bound(),
        help="\n\n".join(f"**{name.capitalize()}**: {words}" for name, words in RULES.items()),
    )  # fmt: skip
    left.caption(RULES[rule or "average"])
    with right:
        only = _only()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preferences = ask_preferences(advisor().catalogue.films, only)
        again = st.toggle(
            "Also what some have seen",
            help="Films that all have seen, or that one has refused, stay out.",
            **AGAIN.bound(),
        )
    model, catalogue = advisor(), advisor().catalogue
    guests = [
        Guest(each.name, each.taste.done_with(catalogue), each.taste.marked("not for me", catalogue))
        for each in invited
    ]
    scores = model.scores(*(each.taste.stars(catalogue) for each in invited))
    picks = film_night(scores, guests, catalogue, preferences, rule or "average", seen_by_some=again, count=SHOWN)
    _show(picks, invited, model)


def _show(picks: list[GroupPick], invited: list[Invited], model: Advisor) -> None:
    mine = taste()
    cards = Cards(model.catalogue, mine, model.scores(mine.stars(model.catalogue)))
    films = tuple(_card(each, invited, cards) for each in picks)
    names = ", ".join(each.name for each in invited) if len(invited) > 1 or invited[0].name != FIRST_NAME else "you"
    about = (
        "The stars are what each would probably give. With fewer than five ratings, predictions are close to those "
        "for an average user."
    )
    empty = "No film is left: fewer filters, another rule, or a longer list."
    section = Section("night", "group", f"For {names}", about, films, empty=empty)
    film_cards(
        Screen((section,), sheet=sheet(model, mine, cards), said=said(), tmdb_key=poster_key()), KEY, on_done=_done
    )


def _card(pick: GroupPick, invited: list[Invited], cards: Cards) -> Card:
    stars = pick.stars or (None,) * len(invited)
    who = tuple(
        component.Guest(each.name, value, each.name in pick.seen_by) for each, value in zip(invited, stars, strict=True)
    )
    return replace(cards.card(pick.column, guess=False), who=who)


def _done() -> None:
    for action in take_actions(KEY):
        act(action, advisor().catalogue)


def _titled_before(name: str) -> str:
    """How addresses of earlier versions write a name: with a backslash before every sign."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", name)


def _invited() -> list[Invited]:
    """The selected profiles of this browser, and friends by their codes."""
    mine = profiles()
    found: list[Invited] = []
    if mine:
        names = {str(number): each.name for number, each in enumerate(mine, 1)}
        earlier = {_titled_before(name): number for number, name in names.items()}
        there = st.pills(
            "Who is there", tuple(names), selection_mode="multi", default=tuple(names),
            format_func=lambda each: in_markdown(names[each]), help="The profiles of this browser.",
            **THERE.among(SomeOf(tuple(names), lambda each: in_markdown(names[each]), earlier), list(names)).bound(),
        )  # fmt: skip
        if len(mine) == 1 and not _codes():
            st.caption("Add the others to your profiles, or invite friends by the codes they give you.")
        found = [Invited(names[number], profile_store().taste(mine[int(number) - 1].id)) for number in there or ()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "A friend's code",
            key=_CODE,
            placeholder="abcde-fghij",
            width=220,
            max_chars=40,
            help="Ten letters and digits, from their Friends panel.",
        )
        st.button("Invite", key="night-invite", on_click=_invite, icon=":material/person_add:")
    for code in _codes():
        try:
            friend = profile_store().shared(code)
        except ProfileError as error:
            refuse(f"{code[:20]}: {error}")
            continue
        found.append(Invited(friend.name, friend.taste, code))
        st.button(
            f"{in_markdown(friend.name)} is invited",
            key=f"night-out-{code}",
            on_click=_uninvite,
            args=(code,),
            icon=":material/close:",
            help="Takes them off again.",
        )
    return _told_apart(found[:MOST_GUESTS])


def _told_apart(found: list[Invited]) -> list[Invited]:
    """Numbers members of the same name."""
    names = [each.name for each in found]
    return [
        replace(each, name=f"{each.name} {names[: place + 1].count(each.name)}") if names.count(each.name) > 1 else each
        for place, each in enumerate(found)
    ]


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
    WITH.write(tuple(dict.fromkeys([*_codes(), letters]))[:MOST_GUESTS])
    st.session_state[_CODE] = ""


def _uninvite(code: str) -> None:
    WITH.put(tuple(each for each in _codes() if each != code), unless=())


def _only() -> frozenset[int] | None:
    """Movie ids of an uploaded list or of the watchlists; None for all films."""
    catalogue = advisor().catalogue
    words = "Watchlists of the profiles of this browser, or a file with a list."
    choice = st.segmented_control(
        "Choose from", FROM, default=FROM[0], required=True, help=words, **CHOOSE_FROM.bound()
    )
    if choice == FROM[1]:
        lists = [profile_store().taste(each.id).marked("watchlist", catalogue) for each in profiles()]
        return frozenset().union(*lists)
    if choice != FROM[2]:
        return None
    file = st.file_uploader(
        "A list of films",
        ENDINGS,
        key="night-list",
        help="A watchlist or list of Letterboxd, IMDb or Trakt, or a CSV with the columns Title and Year.",
    )
    if file is None:
        return None
    try:
        found = read(FILMS, [file], "night", lists="watch")
    except ImportProblem as error:
        refuse(str(error))
        return None
    if found is None:
        return None
    lines = found.lines
    columns = [known.column for line in lines if (known := catalogue.find(line.film))]
    st.caption(f"{len(set(columns)):,} of its {len(lines):,} films are known here.")
    return frozenset(int(catalogue.films.movie_ids[column]) for column in columns)
