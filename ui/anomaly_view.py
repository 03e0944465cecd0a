"""The anomaly page's results: verdict, charts, a table of rivals, and the pictures at both ends with their error maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from aecore.anomaly import Roc, counts, error_maps, roc, suggested_threshold
from aecore.codes import Source
from ui.anomaly_figures import histogram_figure, roc_figure
from ui.anomaly_study import NETWORK, Pool
from ui.anomaly_words import TITLES, area_words, counts_words, few_words, one_words, rivals_words
from ui.networks import reconstruct
from ui.picture_rows import PER_BLOCK, Row, show_rows
from ui.theme import NEGATIVE, ZERO, plot

STYLE = """<style>
@media (max-width: 1000px) {
  :is(.st-key-anomaly-charts, .st-key-anomaly-ends) [data-testid="stHorizontalBlock"] { flex-direction: column; }
  :is(.st-key-anomaly-charts, .st-key-anomaly-ends) [data-testid="stColumn"] { width: 100%; min-width: 100%; flex: 0 0 auto; }
}
</style>"""
"""Where there is little room, charts and pictures stand one below the other."""

COLUMNS = {
    "AUC": st.column_config.NumberColumn(
        format="%.3f",
        help="Area under the ROC curve: the share of all pairs in which the odd picture scores higher. 1: perfect, 0.5: a coin, below it they score lower.",
    ),
    "±": st.column_config.NumberColumn(
        format="%.3f", help="Standard error of the AUC (Hanley, McNeil 1982): smaller differences than two of these may be luck."
    ),
    "Caught": st.column_config.NumberColumn(format="percent", help="Odd pictures above the score's own suggested threshold."),
    "False alarms": st.column_config.NumberColumn(format="percent", help="Normal test pictures above it; about 5 % are to be expected."),
}


def show_verdict(normal: Pool, odd: Pool, validation: Pool, threshold: float) -> None:
    """What the threshold does, in words and on two charts, and how simpler scores do."""
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
        plot(roc_figure(curves, at), "chart-roc", f"ROC curves of the network and of simpler scores. {counts_words(at).replace('*', '')}")
    st.markdown(f"{area_words(curves[NETWORK])} {rivals_words(curves)}")
    st.dataframe(pd.DataFrame(_table(curves, normal, odd, validation)), hide_index=True, key="rivals", column_config=COLUMNS)
    st.caption(
        "The scores in the table need no network but the first: how badly PCA with a code of the same size brings a picture back, how far it is from the "
        "average training picture, and how bright it is. Each has its own threshold there, below which 95 % of its normal validation scores lie."
    )


def _histogram(normal: np.ndarray, odd: np.ndarray, threshold: float) -> None:
    plot(histogram_figure(normal, odd, threshold), "chart-histogram", "How the errors of normal and of odd pictures are spread, and the threshold.")


def _table(curves: dict[str, Roc], normal: Pool, odd: Pool, validation: Pool) -> list[dict[str, object]]:
    rows = []
    for title, curve in curves.items():
        at = counts(normal.values[title], odd.values[title], suggested_threshold(validation.values[title]))
        rows.append(
            {
                "Score": TITLES[title],
                "AUC": curve.area,
                "±": curve.spread,
                "Caught": round(at.caught / at.odd, 3),
                "False alarms": round(at.alarms / at.normal, 3),
            }
        )
    return rows


def show_pictures(found: Source, normal: Pool, odd: Pool, threshold: float) -> None:
    """The least and the most ordinary pictures of either group, what comes back of them, and where the error lies."""
    group = st.segmented_control(
        "Pictures", ["Normal", "Odd"], default="Normal", required=True, key="group", bind="query-params", help="Of which pictures the two ends are shown."
    )
    pool = normal if group == "Normal" else odd
    values = pool.values[NETWORK]
    order = np.argsort(-values, kind="stable")
    ends = {"Least ordinary": order[:PER_BLOCK], "Most ordinary": order[::-1][:PER_BLOCK]}
    if len(order) <= PER_BLOCK:
        ends = {"All of them, the least ordinary first": order}
    answers = {title: reconstruct(found, pool.x[chosen]) for title, chosen in ends.items()}
    maps = {title: error_maps(pool.x[chosen], answers[title]) for title, chosen in ends.items()}
    top = max(float(each.max()) for each in maps.values())
    for column, (title, chosen) in zip(st.container(key="anomaly-ends").columns(2, gap="medium"), ends.items(), strict=False):
        with column:
            st.markdown(f"**{title}**")
            flagged = int((values[chosen] >= threshold).sum())
            note = f"{flagged} of {len(chosen)} above the threshold"
            error = f"error {values[chosen].min():.3g} to {values[chosen].max():.3g}"
            rows = [Row("Picture", pool.x[chosen], (note,)), Row("What comes back", answers[title], (error,))]
            show_rows([*rows, Row("Where the error lies", heat(maps[title], top))])
    st.caption(
        f"From {pool.about.rstrip('.')}. Error maps: white where the picture came back exactly, the darker the larger the squared error; "
        f"the darkest shade is {top:.2g} in all of them."
    )


def heat(maps: np.ndarray, top: float) -> np.ndarray:
    """Error maps (K, H, W) as pictures (K, 3, H, W) uint8: white at zero, dark orange at `top`; the root lets small errors be seen."""
    strength = np.sqrt(np.clip(maps / max(top, 1e-12), 0, 1))[:, None]
    low, high = (np.array(end, float).reshape(1, 3, 1, 1) for end in (ZERO, NEGATIVE))
    return (low + strength * (high - low)).round().astype(np.uint8)
