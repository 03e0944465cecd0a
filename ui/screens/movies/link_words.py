"""What a link to the Movies page opens, by what its address holds now."""

from __future__ import annotations

from aecore.datasets.uploads.base import count_of
from ui.app.links import MODEL
from ui.screens.movies.link import (
    CIRCLED,
    FILM,
    GENRES,
    HAS,
    POPULARITY_NOVELTY,
    RULE,
    THERE,
    VIEW,
    WHO,
    WITH,
    WITHOUT,
    YEARS,
)


def link_says() -> str:
    """What opens with the link, and what stays with who sends it."""
    held = [f"the panel *{VIEW.read()}*"]
    if POPULARITY_NOVELTY.is_there or any(each.is_there for each in (GENRES, WITHOUT, YEARS)):
        held.append("the dial and the filters as they are set")
    if FILM.is_there:
        held.append("the film that is open")
    if MODEL.is_there:
        held.append("the recommender")
    if CIRCLED.is_there:
        held.append("the films circled on the map")
    if HAS.is_there:
        held.append("the letters that titles must have in *My ratings*")
    if RULE.is_there or THERE.is_there:
        held.append("the rule of the film night and the names of those who are there")
    if WHO.is_there:
        held.append(f"profile number {WHO.read()} of the browser that opens it")
    names = " and ".join(filter(None, [", ".join(held[:-1]), held[-1]]))
    friends = len(WITH.read())
    shared = (
        f" It holds {count_of(friends, 'code')} of friends, and so shows their names and what would suit them."
        if friends
        else ""
    )
    return (
        f"The link opens {names}. Films are recommended by the ratings of the person who opens it: yours, your lists, "
        f"what you type into the search and a key of TMDb are not in it.{shared}"
    )
