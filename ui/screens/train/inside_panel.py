"""Diagnostics of a run's network: active units, memorisation check, filters, sensitivity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.datasets import DataError
from aecore.diagnostics.records import THRESHOLDS, Inside, inside_steps, read_inside
from aecore.experiment.settings import RunSettings
from aecore.runs.snapshots import Snapshot
from aecore.runs.store import Run
from aecore.settings import SettingsError
from ui.app.address_choices import OneOf
from ui.app.theme import plot
from ui.screens.train.inside_figures import divergence_figure, raster_figure, sensitivity_figure, use_figure
from ui.screens.train.inside_layers import layers, top_activations
from ui.screens.train.link import ACTIVE_ABOVE, INSIDE
from ui.screens.train.memorisation import copying

TITLES = {"Cheat meter": "Memorisation check"}

IN_USE = 0.01
"""A unit of a variational code is in use if its mean varies more than this over the examples:
Burda et al. 2016, section 5.3.
"""


@dataclass(frozen=True)
class View:
    """One view of the diagnostics: when it is available, and what it shows."""

    is_there: Callable[[Inside], bool]
    show: Callable[[Run, Inside, Snapshot], None]


def look_inside(run: Run, snapshot: Snapshot) -> None:
    """The newest diagnostics that are not later than the snapshot."""
    steps = [step for step in inside_steps(run.folder) if step <= snapshot.step]
    inside = read_inside(run.folder, steps[-1]) if steps else None
    if inside is None:
        return
    known = [name for name, view in VIEWS.items() if view.is_there(inside)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("##### Look inside", width="stretch")
        chosen = st.segmented_control(
            "Look inside",
            known,
            required=True,
            format_func=_title,
            **INSIDE.among(OneOf(known, _title), known[0]).held(),
            label_visibility="collapsed",
            help="Which units of the code are active, which out-of-distribution inputs are copied, what each layer "
            "responds to, and what moves the code.",
        )
    if chosen in known:
        VIEWS[chosen].show(run, inside, snapshot)


def _title(name: str) -> str:
    """The title of a view; addresses use its name."""
    return TITLES.get(name, name)


def units(run: Run, inside: Inside, snapshot: Snapshot) -> None:
    """Which units of the code are active."""
    above = _active_above(run)
    threshold = st.select_slider(
        "A unit counts as active when it is farther from zero than", THRESHOLDS,
        **ACTIVE_ABOVE.among(ACTIVE_ABOVE.kind, above).held("value"), format_func="{:g}".format,
        width=420, help="The units of some networks are never exactly zero; choose from where on they count as active.",
    )  # fmt: skip
    shares, active = inside.active[THRESHOLDS.index(threshold)], inside.active_units[THRESHOLDS.index(threshold)]
    one = "picture" if inside.contributions.ndim == 4 else "example"
    dead = int((shares == 0).sum())
    columns = st.columns(3)
    title = f"Active for a{'n' if one == 'example' else ''} {one}, on average"
    columns[0].metric(
        title,
        f"{f'{active:,.1f}'.removesuffix('.0')} of {len(shares):,}",
        f"{100 * active / len(shares):.1f} %",
        delta_color="off",
        delta_arrow="off",
    )
    columns[1].metric(
        "Dead: active for none", f"{dead:,}", f"{100 * dead / len(shares):.1f} %", delta_color="off", delta_arrow="off"
    )
    columns[2].metric(f"Active for every {one}", f"{int((shares == 1).sum()):,}")
    if snapshot.codes.size:
        names = [f"{one} {index + 1}" for index in range(len(snapshot.codes))]
        plot(
            lambda: raster_figure(snapshot.codes, names),
            "chart-raster",
            "The activation of each unit of the code for each of the sixteen test pictures.",
            of=(one, snapshot.codes.shape, snapshot.codes.tobytes()),
        )
        more = (
            f" Of {len(shares):,} units the first {snapshot.codes.shape[1]:,} are drawn."
            if snapshot.codes.shape[1] < len(shares)
            else ""
        )
        st.caption(
            f"The code of each test {one}, a row each: blue above zero, "
            f"{'orange below, ' if snapshot.codes.min() < 0 else ''}white at zero.{more}"
        )
    top_activations(inside, snapshot)
    if (shares < 1).any():
        plot(
            lambda: use_figure(shares, one),
            "chart-use",
            f"For how many {one}s each unit is active, the busiest unit first.",
            of=(one, tuple(shares.tolist())),
        )
    st.caption(f"Counted over up to 256 {one}s of the validation set, which the network never learns from.")


def _active_above(run: Run) -> float:
    try:
        return RunSettings.from_dict(run.settings).model.active_above
    except (SettingsError, DataError):  # a folder edited by hand, or a deleted upload
        return 0.0


def sensitivity(run: Run, inside: Inside, snapshot: Snapshot) -> None:
    """Singular values of the encoder's Jacobian."""
    first = read_inside(run.folder, inside_steps(run.folder)[0])
    before = first.singular if first and first.step < inside.step else None
    norms = [float((each**2).sum()) for each in (inside.singular, *([before] if before is not None else []))]
    columns = st.columns([1, 2])
    columns[0].metric(
        "Squared norm of the Jacobian",
        f"{norms[0]:,.3g}",
        f"{norms[-1]:,.3g} before training" if before is not None else None,
        delta_color="off",
        delta_arrow="off",
    )
    columns[1].markdown(
        "Nudge a picture by a tiny amount, in the direction that moves its code most: the first value says how many "
        "times as far the code moves. The second value is for the next direction, and so on. A network that has "
        "understood its pictures moves only along the few directions in which they really differ; the curve then "
        "falls steeply. The squared norm, the sum of all squares, is what a *contractive* autoencoder pays for."
    )
    plot(
        sensitivity_figure(inside.singular, before),
        "chart-sensitivity",
        "Singular values of the encoder's Jacobian, now and before training.",
    )
    st.caption(
        "Singular values of ∂z/∂x, the mean over a few pictures of the validation set (Rifai et al. 2011, "
        "section 5.3). Numbers of the code that are merely scaled down count as less sensitive too: compare curves "
        "by how fast they fall."
    )


