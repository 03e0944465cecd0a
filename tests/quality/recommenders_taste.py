"""The built-in recommender: what dislikes change in its order, and whether the ranges on the cards hold."""

from __future__ import annotations

from statistics import fmean

import numpy as np

from aecore.recommender.evaluation.intervals import bootstrap
from aecore.recommender.evaluation.metrics import RankFigures, given_and_rest, rank_figures
from aecore.recommender.models.base import Recommender
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.loaded import ASSETS, open_folder
from aecore.recommender.training.builtin import DRAWS
from tests.quality.parts import Figures, Part, Row
from tests.quality.recommenders import GIVEN, latest_small, trained

RANGED = (*GIVEN, 50)
LESS = 1 / 3
"""The share of disliked films in the top ten that should go."""


def _held_out() -> tuple[Recommender, Ratings, Ratings]:
    """The built-in recommender, the users it has not seen, and those it was trained on."""
    loaded = open_folder(ASSETS)
    ratings, _ = latest_small()
    held = np.isin(ratings.user_ids, loaded.facts["held_out_people"])
    return loaded.model, ratings.take_users(np.flatnonzero(held)), ratings.take_users(np.flatnonzero(~held))


def _drawn(model: Recommender, users: Ratings, count: int) -> list[RankFigures]:
    return [rank_figures(model, *given_and_rest(users, count, draw)) for draw in range(DRAWS)]


def with_dislikes(count: int) -> Figures:
    """The built-in recommender against the same weights ordered by likes alone, for the same users and draws."""
    model, users, others = _held_out()
    after = _drawn(model, users, count)
    model.settings = model.settings.replace(stars_weight=0.0)
    before = _drawn(model, users, count)
    plain = _drawn(trained("popularity")(others, latest_small()[1]), users, count)
    ids = [each.user_ids for each in after]
    found: Figures = {"popularity": fmean(each.disliked for each in plain)}
    for name, each in (("ndcg", "ndcgs"), ("disliked", "dislikes")):
        pairs = [(getattr(old, each), getattr(new, each)) for old, new in zip(before, after, strict=True)]
        changes = [new - old for old, new in pairs]
        low, high = bootstrap(changes, ids)
        found |= {
            f"{name}_before": fmean(float(old.mean()) for old, _ in pairs),
            name: fmean(float(new.mean()) for _, new in pairs),
            f"{name}_change": fmean(float(change.mean()) for change in changes),
            f"{name}_change_low": low,
            f"{name}_change_high": high,
        }
    return found | {"share": 100 * found["disliked_change"] / found["disliked_before"]}


def ranges(count: int) -> Figures:
    """How many hidden ratings lie within the range that a card would show."""
    model, users, _ = _held_out()
    draws = _drawn(model, users, count)
    return {
        "on_bar": 100 * fmean(each.on_bar or 0.0 for each in draws),
        "in_range": 100 * fmean(each.in_range or 0.0 for each in draws),
        "users": draws[0].users,
    }


def _as_good_with_fewer(mine: Figures, _: dict[str, Figures]) -> bool:
    return mine["ndcg_change"] >= 0 and mine["disliked_change"] <= -LESS * mine["disliked_before"]


def _two_of_three(mine: Figures, _: dict[str, Figures]) -> bool:
    return abs(mine["on_bar"] - 100 * 2 / 3) <= 5


DISLIKES = Part(
    "Recommenders: what dislikes change",
    "The built-in recommender, whose order also asks whether a film would be disliked, against the same weights "
    f"ordered by likes alone: the same 122 users and {DRAWS} draws of what is given as above, so the differences "
    "are paired. In brackets: the 95 % interval of the mean difference, by a bootstrap over users. Disliked: how many "
    "of the first ten films a user gave two stars or fewer, on average. What else was tried: "
    "[dislikes.md](dislikes.md).",
    {
        "ndcg_before": ("NDCG@10 by likes alone", ".4f"),
        "ndcg": ("NDCG@10", ".4f"),
        "ndcg_change": ("change", "+.4f"),
        "disliked_before": ("disliked, by likes alone", ".3f"),
        "disliked": ("disliked", ".3f"),
        "disliked_change": ("change", "+.3f"),
        "share": ("change, %", "+.0f"),
        "popularity": ("disliked, popularity", ".3f"),
    },
    {
        str(count): Row(
            f"{count} ratings given",
            lambda count=count: with_dislikes(count),
            "NDCG@10 not lower, a third fewer disliked",
            _as_good_with_fewer,
        )
        for count in GIVEN
    },
    data=("ml-latest-small",),
)

RANGES = Part(
    "Recommenders: the ranges on the cards",
    "A card of the Movies page shows predicted stars, a bar of one standard deviation to either side, and its ends to "
    "the nearest half star. Here: of all hidden ratings of the same 122 users, how many lie on the bar, and how many "
    f"within the ends as they are written, which reach further where they were rounded outwards; means over {DRAWS} "
    "draws of what is given. The built-in recommender has learned from none of these users.",
    {"on_bar": ("on the bar, %", ".1f"), "in_range": ("within the written ends, %", ".1f"), "users": ("users", ".0f")},
    {
        str(count): Row(
            f"{count} ratings given",
            lambda count=count: ranges(count),
            "two of three on the bar, within 5 points",
            _two_of_three,
        )
        for count in RANGED
    },
    data=("ml-latest-small",),
)
