"""The anomaly page's form: which network, what counts as odd, and the threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from aecore.analyses.anomaly_examples import CLASS, MOST, OTHER, Pool, left_out
from aecore.datasets import DataError, card, is_ready
from aecore.foreign import in_markdown
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address_choices import OneOf
from ui.app.frame import refuse
from ui.app.links import NETWORK
from ui.screens.anomaly.link import (
    FIRST,
    KINDS,
    ODD,
    ODD_CLASS,
    OTHER_DATA,
    keep_network,
    keep_threshold,
    read_threshold,
    rounded,
)
from ui.screens.anomaly.pools import classes_of, odd, scored
from ui.widgets.linked_choice import own_titles
from ui.widgets.networks import picture_networks, say_older_networks, trained_model
from ui.widgets.option_titles import chosen_ids, remember_titles
from ui.widgets.own_pictures import OWN, own_pictures
from ui.widgets.titles import data_names, data_title
from ui.widgets.train_form import open_train_form

STEPS = 200
"""Steps of the threshold's slider."""

MOST_OWN = 64


def choose_network() -> TrainedModel:
    """The chosen network. RunError if it has been deleted meanwhile."""
    known = own_titles(picture_networks())
    name = NETWORK.among(OneOf(tuple(known)), FIRST if FIRST in known else next(iter(known))).read()
    st.session_state["anomaly-network"] = name
    remember_titles("anomaly-network", known)
    st.selectbox(
        "Network", tuple(known), format_func=known.__getitem__, key="anomaly-network",
        on_change=_keep_network,
        help="Your own runs, and the built-in models, that learned from pictures. "
        "The data a network learned from count as normal.",
    )  # fmt: skip
    say_older_networks(known)
    return trained_model(name)


def _keep_network() -> None:
    for name in chosen_ids("anomaly-network"):
        keep_network(name)


def choose_odd(found: TrainedModel) -> tuple[Pool | None, str]:
    """The anomalous pictures, None with a sentence on screen if there are none,
    and the class excluded from the normal ones, or "".
    """
    classes = classes_of(found)
    first = 0 if classes else 1
    bound = ODD.among(OneOf(KINDS), KINDS[first]).bound()
    kind = st.selectbox(
        "What is odd", KINDS, index=first, help="The network has to tell these from normal ones.", **bound
    )
    try:
        if kind == CLASS:
            name = _class(found, classes)
            return odd(found, CLASS, name), name
        if kind == OTHER:
            return odd(found, OTHER, _other(found)), ""
        if kind in OWN:
            own = own_pictures(kind, found.data, "anomaly", MOST_OWN)
            return (scored(found, own.x[:MOST], own.about) if own else None), ""
        return odd(found, kind), ""
    except DataError as error:
        refuse(str(error))
        return None, ""


def _class(found: TrainedModel, classes: tuple[str, ...]) -> str:
    if not classes:
        raise DataError(f"The pictures of {card(found.data).title} have no classes; choose something else as odd.")
    missing = left_out(found)
    first = classes.index(missing) if missing in classes else 0
    if st.session_state.get("odd-class", classes[0]) not in classes:
        st.session_state["odd-class"] = classes[first]
    bound = ODD_CLASS.among(OneOf(classes), classes[first]).bound()
    name = st.selectbox(
        "Class",
        classes,
        index=first,
        help="Pictures of this class are the odd ones, all other classes are normal.",
        **bound,
    )
    if name == missing:
        st.caption(
            ":material/visibility_off: It was left out of training: the network has never seen a "
            f"picture of class {in_markdown(name)}."
        )
        return name
    st.caption(
        f":material/visibility: The network **saw class {in_markdown(name)} in training**, so it has learned to "
        "reconstruct it. Do not expect this class to stand out."
    )
    if st.button(
        f"Train one without {in_markdown(name)}", key="train-without", icon=":material/model_training:",
        help="Opens the Train page with the settings of this network and this class left out.",
    ):  # fmt: skip
        from aecore.experiment.settings import RunSettings  # needs torch

        settings = RunSettings.from_dict({**found.settings, "leave_out": name})
        open_train_form(settings.data, settings.variant, settings.flat())
    return name


def _other(found: TrainedModel) -> str:
    others = tuple(name for name in data_names() if name != found.data and card(name).is_image and is_ready(name))
    if st.session_state.get("other-data", others[0]) not in others:
        st.session_state["other-data"] = others[0]
    bound = OTHER_DATA.among(OneOf(others, data_title), others[0]).bound()
    return st.selectbox(
        "Data set",
        others,
        format_func=data_title,
        help="Its test pictures, scaled to the size that the network takes.",
        **bound,
    )


def choose_threshold(suggested: float, errors: Sequence[np.ndarray]) -> float:
    """The error from which on a picture counts as odd, on a logarithmic slider over all errors, each (N,)."""
    threshold = read_threshold(suggested)
    seen = np.concatenate(errors)
    seen = seen[seen > 0]
    low, high = (
        (float(seen.min()) * 0.9, float(seen.max()) * 1.1)
        if len(seen)
        else (suggested / 2 or 1e-6, suggested * 2 or 1.0)
    )
    places = sorted(
        {*map(rounded, np.geomspace(low, high, STEPS)), rounded(suggested) or rounded(low), threshold or rounded(low)}
    )
    st.session_state["threshold-slider"] = threshold or rounded(low)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.select_slider(
            "Threshold: odd from this error on", places, key="threshold-slider",
            format_func=lambda value: f"{value:.4g}",
            on_change=lambda: keep_threshold(st.session_state["threshold-slider"]),
            help="Mean squared error per pixel. A lower threshold catches more odd pictures (true positives), "
            "but more normal ones raise a false alarm (false positives): set it by which mistake costs you "
            "more. The scale is logarithmic.",
        )  # fmt: skip
        st.button(
            "Suggested", key="suggested", icon=":material/restart_alt:", disabled=threshold == rounded(suggested),
            on_click=lambda: keep_threshold(None),
            help="95\N{NO-BREAK SPACE}% of the normal validation pictures have a smaller error. "
            "No odd picture is used to find this threshold.",
        )  # fmt: skip
    return st.session_state["threshold-slider"]
