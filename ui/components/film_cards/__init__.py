"""Cards of films, to rate, search and recommend.

The user's clicks are returned as actions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from ui.components.film_cards.adding import CatalogueWords, NewFilm, new_film
from ui.components.mount import mount

_mount = mount("film-cards")
MOST_ACTIONS = 500
"""Maximum number of actions read from one message; a user makes a few before the server receives them."""


@dataclass(frozen=True)
class Guest:
    """The prediction of a film for one member of a group.

    stars: predicted, or None; seen: whether they have seen it. key: by which the user vetoes in their name, "" where
    they may not.
    """

    name: str
    stars: float | None
    seen: bool = False
    key: str = ""


@dataclass(frozen=True)
class Card:
    """A film as the browser shows it.

    id: its id in actions. stars: given by the user; guess, spread: predicted stars and their standard deviation;
    likely: the stars between which a rating probably lies. tags: those that users gave it; raters: how many users
    rated it, 0 if unknown.
    """

    id: int
    title: str
    year: int
    genres: tuple[str, ...]
    imdb: int
    tmdb: int
    stars: float | None = None
    marks: tuple[str, ...] = ()
    guess: float | None = None
    spread: float | None = None
    likely: str = ""
    note: str = ""
    who: tuple[Guest, ...] = ()
    tags: tuple[str, ...] = ()
    raters: int = 0


@dataclass(frozen=True)
class Against:
    """Somebody who has vetoed a film. key: by which the user takes it back for them, "" where they may not."""

    name: str
    key: str = ""


@dataclass(frozen=True)
class Vetoed:
    """A film that is off the list of a group."""

    film: int
    title: str
    who: tuple[Against, ...]


@dataclass(frozen=True)
class Person:
    """A profile of the browser. key: its number; on: whether the list is theirs."""

    key: str
    name: str
    on: bool


@dataclass(frozen=True)
class Section:
    """Films under a heading.

    kind: decides their buttons; empty: replaces `about` if there are no films.
    more: whether to offer "Show more"; other: whether to offer "Other films". vetoed: of a group's list.
    """

    key: str
    kind: Literal["rate", "recommend", "mine", "group"]
    title: str
    about: str
    films: tuple[Card, ...]
    look: Literal["poster", "row"] = "poster"
    more: bool = False
    other: bool = False
    empty: str = ""
    vetoed: tuple[Vetoed, ...] = ()


@dataclass(frozen=True)
class Reason:
    """A group of the user's ratings and its effect on a film.

    title: the group; films: its films and their stars, in words; change: length and side of the bar; words: the
    change as a figure; note: more about it.
    """

    title: str
    films: str
    change: float
    words: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """The sheet of one film. why_about: the reasons in one sentence; why_note: how they were found."""

    film: Card
    why: tuple[Reason, ...]
    why_about: str
    why_note: str
    similar: tuple[Card, ...]
    similar_about: str


@dataclass(frozen=True)
class Screen:
    """Everything on the component.

    layout: "two" puts the first section beside the second. found: the query and the films found.
    undo: the action to undo, "" for none yet, None if undo is not offered.
    said: a sentence about an error. tmdb_key: for posters, "" for none. people: whose list it may be. catalogue: what
    is searched, in words.
    """

    sections: tuple[Section, ...]
    layout: Literal["one", "two"] = "one"
    search: bool = False
    found: tuple[str, tuple[Card, ...]] | None = None
    sheet: Sheet | None = None
    undo: str | None = None
    said: str = ""
    tmdb_key: str = ""
    people: tuple[Person, ...] = ()
    catalogue: CatalogueWords | None = None


@dataclass(frozen=True)
class Action:
    """An action of the user.

    kind: "rate", "mark", "undo", "open", "close", "more", "other", "veto", "person", "add" or "found"; number:
    increases with every action. who: the key of who vetoes, or of the person whose list is wanted. new: the film that
    is added, or what TMDb says one is.
    """

    number: float
    kind: str
    film: int = 0
    stars: float | None = None
    mark: str = ""
    on: bool = True
    section: str = ""
    who: str = ""
    new: NewFilm | None = None


def film_cards(
    screen: Screen, key: str, on_done: Callable[[], None], on_query: Callable[[], None] | None = None
) -> None:
    """Shows the films.

    `on_done` runs after actions, which `take_actions` returns; `searched` returns the query.
    """
    data = _packed(screen) | {"heard": heard(key)}
    _mount(
        key=key,
        data=data,
        default={"done": None, "query": ""},
        on_done_change=on_done,
        on_query_change=on_query or _nothing,
    )


def take_actions(key: str) -> list[Action]:
    """The actions since the last call, in order; each is returned once,
    even if the browser repeats it.
    """
    said = _said(key, "done")
    listed = said.get("actions") if hasattr(said, "get") else None
    before = heard(key)
    found = [
        action for each in list(listed or ())[:MOST_ACTIONS] if (action := _action(each)) and action.number > before
    ]
    found.sort(key=lambda action: action.number)
    if found:
        st.session_state[f"{key}-heard"] = found[-1].number
    return found


def heard(key: str) -> float:
    """The number of the last action that `take_actions` returned."""
    return st.session_state.get(f"{key}-heard", 0)


def searched(key: str) -> str:
    """The text in the search field."""
    text = _said(key, "query")
    return text[:120].strip() if isinstance(text, str) else ""


def _packed(screen: Screen) -> dict[str, Any]:
    sheet = screen.sheet
    return {
        "sections": [asdict(each) for each in screen.sections], "layout": screen.layout, "search": screen.search,
        "undo": screen.undo, "said": screen.said, "people": [asdict(each) for each in screen.people],
        "found": screen.found and {"text": screen.found[0], "films": [asdict(each) for each in screen.found[1]]},
        "catalogue": screen.catalogue and asdict(screen.catalogue), "tmdbKey": screen.tmdb_key, "open": sheet and {
            "film": asdict(sheet.film), "why": [asdict(each) for each in sheet.why], "whyAbout": sheet.why_about,
            "whyNote": sheet.why_note, "similar": [asdict(each) for each in sheet.similar],
            "similarAbout": sheet.similar_about,
        },
    }  # fmt: skip


def _action(said: Any) -> Action | None:
    """An action from the browser's message; None if it is invalid."""
    if not hasattr(said, "get"):
        return None
    number, kind, film, stars = (said.get(name) for name in ("n", "kind", "film", "stars"))
    if (
        not _is_number(number)
        or not isinstance(kind, str)
        or not (film is None or _is_number(film))
        or not (stars is None or _is_number(stars))
    ):
        return None
    return Action(
        number,
        kind,
        int(film or 0),
        stars,
        str(said.get("mark") or ""),
        bool(said.get("on", True)),
        str(said.get("section") or ""),
        str(said.get("who") or ""),
        new_film(said.get("new")),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _said(key: str, name: str) -> Any:
    return (st.session_state.get(key) or {}).get(name)


def _nothing() -> None:
    return None
