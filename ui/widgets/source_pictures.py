"""Chooses the pictures that the Noise lab corrupts: test pictures of a data set, pictures of one's own,
a webcam's, or a drawing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from aecore.datasets import DataError, Dataset, card, is_ready, load
from aecore.pretrained.builtin import BUILTIN
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address import Integer, Text
from ui.app.address_choices import OneOf
from ui.app.frame import refuse
from ui.app.links import DATA, ID_LETTERS
from ui.app.places import page_file
from ui.app.url_state import Param
from ui.widgets.networks import reconstruct
from ui.widgets.own_pictures import OWN, Pictures, own_pictures
from ui.widgets.titles import data_names, data_title

SHOWN = 16
LOOKED_AT = 2000
"""Test pictures among which the hardest are found."""

KINDS = ["Random", "One class", "In order", "Hardest", *OWN]
DRAWS = 9_999
ABOUT = (
    "**Random**, **One class**, **In order**: test pictures of these data. **Hardest**: those that the first network "
    "reconstructs worst. The others are pictures of your own, which stay on the machine that runs this app."
)

PICTURES = Param("pictures", OneOf(KINDS), KINDS[0])
NUMBER = Param("number", Integer(1), 1)
CLASS = Param("class", Text(ID_LETTERS), "")
DRAW = Param("draw", Integer(1, DRAWS), 1)


@st.cache_resource(max_entries=3, show_spinner=False)
def dataset(name: str) -> Dataset:
    """The data set, loaded once for all visitors. DataError if it is missing."""
    return load(name)


def choose_data(*, for_drawings: bool = False) -> str:
    """Asks for a data set of pictures: the available ones or, for drawings,
    those of built-in networks.
    """
    learned = {recipe["data"] for recipe in BUILTIN.values()} if for_drawings else set()
    known = tuple(name for name in data_names() if card(name).is_image and (is_ready(name) or name in learned))
    first = known.index("mnist") if is_ready("mnist") else 0
    if st.session_state.get("data", known[0]) not in known:  # chosen on the Train page: a table, or missing data
        st.session_state["data"] = known[first]
    return st.selectbox(
        "Data", known, index=first, format_func=data_title, persist_state="session",
        **DATA.among(OneOf(known, data_title), known[first]).bound(),
        help="Its test pictures, which no network has learned from.",
    )  # fmt: skip


def choose_pictures(data: str, first: Callable[[], TrainedModel | None]) -> Pictures | None:
    """Shows the choice; the pictures, or None with a sentence on screen.

    `first`: the network by whose errors pictures are hard.
    """
    kinds = KINDS if is_ready(data) else OWN[::-1]
    if st.session_state.get("pictures", kinds[0]) not in kinds:
        st.session_state["pictures"] = kinds[0]
    kind = st.selectbox("Pictures", kinds, help=ABOUT, **PICTURES.among(OneOf(kinds), kinds[0]).bound())
    if not is_ready(data):
        st.caption(
            f"The pictures of {card(data).title} are not on this machine, but networks that learned from them are: "
            "give them pictures of your own."
        )
        st.page_link(page_file("data"), label=f"Download {card(data).title}", icon=":material/download:")
    try:
        if kind in OWN:
            return own_pictures(kind, data, "noise")
        return _of_data(kind, dataset(data), first)
    except DataError as error:
        refuse(str(error))
        return None


def _of_data(kind: str, data: Dataset, first: Callable[[], TrainedModel | None]) -> Pictures:
    test, title = data.test, card(data.name).title
    if kind == "Hardest":
        found = first()
        if found is None:
            raise DataError("Choose a network below: the hardest pictures are those that it reconstructs worst.")
        order = hardest(found, data.name)
        return Pictures(
            test.x[order[:SHOWN]],
            f"The {SHOWN} of the first {min(LOOKED_AT, len(test)):,} test pictures of {title} that the first network "
            "reconstructs worst, uncorrupted.",
        )
    if kind == "In order":
        number = st.number_input("From number", 1, len(test), 1, **NUMBER.among(Integer(1, len(test)), 1).bound())
        chosen = np.arange(number - 1, min(number - 1 + SHOWN, len(test)))
        return Pictures(test.x[chosen], f"Test pictures {number:,} to {chosen[-1] + 1:,} of {title}.")
    pool = np.arange(len(test))
    words = "of all kinds"
    if kind == "One class":
        if test.labels is None or not data.classes:
            raise DataError(f"{title} has no classes; choose other pictures.")
        name = st.selectbox("Class", data.classes, **CLASS.among(OneOf(data.classes), data.classes[0]).bound())
        pool, words = np.flatnonzero(test.labels == data.classes.index(name)), f"of class {name}"
    draw = st.number_input(
        "Random seed (pictures)", 1, DRAWS, 1, help="Another number chooses other pictures.", **DRAW.bound()
    )
    chosen = drawn(pool, draw)
    return Pictures(test.x[chosen], f"{len(chosen)} test pictures of {title} {words}, drawn at random.")


def drawn(pool: np.ndarray, draw: int) -> np.ndarray:
    """At most SHOWN of these test pictures, drawn at random; pool: their rows."""
    return np.sort(np.random.default_rng(draw).permutation(pool)[:SHOWN])


@st.cache_data(max_entries=32, show_spinner="Looking for the hardest pictures")
def _hardest(id: str, fingerprint: str, data: str, _found: TrainedModel) -> np.ndarray:
    x = dataset(data).test.x[:LOOKED_AT]
    return np.argsort(-np.square(reconstruct(_found, x) - x).reshape(len(x), -1).mean(1), kind="stable")


def hardest(found: TrainedModel, data: str) -> np.ndarray:
    """Indices of the first LOOKED_AT test pictures, the worst reconstructed first."""
    return _hardest(found.id, found.fingerprint, data, found)
