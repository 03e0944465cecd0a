"""Neighbourhood preservation of a map on screen, and what may not be read from the map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from aecore.latent.code_set import CodeSet
from aecore.latent.maps import Map, MapRequest
from aecore.latent.preservation import KNN, Preservation, overlaps
from ui.screens.latent.text import knn_words, overlap_words
from ui.widgets.glossary import term
from ui.widgets.titles import data_title
from ui.widgets.wording import PERCENT_COLUMN, percent

EXPECTED = (("4", "9"), ("7", "9"), ("3", "8"), ("2", "7"))
"""Pairs of handwritten digits that overlap on the maps of our article; measured here."""

SHOWN_PAIRS = 8
WARNINGS = {
    "tsne": "**Sizes and gaps mean nothing here.** t-SNE makes crowded places wider and empty ones narrower, so a "
    "large island is not a varied class, and two islands far apart need not be more different than two that touch. "
    "Only neighbourhoods count, as far as the figures above confirm them.",
    "umap": "**Sizes and gaps mean little here.** UMAP evens out how crowded places are. "
    "Islands that touch share neighbours; how far apart the others lie says little.",
    "pca": "Distances on a PCA map are real distances, seen from one side: points far apart here are at least as far "
    "apart in the code. Points on top of each other may be far apart in a direction that you do not see.",
    "code": "These are numbers of the code as they are. With a code of two numbers you see all there is; "
    "with a longer one, a slice of it.",
}  # fmt: skip


def preservation_panel(found: CodeSet, request: MapRequest, drawn: Map, preservation: Preservation | None) -> None:
    """Neighbourhood preservation, kNN accuracy and class overlap; a sentence while they have not been measured."""
    if preservation is None:
        st.info("The map is measured as soon as it is finished.", icon=":material/hourglass_top:")
        return
    with st.container(key="preservation-figures"):
        _overall(found, drawn, preservation)
    st.info(WARNINGS[request.method], icon=":material/visibility:")
    if found.labels is not None and len(np.unique(found.labels[drawn.members])) > 1:
        with st.container(key="class-overlap"):
            _mixed(found, preservation)


def _overall(found: CodeSet, drawn: Map, preservation: Preservation) -> None:
    near = preservation.near
    columns = st.columns(4)
    columns[0].metric(
        "Trustworthiness", f"{preservation.trust.mean():.3f}",
        help=f"1 if the {near} nearest points of every point on the map are near in the code too; the further away "
        "in the code they really are, the less. About 0.5 for a map drawn by chance (Venna & Kaski 2001).",
    )  # fmt: skip
    columns[1].metric(
        "Neighbours kept", percent(preservation.kept.mean()),
        help=f"Of the {near} nearest codes of a point, the share that is among its {near} nearest points on the map; "
        f"by chance {percent(near / max(1, len(drawn.members) - 1))}.",
    )  # fmt: skip
    if found.labels is not None and len(np.unique(found.labels[drawn.members])) < 2:
        columns[2].caption(
            "All these points are of one class, so the kNN accuracy is 100\N{NO-BREAK SPACE}% and says nothing about "
            "the map."
        )
    elif np.isfinite(preservation.knn_accuracy_code):
        help = (
            f"Share of points whose class is the most frequent one among their {KNN} nearest others "
            f"({term('knn-accuracy')})."
        )
        columns[2].metric("kNN accuracy, in the code", percent(preservation.knn_accuracy_code), help=help)
        columns[3].metric(
            "… on the map",
            percent(preservation.knn_accuracy_map),
            f"{100 * (preservation.knn_accuracy_map - preservation.knn_accuracy_code):+.1f} points",
            delta_color="off",
            delta_arrow="off",
            help=help,
        )
        st.caption(knn_words(preservation.knn_accuracy_code, preservation.knn_accuracy_map))
    elif found.labels is None:
        columns[2].caption("The examples have no classes, so there is no kNN accuracy.")
    seconds = f" The map took {drawn.seconds:.1f} seconds of processor time." if drawn.seconds >= 0.1 else ""
    st.caption(
        f"{len(drawn.members):,} points, codes of {found.codes.shape[1]} numbers; Euclidean distances in the code and "
        f"on the map. Colour the map by *Trust* or *Kept* to see where it is right.{seconds}"
    )


def _mixed(found: CodeSet, preservation: Preservation) -> None:
    pairs = overlaps(preservation.class_overlap_code)
    if not pairs or pairs[0][2] == 0:
        st.caption("No two classes share neighbours: in this code each keeps to itself.")
        return
    on_map = (preservation.class_overlap_map + preservation.class_overlap_map.T) / 2
    rows = [
        {
            "Classes": f"{found.classes[i]} and {found.classes[j]}",
            "in the code": 100 * share,
            "on the map": 100 * float(on_map[i, j]),
            "Rank": rank,
        }
        for rank, (i, j, share) in enumerate(pairs, 1)
    ]
    share_column = st.column_config.NumberColumn(format=PERCENT_COLUMN)
    with st.container(key="overlapping-classes"):
        st.markdown(
            "**Which classes overlap?** The share of neighbours that belong to the other class, averaged over the two "
            "classes"
        )
        st.dataframe(
            pd.DataFrame(rows[:SHOWN_PAIRS]),
            hide_index=True,
            column_config={"in the code": share_column, "on the map": share_column},
            height="content",
        )
    if found.data in ("mnist", "digits"):
        ranks = {
            frozenset((found.classes[i], found.classes[j])): (rank, share)
            for rank, (i, j, share) in enumerate(pairs, 1)
        }
        said = [(*pair, *ranks[frozenset(pair)]) for pair in EXPECTED if frozenset(pair) in ranks]
        st.caption(
            "It is often said that handwritten digits that look alike overlap: 4 with 9, 7 with 9, 3 with 8 and "
            f"2 with 7. {overlap_words(said, len(pairs), SHOWN_PAIRS)} Each share counts the {KNN} nearest codes of "
            f"every point, in these codes of {data_title(found.data)}."
        )
