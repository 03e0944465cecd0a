"""The evaluation: errors of predicted stars and ranking metrics of all models,
beside published figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from aecore.recommender.evaluation.published import (
    ARTICLES,
    ARTICLES_FIGURES,
    BUILTIN,
    PUBLISHED,
    RANKING,
    all_stars,
    measured,
)
from aecore.recommender.models import MODELS
from aecore.runs.store import Run
from ui.app.services import services
from ui.screens.recommender.link import GIVEN, GIVEN_COUNTS
from ui.widgets.glossary import term
from ui.widgets.recommender_metrics import MOST_RUNS, Columns, rows_of, run_rows, star_models

ON_U1 = {"data": "ml-100k", "test_on": "known-people", "draw": 1}
PER_USER = {"person_rmse_training": ("training", ".4f"), "person_rmse": ("test", ".4f")}
ERRORS = {
    "rmse": ("RMSE, u1", ".4f"),
    "mae": ("MAE, u1", ".4f"),
    "rmse_five": ("RMSE, u1 to u5", ".4f"),
    "mae_five": ("MAE, u1 to u5", ".4f"),
}
MEASURES = {"NDCG@10": "ndcg", "Recall@20": "recall", "Disliked in 10": "disliked", "RMSE": "rmse"}


def evaluation() -> None:
    """Shows all tables of the evaluation."""
    runs = services.store.list()
    _articles(runs)
    _stars(runs)
    _ranking(runs)
    if sum(run.is_recommender for run in runs) > MOST_RUNS:
        st.caption(f"Each table has the {MOST_RUNS} newest of the runs that were tested in its way.")


def _articles(runs: Sequence[Run]) -> None:
    st.subheader("RMSE per user", anchor=False)
    st.markdown(
        "Introductions to this stacked autoencoder report *0.95 stars*. That is not the usual RMSE: the root is taken "
        "for **each user**, over that user's ratings, and then the mean over users. Users with few ratings count as "
        "much as users with many, and the figure is smaller. Here is the same metric, on the same split, for all "
        "models:"
    )
    published = {
        "Model": f"{ARTICLES.title} — **published**",
        "training": ARTICLES_FIGURES["person_rmse_training"],
        "test": ARTICLES_FIGURES["person_rmse"],
    }
    rows = rows_of(all_stars(), PER_USER, "person_rmse", others=star_models())
    _table([published | {"Measured": "published"}, *rows, *run_rows(runs, PER_USER, ON_U1)])
    _protocol(
        "u1.base to u1.test of MovieLens 100K. Test: 20,000 ratings of 459 users, each given their training "
        f"ratings; training: the 80,000 ratings of 943 users themselves. Published: {ARTICLES.protocol}."
    )


def _stars(runs: Sequence[Run]) -> None:
    st.subheader("Stars: how far off?", anchor=False)
    st.markdown(
        f"**{term('rmse', 'RMSE')}** is the root of the mean squared error over all test ratings, "
        f"**{term('mae', 'MAE')}** the mean absolute "
        "error, both in stars; smaller is better. *u1 to u5* is the mean over the five official splits, with a "
        "model of its own for each."
    )
    own = {key: value for key, value in ERRORS.items() if key in ("rmse", "mae")}
    ours = [{head: "–" for head, _ in ERRORS.values()} | row for row in run_rows(runs, own, ON_U1)]
    _table([*rows_of(all_stars(), ERRORS, "rmse", others=star_models()), *_in_order(ours, ERRORS)])
    _protocol(
        "MovieLens 100K, each split 80,000 training and 20,000 test ratings; stars within 0.5 to 5, not rounded; "
        "settings chosen on training ratings."
    )
    st.markdown("**Published by others**, not measured here:")
    _table([{"Model": each.title, "RMSE, u1": each.value, "Source": each.source} for each in PUBLISHED])
    st.caption("Protocol: u1.base to u1.test of MovieLens 100K, plain RMSE, as far as the sources say.")


def _ranking(runs: Sequence[Run]) -> None:
    st.subheader("Ranking: what comes first?", anchor=False)
    st.markdown(
        "On the Movies page every visitor is a new user who has rated a few films. So here **whole users are held "
        "out**; some of their ratings are given, and the films they liked among the rest should come first. "
        "**NDCG@10** looks at the first ten places, the first counting most; **Recall@20** is the share of what they "
        "liked among the first twenty. Larger is better. **Disliked in 10** is how many of the first ten a user gave "
        "two stars or fewer, on average; smaller is better."
    )
    given = st.segmented_control(
        "Ratings given",
        GIVEN_COUNTS,
        default=10,
        required=True,
        help="How many ratings of a user the model is shown.",
        **GIVEN.bound(),
    )
    columns = {f"{short}{given}": (head, ".3f") for head, short in MEASURES.items()} | {
        "milliseconds": ("ms per user", ".1f")
    }
    own = {f"{short}_{given}": (head, ".3f") for head, short in MEASURES.items()}
    wanted = {"data": "ml-latest-small", "test_on": "new-people"}
    ours = [{"ms per user": "–"} | row for row in run_rows(runs, own, wanted)]
    _table(
        [
            *rows_of(measured(RANKING), columns, f"ndcg{given}", others=MODELS, is_more_better=True),
            *_in_order(ours, columns),
        ]
    )
    _protocol(
        "MovieLens latest small: 20 % of the 610 users are held out; 10 % more only choose settings. Ratings given are "
        "drawn at random; all other of the 9,742 films are ranked; liked means 4 stars or more. Measured figures are "
        "means of two splits (1 and 2), your runs have one each."
    )
    st.markdown(
        "**The built-in recommender** was trained on more of these users, "
        "so it is compared with others trained on just as many:"
    )
    errors = {key: value for key, value in columns.items() if key != "milliseconds"}
    _table(rows_of(measured(BUILTIN), errors, f"ndcg{given}", others=(BUILTIN,), is_more_better=True))
    _protocol(
        "the weights that this app brings along, on the fifth of the users of MovieLens latest small that they "
        "have not seen; all were trained on the others."
    )


def _in_order(rows: list[dict[str, str]], columns: Columns) -> list[dict[str, str]]:
    heads = ["Model", *(head for head, _ in columns.values()), "Measured"]
    return [{head: row[head] for head in heads} for row in rows]


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    st.table(rows, border="horizontal", hide_index=True)


def _protocol(text: str) -> None:
    st.caption(f"Protocol: {text} Measured by this project's *make quality*; the figures are in docs/quality.json.")
