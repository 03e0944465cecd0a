"""What can be done with one run: open it, look at it on another page, rename, download, export, delete."""

from __future__ import annotations

import streamlit as st

from aecore.runs.run import WORDS, Run
from ui.app.frame import as_letters
from ui.app.links import RUN
from ui.app.services import services
from ui.app.url_state import go_to
from ui.screens.runs.archive import bundle
from ui.screens.runs.elsewhere import use_elsewhere
from ui.widgets.export_menu import export_menu, export_recommender
from ui.widgets.run_actions import choose, delete, rename
from ui.widgets.run_states import say_whose
from ui.widgets.run_tracking import say_logged
from ui.widgets.words_address import words_address


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
    say_logged(run)
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
        export_recommender(run)
        use_elsewhere(run)
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
