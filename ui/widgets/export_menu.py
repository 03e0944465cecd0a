"""The button "Export": the run of an autoencoder as a program (script, notebook, or a ZIP with both and what they
need), and a finished run, of a recommender too, for other programs.
"""

from __future__ import annotations

import streamlit as st

from aecore import exchange
from aecore.export import archive, export_name, needs_file, notebook_text, problem, script
from aecore.runs.run import RECOMMENDER
from aecore.runs.store import Run
from ui.app.frame import as_letters
from ui.app.services import services
from ui.widgets.glossary import term

LATER = "As soon as the run is over or paused. Until then the Runs page has this button too."
ABOUT = "Exactly this run as a PyTorch program of its own, or its model and curves for other programs."
ABOUT_RECOMMENDER = "Its model, films and curves, for other machines and programs."


def export_menu(run: Run, *, is_polled: bool = False) -> None:
    """A menu of downloads. Files are written only when a button in it is pressed, from the run's current state.

    is_polled: whether it is redrawn repeatedly. Streamlit then loses the content of a button before it is
    pressed, so the menu waits.
    """
    no_code, no_model = problem(run), exchange.folder_problem(run)
    reason = LATER if is_polled else no_code if no_model else ""
    with st.popover("Export", icon=":material/output:", help=reason or ABOUT, disabled=bool(reason), key="export"):
        if reason:
            return
        st.markdown("**As a program**")
        if no_code:
            st.caption(as_letters(no_code))
        else:
            _code(run)
        st.markdown("**For other programs**")
        if no_model:
            st.caption(as_letters(no_model))
        else:
            _model(run)


def export_recommender(run: Run) -> None:
    """The same menu for a run of the Recommender page, which is never written out as a program; usable once it is over.

    Nothing is shown for other runs, or for one that cannot be read.
    """
    if run.problem or run.kind != RECOMMENDER:
        return
    reason = as_letters(exchange.folder_problem(run))
    with st.popover(
        "Export", icon=":material/output:", help=reason or ABOUT_RECOMMENDER, disabled=bool(reason), key="export"
    ):
        if not reason:
            _model(run)


def _code(run: Run) -> None:
    runs = services.store
    name = export_name(run)
    with st.container(horizontal=True):
        for label, make, file, mime, icon in (
            ("Script (.py)", lambda: script(runs.get(run.id)), f"{name}.py", "text/x-python", "description"),
            (
                "Notebook (.ipynb)", lambda: notebook_text(runs.get(run.id)), f"{name}.ipynb",
                "application/x-ipynb+json", "menu_book",
            ),
            ("Everything (.zip)", lambda: archive(runs.get(run.id)), f"{name}.zip", "application/zip", "folder_zip"),
        ):  # fmt: skip
            kind = "primary" if needs_file(run) and file.endswith(".zip") else "secondary"
            st.download_button(
                label, make, file, mime, key=f"export-{mime}", icon=f":material/{icon}:", on_click="ignore", type=kind,
            )  # fmt: skip
    st.caption(_advice(run))


def _advice(run: Run) -> str:
    exact = "Exactly this run in PyTorch: the same data, first weights, order and steps, and so the same loss. "
    if needs_file(run):
        return f"{exact}Script and notebook read a file with the data; the ZIP holds it, and can take some seconds."
    return f"{exact}The ZIP holds both, and a list of what to install."


def _model(run: Run) -> None:
    """Downloads of the finished run itself. Their makers import torch, which a page must not."""
    runs, name = services.store, export_name(run)

    def folder() -> bytes:
        from aecore.exchange.huggingface import folder_zip

        return folder_zip(runs.get(run.id), name)

    def board() -> bytes:
        from aecore.exchange.tensorboard import tensorboard_zip

        return tensorboard_zip(runs.get(run.id))

    is_here = exchange.is_installed(exchange.TENSORBOARD_WRITER)
    with st.container(horizontal=True):
        st.download_button(
            "Hugging Face (.zip)", folder, f"{name}-model.zip", "application/zip", key="export-huggingface",
            icon=":material/deployed_code:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "TensorBoard (.zip)", board, f"{name}-tensorboard.zip", "application/zip", key="export-tensorboard",
            icon=":material/show_chart:", on_click="ignore", disabled=not is_here,
        )  # fmt: skip
    parts, shown = ("films, ", "") if run.kind == RECOMMENDER else ("", ", reconstructions")
    st.caption(
        f"A folder of weights ({term('safetensors', 'safetensors')}), {parts}{term('model-card')} and curves, of which "
        f"`aecore import` makes a run again on any machine; TensorBoard files of curves{shown} and settings."
        + ("" if is_here else f" {exchange.NO_TENSORBOARD_WRITER}")
    )
