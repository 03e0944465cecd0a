"""Colours of the points of a map: by class, factor, error, cluster, or neighbourhood preservation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.colors
import streamlit as st

from aecore.latent.code_set import CodeSet
from aecore.latent.preservation import Preservation
from ui.app.address_choices import OneOf
from ui.components.latent_map import NO_COLOUR, Legend
from ui.screens.latent.link import CLUSTERS, COLOUR_BY, N_CLUSTERS
from ui.widgets.glossary import term

CLASSES = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#a89a00", "#7a5bb5", "#9c5b3c", "#7d8896")
"""Colours of up to ten groups; Okabe & Ito's come first."""

SHADES = tuple(plotly.colors.sample_colorscale("Cividis", [step / 31 for step in range(32)], colortype="rgb"))
MIDDLE = (2.0, 98.0)
"""Percentiles of the points that bound the colour scale of a measure, so that outliers do not dominate it."""

CLASS, ERROR, CLUSTER, TRUST, KEPT, PLAIN = "class", "error", "cluster", "trust", "kept", "none"
TITLES = {
    CLASS: "Class", ERROR: "Error of the reconstruction", CLUSTER: "Cluster of codes",
    TRUST: "Trust: are its neighbours here real?",
    KEPT: "Kept: which of its real neighbours are here?", PLAIN: "Nothing",
}  # fmt: skip
FACTOR = "factor-"


@dataclass(frozen=True)
class Colouring:
    """levels (K,) into palette, and their legend."""

    levels: np.ndarray
    palette: tuple[str, ...]
    legend: Legend


def ask_colour(found: CodeSet, preservation: Preservation | None) -> str:
    """Asks what to colour by; only what the set of codes allows is on offer."""
    options = [
        *([CLASS] if found.labels is not None else []),
        ERROR,
        CLUSTER,
        *(f"{FACTOR}{name}" for name in found.factors),
        TRUST,
        KEPT,
        PLAIN,
    ]
    if st.session_state.get(COLOUR_BY.name, options[0]) not in options:
        del st.session_state[COLOUR_BY.name]
    chosen = st.selectbox(
        "Colour by", options, format_func=_title, **COLOUR_BY.among(OneOf(options, _title), options[0]).bound(),
        help=f"Clusters are found in the codes by {term('k-means')}, which knows no classes. "
        "Trust and what is kept are explained under Preservation.",
    )  # fmt: skip
    if chosen in (TRUST, KEPT) and preservation is None:
        st.caption("Trust is measured as soon as the map is finished.")
    return chosen


def _title(key: str) -> str:
    return TITLES.get(key, key.removeprefix(FACTOR).replace("_", " ").capitalize())


def ask_clusters(found: CodeSet) -> int:
    """Asks for the number of clusters."""
    usual = len(found.classes) if found.labels is not None and len(found.classes) > 1 else 8
    return int(
        st.slider(
            "Clusters",
            *CLUSTERS,
            min(CLUSTERS[1], usual),
            help=f"The number of groups into which {term('k-means')} sorts the codes.",
            **N_CLUSTERS.bound(),
        )
    )


def coloured(
    found: CodeSet, members: np.ndarray, by: str, preservation: Preservation | None, clusters: int = 0
) -> Colouring:
    """Colours for the points `members` (K,) of a code set."""
    if by == CLASS and found.labels is not None:
        return _groups(found.labels[members], found.classes)
    if by == CLUSTER:
        return _groups(cluster(found, clusters)[members], tuple(f"Cluster {number + 1}" for number in range(clusters)))
    if by == ERROR:
        return _scale(found.errors[members], "Mean squared error per input")
    if by in (TRUST, KEPT) and preservation is not None:
        values = preservation.trust if by == TRUST else preservation.kept
        return _scale(
            values,
            "Trustworthiness" if by == TRUST else f"Share of the {preservation.near} nearest codes that are near here",
        )
    if by.startswith(FACTOR):
        name = by.removeprefix(FACTOR)
        values, names = found.factors[name][members], found.factor_values.get(name, ())
        return _groups(values, names) if names else _scale(values, name.replace("_", " ").capitalize())
    return _plain(len(members))


def coloured_groups(labels: np.ndarray | None, names: tuple[str, ...], count: int) -> Colouring:
    """Colours by class for `count` points; grey where there are no classes."""
    return _plain(count) if labels is None else _groups(labels, names)


def _plain(count: int) -> Colouring:
    return Colouring(np.full(count, NO_COLOUR, np.uint8), (), Legend())


@st.cache_data(max_entries=32, show_spinner="Looking for clusters")
def _cluster(key: str, count: int, _codes: np.ndarray) -> np.ndarray:
    from sklearn.cluster import KMeans

    return KMeans(min(count, len(_codes)), n_init=3, random_state=0).fit_predict(_codes)


def cluster(found: CodeSet, count: int) -> np.ndarray:
    """The cluster (N,) of each code, by k-means in the latent space."""
    return _cluster(found.key, count, found.codes)


def _groups(labels: np.ndarray, names: tuple[str, ...]) -> Colouring:
    count = max(len(names), int(labels.max(initial=0)) + 1)
    palette = (
        CLASSES[:count]
        if count <= len(CLASSES)
        else tuple(plotly.colors.sample_colorscale("Turbo", np.linspace(0.04, 0.96, min(count, 64)).tolist()))
    )
    names = names or tuple(map(str, range(count)))
    return Colouring((labels % len(palette)).astype(np.uint8), palette, Legend("classes", names[: len(palette)]))


def _scale(values: np.ndarray, title: str) -> Colouring:
    low, high = np.nanpercentile(values, MIDDLE)
    share = np.clip((values - low) / max(float(high - low), 1e-12), 0, 1)
    levels = np.where(np.isfinite(values), np.nan_to_num(share) * (len(SHADES) - 1), NO_COLOUR).round().astype(np.uint8)
    return Colouring(levels, SHADES, Legend("scale", title=title, low=f"{low:.3g}", high=f"{high:.3g}"))
