"""The form of the map: whose codes, of which examples, and how the map is made."""

from __future__ import annotations

import json
from dataclasses import dataclass

import streamlit as st

from aecore.latent.maps import MapRequest
from aecore.latent.methods import METHODS
from aecore.pretrained.trained_models import TrainedModel
from aecore.runs.status import ACTIVE
from aecore.runs.store import Run, RunError
from aecore.settings import Settings
from ui.app.links import NETWORK
from ui.app.services import services
from ui.screens.latent.codes import SIZES
from ui.screens.latent.link import (
    DIMS,
    METHOD,
    OF_ONE_NETWORK,
    OF_ONE_SET,
    ONLY,
    PART,
    POINTS,
    SAFE_PARTS,
    count_title,
    dims_title,
    part_title,
)  # fmt: skip
from ui.widgets.forms import ask
from ui.widgets.linked_choice import choose_linked, own_titles
from ui.widgets.networks import say_older_networks, trained_model, trained_networks
from ui.widgets.newest import newest

FIRST = "digits"
PREFIX = "map-"


@dataclass(frozen=True)
class Choice:
    """The choices of the form. part, most: as for `code_set`; request: the map."""

    trained_model: TrainedModel
    part: str
    most: int
    request: MapRequest


def ask_network() -> str:
    """Asks for the network whose codes are shown: a trained one, or a run that is still training."""

    def is_training(run: Run) -> bool:
        return run.status.is_active and not run.problem and run.is_autoencoder

    training = {run.id: f"{run.name} · training now" for run in newest(services.store.list(), is_training)}
    known = trained_networks()
    name = choose_linked(
        NETWORK, "Network", own_titles(training | known), FIRST, others=OF_ONE_NETWORK,
        help="Your own runs, also those that are training now, and the models that this app brings along. "
        "The map shows the codes that this network makes.",
    )  # fmt: skip
    say_older_networks(known)
    return name


def training_run(name: str) -> bool:
    """Whether this is a run that is still training, whose map follows the epochs."""
    try:
        return services.store.get(name).status.state in ACTIVE
    except RunError:
        return False


def latent_form(name: str) -> Choice:
    """The rest of the form. RunError, DataError or SettingsError, in a sentence, if the choice is unavailable."""
    found = trained_model(name)
    method = st.selectbox(
        "Map", tuple(METHODS), format_func=lambda key: METHODS[key].title, **METHOD.bound(),
        help="\n\n".join(f"**{each.title}.** {each.about}" for each in METHODS.values()),
    )  # fmt: skip
    dims = st.segmented_control(
        "Dimensions", (2, 3), default=2, required=True, format_func=dims_title, **DIMS.bound(),
        help="A map on the plane, or one in space that you can turn.",
    )  # fmt: skip
    part, most = _ask_examples()
    with (
        st.expander(f"Settings of {METHODS[method].title}", icon=":material/tune:")
        if METHODS[method].settings.knobs()
        else st.empty()
    ):
        settings = _ask_settings(METHODS[method].settings)
    st.caption(METHODS[method].about)
    return Choice(found, part, most, MapRequest(method, dims, json.dumps(settings.to_dict()), ONLY.read()))


def _ask_examples() -> tuple[str, int]:
    with st.container(horizontal=True):
        part = st.selectbox(
            "Examples", SAFE_PARTS, format_func=part_title, **PART.bound(), on_change=_forget,
            help="As usual: the test examples, or all where there are fewer than a thousand of them. "
            "A network may have memorised its training examples.",
        )  # fmt: skip
        most = st.select_slider(
            "At most", SIZES, SIZES[-1], format_func=count_title, **POINTS.bound(), on_change=_forget,
            help="The number of examples, evenly sampled. Fewer points make a quicker map.",
        )  # fmt: skip
    return part, most


def _forget() -> None:
    for param in OF_ONE_SET:
        param.clear()


def _ask_settings(settings: type[Settings]) -> Settings:
    return settings(**{each.name: ask(each, each.default, PREFIX) for each in settings.knobs()})
