"""What a link to the Movies page opens, by what its address holds now."""

from __future__ import annotations

from aecore.datasets.uploads.base import count_of
from ui.app.address import Refused
from ui.app.links import MODEL
from ui.app.url_state import Param
from ui.screens.movies.link import (
    AGAIN,
    CHOOSE_FROM,
    CIRCLED,
    FILM,
    GENRES,
    GIVEN,
    HAS,
    NIGHT,
    ON_MAP,
    ONLY_MINE,
    ORDER,
    POPULARITY_NOVELTY,
    RULE,
    SHOW,
    SHOWN_LIST,
    THERE,
    VIEW,
    WHO,
    WITH,
    WITHOUT,
    YEARS,
)

WORDS: tuple[tuple[tuple[Param, ...], str], ...] = (
    ((POPULARITY_NOVELTY,), "the dial as it is set"),
    ((GENRES, WITHOUT, YEARS), "the filters as they are set"),
    ((SHOW,), "as many recommendations"),
    ((FILM,), "the film that is open"),
    ((MODEL,), "the recommender"),
    ((ON_MAP, ONLY_MINE), "which films are on the map"),
    ((CIRCLED,), "the films circled on the map"),
    ((SHOWN_LIST, ORDER), "which list of *My ratings* is shown, and in what order"),
    ((HAS,), "the letters that titles must have in *My ratings*"),
    ((RULE,), "the rule of the film night"),
    ((AGAIN,), "whether the film night has films that some have seen"),
    ((CHOOSE_FROM,), "from which films the film night chooses, but no file"),
    ((GIVEN,), "how many ratings the figures of *About* are for"),
)
"""Parameters, and what a link with any of them opens. THERE, WHO, WITH and NIGHT have sentences of their own."""


def link_says() -> str:
    """What opens with the link, and what stays with who sends it."""
    held = [f"the panel *{VIEW.read()}*"]
    held += [words for params, words in WORDS if any(_holds(each) for each in params)]
    if THERE.is_there:
        held.append(
            "the names of the profiles that watch" if THERE.text else "that nobody of the browser that opens it watches"
        )
    if _holds(WHO):
        held.append(f"profile number {WHO.read()} of the browser that opens it")
    names = " and ".join(filter(None, [", ".join(held[:-1]), held[-1]]))
    friends = len(WITH.read()) if _holds(WITH) else 0
    shared = (
        f" It holds {count_of(friends, 'code')} of friends, and so shows their names and what would suit them."
        if friends
        else ""
    )
    if _holds(NIGHT) and (night := NIGHT.read()):
        shared += f" It holds the code {night} of a film night: under *Friends*, anyone who opens it can join."
    return (
        f"The link opens {names}. Films are recommended by the ratings of the person who opens it: yours, your lists, "
        f"what you type into the search and a key of TMDb are not in it.{shared}"
    )


def _holds(param: Param) -> bool:
    """Whether the address names it with a text that counts."""
    if not param.is_there:
        return False
    if param in (GENRES, WITHOUT, YEARS):  # which genres there are depends on the recommender; years are two texts
        return bool(param.text)
    try:
        param.kind.read([param.text])
    except Refused:
        return False
    return True
