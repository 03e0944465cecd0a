"""The form for training a recommender: ratings, model, evaluation split,
and all settings of the model.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from aecore.datasets import DataError
from aecore.foreign import in_markdown
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.sources import RatingCard, cards
from aecore.recommender.training.settings import RecommenderSettings, parts_of
from aecore.settings import Knob, SettingsError
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.recommender.actions import train_recommender
from ui.screens.recommender.download import ratings_download
from ui.screens.recommender.link import FIRST_MODEL, FIRST_RATINGS, MODEL, PREFIX, RATINGS, take_defaults
from ui.screens.recommender.upload import own_ratings, ratings_upload
from ui.widgets.forms import ask, in_form_words
from ui.widgets.linked_choice import choose_linked
from ui.widgets.run_states import say_cluster


def recommender_form() -> None:
    """Shows the form, whose button starts a run."""
    ratings = _ratings()
    own_ratings(ratings.name)
    ratings_upload()
    models = {name: entry.title for name, entry in MODELS.items()}
    help = "The kind of recommender. The first four are the baselines."
    model = choose_linked(MODEL, "Recommender", models, FIRST_MODEL, help=help)
    take_defaults(model)
    st.caption(MODELS[model].about)
    _how_it_works(model)
    if not ratings.is_ready:
        ratings_download(ratings)
        return
    top = st.container()
    settings = _settings(ratings.name, model, top)
    top.button(
        "Train", key="train-recommender", type="primary", icon=":material/play_arrow:", width="stretch",
        disabled=settings is None, on_click=train_recommender, args=(settings,),
        help="Starts a new run in a process of its own; earlier ones stay in the list of runs.",
    )  # fmt: skip
    with top:
        say_cluster()


def _ratings() -> RatingCard:
    known = {card.name: card for card in cards(ids=services.ratings.ids())}
    titles = {name: card.title if card.is_ready else f"{card.title} (to be downloaded)" for name, card in known.items()}
    name = choose_linked(
        RATINGS, "Ratings", titles, FIRST_RATINGS, help="The ratings that the recommender learns from."
    )
    card = known[name]
    st.caption(f"{in_markdown(card.about)} {card.ratings:,} ratings of {card.films:,} films by {card.users:,} users.")
    if card.is_ready and card.citation:
        with st.expander("Licence and citation", key="ratings-licence"):
            st.markdown(card.licence)
            st.caption(f"To cite: {card.citation}")
    return card


def _how_it_works(model: str) -> None:
    with st.popover("How it works", icon=":material/function:", width="stretch", key="how-it-recommends"):
        st.latex(MODELS[model].formula)
        st.markdown(MODELS[model].explanation)
        st.caption(f"Source: {MODELS[model].source}.")


def _settings(data: str, model: str, top: Any) -> RecommenderSettings | None:
    values: dict[str, Any] = {}
    problems: list[str] = []

    def show(each: Knob) -> None:
        try:
            values[each.name] = ask(each, each.default, PREFIX)
        except SettingsError as error:
            problems.append(str(error))

    own, split = parts_of(model)
    for each in (*split.knobs(), *own.knobs()):
        if not each.advanced:
            show(each)
    with st.expander("More settings", key="more-recommender-settings"):
        for each in (*own.knobs(), *split.knobs()):
            if each.advanced:
                show(each)
    with top:
        return _built(data, model, values, problems)


def _built(data: str, model: str, values: dict[str, Any], problems: list[str]) -> RecommenderSettings | None:
    if not problems:
        try:
            return RecommenderSettings.build(data, model, **values)
        except (SettingsError, DataError) as error:
            problems.append(str(error))
    for problem in problems:
        refuse(in_form_words(problem, [each for part in parts_of(model) for each in part.knobs()]))
    return None
