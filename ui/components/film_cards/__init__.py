"""Cards of films: to rate with one click, to find by typing, to be recommended.

What is done on them comes back as actions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from ui.components.mount import mount

_mount = mount("film-cards")
MOST_ACTIONS = 500
"""Actions of one message that are looked at; a person makes a few before the server has heard them."""


@dataclass(frozen=True)
class Guest:
    """What somebody of a group is expected to think of a film.

    stars: None if that is not known; seen: they know it already.
    """

    name: str
    stars: float | None
    seen: bool = False


@dataclass(frozen=True)
class Card:
    """A film as the browser shows it.

    id: names it in actions. stars: given by the visitor; guess, spread: expected; sure: that in words.
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
    sure: str = ""
    note: str = ""
    who: tuple[Guest, ...] = ()


@dataclass(frozen=True)
class Section:
    """Films under a heading.

    kind: which buttons they have; empty: what is said in place of `about` when there are none.
    more: whether "Show more" is offered; other: whether "Other films" is.
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


@dataclass(frozen=True)
class Reason:
    """One of the visitor's ratings, and what it does for a film: change sets the length of its bar, words say it."""

    title: str
    stars: float
    change: float
    words: str


@dataclass(frozen=True)
class Sheet:
    """A film close up."""

    film: Card
    why: tuple[Reason, ...]
    why_about: str
    similar: tuple[Card, ...]
    similar_about: str


@dataclass(frozen=True)
class Screen:
    """Everything on the component.

    layout: "two" puts the first section beside the second. found: what was searched, and the films.
    undo: what would be taken back, "" for nothing yet, None where it is not offered.
    said: a sentence about what could not be done. tmdb_key: for posters, "" for none.
    cookie: name, value and seconds of the cookie by which the browser knows its visitor again.
    """

    sections: tuple[Section, ...]
    layout: Literal["one", "two"] = "one"
    search: bool = False
    found: tuple[str, tuple[Card, ...]] | None = None
    sheet: Sheet | None = None
    undo: str | None = None
    said: str = ""
    tmdb_key: str = ""
    cookie: tuple[str, str, int] | None = None


@dataclass(frozen=True)
class Action:
    """What the visitor did.

    kind: "rate", "mark", "undo", "open", "close", "more" or "other"; number: rises with every action.
    """

    number: float
    kind: str
    film: int = 0
    stars: float | None = None
    mark: str = ""
    on: bool = True
    section: str = ""


def film_cards(
    screen: Screen, key: str, on_done: Callable[[], None], on_query: Callable[[], None] | None = None
) -> None:
    """Shows the films.

    `on_done` runs after actions: there `take_actions` says which; `searched` says what is looked for.
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
    """What has been done since the last call, in order; each action is told once,
    however often the browser repeats it.
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
    """The number of the last action that was taken."""
    return st.session_state.get(f"{key}-heard", 0)


def searched(key: str) -> str:
    """What has been typed into the search field."""
    text = _said(key, "query")
    return text[:120].strip() if isinstance(text, str) else ""


def _packed(screen: Screen) -> dict[str, Any]:
    sheet = screen.sheet
    return {
        "sections": [asdict(each) for each in screen.sections], "layout": screen.layout, "search": screen.search,
        "undo": screen.undo, "said": screen.said,
        "found": screen.found and {"text": screen.found[0], "films": [asdict(each) for each in screen.found[1]]},
        "tmdbKey": screen.tmdb_key, "open": sheet and {
            "film": asdict(sheet.film), "why": [asdict(each) for each in sheet.why], "whyAbout": sheet.why_about,
            "similar": [asdict(each) for each in sheet.similar], "similarAbout": sheet.similar_about,
        },
        "cookie": screen.cookie and dict(zip(("name", "value", "seconds"), screen.cookie, strict=True)),
    }  # fmt: skip


def _action(said: Any) -> Action | None:
    """An action as the browser tells it; None for what makes no sense."""
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
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _said(key: str, name: str) -> Any:
    return (st.session_state.get(key) or {}).get(name)


def _nothing() -> None:
    return None
