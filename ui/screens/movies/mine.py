"""The My ratings panel: all ratings and marks, to browse, change, undo and export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from aecore.foreign import in_table
from aecore.recommender.profiles.exports import list_csv, own_json, ratings_csv
from aecore.recommender.profiles.film import film_at
from aecore.recommender.profiles.taste import Entry, Taste
from aecore.recommender.ratings.films import plain
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import recommend
from ui.components.film_cards import Screen, Section, film_cards, take_actions
from ui.screens.movies.adding import identify
from ui.screens.movies.cards import Cards, columns_of, day
from ui.screens.movies.link import COUNTED, HAS, KINDS, ORDER, ORDERS, SHOWN_LIST, Counted
from ui.screens.movies.model import advisor
from ui.screens.movies.posters import poster_key
from ui.screens.movies.visitor import act, last_action, profile, profile_store, said, taste
from ui.screens.movies.whose import people
from ui.screens.movies.why import sheet

KEY = "films-mine"
SORTS: dict[str, Callable[[Entry], Any]] = dict(zip(ORDERS, (
    lambda each: -each.when, lambda each: -(each.stars or 0), lambda each: each.stars or 0,
    lambda each: plain(each.film.title), lambda each: -each.film.year,
), strict=True))  # fmt: skip
SHOWN, HISTORY, LIST = 60, 40, 50


def mine_panel() -> None:
    """Shows the lists of films, exports and history."""
    mine, catalogue = taste(), advisor().catalogue
    if not mine.entries:
        st.info(
            "Nothing is rated yet. Rate films under Recommendations, or bring your ratings along under Import.",
            icon=":material/movie:",
        )
    title = _titles(mine)
    with st.container(horizontal=True, vertical_alignment="bottom", key="mine-choice"):
        kind = st.segmented_control(
            "Show", tuple(KINDS), default="Rated", required=True, format_func=title,
            **SHOWN_LIST.among(Counted(tuple(KINDS), title), "Rated").bound(),
            help="Films with stars, those you want to see, those that are never recommended, and those without stars.",
        )  # fmt: skip
        order = st.selectbox("Order", tuple(SORTS), width=190, help="How the films are sorted.", **ORDER.bound())
        search = st.text_input(
            "Title has", width=220, help="Only films with these letters in their title.", **HAS.bound()
        )
    found = sorted(
        (each for each in mine.entries if _is_kind(each, kind) and plain(search) in plain(each.film.title)),
        key=SORTS[order],
    )
    _show(found, kind or "Rated", mine, catalogue)
    left, right = st.columns(2, gap="large")
    with left:
        _files(mine, catalogue)
    with right:
        _history()


def _show(found: list[Entry], kind: str, mine: Taste, catalogue: Catalogue) -> None:
    stars = mine.stars(catalogue)
    cards = Cards(catalogue, mine, advisor().scores(stars))
    count = st.session_state.setdefault("films-mine-shown", SHOWN)
    shown = tuple(cards.of_entry(each, _note(each)) for each in found[:count])
    about = (
        "Click other stars to change them, the same ones to take them away."
        if kind == "Rated"
        else "Give stars, and a film moves to those rated."
    )
    section = Section(
        "mine",
        "mine",
        f"{len(found):,} film{'s' if len(found) != 1 else ''}",
        about,
        shown,
        "row",
        more=len(found) > count,
        empty="No film here.",
    )
    film_cards(
        Screen(
            (section,),
            sheet=sheet(advisor(), mine, cards),
            undo=last_action(),
            said=said(),
            tmdb_key=poster_key(),
            people=people(),
        ),
        KEY,
        on_done=_done,
    )


def _done() -> None:
    actions = take_actions(KEY)
    identify([each for each in actions if each.kind == "found"], advisor().catalogue)
    for action in actions:
        if action.kind == "more":
            st.session_state["films-mine-shown"] += SHOWN
        elif action.kind != "found":
            act(action, advisor().catalogue)


def _files(mine: Taste, catalogue: Catalogue) -> None:
    st.subheader("Take them with you", anchor=False)
    st.caption(
        "Letterboxd takes the first two at letterboxd.com/import. The last holds everything, "
        "and comes back whole under Import."
    )
    me = profile()
    name = me.name if me else "me"
    files = (
        ("Ratings, CSV", lambda: ratings_csv(mine), "ratings.csv", "text/csv"),
        (
            f"First {LIST} recommendations, CSV",
            lambda: list_csv(_best(mine, catalogue)),
            "recommendations.csv",
            "text/csv",
        ),
        ("Everything, JSON", lambda: own_json(name, mine), "films.json", "application/json"),
    )
    with st.container(horizontal=True):
        for label, content, file, kind in files:
            st.download_button(
                label, content, file, kind, key=f"mine-{file}", on_click="ignore", icon=":material/download:"
            )


def _best(mine: Taste, catalogue: Catalogue) -> list:
    picks = recommend(advisor().scores(mine.stars(catalogue)), catalogue, None, mine.done_with(catalogue), LIST)
    return [film_at(catalogue.films, column) for column in columns_of(picks)]


def _history() -> None:
    me = profile()
    done = profile_store().history(me.id, HISTORY) if me else []
    st.subheader("What was done", anchor=False)
    if not done:
        st.caption("Nothing yet. Whatever you do here can be taken back, step by step.")
        return
    st.caption("Undo takes the latest step back, then the one before; an import is one step.")
    rows = [
        {"When": day(each.moment), "What": in_table(each.about), "Taken back": "yes" if each.undone else ""}
        for each in done
    ]
    st.dataframe(rows, hide_index=True, height=min(38 + 35 * len(rows), 320), key="mine-history")


def _note(entry: Entry) -> str:
    date = day(entry.when)
    marks = ", ".join(sorted(entry.marks))
    return " · ".join(filter(None, [f"since {date}" if date else "", marks]))


def _is_kind(entry: Entry, kind: str | None) -> bool:
    mark = KINDS[kind or "Rated"]
    return entry.stars is not None if mark is None else mark in entry.marks


def _titles(mine: Taste) -> Callable[[str], str]:
    return lambda kind: f"{kind}{COUNTED}{_count(mine, kind)}"


def _count(mine: Taste, kind: str) -> str:
    return f"{sum(_is_kind(each, kind) for each in mine.entries):,}"
