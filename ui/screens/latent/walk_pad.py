"""A plane of the latent space, decoded under the pointer; behind it the codes as dots,
or a lattice of decoded pictures.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.latent.code_set import CodeSet
from aecore.latent.paths import Plane, even_axis, lattice, normal_axis, plane_of_directions, plane_of_numbers
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address_choices import OneOf
from ui.components.code_pad import Dots, Pad, code_pad, kept
from ui.components.data_uri import data_uri
from ui.screens.latent.colours import coloured_groups
from ui.screens.latent.link import (
    ACROSS,
    BEHIND,
    BEHIND_NAMES,
    BOTH,
    DIRECTIONS,
    DOTS,
    EDGES,
    EVEN,
    LATTICE,
    NORMAL,
    NUMBERS,
    PICTURES,
    PLANE,
    PLANES,
    SPACING,
    SPACINGS,
    SPOT,
    UP,
    number_title,
)  # fmt: skip
from ui.screens.latent.walk_start import Start, around, mark, painted, spread, start
from ui.widgets.live import part_of_page

KEY = "code-pad"
EDGE = 32
"""Pixels; larger pictures are shrunk on the lattice."""


def pad(found: CodeSet, trained_model: TrainedModel, members: np.ndarray) -> None:
    """The plane with its settings; a sentence if the code has one number only."""
    if found.codes.shape[1] < 2:
        st.info(
            "A code of one number is a line, not a plane: turn that number with its slider, or walk between examples.",
            icon=":material/linear_scale:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="pad-form"):
        plane, names = _ask_plane(found, members)
        spacing = _ask_spacing(trained_model, plane)
        usual = BOTH if trained_model.settings["variant"] == "variational" and found.codes.shape[1] == 2 else DOTS
        behind = st.segmented_control(
            "Behind the pointer", tuple(BEHIND_NAMES), default=usual, required=True,
            format_func=BEHIND_NAMES.__getitem__, width="content", **BEHIND.among(BEHIND.kind, usual).bound(),
            help="The codes of the examples as dots, what the network paints all over the plane as a "
            "lattice of pictures, or both.",
        )  # fmt: skip
        side = 0
        if behind != DOTS:
            side = st.slider(
                "Pictures on an edge",
                *EDGES,
                LATTICE.default,
                width=190,
                help="The number of pictures along each edge.",
                **LATTICE.bound(),
            )
    part_of_page(_board, key="pad")(found, trained_model, members, plane, names, spacing, behind, side)
    st.caption(_about(found, spacing, side))


def _board(
    found: CodeSet,
    trained_model: TrainedModel,
    members: np.ndarray,
    chosen: str,
    numbers: tuple[int, int],
    spacing: str,
    behind: str,
    side: int,
) -> None:
    begun = start(found, members)
    plane = _plane(found, members, begun, chosen, numbers)
    places, home = plane.places(found.codes[members]), plane.places(begun.code[None])[0]
    axes = (
        (normal_axis(), normal_axis())
        if spacing == NORMAL
        else tuple(even_axis(places[:, axis], float(home[axis])) for axis in (0, 1))
    )
    revision = f"{found.key}-{mark(members)}-{begun.name}-{chosen}-{numbers}"
    sheet = data_uri(_sheet(f"{revision}-{spacing}", side, trained_model, plane, axes)) if side else ""
    labels = None if found.labels is None else found.labels[members]
    colours = coloured_groups(labels, found.classes, len(members))
    names = (
        tuple(f"number {each + 1}" for each in numbers)
        if chosen == NUMBERS
        else ("first direction", "second direction")
    )
    dots = None if behind == PICTURES else Dots(places, colours.levels, colours.palette)
    spot = _spot(axes) or (float(home[0]), float(home[1]))
    board = Pad(
        revision, plane, axes, names, spot, (float(home[0]), float(home[1])), dots, sheet, begun.example, around(found)
    )

    def keep() -> None:
        if place := kept(KEY, revision):
            SPOT.write(place)

    code_pad(board, KEY, keep)


def _ask_plane(found: CodeSet, members: np.ndarray) -> tuple[str, tuple[int, int]]:
    """Asks for the plane, and the two numbers of its axes, from 0."""
    size = found.codes.shape[1]
    if size == 2:
        return NUMBERS, (0, 1)
    chosen = st.segmented_control(
        "Plane", tuple(PLANES), default=DIRECTIONS, required=True, format_func=PLANES.__getitem__,
        width="content", **PLANE.bound(),
        help="A code of more than two numbers has many planes. This one goes through the picked example, or the "
        "mean: along the two directions in which the codes vary most (PCA), or along two of their numbers.",
    )  # fmt: skip
    if chosen == DIRECTIONS:
        return chosen, (0, 1)
    order = [*spread(found, members).order.tolist(), *spread(found, members).dead.tolist()]
    bound = ACROSS.among(OneOf(order, number_title), order[0]).bound()
    across = st.selectbox(
        "Across", order, format_func=number_title, width=140, help="The most varying come first.", **bound
    )
    others = [index for index in order if index != across]
    if st.session_state.get(UP.name, others[0]) not in others:
        del st.session_state[UP.name]
    bound = UP.among(OneOf(others, number_title), others[0]).bound()
    up = st.selectbox("Up", others, format_func=number_title, width=140, help="Another number.", **bound)
    return chosen, (across, up)


def _ask_spacing(trained_model: TrainedModel, plane: str) -> str:
    if trained_model.settings["variant"] != "variational" or plane != NUMBERS:
        return EVEN
    return st.segmented_control(
        "Spacing", tuple(SPACINGS), default=NORMAL, required=True, format_func=SPACINGS.__getitem__,
        width="content", **SPACING.bound(),
        help="A variational autoencoder expects its numbers to be spread like the standard normal. As the prior: "
        "every cell of the pad is equally likely under it (Kingma & Welling 2014). Even: as a ruler.",
    )  # fmt: skip


def _plane(found: CodeSet, members: np.ndarray, begun: Start, chosen: str, numbers: tuple[int, int]) -> Plane:
    if chosen == NUMBERS:
        return plane_of_numbers(begun.code, *numbers)
    axes, middle = _directions(found.key, mark(members), found.codes, members)
    return Plane(begun.code.astype(np.float64), axes, middle)


def _spot(axes: tuple[np.ndarray, ...]) -> tuple[float, float] | None:
    """The place in the address, if it is on the pad."""
    place = SPOT.read()
    return (
        place if place and all(axis[0] <= value <= axis[-1] for axis, value in zip(axes, place, strict=True)) else None
    )


def _about(found: CodeSet, spacing: str, side: int) -> str:
    size = found.codes.shape[1]
    words = ["Move over the pad, or use the arrow keys; a click keeps the place in the address."]
    if size > 2:
        words.append(
            f"The codes have {size} numbers: the dots are where they lie as seen from straight above this plane, "
            "most of them not in it. What is painted is the code in the plane itself."
        )
    if spacing == NORMAL:
        words.append("Axes follow the quantiles of the standard normal, as in Kingma & Welling 2014.")
    elif side:
        words.append("Axes run evenly over the middle 98 % of the codes.")
    return " ".join(words)


@st.cache_resource(max_entries=12, show_spinner="Looking for the main directions")
def _directions(key: str, mark: str, _codes: np.ndarray, _members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    codes = _codes[_members]
    plane = plane_of_directions(codes[0], codes)
    return plane.axes, plane.middle


@st.cache_data(max_entries=24, show_spinner="Painting the lattice")
def _sheet(
    key: str, side: int, _trained_model: TrainedModel, _plane: Plane, _axes: tuple[np.ndarray, ...]
) -> np.ndarray:
    """The lattice as one picture (C, side * h, side * w) uint8."""
    tiles = painted(_trained_model, _plane.codes(lattice(_axes, side)))
    shrink = -(-max(tiles.shape[2:]) // EDGE)
    if shrink > 1:
        high, wide = (edge // shrink * shrink for edge in tiles.shape[2:])
        tiles = (
            tiles[:, :, :high, :wide]
            .reshape(len(tiles), tiles.shape[1], high // shrink, shrink, wide // shrink, shrink)
            .mean((3, 5))
            .astype(np.uint8)
        )
    _, channels, height, width = tiles.shape
    return (
        tiles.reshape(side, side, channels, height, width)
        .transpose(2, 0, 3, 1, 4)
        .reshape(channels, side * height, side * width)
    )
