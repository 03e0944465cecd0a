"""The form of the Features page: a trained model, the classifier of its codes, and the number of labels."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from aecore.analyses.feature_results import ALL, Results, refuse_unlabelled, results_of
from aecore.datasets import DataError, is_ready
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import SIZES, ProbeError
from aecore.runs.store import RunError
from ui.app.frame import refuse
from ui.app.links import RUN
from ui.app.services import services
from ui.screens.features.link import CLASSIFIER, LABELS, put, take
from ui.widgets.data_panel import data_download
from ui.widgets.linked_choice import own_titles
from ui.widgets.networks import say_older_networks, trained_networks

FIRST_MODEL = "digits"
EVERYTHING = "all"
LEAST, MOST_UNKNOWN = 100, 10_000
"""Fewest labelled examples on offer, and most (or all) while their number is unknown."""


@dataclass(frozen=True)
class Choice:
    """The choices; labelled as in `aecore.analyses.feature_results`."""

    trained_model: TrainedModel
    classifier: str
    labelled: int


def features_form() -> Choice | None:
    """Shows the form; None, with a sentence on screen, if the choice cannot be analysed."""
    with st.container(horizontal=True, gap="medium", key="features-form"):
        name = _ask_model()
        key = take(CLASSIFIER, tuple(CLASSIFIERS), CLASSIFIER.default, CLASSIFIER.default)
        classifier = st.segmented_control(
            "What learns from the codes", tuple(CLASSIFIERS), required=True,
            format_func=lambda name: CLASSIFIERS[name].title, key=key,
            on_change=put, args=(CLASSIFIER, key, tuple(CLASSIFIERS)), persist_state="session", width="content",
            help=" ".join(f"**{each.title}:** {each.about}" for each in CLASSIFIERS.values()),
        )  # fmt: skip
        trained_model, problem = _trained_model(name)
        labelled = _ask_labelled(results_of(services.store, trained_model) if trained_model else Results(), classifier)
    if trained_model is None:
        refuse(problem)
    elif not is_ready(trained_model.data):
        data_download(trained_model.data)
    else:
        return Choice(trained_model, classifier, labelled)
    return None


def _ask_model() -> str:
    models, linked = own_titles(trained_networks()), RUN.asked()
    mine = st.session_state.get("run")
    is_known = linked is None or linked in models
    otherwise = (mine if mine in models else FIRST_MODEL) if is_known else None
    key = take(RUN, tuple(models), otherwise, FIRST_MODEL)
    if not is_known:
        st.session_state[key] = None
    with st.container(width=340):
        chosen = st.selectbox(
            "Network", tuple(models), format_func=models.get, key=key, on_change=put, args=(RUN, key, tuple(models)),
            persist_state="session", placeholder="Choose a network",
            help="Your finished runs, the newest first, and the networks that come with this app.",
        )  # fmt: skip
        say_older_networks(models)
    return chosen or linked or FIRST_MODEL


def _trained_model(name: str) -> tuple[TrainedModel | None, str]:
    """The model of that name, or the sentence that says why it cannot be analysed."""
    try:
        trained_model = find_trained_model(services.store, name)
        refuse_unlabelled(trained_model)
    except (RunError, DataError, ProbeError) as error:
        return None, str(error)
    return trained_model, ""


def _ask_labelled(results: Results, classifier: str) -> int:
    options = _amounts(results, classifier)
    first = LABELS.default if LABELS.default in options else options[-1]
    key = take(LABELS, options, first, LABELS.default)
    chosen = st.select_slider(
        "Labelled examples", options, format_func=lambda text: text if text == EVERYTHING else f"{int(text):,}",
        key=key, on_change=put, args=(LABELS, key, options), persist_state="session", width=200,
        help="How many training examples the classifier may learn from, with their labels. "
        "All sizes up to here are compared.",
    )  # fmt: skip
    return ALL if chosen == EVERYTHING else int(chosen)


def _amounts(results: Results, classifier: str) -> tuple[str, ...]:
    if not results.total:
        return (*(str(size) for size in SIZES if LEAST <= size <= MOST_UNKNOWN), EVERYTHING)
    *sizes, last = results.sizes(classifier, ALL)
    offered = [str(size) for size in sizes if size >= LEAST]
    return (*offered, EVERYTHING if last == results.total else str(last))
