"""The form of the Generate page: two networks, a way of sampling codes for each, the scale and the random seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from aecore.latent.sampling import DEFAULT_COMPONENTS, WAYS, ways_for
from aecore.pretrained.builtin import BUILTIN
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address_choices import OneOf
from ui.app.links import NETWORK
from ui.app.url_state import Param
from ui.screens.generate.link import (
    BESIDE,
    BESIDE_WAY,
    COMPONENTS,
    COMPONENTS_OF_MIXTURE,
    DRAW,
    LARGEST_SCALE,
    LATEST_DRAW,
    SCALE,
    WAY,
)
from ui.widgets.linked_choice import choose_linked, own_titles
from ui.widgets.networks import networks_of, picture_networks, say_older_networks, trained_model

FIRST = ("mnist-undercomplete-30", "faces", "digits")
"""The default network: the first of these whose data are available."""

PARTNERS = {
    "digits": "digits-variational",
    "faces": "faces-variational",
    "shapes": "shapes-variational",
    "mnist": "mnist-variational",
}
"""The built-in variational autoencoder of each data set."""


@dataclass(frozen=True)
class Chosen:
    """A network, its title, and the way of sampling its code."""

    trained_model: TrainedModel
    title: str
    way: str


@dataclass(frozen=True)
class Choice:
    """The choices of the form.

    components: of the Gaussian mixture; scale: factor of the standard deviation; draw: random seed.
    """

    first: Chosen
    second: Chosen
    components: int
    scale: float
    draw: int


def generate_form() -> Choice:
    """Shows the form. RunError if a network has been deleted meanwhile."""
    known = own_titles(picture_networks())
    begin = next((name for name in FIRST if name in known), next(iter(known)))
    name = choose_linked(
        NETWORK,
        "Network",
        known,
        begin,
        others=(BESIDE,),
        help="Your own runs, and the built-in models, that learned from pictures.",
    )
    say_older_networks(known)
    first = trained_model(name)
    way = _ask_way(WAY, "Where its codes come from", first)
    scale = st.slider(
        "Scale", 0.0, LARGEST_SCALE, 1.0, 0.05, **SCALE.bound(),
        help="Scales the spread of the sampled codes. 0: always the mean. "
        "1: the spread of the chosen distribution. More: further out than it usually samples.",
    )  # fmt: skip
    draw = _ask_draw()
    st.divider()
    same = own_titles(networks_of(first.data), first.data)
    others = {name: title for name, title in same.items() if name != first.id} or {first.id: known[first.id]}
    second = trained_model(
        choose_linked(
            BESIDE,
            "Beside it",
            others,
            _partner(first, others),
            help="Another network that learned from the same pictures.",
        )
    )
    other = _ask_way(BESIDE_WAY, "Where its codes come from", second)
    components = DEFAULT_COMPONENTS
    if "mixture" in (way, other):
        components = st.select_slider(
            "Mixture components", COMPONENTS, DEFAULT_COMPONENTS, **COMPONENTS_OF_MIXTURE.bound(),
            help="How many normal distributions stand for the training codes. "
            "With very many, each stands for a few training pictures only.",
        )  # fmt: skip
    titles = {**known, **same}  # both learned from the same pictures, which go without saying
    return Choice(
        Chosen(first, titles[first.id], way), Chosen(second, titles[second.id], other), components, scale, draw
    )


def _ask_way(param: Param, label: str, found: TrainedModel) -> str:
    ways = ways_for(found.settings["variant"])
    _forget_unless(param.name, ways)
    return st.selectbox(
        label, ways, format_func=_title, **param.among(OneOf(ways, _title), ways[0]).bound(),
        help="  \n".join(f"**{WAYS[name].title}:** {WAYS[name].about}" for name in ways),
    )  # fmt: skip


def _title(way: str) -> str:
    return WAYS[way].title


def _ask_draw() -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draw = st.number_input(
            "Random seed",
            1,
            LATEST_DRAW,
            **DRAW.bound(),
            width=140,
            help="The same number gives the same codes, so that a link shows the same pictures.",
        )
        st.button(
            "Sample again",
            key="again",
            icon=":material/casino:",
            on_click=_next_draw,
            help="Takes the next random seed; nothing else changes.",
        )
    return int(draw)


def _next_draw() -> None:
    st.session_state["draw"] = st.session_state.get("draw", 1) % LATEST_DRAW + 1


def _partner(first: TrainedModel, others: dict[str, str]) -> str:
    """The built-in variational network of the same data, or a plain one beside a variational one;
    else any.
    """
    wanted = PARTNERS.get(first.data, "")
    if first.settings["variant"] == "variational":
        wanted = next(
            (
                name
                for name in others
                if BUILTIN.get(name, {}).get("variant") == "undercomplete" and "corruption" not in BUILTIN[name]
            ),
            wanted,
        )
    return wanted if wanted in others else next(iter(others))


def _forget_unless(key: str, options: Sequence[str]) -> None:
    if key in st.session_state and st.session_state[key] not in options:
        st.session_state[key] = options[0]  # sent to the browser, which would otherwise keep showing the old one
