"""The form of the Translate page: a network, the attribute to add or remove,
how the direction is found, and which pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from aecore.datasets import Dataset
from aecore.latent.attributes import Attribute, attributes, between
from aecore.latent.code_set import CodeError
from aecore.latent.groups import Groups, read_groups
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address_choices import OneOf
from ui.app.links import GROUPS, NETWORK
from ui.app.services import services
from ui.screens.translate.link import ATTRIBUTE, DRAW, FINDER, FINDERS, FROM_CLASS, LATEST, SIDE, SIDES, TO_CLASS
from ui.widgets.linked_choice import choose_linked, own_titles
from ui.widgets.networks import picture_networks, say_older_networks, trained_model
from ui.widgets.source_pictures import dataset

FIRST = "faces"
"""The default network."""

PAIRS, GROUPED = "classes", "groups"
"""Besides the attributes of the data: one class to another, and two groups that the user chose."""

FIRST_PAIR = {"digits": (4, 9), "mnist": (4, 9)}


@dataclass(frozen=True)
class Choice:
    """The choices of the form. attribute: what changes; groups: two groups that the user chose instead, or None.

    is_adding: whether pictures without it gain it; shown: random seed of the pictures.
    """

    trained_model: TrainedModel
    attribute: Attribute
    groups: Groups | None
    finder: str
    is_adding: bool
    shown: int


def translate_form() -> Choice:
    """Shows the form. CodeError, DataError or RunError, in a sentence, if the choice is unavailable."""
    known = own_titles(picture_networks())
    first = FIRST if FIRST in known else next(iter(known))
    name = choose_linked(
        NETWORK, "Network", known, first, others=(ATTRIBUTE, FROM_CLASS, TO_CLASS, GROUPS),
        help="Your own runs, and the built-in models, that learned from pictures.",
    )  # fmt: skip
    say_older_networks(known)
    found = trained_model(name)
    with st.spinner("Loading the pictures"):
        data = dataset(found.data)
    attribute, groups = _ask_attribute(found, data)
    finder = st.segmented_control(
        "Direction by", list(FINDERS), default="mean", required=True,
        format_func=FINDERS.__getitem__, **FINDER.bound(),
        help="**Mean difference:** from the mean code of the pictures without it to the mean code of those with it. "
        "**Linear separator:** at right angles to the boundary that logistic regression finds. Both are scaled so that "
        "strength 1 leads from the level of one mean to that of the other.",
    )  # fmt: skip
    side = st.segmented_control(
        "Start from pictures",
        SIDES,
        default=SIDES[0],
        required=True,
        help="Pictures without the property gain it, pictures with it lose it.",
        **SIDE.bound(),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.number_input(
            "Random seed", 1, LATEST, width=140, help="Chooses the test pictures on show.", **DRAW.bound()
        )
        st.button("Others", key="others", icon=":material/shuffle:", on_click=_next, help="Other test pictures.")
    return Choice(found, attribute, groups, finder, side == SIDES[0], int(shown))


def _ask_attribute(found: TrainedModel, data: Dataset) -> tuple[Attribute, Groups | None]:
    known = attributes(data)
    options = {key: each.title for key, each in known.items()}
    groups = _linked_groups(found)
    if data.test.labels is not None and len(data.classes) > 1:
        options = {**options, PAIRS: "One class to another"}
    if groups:
        options = {GROUPED: f"{groups.names[0]} → {groups.names[1]}", **options}
    if not options:
        raise CodeError(
            f"Nothing is known of what these pictures show: '{found.data}' has no classes and no factors. "
            "Choose another network."
        )
    first = next(each for each in (GROUPED, "glasses", PAIRS, *options) if each in options)
    key = choose_linked(ATTRIBUTE, "What changes", options, first, help="What the pictures are to gain, or to lose.")
    if key == PAIRS:
        return _ask_pair(data), None
    if key == GROUPED and groups:
        return Attribute(f"{GROUPED}={GROUPS.read()}", options[GROUPED], *groups.names), groups
    return known[key], None


def _ask_pair(data: Dataset) -> Attribute:
    first = FIRST_PAIR.get(data.name, (0, 1))
    picked = []
    with st.container(horizontal=True):
        for param, label, index in ((FROM_CLASS, "From", first[0]), (TO_CLASS, "To", first[1])):
            if st.session_state.get(param.name, data.classes[0]) not in data.classes:
                st.session_state[param.name] = data.classes[index]
            bound = param.among(OneOf(data.classes), data.classes[index]).bound()
            picked.append(
                st.selectbox(label, data.classes, index=index, width=130, help="A class of these pictures.", **bound)
            )
    return between(data, *map(data.classes.index, picked))


def _linked_groups(found: TrainedModel) -> Groups | None:
    """The groups of the address. CodeError if they are missing, or of other data."""
    key = GROUPS.read()
    if not key:
        return None
    groups = read_groups(services.store, key)
    if groups.data != found.data:
        raise CodeError(
            "The two groups of this link are of other pictures than this network's; "
            "choose a network that learned those."
        )
    return groups


def _next() -> None:
    st.session_state["shown"] = st.session_state.get("shown", 1) % LATEST + 1
