"""The curves of several runs on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from aecore.runs.run import WORDS, Run
from ui.app.links import RECOMMENDER_VIEW
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import link_to
from ui.screens.runs.link import AXES, AXIS, IS_LOG
from ui.widgets.figures import Curves, comparison_figure

LOOKED_THROUGH = 50
"""Networks among which those with a curve are sought: each costs the reading of its records."""

MOST_CURVES = 12
"""More than these cannot be told apart."""


def newest_with_curves(runs: Sequence[Run], most: int) -> list[Run]:
    """The first `most` networks of the list that have a validation error to draw, of the newest LOOKED_THROUGH."""

    def has_curve(run: Run) -> bool:
        return any(record.get("validation_mse") is not None for record in services.progress_log(run.id).read())

    networks = islice((run for run in runs if run.is_autoencoder), LOOKED_THROUGH)
    return list(islice(filter(has_curve, networks), most))


def compare(chosen: list[Run]) -> None:
    """Validation curves of the chosen runs on one axis; other models are compared on their own pages."""
    only_words = bool(chosen) and all(run.kind == WORDS for run in chosen)
    chosen = [run for run in chosen if run.is_autoencoder]
    if only_words:
        st.caption("Models of words are compared by the column “Unseen texts right”; open one to see its curves.")
        return
    if not chosen:
        link_to("recommender", "Compare recommenders", (RECOMMENDER_VIEW, "Evaluation"), icon=":material/recommend:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        over = st.segmented_control(
            "Horizontal axis",
            AXES,
            default=AXES[0],
            required=True,
            **AXIS.bound(),
            help="Epochs count looks at the data; seconds count what it cost.",
        )
        is_log = st.toggle(
            "Log scale",
            value=True,
            **IS_LOG.bound(),
            help="Shows small late progress as clearly as large early progress.",
        )
    if len(chosen) > MOST_CURVES:
        st.caption(f"The chart has the {MOST_CURVES} newest of {len(chosen):,}: more curves cannot be told apart.")
        chosen = chosen[:MOST_CURVES]
    curves = [Curves(run.name, services.progress_log(run.id).read()) for run in chosen]
    alt, revision = (
        "Validation error per pixel of " + ", ".join(run.name for run in chosen),
        f"{[run.id for run in chosen]} {over} {is_log}",
    )
    plot(comparison_figure(curves, is_log=is_log, over=over), "chart-compare", alt, revision=revision)
    if len({run.settings.get("data") for run in chosen}) > 1:
        st.caption("These runs learned from different data: their errors are not measured on the same pictures.")
