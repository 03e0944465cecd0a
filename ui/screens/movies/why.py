"""The sheet of one film: what the user's ratings add to its score, and the most similar films."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import HIGHEST, LOWEST
from aecore.recommender.serving.explain import Explanation, Part, explain
from aecore.recommender.serving.loaded import one_thread
from aecore.recommender.serving.similar import Similar
from ui.components.film_cards import Reason, Sheet
from ui.screens.movies.cards import Cards
from ui.screens.movies.genre_words import films_of_genres
from ui.screens.movies.link import FILM
from ui.screens.movies.model import Advisor
from ui.widgets.wording import PERCENT_SIGN

SIMILAR, NAMED, LISTED = 9, 2, 6
"""Similar films; films of a group that its name names, and that the line below it lists."""
LITTLE = 0.05
"""Stars that are not worth a word in the sentence."""


def sheet(advisor: Advisor, taste: Taste, cards: Cards) -> Sheet | None:
    """The sheet of the film in the address; None if there is none."""
    column = opened(advisor)
    if column is None:
        return None
    reasons, about, note = why(advisor, taste.stars(advisor.catalogue), column)
    nearest = advisor.similar(column, SIMILAR)
    return Sheet(cards.card(column), reasons, about, note, cards.cards(nearest.columns), similar_words(nearest))


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
        "Users who rated this film highly also rated these highly, more than the films' popularity alone explains; "
        "shared genres count for less than half. Your own ratings play no part."
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


def why(advisor: Advisor, stars: dict[int, float], column: int) -> tuple[tuple[Reason, ...], str, str]:
    """What each group of ratings adds to a film's score, the largest first; a sentence; and how it is found."""
    films = advisor.catalogue.films
    movie = int(films.movie_ids[column])
    others = {each: value for each, value in stars.items() if each != movie and each in films.column}
    if not others:
        return (
            (),
            (
                "No other rating of yours counts towards it yet: it has the place it has for an average user. "
                "Rate other films, and you will see here what each of them does for this one."
            ),
            "",
        )
    with one_thread():
        found = explain(advisor.model, others, movie, advisor.film_vectors)
    whole = sum(abs(part.change) for part in found.parts) or 1.0
    reasons = tuple(
        Reason(
            name_of(part, films), listed(part, films), part.change,
            signed(part.change) if found.in_stars else signed(100 * part.change / whole, 0) + PERCENT_SIGN,
            f"Without: ★ {scaled(part.without)}" if found.in_stars else "",
        )
        for part in found.parts
    )  # fmt: skip
    if not found.in_stars:
        return reasons, "This model orders films and predicts no stars.", ORDER_BARS
    return reasons, sentence(found, films), STARS_BARS


STARS_BARS = (
    "Figures and bars are in stars: what each group of your ratings adds (blue) or takes away (orange). Together they "
    "make the whole difference from somebody who has rated nothing. “Without” is what would be expected if you had not "
    "rated the group; it can differ a little, since other ratings then count for more. The place in the list also "
    "depends on how likely users with ratings like yours are to have watched and liked the film."
)
ORDER_BARS = (
    "The bars show what each group of your ratings does for the film's score, compared with an average film: blue "
    "lifts it, orange lowers it. The figures are shares of all these changes."
)


def sentence(found: Explanation, films: Films) -> str:
    """The explanation in one sentence. Its difference is that of the two predictions as they stand in it."""
    best, worst = found.parts[0], found.parts[-1]
    change, by = found.value - found.baseline, round(tenths(found.value) - tenths(found.baseline), 1)
    expected = f"★ {scaled(found.value)} expected"
    against = f"the ★ {scaled(found.baseline)} that it would have for somebody who has rated nothing"
    lifts = f"{rating(best, films)} lifts it by {best.change:.1f}" if best.change >= LITTLE else ""
    costs = f"{rating(worst, films)} costs it {-worst.change:.1f}" if worst.change <= -LITTLE else ""
    if abs(change) < LITTLE or not by:
        told = "; ".join(each for each in (lifts, costs) if each) or "none of your ratings changes it by much"
        return f"{expected}, about {against}: {told}."
    first, second = (best, costs) if change > 0 else (worst, lifts)
    more = f"; {second}" if second else ""
    side = "more" if change > 0 else "less"
    return (
        f"{expected}, {abs(by):.1f} {side} than {against}: above all because of your "
        f"ratings of {given(first, films)}{more}."
    )


def rating(part: Part, films: Films) -> str:
    """'Rating Heat (4½) and Alien (4)', as the subject of a sentence."""
    return f"rating {given(part, films)}"


def given(part: Part, films: Films) -> str:
    """'Heat (4½), Alien (4) and 3 other crime films': those that count most, with their stars."""
    named = [f"{_title(movie, films)} ({halves(stars)})" for movie, stars in zip(part.films, part.stars, strict=True)]
    return _joined(named, part, films)


def name_of(part: Part, films: Films) -> str:
    """'Heat, Alien and 3 other crime films'."""
    return _joined([_title(movie, films) for movie in part.films], part, films)


def listed(part: Part, films: Films) -> str:
    """'Heat 4½ · Alien 4 · …': the ratings of a group of two or more; the stars alone of a single film."""
    if len(part.films) == 1:
        return f"★ {halves(part.stars[0])}"
    names = [f"{_title(movie, films)} {halves(stars)}" for movie, stars in zip(part.films, part.stars, strict=True)]
    rest = len(names) - LISTED
    return " · ".join([*names[:LISTED], *([f"and {rest} more"] if rest > 0 else [])])


def _joined(names: Sequence[str], part: Part, films: Films) -> str:
    rest = len(names) - NAMED
    if rest <= 0:
        return " and ".join(names)
    shared = films.genres[[films.column[movie] for movie in part.films]].all(0)
    kind = films_of_genres([name for name, is_shared in zip(films.genre_names, shared, strict=True) if is_shared], rest)
    one = f"another {kind}" if kind else "one more"
    more = f"{rest} other {kind}" if kind else f"{rest} more"
    return f"{', '.join(names[:NAMED])} and {one if rest == 1 else more}"


def _title(movie: int, films: Films) -> str:
    return films.titles[films.column[movie]]


def shown(stars: float) -> str:
    """Predicted stars as cards show them: within 0.5 and 5, with one decimal."""
    return f"{min(HIGHEST, max(LOWEST, stars)):.1f}"


def scaled(stars: float) -> str:
    """Predicted stars as cards show them; where the scale has cut them, also what they were."""
    whole = f"{tenths(stars):.1f}".replace("-", "−")
    return whole if whole == shown(stars) else f"{shown(stars)} ({whole}, cut at the end of the scale)"


def tenths(stars: float) -> float:
    """Predicted stars with one decimal, also beyond the scale."""
    return round(stars, 1) + 0.0  # no −0.0


def halves(stars: float) -> str:
    """4.5 -> '4½', 0.5 -> '½'."""
    whole, half = int(stars), "½" if np.isclose(stars % 1, 0.5) else ""
    return f"{whole or ''}{half}" or "0"


def signed(value: float, decimals: int = 2) -> str:
    """+0.31, −0.20, ±0.00."""
    text = f"{abs(value):.{decimals}f}"
    return f"±{text}" if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"
