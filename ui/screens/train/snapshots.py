"""The film of a run: test pictures coming back through the network, what it makes up by itself,
and its first filters.
"""

from __future__ import annotations

import streamlit as st

from aecore.diagnostics.planar_fields import Plane
from aecore.runs.snapshots import Frame, read_frame, snapshot_steps
from aecore.runs.store import Run
from ui.app.theme import plot
from ui.screens.train.inside_figures import plane_figure
from ui.screens.train.inside_panel import look_inside
from ui.widgets.figures import heat_figure
from ui.widgets.pictures import diverging, show_columns, show_pictures

MADE_UP = {
    "deep": "Fantasy particles: pictures that the machine which is learning now believes in. "
    "They wander from glance to glance.",
    "variational": "Codes drawn at random from the standard normal distribution, decoded: nobody drew these.",
}


def show_pictures_of(run: Run) -> None:
    """The newest frame of the film; once the run has ended, any frame."""
    steps = snapshot_steps(run.folder)
    if not steps:
        return
    shown, step = st.container(), steps[-1]
    if not run.status.is_active and len(steps) > 1:  # below the pictures, which stand close to the curves
        step = st.select_slider(
            "Film", steps, value=step, key=f"film-{run.id}", format_func="step {:,}".format,
            help="Drag back to see how the pictures came into being. A step is one batch of examples.",
        )  # fmt: skip
    frame = read_frame(run.folder, step)
    if frame is None:
        st.caption("The pictures of this step are being written.")
        return
    with shown:
        st.markdown(f"##### Test {'pictures' if frame.originals.ndim == 4 else 'examples'}, never trained on")
        _examples(run, frame)
    if frame.originals.ndim == 4:
        _made_up(run, frame)
    look_inside(run, frame)


def _examples(run: Run, frame: Frame) -> None:
    if frame.originals.ndim == 4:
        _image_frame(run, frame)
    elif frame.plane.ndim == 3:
        _plane_frame(frame)
    else:
        plot(
            heat_figure(frame.originals / 255, frame.reconstructions / 255),
            "chart-rows",
            "Sixteen test rows, original and reconstructed.",
        )


def _plane_frame(frame: Frame) -> None:
    st.caption(
        f"Epoch {frame.epoch:.1f}. Each arrow leads from a point of the plane to where the network sends it. A "
        "denoising network's arrows point to where data are likely (Alain & Bengio 2014); a narrow code sends "
        "everything onto a curve, and PCA onto its straight line."
    )
    plot(plane_figure(Plane.of(*frame.plane)), "chart-plane", "Where the network sends the points of the plane.")


def _image_frame(run: Run, frame: Frame) -> None:
    is_damaged = run.settings.get("corruption", "none") != "none"
    stacks = [frame.originals, *([frame.noisy] if is_damaged else []), frame.reconstructions, frame.pca]
    parts = [
        "the original",
        *(["what the network saw"] if is_damaged else []),
        "its reconstruction",
        "PCA's with a code of the same size",
    ]
    show_columns(stacks, (), alt="Test picture: " + ", ".join(parts))
    st.caption(f"Epoch {frame.epoch:.1f}. In each column, from the top: {', '.join(parts)}.")


def _made_up(run: Run, frame: Frame) -> None:
    """What it makes up by itself, and its first filters."""
    if len(frame.generated):
        st.markdown("##### What it makes up by itself")
        st.caption(MADE_UP.get(run.settings.get("variant", ""), ""))
        show_pictures(frame.generated, (), alt="Made up by the network", per_row=8)
    if len(frame.filters):
        st.markdown("##### What the first layer looks for")
        st.caption(
            "The weights of each hidden unit as a picture: blue where bright pixels excite it, "
            "orange where they hold it back."
        )
        show_pictures(diverging(frame.filters), (), alt="First-layer filter", width=46, per_row=12)
