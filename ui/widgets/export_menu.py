"""The button "Export to code": one run as a script, a notebook, or a ZIP with both and what they need."""

from __future__ import annotations

import streamlit as st

from aecore.export import archive, export_name, needs_file, notebook_text, problem, script
from aecore.runs.store import Run
from ui.app.services import services

LATER = "As soon as the run is over or paused. Until then the Runs page has this button too."


def export_menu(run: Run, *, is_polled: bool = False) -> None:
    """A menu of downloads. Files are written only when a button in it is pressed, from the run's current state.

    is_polled: whether it is redrawn repeatedly. Streamlit then loses the content of a button before it is
    pressed, so the menu waits.
    """
    reason, runs = problem(run) or (LATER if is_polled else ""), services.store
    about = reason or "Exactly this run as a PyTorch program of its own, to read, to run and to change."
    with st.popover("Export to code", icon=":material/code:", help=about, disabled=bool(reason), key="export"):
        if reason:
            return
        st.markdown(
            "Exactly this run, written out in PyTorch: the same data, first weights, "
            "order and steps, and so the same loss."
        )
        name = export_name(run)
        buttons = [
            ("Script (.py)", lambda: script(runs.get(run.id)), f"{name}.py", "text/x-python", "description"),
            (
                "Notebook (.ipynb)",
                lambda: notebook_text(runs.get(run.id)),
                f"{name}.ipynb",
                "application/x-ipynb+json",
                "menu_book",
            ),
            ("Everything (.zip)", lambda: archive(runs.get(run.id)), f"{name}.zip", "application/zip", "folder_zip"),
        ]
        with st.container(horizontal=True):
            for label, make, file, mime, icon in buttons:
                kind = "primary" if needs_file(run) and file.endswith(".zip") else "secondary"
                st.download_button(
                    label,
                    make,
                    file,
                    mime,
                    key=f"export-{mime}",
                    icon=f":material/{icon}:",
                    on_click="ignore",
                    type=kind,
                )
        st.caption(_advice(run))


def _advice(run: Run) -> str:
    if needs_file(run):
        return "Script and notebook read a file with the data; the ZIP holds it. Packing it can take some seconds."
    return "The ZIP holds both, and a list of what to install."