def clouds(run: Run, inside: Inside, snapshot: Snapshot) -> None:
    """The KL divergence of each unit of a variational code."""
    is_active = inside.variance > IN_USE
    columns = st.columns(3)
    columns[0].metric("Units in use", f"{int(is_active.sum())} of {len(is_active)}")
    columns[1].metric(
        "Information in the code",
        f"{inside.divergence.sum():.1f} nats",
        f"{inside.divergence.sum() / np.log(2):.1f} bits",
        delta_color="off",
        delta_arrow="off",
    )
    columns[2].metric("β", f"{run.settings.get('beta', 1.0):g}")
    plot(divergence_figure(inside.divergence, is_active), "chart-clouds", "KL divergence of each unit of the code.")
    st.caption(
        "How far each unit's cloud differs from the standard normal, the mean over 256 validation pictures. A unit "
        "that tells nothing costs nothing, so the network lets go of those it does not need. In use: its mean "
        f"varies by more than {IN_USE} from picture to picture (Burda et al. 2016). The chart of the loss above "
        "shows both terms: what the reconstruction costs, and what the code costs."
    )


VIEWS: dict[str, View] = {
    "Clouds": View(lambda inside: len(inside.divergence) > 0, clouds),
    "Active units": View(lambda inside: True, units),
    "Cheat meter": View(lambda inside: len(inside.kinds) > 1, copying),
    "Every layer": View(lambda inside: inside.contributions.ndim == 4, layers),
    "Sensitivity": View(lambda inside: len(inside.singular) > 0, sensitivity),
}
