"""Why a film stands where it does, if the stars beside it do not say so: found by comparing neighbours in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aecore.datasets.uploads.base import count_of
from aecore.recommender.models.base import Recommender, Scores
from aecore.recommender.models.hybrid import Hybrid, stars_bonus
from aecore.recommender.serving.catalogue import Catalogue
from ui.components.film_cards import Card

CLEAR = 0.2
"""Predicted stars by which a film must pass the one before it, for a reader to wonder about the order."""
SELDOM = 0.5
"""A film is seldom seen beside another if so large a part of that one's users have rated it, or fewer."""


def likes_of(model: Recommender, scores: Scores) -> np.ndarray:
    """(F,) the order without what the predicted stars add to it, from likes alone."""
    order = scores.order[0]
    if not isinstance(model, Hybrid) or scores.stars is None:
        return order
    return order - model.settings.stars_weight * stars_bonus(scores, model.settings.dislike_weight)[0]


def with_reasons(
    cards: Sequence[Card],
    columns: Sequence[int],
    scores: Scores,
    catalogue: Catalogue,
    is_own: bool,
    likes: np.ndarray | None = None,
) -> tuple[Card, ...]:
    """The cards of a list, in its order; those that stand before or after a film against the order of stars say why.

    is_own: whether ratings of the user have made the order. likes: (F,) see `likes_of`, the whole order if None.
    """
    likes = scores.order[0] if likes is None else likes
    out = list(cards)
    pairs = list(zip(columns, columns[1:], strict=False))
    for place, (first, second) in enumerate(pairs):
        here, there = cards[place].guess, cards[place + 1].guess
        if here is None or there is None or round(there - here, 6) < CLEAR:
            continue
        by_dial = scores.order[0, first] < scores.order[0, second]
        above = "Here by your dial" if by_dial else _above(first, second, catalogue, is_own)
        below = _below(first, second, catalogue, by_dial, is_own)
        if not by_dial and likes[first] < likes[second]:  # its stars are fewer, and yet count for more
            above, below = "More certain to be liked", "less certain to be liked"
        if above and not out[place].note:
            out[place] = replace(out[place], note=above)
        if below:
            out[place + 1] = replace(out[place + 1], note=f"★ {there:.1f}, but {below}")
    return tuple(out)


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
