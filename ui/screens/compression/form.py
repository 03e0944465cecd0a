"""The Compression page's form: whose pictures are sent, by which networks, and what is counted;
all of it is in the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aecore.analyses.rate_distortion import FORMS, WAYS
from aecore.datasets import card, is_ready
from aecore.experiment.settings import RunSettings
from aecore.pretrained.trained_models import TrainedModel, builtin_names, find_trained_model
from aecore.runs.store import RunError
from ui.app.address_choices import OneOf
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.compression.link import (
    BUDGET,
    BUDGETS,
    COUNT,
    COUNTS,
    FIRST_FORMS,
    MEASURE,
    MEASURES,
    NUMBERS,
    OTHERS,
    SENT,
    WAY,
    WAY_TITLES,
)  # fmt: skip
from ui.widgets.linked_choice import keep_networks, own_titles, read_networks
from ui.widgets.networks import networks_of, say_older_networks, trained_model
from ui.widgets.option_titles import chosen_ids, remember_titles
from ui.widgets.titles import data_names, data_title

MOST_NETWORKS = 6
USUAL = 4


@dataclass(frozen=True)
class Counting:
    """How to count: the bytes of picture files, the number formats shown,
    the number of pictures that share the bytes sent once, and the measure.
    """

    way: str
    forms: tuple[str, ...]
    count: int
    measure: str


def choose_other(data: str) -> str:
    """The data set whose pictures are sent, by default `data`."""
    is_other = st.toggle(
        "Send pictures of another data set", **OTHERS.bound(),
        help="Networks and PCA stay those that learned from the data above. "
        "The other pictures are scaled to their size.",
    )  # fmt: skip
    known = tuple(name for name in data_names() if name != data and card(name).is_image and is_ready(name))
    if not is_other or not known:
        return data
    usual = "faces" if "faces" in known else "shapes"
    if st.session_state.get("sent", known[0]) not in known:
        st.session_state["sent"] = usual
    bound = SENT.among(OneOf(known, data_title), usual).bound()
    return st.selectbox(
        "Pictures to send",
        known,
        index=known.index(usual),
        format_func=data_title,
        help="Their first test pictures are sent.",
        **bound,
    )


def choose_networks(data: str) -> dict[str, TrainedModel]:
    """title -> network, of those trained on this data; each title begins with its number."""
    known = own_titles(networks_of(data), data)
    if not known:
        st.info(
            "No network has learned from these pictures yet. Train one; PCA and picture files are compared meanwhile.",
            icon=":material/model_training:",
        )
        return {}
    chosen = read_networks(known, usual(known))[:MOST_NETWORKS]
    st.session_state["packing-networks"] = list(chosen)
    remember_titles("packing-networks", known)
    st.multiselect(
        "Networks", tuple(known), format_func=lambda name: known[name], key="packing-networks",
        max_selections=MOST_NETWORKS, on_change=lambda: keep_networks(tuple(chosen_ids("packing-networks"))),
        placeholder="Choose one or more", wrap=True,
        help="Your own runs, and the built-in models, that learned from these pictures.",
    )  # fmt: skip
    say_older_networks(known)
    found = {}
    for number, name in enumerate(chosen, 1):
        try:
            found[f"{number} · {known[name]}"] = trained_model(name)
        except RunError as error:
            refuse(str(error))
    return found


def usual(known: dict[str, str]) -> tuple[str, ...]:
    """The default networks: codes of several sizes, the small ones first;
    denoising ones only if there are no others.
    """
    runs = {run.id: run.settings for run in services.store.list()}
    settings = {name: runs.get(name) or _settings(name) for name in known}
    plain = [name for name in known if settings[name].get("corruption", "none") == "none"]
    by_size: dict[int, str] = {}
    for name in plain or known:
        by_size.setdefault(_code_size(settings[name]), name)
    return tuple(by_size[size] for size in sorted(by_size))[:USUAL]


def choose_counting(place: DeltaGenerator) -> Counting:
    """How bytes and errors are counted. place: container of the number of pictures."""
    way = st.radio(
        "Picture files are counted", WAYS, index=1, format_func=WAY_TITLES.get, **WAY.bound(),
        help="As separate files; without the header, which is estimated by the size of a blank picture's file; "
        "or all pictures in one large file.",
    )  # fmt: skip
    forms = st.pills(
        "Numbers of a code are sent as", FORMS, selection_mode="multi", default=FIRST_FORMS,
        wrap=True, **NUMBERS.bound(),
        help="In 4 bytes, in 2, or in 1, which is one of 256 levels. zlib is an entropy coder that "
        "compresses all codes once more.",
    )  # fmt: skip
    measure = st.segmented_control(
        "Measure", tuple(MEASURES), default="psnr", required=True, format_func=MEASURES.get, **MEASURE.bound(),
        help="PSNR: decibels, 10 more is a tenth of the squared error. SSIM: 1 is the same picture. "
        "MSE: mean squared error per pixel, less is better.",
    )  # fmt: skip
    with place:
        count = choose_count()
    return Counting(way, tuple(form for form in FORMS if form in forms), count, measure)


def choose_count() -> int:
    """How many pictures share the decoder."""
    return st.select_slider(
        "Number of pictures sent", COUNTS, value=10_000, format_func=str, **COUNT.bound(),
        help="The receiver needs the decoder first. This many pictures share its bytes.",
    )  # fmt: skip


def choose_budget() -> int:
    """About how many bytes a picture may take in the rows of pictures."""
    return st.select_slider(
        "About this many bytes per picture", BUDGETS, format_func=str, **BUDGET.held("value"),
        help="From each method, the setting whose bytes per picture are nearest to this, unless another one has both "
        "fewer bytes and a better PSNR. "
        "What is sent once is shared by the number of pictures above.",
    )  # fmt: skip


def _code_size(values: dict[str, Any]) -> int:
    settings = RunSettings.from_dict(values)
    return settings.model.code_size(card(settings.data).shape)


def _settings(name: str) -> dict[str, Any]:
    if name in builtin_names():
        return _builtin_settings(name)
    return services.store.get(name).settings


@cache
def _builtin_settings(name: str) -> dict[str, Any]:
    return find_trained_model(services.store, name).settings
