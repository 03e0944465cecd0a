"""The sheet of one film: the effect of each rating, measured by leaving it out, and the most similar films."""

from __future__ import annotations

import numpy as np

from aecore.recommender.profiles.taste import Taste
from aecore.recommender.serving import explain
from aecore.recommender.serving.loaded import one_thread
from aecore.recommender.serving.similar import Similar
from ui.components.film_cards import Reason, Sheet
from ui.screens.movies.cards import Cards
from ui.screens.movies.link import FILM
from ui.screens.movies.model import Advisor

SIMILAR, REASONS = 9, 12


def sheet(advisor: Advisor, taste: Taste, cards: Cards) -> Sheet | None:
    """The sheet of the film in the address; None if there is none."""
    column = opened(advisor)
    if column is None:
        return None
    reasons, about = why(advisor, taste.stars(advisor.catalogue), column)
    nearest = advisor.similar(column, SIMILAR)
    return Sheet(cards.card(column), reasons, about, cards.cards(nearest.columns), similar_words(nearest))


def similar_words(nearest: Similar) -> str:
    """What the films like a film have in common with it."""
    liked, count = nearest.by_likes, len(nearest.columns)
    if not count:
        return "Nothing is known that is like it."
    if liked is None:
        return "The films that the model considers most similar, whatever you have rated."
    genres = "has" if count - liked == 1 else "have"
    if not liked:
        return (
            "Too few of the users that the model learned from have rated it to say what else they rate highly. These "
            "have its genres and are from about its time."
        )
    said = (
        "Rated highly by the same users of those that the model learned from, measured against how highly and how "
        "often each film is rated; shared genres count for less than half. Your own ratings play no part."
    )
    if liked == count:
        return said
    return f"{said} That holds for the first {liked}; the last {count - liked} {genres} its genres and its time."


def opened(advisor: Advisor) -> int | None:
    """The column of the film in the address; None if there is none."""
    number = FILM.read()
    column = None if number is None else advisor.catalogue.films.column.get(number)
    if number is not None and column is None:
        FILM.refuse("there is no such film here")
    return column


def why(advisor: Advisor, stars: dict[int, float], column: int) -> tuple[tuple[Reason, ...], str]:
    """The effect of each rating on a film, by scoring without it; the strongest effects, and a sentence about them."""
    movie = int(advisor.catalogue.films.movie_ids[column])
    others = {each: value for each, value in stars.items() if each != movie}
    if not others:
        return (
            (),
            (
                "No other rating of yours counts towards it yet: it has the place it has for an average user. "
                "Rate other films, and you will see here what each of them does for this one."
            ),
        )
    with one_thread():
        found = explain.why(advisor.model, others, [movie])
    order, expected = found.order[:, 0], None if found.stars is None else found.stars[:, 0]
    strongest = np.argsort(-np.abs(order), kind="stable")[:REASONS]
    films = advisor.catalogue.films
    reasons = tuple(
        Reason(
            films.title(films.column[int(found.given[row])]), stars[int(found.given[row])], float(order[row]),
            "" if expected is None else _change(float(expected[row])),
        )
        for row in strongest[np.argsort(-order[strongest], kind="stable")].tolist()
    )  # fmt: skip
    rest = f" The {REASONS} strongest of {len(order):,} are shown." if len(order) > REASONS else ""
    about = (
        "Each of your ratings was left out once, and everything computed anew. The bar is what the rating "
        "does for the film's place in your list: blue lifts it, orange lowers it. Beside it is what it does "
        f"to the stars expected.{rest}"
    )
    return reasons, about


def _change(stars: float) -> str:
    return "±0 stars" if abs(stars) < 0.005 else f"{stars:+.2f} stars".replace("-", "−")
