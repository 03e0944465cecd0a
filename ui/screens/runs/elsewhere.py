"""Links from runs to the pages that look at trained networks: the way to runs that are too old for their lists."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.datasets import DataError, card
from aecore.pretrained.trained_models import ENDED
from aecore.runs.store import Run
from ui.app.links import DATA, NETWORK, NETWORKS, RUN, RUNS
from ui.app.places import MENU
from ui.app.url_state import Pair, link_to
from ui.widgets.newest import USE_IT

MOST_ON_RACE = 12
ANYTHING, PICTURES = ("latent", "features"), ("noise", "anomaly", "compression", "generate", "translate")
"""Pages that take networks of any data, and those for pictures only."""


def use_elsewhere(run: Run) -> None:
    """A menu of the pages on which a network with finished training can be looked at."""
    if run.problem or not run.is_autoencoder or run.status.state not in ENDED or not run.has_weights:
        return
    pages = (*ANYTHING, *(PICTURES if _is_of_pictures(run) else ()))
    with st.popover(
        USE_IT, icon=":material/open_in_new:", key="use-it", help="Opens a page that looks at this network."
    ):
        for name, title, icon in (page for pages_of in MENU.values() for page in pages_of):
            if name in pages:
                link_to(name, title, *_address(name, run), icon=f":material/{icon}:")


def compare_on_race(chosen: Sequence[Run]) -> None:
    """A link to the Race page, where the ticked networks are on the same data and not too many."""
    is_race = all(run.is_autoencoder and not run.problem for run in chosen)
    if is_race and 2 <= len(chosen) <= MOST_ON_RACE and len({run.settings.get("data") for run in chosen}) == 1:
        link_to(
            "race", "Compare on the Race page", (RUNS, tuple(run.id for run in chosen)), icon=":material/sports_score:"
        )


def _address(page: str, run: Run) -> list[Pair]:
    if page in ("noise", "compression"):
        return [(DATA, run.settings["data"]), (NETWORKS, (run.id,))]
    return [(RUN if page == "features" else NETWORK, run.id)]


def _is_of_pictures(run: Run) -> bool:
    try:
        return card(str(run.settings.get("data"))).is_image
    except DataError:
        return False
