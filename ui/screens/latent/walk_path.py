"""Paths from example to example: linear and spherical interpolation of codes, and, for comparison,
fading of the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.latent.animation import as_pictures, gif
from aecore.latent.code_set import CodeSet
from aecore.latent.paths import WAYS, Surroundings, along, angle_between, surroundings
from aecore.pretrained.trained_models import TrainedModel
from ui.components.film import Row, film
from ui.screens.latent.codes import pictures
from ui.screens.latent.link import ANIMATIONS as NAMES
from ui.screens.latent.link import GIF_EDGES as SIZES
from ui.screens.latent.link import GIF_ROW, GIF_SIZE, N_STEPS, STEPS
from ui.screens.latent.walk_start import painted, title_of
from ui.screens.latent.walk_waypoints import basket, stations
from ui.widgets.wording import percent

ABOUT = {
    "linear": "Every number of the code goes evenly from one example's to the next one's.",
    "spherical": "The direction of the code turns evenly around the origin (slerp), its length goes evenly.",
    "pixels": "No network: each pixel goes evenly from one example's to the next one's. A double exposure.",
}
ROUND = 0.2
"""A relative spread of the codes' lengths below this counts as a sphere."""


@dataclass(frozen=True)
class Animations:
    """One row for each of NAMES. For each leg: the angle between its codes, in radians; the length half-way along the
    straight line, and as a share of that of the arc; NaN where a code is zero.
    """

    rows: tuple[Row, ...]
    angles: tuple[float, ...]
    middles: tuple[float, ...]
    dips: tuple[float, ...]


def path(found: CodeSet, trained_model: TrainedModel, members: np.ndarray) -> None:
    """The examples on the path, three animations of it, and the file to download."""
    basket(found, members)
    points = stations(found, members)
    if len(points) < 2:
        st.info("There is only one example on this map; a way needs two.", icon=":material/block:")
        return
    steps = st.slider(
        "Steps from one to the next",
        *STEPS,
        N_STEPS.default,
        width=320,
        help="More steps make a smoother animation.",
        **N_STEPS.bound(),
    )
    animations = _animations(found.key, tuple(points), steps, found, trained_model)
    film(
        animations.rows,
        [(steps * place, title_of(found, index)) for place, index in enumerate(points)],
        f"{found.key}-{points}-{steps}",
        "film",
    )
    st.caption(
        "The bars under the codes' rows say how far each step is from the nearest real code (the examples on the way "
        "not counted): the dashed line is the usual distance between neighbours. Green: as near as "
        f"{percent(0.95, 0)} of the examples are to their nearest neighbour; orange: further; red: further than "
        f"{percent(0.995)} of them are."
    )
    st.markdown(_arc_words(found.codes[members], animations, trained_model))
    _take_away(animations, points)


def _take_away(animations: Animations, points: list[int]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="gif-form"):
        name = st.selectbox(
            "As a GIF",
            tuple(NAMES),
            format_func=NAMES.__getitem__,
            width=250,
            help="Which animation.",
            **GIF_ROW.bound(),
        )
        size = st.segmented_control(
            "Size", tuple(SIZES), default="medium", required=True, format_func=lambda each: f"{SIZES[each]} px",
            **GIF_SIZE.bound(), width="content", help="Its longest edge, as near as whole pixels allow.",
        )  # fmt: skip
        row = animations.rows[tuple(NAMES).index(name)]
        st.download_button(
            "Save the GIF", lambda: gif(row.pictures, SIZES[size]), f"path-{'-'.join(map(str, points))}-{name}.gif",
            "image/gif", icon=":material/download:",
            key="gif", on_click="ignore", help="There and back, again and again. It is made when you press.",
        )  # fmt: skip


def _arc_words(codes: np.ndarray, animations: Animations, trained_model: TrainedModel) -> str:
    """When spherical interpolation makes sense, with the figures of this code."""
    lengths = np.linalg.norm(codes, axis=1)
    spread = float(lengths.std() / max(lengths.mean(), 1e-12))
    words = [
        f"**Does the arc make sense?** These codes are {lengths.mean():.3g} ± {lengths.std():.2g} long (mean and "
        f"standard deviation, {percent(spread, 0)})."
    ]
    if spread < ROUND:
        words.append(
            "That is close to a sphere around the origin: the arc stays on it, "
            "the straight line takes a short cut through its inside."
        )
    else:
        words.append(
            "That is no sphere, so an arc around the origin is nothing special here; "
            "the straight line is as good a guess, or better."
        )
    if trained_model.settings["variant"] == "variational":
        size = codes.shape[1]
        near = "nearly all of them" if size > 15 else "but with so few numbers their lengths differ much"
        words.append(
            f"Codes sampled from the prior of this variational autoencoder are about √{size} = {size**0.5:.1f} long, "
            f"{near}."
        )
    return " ".join([*words, _leg_words(lengths, animations)])


def _leg_words(lengths: np.ndarray, animations: Animations) -> str:
    """The largest difference between the two paths; lengths (N,) of all codes."""
    if not np.isfinite(animations.dips).any():
        return "A code of zeros has no direction, so both ways are the same line here."
    leg = int(np.nanargmin(animations.dips))
    if animations.dips[leg] > 0.995:
        return "Here the two ways are almost the same."
    shorter = float((lengths <= animations.middles[leg]).mean())
    place = "The two codes" if len(animations.dips) == 1 else f"The codes of examples {leg + 1} and {leg + 2}"
    return (
        f"{place} are {np.degrees(animations.angles[leg]):.0f}° apart. Half-way the straight line has "
        f"{percent(animations.dips[leg], 0)} of the arc's length, and {percent(shorter)} of the codes are "
        "as short as that."
    )


@st.cache_resource(max_entries=32, show_spinner="Painting the way")
def _animations(
    key: str, points: tuple[int, ...], steps: int, _found: CodeSet, _trained_model: TrainedModel
) -> Animations:
    chosen = _found.codes[list(points)]
    near = _surroundings(key, _found.codes)
    rows = [_row(name, along(chosen, steps, way), points, near, _trained_model) for name, way in WAYS.items()]
    rows.append(Row(NAMES["pixels"], ABOUT["pixels"], as_pictures(along(pictures(_found)[list(points)], steps))))
    legs = list(zip(chosen, chosen[1:], strict=False))
    middles, dips = zip(*(_half_way(*leg) for leg in legs), strict=True)
    return Animations(tuple(rows), tuple(angle_between(*leg) for leg in legs), middles, dips)


def _row(name: str, codes: np.ndarray, points: tuple[int, ...], near: Surroundings, trained_model: TrainedModel) -> Row:
    without = points if len(near.known) > len(points) else ()
    distances = near.nearest(codes, without)[1]
    return Row(NAMES[name], ABOUT[name], painted(trained_model, codes), near.ratios(distances), near.shares(distances))


def _half_way(start: np.ndarray, end: np.ndarray) -> tuple[float, float]:
    """Length half-way along the straight line, and as a share of that half-way along the arc;
    the share is NaN if a code is zero.
    """
    half, is_zero = np.array([0.5]), min(np.linalg.norm(start), np.linalg.norm(end)) < 1e-12
    straight, arc = (
        float(np.linalg.norm(way(start.astype(np.float64), end.astype(np.float64), half))) for way in WAYS.values()
    )
    return straight, float("nan") if is_zero or arc < 1e-12 else straight / arc


@st.cache_resource(max_entries=8, show_spinner=False)
def _surroundings(key: str, _codes: np.ndarray) -> Surroundings:
    return surroundings(_codes)
