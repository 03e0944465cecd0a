"""The list of runs: a table to choose from, and actions on the chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from aecore.datasets import DATASETS
from aecore.foreign import in_markdown, in_table
from aecore.runs.store import RECOMMENDER, WORDS, Run
from aecore.variants import VARIANTS
from aecore.words.text_store import PRESETS
from ui.app.frame import as_letters
from ui.app.links import RECOMMENDER_VIEW, RUN
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import go_to, link_to
from ui.screens.runs.archive import bundle
from ui.widgets.deleted import said_deleted
from ui.widgets.export_menu import export_menu
from ui.widgets.figures import Curves, comparison_figure
from ui.widgets.recommender_figures import model_title
from ui.widgets.recommender_metrics import data_title
from ui.widgets.run_actions import choose, delete, rename, restore
from ui.widgets.run_states import STATES, say_whose
from ui.widgets.wording import AS_MANY, percent
from ui.widgets.words_address import words_address

MIXED_ORDER = (
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
    "Started",
)
KINDS = {"Network": "blue", "Recommender": "orange", "Words": "green"}

OWN_COLUMNS = {RECOMMENDER: "Recommender's test", WORDS: "Unseen texts right"}


def run_table(runs: list[Run]) -> list[Run]:
    """Shows the runs and returns those that are ticked."""
    others = {run.kind for run in runs if not run.is_autoencoder}
    rows = pd.DataFrame([_row(run) | (_kind(run) if others else {}) for run in runs])
    columns = {
        "Kind": st.column_config.MultiselectColumn(
            options=list(KINDS),
            color=list(KINDS.values()),
            help="What it trains: a network of pictures, a recommender, or words.",
        ),
        "Recommender's test": st.column_config.TextColumn(
            help="RMSE of stars for known people; NDCG@10 from 10 ratings for new ones."
        ),
        "Unseen texts right": st.column_config.TextColumn(
            help="First by the autoencoder, then by the network that was told the labels."
        ),
        "Test error": st.column_config.NumberColumn(
            format="%.5f", help="Mean squared error per pixel on the test set."
        ),
        "PCA": st.column_config.NumberColumn(
            format="%.5f", help=f"The same for PCA with as many components as {AS_MANY}."
        ),
        "State": st.column_config.TextColumn(
            help="Waiting: in the queue. Paused and Interrupted: can continue. Stopped early: ended by hand, and "
            "tested. Diverged: the loss grew without bound. Failed: an error ended it."
        ),
        "Epochs": st.column_config.NumberColumn(help="Epochs trained so far."),
        "Seconds": st.column_config.NumberColumn(
            format="%.1f", help="Time spent training; runs that train at the same time share the machine."
        ),
        "Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
    }
    absent = {column for kind, column in OWN_COLUMNS.items() if kind not in others}
    order = [name for name in MIXED_ORDER if name not in absent] if others else None
    event = st.dataframe(
        rows,
        hide_index=True,
        column_config=columns,
        column_order=order,
        key="runs",
        on_select="rerun",
        selection_mode="multi-row",
    )
    return [runs[index] for index in event.selection.rows if index < len(runs)]


def newest_with_curves(runs: Sequence[Run], most: int) -> list[Run]:
    """The first `most` autoencoders of the list that have a validation error to draw."""

    def has_curve(run: Run) -> bool:
        records = services.progress_log(run.id).read() if run.is_autoencoder else []
        return any(record.get("validation_mse") is not None for record in records)

    return list(islice(filter(has_curve, runs), most))


def compare(chosen: list[Run]) -> None:
    """Validation curves of the chosen runs on one axis; other models are compared on their own pages."""
    only_words = bool(chosen) and all(run.kind == WORDS for run in chosen)
    chosen = [run for run in chosen if run.is_autoencoder]
    if only_words:
        st.caption("Models of words are compared by the column “Unseen texts right”; open one to see its curves.")
        return
    if not chosen:
        link_to("recommender", "Compare recommenders", (RECOMMENDER_VIEW, "Evaluation"), icon=":material/recommend:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        over = st.segmented_control(
            "Horizontal axis",
            ("epoch", "seconds"),
            default="epoch",
            required=True,
            key="over",
            help="Epochs count looks at the data; seconds count what it cost.",
        )
        is_log = st.toggle(
            "Log scale",
            value=True,
            key="compare_log",
            help="Shows small late progress as clearly as large early progress.",
        )
    curves = [Curves(run.name, services.progress_log(run.id).read()) for run in chosen]
    alt, revision = (
        "Validation error per pixel of " + ", ".join(run.name for run in chosen),
        f"{[run.id for run in chosen]} {over} {is_log}",
    )
    plot(comparison_figure(curves, is_log=is_log, over=over), "chart-compare", alt, revision=revision)
    if len({run.settings.get("data") for run in chosen}) > 1:
        st.caption("These runs learned from different data: their errors are not measured on the same pictures.")


def open_run(run: Run) -> None:
    """Goes to the page that shows this run."""
    if run.kind == WORDS:
        go_to("words", *words_address(run))
    if run.is_autoencoder:
        choose(run.id)
    go_to("recommender" if run.is_recommender else "train", (RUN, run.id))


def one_run(run: Run) -> None:
    """Rename, download, export, delete."""
    is_mine = services.may_change(run)
    say_whose(run)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name",
            value=run.name,
            key=f"name-{run.id}",
            max_chars=120,
            disabled=not is_mine,
            help="What to call this run.",
        )
        st.button(
            "Rename",
            key="rename",
            icon=":material/edit:",
            on_click=rename,
            args=(run.id, name),
            disabled=name == run.name or not is_mine,
        )
        st.download_button(
            "Weights and settings", data=lambda: bundle(run), file_name=f"{run.id}.zip", mime="application/zip",
            key="download", icon=":material/download:",
            disabled=not (run.has_weights or (not run.is_autoencoder and run.status.test)), on_click="ignore",
            help="A ZIP with the weights (safetensors), settings.json, status.json, progress.jsonl and the codes of "
            "the test set, a recommender's films, or embeddings of words.",
        )  # fmt: skip
        if not run.problem and run.is_autoencoder:
            export_menu(run)
        st.button(
            "Delete",
            key="delete",
            icon=":material/delete:",
            on_click=delete,
            args=((run.id,),),
            disabled=not is_mine,
            help="Moves it to the trash; it can be brought back.",
        )
    if run.problem:
        st.error(as_letters(run.problem), icon=":material/error:")
    with st.expander("Its settings", key="settings"):
        st.json(run.settings)


def just_deleted() -> None:
    """The runs deleted last, by name, with an undo."""
    names = {run.id: run.name for run in services.store.deleted()}
    said_deleted("runs", names, lambda ids: [*map(restore, ids)])


def trash() -> None:
    """The deleted runs, each with a button to restore it."""
    deleted = services.store.deleted()
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted)})", key="trash", icon=":material/delete:"):
        for run in deleted:
            st.button(
                f"Restore {in_markdown(run.name)}",
                key=f"restore-{run.id}",
                icon=":material/restore_from_trash:",
                on_click=restore,
                args=(run.id,),
            )


def _row(run: Run) -> dict[str, Any]:
    test, base = run.status.test or {}, run.status.baselines or {}
    records = services.progress_log(run.id).read()
    data, variant = run.settings.get("data", ""), run.settings.get("variant", "")
    return {
        "Name": in_table(run.name),
        "State": STATES.get(run.status.state, (run.status.state,))[0],
        "Data": DATASETS[data].title if data in DATASETS else data,
        "Autoencoder": VARIANTS[variant].title if variant in VARIANTS else variant,
        "Test error": test.get("mse"),
        "PCA": base.get("pca_test"),
        "Epochs": records[-1]["epoch"] if records else 0,
        "Seconds": run.status.seconds or (records[-1]["seconds"] if records else 0.0),
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
            f"{label} {test[key]:.4f}"
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
