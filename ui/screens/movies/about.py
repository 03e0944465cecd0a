"""The About panel: the model behind the recommendations, its metrics, its training data,
and where your ratings are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender import BUILTIN
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.movielens import CITATION, EDITIONS
from aecore.recommender.serving.loaded import ASSETS
from ui.app.address_choices import OneOf
from ui.app.links import MODEL
from ui.screens.movies.catalogue_words import extent
from ui.screens.movies.link import FILM, GIVEN
from ui.screens.movies.model import advisor, sources, usual_source
from ui.screens.movies.newer import newer_films
from ui.widgets.linked_choice import choose_linked
from ui.widgets.newest import say_older
from ui.widgets.recommender_metrics import BASELINES, INTERVAL, INTERVAL_HEAD, with_intervals

TRAINED_ON, USUAL = "ml-latest-small", "10"


def about_panel() -> None:
    """Shows the model, its metrics and data, and what happens to your ratings."""
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        newer_films()
        _model()
        _figures(advisor().facts)
    with right:
        _privacy()
        _data()


def _model() -> None:
    st.subheader("The model", anchor=False)
    known = sources()
    if len(known) > 1 or MODEL.is_there:
        about = "The built-in one, or one that was trained on this machine."
        choose_linked(MODEL, "Recommender", known, usual_source(), others=(FILM,), help=about)
        say_older([name for name in known if name != BUILTIN], "open it; its page has *Use it on the Movies page*")
    entry = MODELS.get(advisor().model.name)
    st.markdown(entry.about if entry else "A recommender learned from the ratings of many users.")
    if advisor().model.name not in BASELINES:
        parts = (
            "Several models share the work; most are **autoencoders**" if is_shared() else "It is an **autoencoder**"
        )
        st.markdown(
            f"{parts}: your ratings go in as a long list with one place per film, most of them "
            "empty. They are pressed through a short code, and come out as a full list: a value for every film, also "
            "for those you have never seen. It has never met you. It needs only your ratings, and answers in "
            "milliseconds, without a graphics card and without the internet."
        )
    facts = advisor().facts
    if facts:
        words = (
            f"Trained on {in_markdown(facts['trained_on'])} in {facts['seconds']:,.0f} seconds. "
            f"Source: {entry.source if entry else 'this project'}."
        )
        st.caption(words)
    st.caption(extent(advisor()))


def _figures(facts: Any) -> None:
    figures = facts.get("figures", {}) if facts else {}
    if not figures:
        return
    st.subheader("How good it is", anchor=False)
    counts = tuple(next(iter(figures.values())))
    usual = USUAL if USUAL in counts else counts[0]
    given = st.segmented_control(
        "Ratings given", counts, default=usual, required=True, **GIVEN.among(OneOf(counts), usual).bound(),
        help="How many ratings of a user the model was given before it predicted the rest.",
    )  # fmt: skip
    rows = []
    for name, by_count in figures.items():
        row = by_count.get(given or usual, {})
        title = MODELS[name].title if name in MODELS else "Built in" if name == BUILTIN else name
        title += " (this page)" if name == advisor().model.name else ""
        rows.append(
            {
                "Model": title,
                "NDCG@10": _figure(row, "ndcg"),
                INTERVAL_HEAD: with_intervals(row).get(INTERVAL, "–"),
                "Recall@20": _figure(row, "recall"),
                "Disliked in 10": _figure(row, "disliked"),
                "Off by, in stars": _figure(row, "rmse"),
            }
        )
    figure = st.column_config.TextColumn
    columns = {
        "NDCG@10": figure(
            alignment="right",
            help="Whether the first ten hold what the user liked, the first places counting most. 1 is perfect.",
        ),
        INTERVAL_HEAD: figure(
            alignment="right",
            help="Of NDCG@10, by a bootstrap over the test users: how much it depends on who happens to be tested.",
        ),
        "Recall@20": figure(alignment="right", help="The share of what the user liked that is among the first twenty."),
        "Disliked in 10": figure(
            alignment="right", help="How many of the first ten a user gave two stars or fewer, on average."
        ),
        "Off by, in stars": figure(
            alignment="right", help="Root mean squared error of the predicted stars; – where a model predicts none."
        ),
    }
    with st.container(key="recommender-figures"):
        st.dataframe(rows, hide_index=True, key="about-figures", column_config=columns, placeholder="–")
    protocol = next(iter(figures.values()))[given or usual]["protocol"]
    st.caption(f"Protocol: {in_markdown(protocol)}. The test users had no part in the training.")


def _figure(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "–" if value is None else f"{value:.3f}"


def _privacy() -> None:
    st.subheader("Your ratings", anchor=False)
    st.markdown(
        "Everything stays on the machine that runs this page: ratings are written to a file there, and a cookie in "
        "your browser says which are yours. Nothing is sent to anybody, and no model is trained on them. "
        "The one exception is TMDb, and only if you give a key of theirs: then your browser asks them for posters, and "
        "for titles that you add by hand or look up."
    )
    st.markdown(
        "At a film night the others see your name, the stars that you would probably give, and your vetoes, but none "
        "of your ratings. Vetoes, names and the list of who was there are removed when it has ended."
    )
    st.markdown(
        "Clearing the cookies of this page loses the key to your ratings. "
        "Keep *Everything, JSON* from *My ratings* to bring them back."
    )


def _data() -> None:
    data = advisor().facts.get("settings", {}).get("data", TRAINED_ON)
    if data not in EDITIONS:
        return
    edition = EDITIONS[data]
    st.subheader("Where it learned", anchor=False)
    st.markdown(f"**{edition.title}**, GroupLens Research, University of Minnesota: {edition.about}")
    st.caption(edition.licence)
    st.caption(f"To cite: {CITATION}")
    notice = ASSETS / "NOTICE"
    if notice.is_file() and data == TRAINED_ON:
        with st.expander("Conditions of the built-in recommender"):
            st.text(notice.read_text())
    st.caption("Ids and links lead to IMDb and TMDb, which have nothing to do with this project.")


def is_shared() -> bool:
    """Whether the recommender is made of several."""
    return len(getattr(advisor().model, "parts", ())) > 1
