"""A plane of the latent space to move over with mouse, finger or arrow keys;
the code under the pointer is decoded at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.latent.paths import Plane, shares_on
from ui.components.mount import mount
from ui.components.walking import Example, Neighbourhood, as_text, packed, said_in

_mount = mount("code-pad")


@dataclass(frozen=True)
class Dots:
    """The codes projected onto the plane: places (N, 2), levels (N,) index into palette, NO_COLOUR for grey."""

    places: np.ndarray
    levels: np.ndarray
    palette: tuple[str, ...]


@dataclass(frozen=True)
class Pad:
    """The plane for the browser. revision: a change starts over.

    axes: two arrays (K,), the values at even places of each axis; names: of the axes. spot: (2,) where the marker is;
    home: (2,) where the example lies. dots: None draws none. sheet: pictures of a lattice as data URI, "" for none.
    """

    revision: str
    plane: Plane
    axes: tuple[np.ndarray, np.ndarray]
    names: tuple[str, str]
    spot: tuple[float, float]
    home: tuple[float, float]
    dots: Dots | None
    sheet: str
    example: Example
    around: Neighbourhood


def code_pad(pad: Pad, key: str, on_keep: Callable[[], None]) -> None:
    """Shows the pad.

    `on_keep` runs when a place is chosen by a click, a lifted finger or keys; `kept` then returns it.
    """
    plane, dots = pad.plane, pad.dots
    data = packed(pad.revision, pad.example, pad.around) | {
        "base": as_text(plane.base), "vectors": as_text(plane.axes),
        "origin": plane.places(plane.base[None])[0].tolist(), "axes": [axis.tolist() for axis in pad.axes],
        "axisNames": list(pad.names), "spot": list(pad.spot), "home": list(pad.home), "sheet": pad.sheet,
        "dots": dots and {"places": _shares(pad), "levels": as_text(dots.levels, np.uint8),
                          "palette": list(dots.palette)},
    }  # fmt: skip
    _mount(key=key, data=data, default={"kept": None}, on_kept_change=on_keep)


def kept(key: str, revision: str) -> tuple[float, float] | None:
    """The last chosen place, in the units of the plane."""
    spot = said_in(key, revision).get("spot")
    if not isinstance(spot, (list, tuple)) or len(spot) != 2 or not np.isfinite(spot).all():
        return None
    return float(spot[0]), float(spot[1])


def _shares(pad: Pad) -> str:
    assert pad.dots is not None
    shares = np.stack([shares_on(axis, pad.dots.places[:, index]) for index, axis in enumerate(pad.axes)], axis=1)
    return as_text(np.round(65535 * shares), np.uint16)
