"""Cartoon faces drawn by code: glasses, beard, hair, smile and more, each chosen independently of all others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from aecore.datasets.base import SPLIT_SEED, Dataset, Examples, shuffled, split
from aecore.datasets.drawn import drawn_once
from aecore.datasets.face_drawing import Hair, Looks, paint_faces
from aecore.datasets.shapes import Recipe

SIZE = 32
"""Pixels along each side of a picture of the data set."""

LARGE = 2**24
"""Bytes of a block that is allocated and freed before drawing, so that glibc keeps and reuses smaller
blocks afterwards.

Until it has seen a block of that size given back, it returns memory to the system after every layer of paint
(mallopt(3), dynamic mmap threshold), and getting it again takes a third of the time of all drawing.
"""

COLOURS = {
    "skin": {"pale": "ffdcc2", "light": "f5c6a0", "tan": "dca472", "brown": "b37a50", "dark": "875539"},
    "hair_colour": {"black": "2b2530", "brown": "623a24", "blonde": "f2c65a", "red": "c8501f", "grey": "b4b6bf"},
    "eye_colour": {"brown": "6b3d1a", "blue": "2b7fd0", "green": "2f9152"},
    "clothes": {"navy": "264653", "teal": "2a9d8f", "coral": "e76f51", "cream": "f4f1de", "plum": "8e4a82"},
    "background": {"sky": "8ecae6", "mint": "95d5b2", "lilac": "c3b1e1", "rose": "f4a6a6", "dusk": "6c7fb3"},
}
"""The choices that are colours, and the red, green and blue of each in hexadecimal."""

FACE_SHAPES = {"round": (0.56, 0.57, 0.55, 0.0), "oval": (0.48, 0.62, 0.46, 0.16), "square": (0.52, 0.58, 0.24, 0.0)}
"""Half-width, half-height, radius of the corners, and how much a head narrows towards the chin."""

FRAMES = {"round": (0.2, 0.2, 0.2), "square": (0.2, 0.165, 0.06)}
"""Half-width, half-height and radius of the corners of a lens."""

HAIR_STYLES = {
    "short": Hair(-0.33, bend=-0.12, sides=5, lowest=0.03),
    "tousled": Hair(
        -0.4, slope=0.15, volume=0.05,
        curls=((-0.36, -0.5, 0.17), (-0.1, -0.6, 0.2), (0.2, -0.62, 0.19), (0.4, -0.48, 0.15),
               (-0.12, -0.42, 0.12), (0.16, -0.42, 0.12)),
    ),
    "bob": Hair(-0.3, bend=-0.1, sides=8, lowest=0.44, volume=0.11, fall=(-0.06, 0.68, 0.62, 0.42)),
    "long": Hair(-0.52, bend=1.5, lowest=0.2, volume=0.1, fall=(0.2, 0.68, 0.88, 0.5)),
    "curly": Hair(
        -0.42, volume=0.05, fall=(-0.2, 0.62, 0.58, 0.58),
        cloud=((0, -0.68, 0.21), (0.31, -0.62, 0.21), (0.54, -0.41, 0.21), (0.62, -0.1, 0.21), (0.57, 0.2, 0.21)),
        curls=((0, -0.43, 0.14), (-0.24, -0.43, 0.14), (0.24, -0.43, 0.14), (-0.44, -0.31, 0.14), (0.44, -0.31, 0.14)),
    ),
    "bun": Hair(-0.42, bend=0.5, volume=0.05, cloud=((0, -0.74, 0.22),)),
    "bald": Hair(-2, curls=((-0.53, -0.2, 0.1), (-0.56, -0.07, 0.1), (0.53, -0.2, 0.1), (0.56, -0.07, 0.1))),
}  # fmt: skip
"""The ways hair is worn, built as `Hair` says."""

RECIPE = Recipe(
    {
        "glasses": ("no", "yes"),
        "frames": tuple(FRAMES),
        "beard": ("no", "yes"),
        "hair_style": tuple(HAIR_STYLES),
        "face_shape": tuple(FACE_SHAPES),
        **{name: tuple(values) for name, values in COLOURS.items()},
    },
    {"smile": (-1.0, 1.0), "tilt": (-7.0, 7.0), "eye_spacing": (0.22, 0.27), "gaze": (-1.0, 1.0)},
)
"""frames: of the glasses, seen only where they are worn. hair_colour: of hair, brows and beard; bald heads keep some
at the sides. smile: -1 a frown, 1 a laugh. tilt: degrees clockwise. eye_spacing: from the nose to an eye, in halves of
the picture. gaze: -1 to the left of the picture, 1 to the right."""


def load(folder: Path | None = None, *, count: int = 8_000, seed: int = 0) -> Dataset:
    """`count` faces drawn from `seed`, x (N, 3, 32, 32); the labels are the hair styles.

    The factors and their units are those of `RECIPE`. `folder` is not used. DataError if `count` is below 3.
    """
    order = shuffled(count)
    factors = {name: values[order] for name, values in sample(count, seed).items()}
    drawn_by = (__name__, paint_faces.__module__, Recipe.__module__)
    pictures = drawn_once("faces", [count, seed, SPLIT_SEED], drawn_by, lambda: draw(factors))
    examples, choices = Examples(pictures, factors["hair_style"], factors), dict(RECIPE.choices)
    return split("faces", examples, classes=choices["hair_style"], factor_values=choices, is_shuffled=True)


def sample(count: int, seed: int) -> dict[str, np.ndarray]:
    """The factors of `count` faces, independent and uniform, but for the smile: three faces smile where one frowns."""
    factors = RECIPE.sample(count, seed)
    factors["smile"] = 2 * np.sqrt((factors["smile"] + 1) / 2) - 1  # distributed as the larger of two uniform draws
    return factors


def draw(factors: Mapping[str, object], size: int = SIZE) -> np.ndarray:
    """The faces (N, 3, size, size) float32 in [0, 1] with these factors; missing ones as in `Recipe.complete`.

    Nothing is random: `draw({"glasses": [0, 1], "skin": 3})` is one face without and with glasses. `size` only says how
    finely it is drawn. DataError as `Recipe.complete`.
    """
    columns = RECIPE.complete(factors)
    pictures = np.empty((len(columns["skin"]), 3, size, size), np.float32)
    np.empty(LARGE, np.uint8)
    together = max(1, 64 * SIZE**2 // size**2)  # as many as fit into the processor's cache
    alike = (columns["hair_style"] * 2 + columns["glasses"]) * 2 + columns["beard"]
    for kind in np.unique(alike):
        rows = np.flatnonzero(alike == kind)
        for chunk in np.split(rows, range(together, len(rows), together)):
            pictures[chunk] = paint_faces(_looks({name: values[chunk] for name, values in columns.items()}), size)
    return pictures


def _looks(factors: dict[str, np.ndarray]) -> Looks:
    """What choices look like; hair style, glasses and beard are those of the first face."""
    first = {name: int(factors[name][0]) for name in ("hair_style", "glasses", "beard")}
    outline = np.array(list(FACE_SHAPES.values()), np.float32)[factors["face_shape"]]
    lens = np.array(list(FRAMES.values()), np.float32)[factors["frames"]]
    return Looks(
        hair=list(HAIR_STYLES.values())[first["hair_style"]],
        beard=bool(first["beard"]),
        lens=lens.T[..., None, None] if first["glasses"] else None,
        outline=outline.T[..., None, None],
        measures={name: factors[name][:, None, None] for name in RECIPE.measures},
        colours={name: _rgb(values)[factors[name]][..., None, None] for name, values in COLOURS.items()},
    )


def _rgb(values: dict[str, str]) -> np.ndarray:
    return np.array([list(bytes.fromhex(value)) for value in values.values()], np.float32) / 255
