"""What the Movies page asks before it shows."""

from __future__ import annotations

from typing import Any

from aecore.predictions.schema import Choice, Curve, Given, Number, Prediction, Truth
from ui.app.url_state import query_of
from ui.screens.movies.link import GIVEN, VIEW
from ui.widgets.wording import percent

ABOUT = "About"
FIGURES = ".st-key-recommender-figures"
USUAL = GIVEN.default
FEW, MANY = "5", "20"
COUNTS = (5, 10, 20)

RANKINGS = {
    "hybrid": "This page's: what autoencoders and a linear model find likely to be liked",
    "item-knn": "By films that the same users rated alike",
    "popularity": "By popularity, the same for everybody",
    "bias": "By predicted stars: the film's average, moved by the user's",
}
SAME = 0.01
CHANGES = ("It rises", f"It stays the same, give or take {percent(SAME, 0)}", "It falls")


def _figures() -> dict[str, dict[str, dict[str, Any]]]:
    """Model -> ratings given -> its figures, as the page shows them."""
    from aecore.recommender import load

    return load().facts["figures"]


def _own() -> str:
    from aecore.recommender import load

    return load().model.name


def _off_by(given: Given) -> Truth:
    figures = _figures()
    row, simple = figures[_own()][USUAL], figures["bias"][USUAL]
    return Truth(
        round(row["rmse"], 3),
        f"**{row['rmse']:.3f} stars**, over {row['people']} users who had no part in the training, with {USUAL} "
        f"ratings of each given. Nothing but the averages of the film and the user is off by {simple['rmse']:.3f}.",
    )


def _worst(given: Given) -> Truth:
    figures = _figures()
    values = {name: figures[name][USUAL]["ndcg"] for name in RANKINGS}
    worst, best = (pick(values, key=values.__getitem__) for pick in (min, max))
    others = ", ".join(f"{values[name]:.3f}" for name in values if name not in (worst, best))
    return Truth(
        list(RANKINGS).index(worst),
        f"**{RANKINGS[worst]}**: an NDCG@10 of {values[worst]:.3f}. The best of the four reaches {values[best]:.3f}, "
        f"the others {others}; {figures[worst][USUAL]['people']} users, {USUAL} ratings of each given.",
    )


def _more(given: Given) -> Truth:
    rows = _figures()[_own()]
    values = [rows[str(count)]["rmse"] for count in COUNTS]
    people = sorted({rows[str(count)]["people"] for count in COUNTS})
    figures = ", ".join(f"**{value:.3f}** with {count}" for count, value in zip(COUNTS, values, strict=True))
    change = values[-1] / values[0] - 1
    return Truth(
        tuple(round(value, 3) for value in values),
        f"Off by, in stars: {figures} ratings given. That is {percent(abs(change), 0)} "
        f"{'less' if change < 0 else 'more'} from the first to the last; {' to '.join(map(str, people))} users who "
        "had no part in the training.",
    )


def _popularity(given: Given) -> Truth:
    rows = _figures()["popularity"]
    few, many = rows[FEW]["ndcg"], rows[MANY]["ndcg"]
    change = many / few - 1
    return Truth(
        1 if abs(change) <= SAME else 0 if change > 0 else 2,
        f"**{few:.3f}** with {FEW} ratings given, **{many:.3f}** with {MANY}. The films given are no longer there to "
        f"be recommended; {rows[FEW]['people']} users in the first test, {rows[MANY]['people']} in the second.",
    )


PREDICTIONS = (
    Prediction(
        "movies-off-by",
        "movies",
        f"The page predicts how many stars you would give a film, from half a star to five. It knows {USUAL} ratings "
        "of somebody whom it has never met. How many stars is it typically off by (root mean squared error)?",
        Number(0, 2.5, 0.05, "stars"),
        query_of((VIEW, ABOUT), (GIVEN, USUAL)),
        FIGURES,
        "From a system that recommends so well one expects a quarter or half a star. But stars also hold a mood, an "
        "evening and a habit of giving them, which no model can know. Most of what can be predicted is how good the "
        "film is on average and how generous you are.",
        _off_by,
    ),
    Prediction(
        "movies-worst-ranking",
        "movies",
        f"Users showed {USUAL} of their ratings; the films that they liked among all others should come first. One of "
        "these rankings did worst, by NDCG@10, which asks what is in the first ten places. Which?",
        Choice(tuple(RANKINGS.values())),
        query_of((VIEW, ABOUT), (GIVEN, USUAL)),
        FIGURES,
        "What could be better than to recommend the films with the most predicted stars? But high averages belong "
        "to obscure films that a few fans have rated, and hardly anybody watches those. To predict stars well and to "
        "find what somebody will like are two tasks.",
        _worst,
    ),
    Prediction(
        "movies-more-ratings",
        "movies",
        f"Draw how many stars the predictions of this page are off by (root mean squared error) if {COUNTS[0]}, "
        f"{COUNTS[1]} or {COUNTS[2]} ratings of a user are known to it.",
        Curve(COUNTS, "ratings given", 0, 1.5, "off by, in stars"),
        query_of((VIEW, ABOUT), (GIVEN, FEW)),
        FIGURES,
        "Four times as many ratings should make it far more exact, it seems. But the first few already tell how "
        "generous somebody is, one rating says little about the next film, and people do not give stars like "
        "clockwork. So the curve is nearly flat.",
        _more,
    ),
    Prediction(
        "movies-popularity",
        "movies",
        f"“Popularity” ignores ratings: it has the same list for everybody. It is tested with {FEW} and with {MANY} "
        "ratings of each user given. How does its NDCG@10 (what is liked among its first ten) change?",
        Choice(CHANGES),
        query_of((VIEW, ABOUT), (GIVEN, FEW)),
        FIGURES,
        "A list that takes no notice of ratings should do as well with many as with few. But a film that somebody has "
        "rated is not recommended again, and people have rated the popular ones. The more are given, the fewer are "
        "left to be found: figures of different tests cannot be compared.",
        _popularity,
    ),
)
