"""Runs as rows of a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from aecore.datasets import DATASETS
from aecore.foreign import in_table
from aecore.runs.run import AUTOENCODER, NEWER, RECOMMENDER, WORDS, Run
from aecore.runs.snapshots import last_record
from aecore.variants import VARIANTS
from aecore.words.text_store import PRESETS
from ui.widgets.recommender_figures import model_title
from ui.widgets.recommender_metrics import INTERVAL, data_title, with_intervals
from ui.widgets.run_states import STATES
from ui.widgets.wording import AS_MANY, percent

ORDER = (
    "Name",
    "Kind",
    "State",
    "Data",
    "Autoencoder",
    "Recommender's test",
    "Unseen texts right",
    "Test error",
    "PCA",
    "Epochs",
    "Seconds",
    "On",
    "Started",
)
KINDS = {"Network": "blue", "Recommender": "orange", "Words": "green"}

OWN_COLUMNS = {RECOMMENDER: "Recommender's test", WORDS: "Unseen texts right"}


def table_of(runs: Sequence[Run], kinds: Collection[str]) -> pd.DataFrame:
    """A row for each run, in a list that has runs of these kinds; where all are networks, no column says so."""
    kinds = {RECOMMENDER if kind == NEWER else kind for kind in kinds}
    absent = {column for kind, column in OWN_COLUMNS.items() if kind not in kinds}
    absent |= {"Kind"} if kinds <= {AUTOENCODER} else set()
    rows = pd.DataFrame([_row(run) | _kind(run) for run in runs])
    return rows[[name for name in ORDER if name not in absent]]


COLUMNS = {
    "Kind": st.column_config.MultiselectColumn(
        options=list(KINDS),
        color=list(KINDS.values()),
        help="What it trains: a network of pictures, a recommender, or words.",
    ),
    "Recommender's test": st.column_config.TextColumn(
        help="RMSE of stars for known people; NDCG@10 from 10 ratings for new ones, with its 95 % interval."
    ),
    "Unseen texts right": st.column_config.TextColumn(
        help="First by the autoencoder, then by the network that was told the labels."
    ),
    "Test error": st.column_config.NumberColumn(format="%.5f", help="Mean squared error per pixel on the test set."),
    "PCA": st.column_config.NumberColumn(format="%.5f", help=f"The same for PCA with as many components as {AS_MANY}."),
    "State": st.column_config.TextColumn(
        help="Waiting: in the queue. Paused and Interrupted: can continue. Stopped early: ended by hand, and "
        "tested. Diverged: the loss grew without bound. Failed: an error ended it."
    ),
    "Epochs": st.column_config.NumberColumn(help="Epochs trained so far."),
    "Seconds": st.column_config.NumberColumn(
        format="%.1f", help="Time spent training; runs that train at the same time share the machine."
    ),
    "On": st.column_config.TextColumn(
        help="On what it trains or was trained: a processor (CPU) or a GPU, and on a cluster the node."
    ),
    "Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
}


def _row(run: Run) -> dict[str, Any]:
    test, base = run.status.test or {}, run.status.baselines or {}
    reached = last_record(run.folder) or {"epoch": 0, "seconds": 0.0}
    data, variant = run.settings.get("data", ""), run.settings.get("variant", "")
    return {
        "Name": in_table(run.name),
        "State": STATES.get(run.status.state, (run.status.state,))[0],
        "Data": DATASETS[data].title if data in DATASETS else data,
        "Autoencoder": VARIANTS[variant].title if variant in VARIANTS else variant,
        "Test error": test.get("mse"),
        "PCA": base.get("pca_test"),
        "Epochs": reached["epoch"],
        "Seconds": run.status.seconds or reached["seconds"],
        "On": in_table(run.status.device) or None,
        "Started": pd.Timestamp(run.status.created, unit="s", tz="UTC"),
    }


def _kind(run: Run) -> dict[str, Any]:
    """The kind of a run, for lists that hold several kinds."""
    nothing, test = dict.fromkeys(OWN_COLUMNS.values()), run.status.test or {}
    if run.is_autoencoder:
        return nothing | {"Kind": ["Network"]}
    if run.kind == WORDS:
        shares = [percent(test[key]) for key in ("autoencoder_right", "labels_right") if key in test]
        titles = {key: preset.title for key, preset in PRESETS.items()}
        data = str(run.settings.get("data"))
        about = {"Kind": ["Words"], "Data": titles.get(data, data), "Autoencoder": "Words of texts"}
        return nothing | about | {"Unseen texts right": ", ".join(shares) or None}
    reached = next(
        (
            f"{label} {test[key]:.4f}{_interval(test, key)}"
            for key, label in (("rmse", "RMSE"), ("ndcg_10", "NDCG@10"), ("ndcg", "NDCG@10"))
            if key in test
        ),
        None,
    )
    about = {
        "Data": data_title(str(run.settings.get("data"))),
        "Autoencoder": model_title(str(run.settings.get("model"))),
    }
    return nothing | about | {"Kind": ["Recommender"], "Recommender's test": reached}


def _interval(test: Mapping[str, float], key: str) -> str:
    """ " (0.38–0.46)", the 95 % interval of an NDCG; "" if it was not measured."""
    found = with_intervals(test).get(key.replace("ndcg", INTERVAL))
    return f" ({found})" if found and key.startswith("ndcg") else ""
