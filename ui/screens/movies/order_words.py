"""Why a film stands where it does, if the stars beside it do not say so: another one below it has clearly more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aecore.datasets.uploads.base import count_of
from aecore.recommender.models.base import Scores
from aecore.recommender.serving.catalogue import Catalogue
from ui.components.film_cards import Card
from ui.screens.movies.cards import Cards

CLEAR = 0.2
"""Predicted stars by which a film must pass one above it, for a reader to wonder about the order."""
SELDOM = 0.5
"""A film is seldom seen beside another if so large a part of that one's users have rated it, or fewer."""


def in_order(cards: Cards, columns: Sequence[int]) -> tuple[Card, ...]:
    """The cards of a list of recommendations; those most out of the order of stars say why."""
    films = cards.cards(columns)
    if cards.scores is None:
        return films
    likes = likes_of(cards.scores)
    return with_reasons(films, columns, cards.scores, cards.catalogue, cards.is_own, likes)


def likes_of(scores: Scores) -> np.ndarray:
    """(F,) the order without what the predicted stars add to it, from likes alone."""
    return scores.order[0] if scores.likes is None else scores.likes[0]


def with_reasons(
    cards: Sequence[Card],
    columns: Sequence[int],
    scores: Scores,
    catalogue: Catalogue,
    is_own: bool,
    likes: np.ndarray | None = None,
) -> tuple[Card, ...]:
    """The cards of a list, in its order. Each film is held against the one below it with the most stars: where that has
    clearly more, it says why it stands there, and of those above it the one with the fewest stars says why, too.

    is_own: whether ratings of the user have made the order. likes: (F,) see `likes_of`, the whole order if None.
    """
    likes = scores.order[0] if likes is None else likes
    out, passed = list(cards), _passed([each.guess for each in cards])
    for better in set(passed.values()):
        fewest = min((each for each in passed if passed[each] == better), key=lambda each: cards[each].guess or 0)
        above, below = _reasons(columns[fewest], columns[better], scores, catalogue, is_own, likes)
        if above:
            out[fewest] = replace(out[fewest], note=above)
        if below:
            out[better] = replace(out[better], note=f"★ {cards[better].guess:.1f}, but {below}")
    return tuple(out)


def _passed(stars: Sequence[float | None]) -> dict[int, int]:
    """Place of a film -> the place below it of the film with the most stars, where that has clearly more."""
    found: dict[int, int] = {}
    best: int | None = None
    for place in range(len(stars) - 1, -1, -1):
        here = stars[place]
        if here is None:
            continue
        most = None if best is None else stars[best]
        if best is not None and most is not None and round(most - here, 6) >= CLEAR:
            found[place] = best
        if most is None or here >= most:
            best = place
    return found


def _reasons(
    first: int, second: int, scores: Scores, catalogue: Catalogue, is_own: bool, likes: np.ndarray
) -> tuple[str, str]:
    """Why a film stands before another one with more stars, and the other after it."""
    by_dial = scores.order[0, first] < scores.order[0, second]
    if not by_dial and likes[first] < likes[second]:  # its stars are fewer, and yet count for more
        return "More certain to be liked", "less certain to be liked"
    above = "Here by your dial" if by_dial else _above(first, second, catalogue, is_own)
    return above, _below(first, second, catalogue, by_dial, is_own)


def _above(first: int, second: int, catalogue: Catalogue, is_own: bool) -> str:
    """Why a film stands before one with more stars."""
    if is_own:
        return "Liked more often by users with your taste"
    return "Liked by more people" if catalogue.popularity[first] > catalogue.popularity[second] else ""


def _below(first: int, second: int, catalogue: Catalogue, by_dial: bool, is_own: bool) -> str:
    """Why a film stands after one with fewer stars, as the end of a sentence."""
    if by_dial:
        return "your dial puts others first"
    raters = catalogue.details.raters_of(second)
    if raters and raters <= SELDOM * catalogue.details.raters_of(first):
        return f"seldom seen: rated by {count_of(raters, 'user')}"
    if not raters and catalogue.popularity[second] <= SELDOM * catalogue.popularity[first]:
        return "seldom seen"
    return "liked less often by users with your taste" if is_own else ""
