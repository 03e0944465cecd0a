"""The Anomaly page's results: conclusion, charts, a table of baselines, and the pictures at both ends
with their error maps.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from aecore.analyses.anomaly import counts, error_maps, suggested_threshold
from aecore.analyses.anomaly_examples import Pool
from aecore.metrics.roc import Roc, roc
from aecore.pretrained.trained_models import TrainedModel
from ui.app.theme import NEGATIVE, ZERO, plot
from ui.screens.anomaly.figures import histogram_figure, roc_figure
from ui.screens.anomaly.link import GROUP, GROUPS
from ui.screens.anomaly.pools import NETWORK, pca_size
from ui.screens.anomaly.text import TITLES, area_words, baselines_words, counts_words, few_words, one_words, pca_words
from ui.widgets.networks import reconstruct
from ui.widgets.picture_rows import Row, show_rows
from ui.widgets.pictures import as_bytes, show_columns

AT_EACH_END = 8
"""Pictures at either end; up to as many odd ones are all shown."""

STYLE = """<style>
@media (max-width: 1000px) {
  :is(.st-key-anomaly-charts, .st-key-anomaly-ends) [data-testid="stHorizontalBlock"] { flex-direction: column; }
  :is(.st-key-anomaly-charts, .st-key-anomaly-ends) [data-testid="stColumn"] {
    width: 100%; min-width: 100%; flex: 0 0 auto; }
}
</style>"""
"""On narrow screens charts and pictures are stacked."""

COLUMNS = {
    "AUC": st.column_config.NumberColumn(
        format="%.3f",
        help="Area under the ROC curve: the share of all pairs in which the odd picture scores higher. "
        "1: perfect, 0.5: no better than chance, below it odd pictures score lower.",
    ),
    "±": st.column_config.NumberColumn(
        format="%.3f",
        help="Standard error of the AUC (Hanley, McNeil 1982): smaller differences than two of these may be luck.",
    ),
    "True positive rate": st.column_config.NumberColumn(
        format="%.1f\N{NO-BREAK SPACE}%%",
        help="Recall: the share of odd pictures above the score's own suggested threshold.",
    ),
    "False positive rate": st.column_config.NumberColumn(
        format="%.1f\N{NO-BREAK SPACE}%%",
        help="False alarms: the share of normal test pictures above it; expect about 5\N{NO-BREAK SPACE}%.",
    ),
    "Precision": st.column_config.NumberColumn(
        format="%.1f\N{NO-BREAK SPACE}%%",
        help="Of the pictures above it, the share that are odd. Empty if there are none.",
    ),
}


def show_conclusion(found: TrainedModel, normal: Pool, odd: Pool, validation: Pool, threshold: float) -> None:
    """The effect of the threshold, in words and on two charts, and the baselines."""
    own, other = normal.values[NETWORK], odd.values[NETWORK]
    if few := few_words(len(validation.x), len(odd.x)):
        st.caption(few)
    if len(other) == 1:
        st.markdown(one_words(float(other[0]), own, threshold))
        _histogram(own, other, threshold)
        return
    at = counts(own, other, threshold)
    curves = {title: roc(normal.values[title], odd.values[title]) for title in normal.values}
    st.markdown(counts_words(at))
    st.html(STYLE)
    left, right = st.container(key="anomaly-charts").columns(2, gap="medium")
    with left:
        _histogram(own, other, threshold)
    with right:
        plot(
            roc_figure({TITLES[name]: curve for name, curve in curves.items()}, at),
            "chart-roc",
            f"ROC curves of the network and of simpler scores. {counts_words(at).replace('*', '')}",
        )
    st.markdown(f"{area_words(curves[NETWORK])} {baselines_words(curves)}")
    st.dataframe(
        pd.DataFrame(_table(curves, normal, odd, validation)), hide_index=True, key="rivals", column_config=COLUMNS
    )
    st.caption(
        "Only the first score in the table needs the network. The others are the squared distance from the average "
        f"training picture, the mean brightness of its pixels, and {pca_words(pca_size(found))}. Each score has a "
        "threshold of its own, below which 95\N{NO-BREAK SPACE}% of its normal validation scores lie; the slider does "
        "not move it."
    )


def _histogram(normal: np.ndarray, odd: np.ndarray, threshold: float) -> None:
    plot(
        histogram_figure(normal, odd, threshold),
        "chart-histogram",
        "The distributions of the errors of normal and of odd pictures, and the threshold.",
    )


def _table(curves: dict[str, Roc], normal: Pool, odd: Pool, validation: Pool) -> list[dict[str, object]]:
    rows = []
    for title, curve in curves.items():
        at = counts(normal.values[title], odd.values[title], suggested_threshold(validation.values[title]))
        rows.append(
            {
                "Score": TITLES[title],
                "AUC": curve.area,
                "±": curve.spread,
                "True positive rate": 100 * at.caught / at.odd,
                "False positive rate": 100 * at.alarms / at.normal,
                "Precision": 100 * at.caught / flagged if (flagged := at.caught + at.alarms) else None,
            }
        )
    return rows


def show_pictures(found: TrainedModel, normal: Pool, odd: Pool, threshold: float) -> None:
    """The least and the most anomalous pictures of either group, their reconstructions and error maps.

    A few odd pictures are all shown, and the normal ones below.
    """
    pool, name = normal, "normal"
    if is_few := len(odd.x) <= AT_EACH_END:
        _few(found, odd, threshold)
    elif (
        st.segmented_control(
            "Pictures",
            GROUPS,
            default=GROUPS[0],
            required=True,
            help="Which pictures to show: those with the largest and those with the smallest errors.",
            **GROUP.bound(),
        )
        == GROUPS[1]
    ):
        pool, name = odd, "odd"
    order = np.argsort(-pool.values[NETWORK], kind="stable")
    ends = {
        f"Least ordinary {name} pictures": order[:AT_EACH_END],
        f"Most ordinary {name} pictures": order[::-1][:AT_EACH_END],
    }
    answers = {title: reconstruct(found, pool.x[rows]) for title, rows in ends.items()}
    maps = {title: error_maps(pool.x[rows], answers[title]) for title, rows in ends.items()}
    top = max(float(each.max()) for each in maps.values())
    for column, (title, rows) in zip(
        st.container(key="anomaly-ends").columns(2, gap="medium"), ends.items(), strict=True
    ):
        values = pool.values[NETWORK][rows]
        note, error = (
            f"{int((values >= threshold).sum())} of {len(rows)} above the threshold",
            f"error {values.min():.3g} to {values.max():.3g}",
        )
        with column:
            st.markdown(f"**{title}**")
            pictures = [Row("Picture", pool.x[rows], (note,)), Row("Reconstruction", answers[title], (error,))]
            show_rows([*pictures, Row("Where the error lies", heat(maps[title], top))])
    st.caption(
        "Error maps: white where the reconstruction is exact, darker where the squared error is larger. "
        f"The darkest shade is {top:.2g} in both{', and another in the odd pictures above' if is_few else ''}."
    )


def _few(found: TrainedModel, odd: Pool, threshold: float) -> None:
    """All odd pictures, each over its reconstruction and its error map."""
    answer = reconstruct(found, odd.x)
    maps = error_maps(odd.x, answer)
    stacks = [
        np.broadcast_to(as_bytes(each), (len(each), 3, *each.shape[2:]))
        for each in (odd.x, answer, heat(maps, float(maps.max())))
    ]
    captions = [f"{value:.3g}, {'odd' if value >= threshold else 'normal'}" for value in odd.values[NETWORK]]
    st.markdown("**The odd pictures**, their reconstructions, and where the error lies")
    show_columns(stacks, captions, alt="Odd picture, error", width=104)


def heat(maps: np.ndarray, top: float) -> np.ndarray:
    """Error maps (K, H, W) as pictures (K, 3, H, W) uint8: white at zero, dark orange at `top`;
    a square root makes small errors visible.
    """
    strength = np.sqrt(np.clip(maps / max(top, 1e-12), 0, 1))[:, None]
    low, high = (np.array(end, float).reshape(1, 3, 1, 1) for end in (ZERO, NEGATIVE))
    return (low + strength * (high - low)).round().astype(np.uint8)
