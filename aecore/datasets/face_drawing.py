"""How cartoon faces are painted: layers of smooth shapes, from the background to the glasses, many faces at once.

A layer is a signed distance to an edge, negative inside; a pixel is covered as far as it lies inside. Lengths are in
halves of the picture, measured from the middle of the head, y pointing down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import EllipsisType

import numpy as np

HEAD_SCALE, HEAD_DROP, NECK = 1.08, 0.1, 0.7
"""Size of the head, how far below the picture's middle it sits, and how far below that middle it turns when tilted."""

BLUSH, INK, LIPS, MOUTH, WHITE = (
    np.array(list(bytes.fromhex(colour)), np.float32)[:, None, None] / 255
    for colour in ("f2554e", "2b2530", "942c3c", "601626", "ffffff")
)

Number = np.ndarray | float
Circles = tuple[tuple[float, float, float], ...]  # x, y and radius of each


@dataclass(frozen=True)
class Hair:
    """A hair style. On the head it ends at y = middle + slope x + bend x^2; beside the face it comes down steeper by
    `sides`, but not below `lowest`. `volume` is how far it stands off the head, `curls` come on top. Behind the head
    are `fall`, a rounded box (y, half-width, half-height, corner), and `cloud`, circles repeated on the other side."""

    middle: float
    slope: float = 0.0
    bend: float = 0.0
    sides: float = 0.0
    lowest: float = 2.0
    volume: float = 0.08
    curls: Circles = ()
    fall: tuple[float, float, float, float] | None = None
    cloud: Circles = ()


@dataclass(frozen=True)
class Looks:
    """What N faces look like; hair style, beard and whether glasses are worn are common to all.

    outline (4, N, 1, 1): half-width, half-height, corner and taper of the heads; lens (3, N, 1, 1) the same less the
    taper, None without glasses. measures (N, 1, 1): smile, tilt, eye_spacing, gaze. colours (N, 3, 1, 1).
    """

    hair: Hair
    beard: bool
    lens: np.ndarray | None
    outline: np.ndarray
    measures: dict[str, np.ndarray]
    colours: dict[str, np.ndarray]


@dataclass(frozen=True)
class Area:
    """A window of N pictures: places x, y (N, H, W) and width of its pixels, and the paint (N, 3, H, W) on them.

    Where the places are the same in all pictures, x and y are (1, H, W).
    """

    x: np.ndarray
    y: np.ndarray
    pixel: float
    paint: np.ndarray

    def crop(self, top: float, bottom: float, side: float = 1.0) -> Area:
        """Of whole pictures, the part from `top` to `bottom` and `side` to both sides; -1 and 1 are the borders."""
        part = _window(self.paint.shape[-1], top, bottom, side)
        return Area(self.x[part], self.y[part], self.pixel, self.paint[part])

    def fill(self, distance: np.ndarray, colour: np.ndarray, strength: float = 1.0) -> None:
        """Lays `colour` (..., 3, 1, 1) over all that lies inside; at strength 0.3 it lets 0.7 of the ground through."""
        cover = distance / self.pixel
        np.subtract(0.5, cover, out=cover)
        np.clip(cover, 0, 1, out=cover)
        if strength < 1:
            cover *= strength
        for channel in range(3):
            plane = self.paint[:, channel]
            change = colour[..., channel, :, :] - plane
            change *= cover
            plane += change


def paint_faces(looks: Looks, size: int) -> np.ndarray:
    """Pictures (N, 3, size, size) float32 in [0, 1]; each pixel is the mean of four finer ones."""
    colours, side = looks.colours, 2 * size
    across = (np.arange(side, dtype=np.float32) + 0.5) * np.float32(2 / side) - 1
    paint = np.broadcast_to(colours["background"], (len(colours["background"]), 3, side, side)).copy()
    x, y, _ = np.broadcast_arrays(across, across[:, None], paint[:1, 0])
    picture = Area(x, y, 2 / side, paint)
    picture.fill(_ellipse(picture.x, picture.y - 0.05, 0.92), 0.65 * colours["background"] + 0.35)
    area = _turned(picture, looks.measures["tilt"])
    head = _box(area.x * (1 + looks.outline[3] * area.y), area.y, *looks.outline[:3])
    _paint_hair_behind(area, looks)
    _paint_body(picture.crop(0.3, 1, 0.85), colours)
    _paint_head(area, head, looks)
    _paint_eyes(area.crop(-0.25, 0.36, 0.62), looks)
    if looks.beard:
        _paint_beard(area, head, colours)
    _paint_mouth(area.crop(0.17, 0.8, 0.42), looks.measures["smile"])
    _paint_hair(area, head, looks)
    _paint_brows(area.crop(-0.33, 0.05, 0.65), looks)
    if looks.lens is not None:
        _paint_glasses(area.crop(-0.3, 0.49, 0.78), looks.lens, looks)
    return (paint[..., ::2, ::2] + paint[..., 1::2, ::2] + paint[..., ::2, 1::2] + paint[..., 1::2, 1::2]) / 4


def _window(side: int, top: float, bottom: float, half: float) -> tuple[EllipsisType | slice, ...]:
    """The rows and columns of pictures of `side` pixels that touch this part, as `Area.crop` describes it."""
    first, left = (math.floor((1 + edge) / 2 * side) for edge in (top, -half))
    last, right = (math.ceil((1 + edge) / 2 * side) for edge in (bottom, half))
    return ..., slice(first, last), slice(left, right)


def _turned(picture: Area, degrees: np.ndarray) -> Area:
    """The same pictures in the coordinates of heads tilted by `degrees`."""
    # Libraries may differ in the last bit of a cosine; rounded to float32, all machines paint the same bytes.
    angle = np.deg2rad(degrees.astype(np.float64))
    cos, sin = np.cos(angle).astype(np.float32) / HEAD_SCALE, np.sin(angle).astype(np.float32) / HEAD_SCALE
    x, y = picture.x, picture.y - NECK
    y_on_head = cos * y - sin * x + (NECK - HEAD_DROP) / HEAD_SCALE
    return Area(cos * x + sin * y, y_on_head, picture.pixel / HEAD_SCALE, picture.paint)


def _paint_hair_behind(area: Area, looks: Looks) -> None:
    colour, hair = 0.86 * looks.colours["hair_colour"], looks.hair
    if hair.fall:
        back = area.crop(-0.85, 1, 0.95)
        back.fill(_box(back.x, back.y - hair.fall[0], *hair.fall[1:]), colour)
    if hair.cloud:
        above = area.crop(-1, 0.72)
        above.fill(_circles(abs(above.x), above.y, hair.cloud), colour)


def _paint_body(area: Area, colours: dict[str, np.ndarray]) -> None:
    area.fill(_ellipse(area.x, area.y - 1.15, 0.76, 0.42), colours["clothes"])
    area.fill(_box(area.x, area.y - 0.62, 0.19, 0.26, 0.12), 0.84 * colours["skin"])
    collar = np.maximum(abs(_ellipse(area.x, area.y - 0.77, 0.24, 0.14)) - 0.025, 0.77 - area.y)
    area.fill(collar, 0.8 * colours["clothes"])


def _paint_head(area: Area, head: np.ndarray, looks: Looks) -> None:
    skin, ears, face = looks.colours["skin"], area.crop(-0.13, 0.48, 0.9), (-0.7, 0.87, 0.8)
    ears.fill(_ellipse(abs(ears.x) - looks.outline[0], ears.y - 0.06, 0.11, 0.14), 0.92 * skin)
    area.crop(*face).fill(head[_window(head.shape[-1], *face)], skin)
    cheeks, nose = area.crop(0.12, 0.55, 0.65), area.crop(0.12, 0.42, 0.25)
    cheeks.fill(_ellipse(abs(cheeks.x) - 0.33, cheeks.y - 0.2, 0.13, 0.08), BLUSH, 0.24)
    nose.fill(_ellipse(nose.x, nose.y - 0.15, 0.075, 0.06), 0.82 * skin)


def _paint_beard(area: Area, head: np.ndarray, colours: dict[str, np.ndarray]) -> None:
    jaw = (-0.05, 0.92, 0.83)
    area, head = area.crop(*jaw), head[_window(head.shape[-1], *jaw)]
    cheeks = _ellipse(area.x, area.y + 0.05, 0.5, 0.33)
    edge = np.maximum(np.maximum(head - 0.06, 0.02 - area.y), -cheeks)
    area.fill(edge, 0.64 * colours["hair_colour"] + 0.14 * colours["skin"])


def _paint_eyes(area: Area, looks: Looks) -> None:
    side, x, y = np.sign(area.x), abs(area.x) - looks.measures["eye_spacing"], area.y + 0.02
    area.fill(_ellipse(x, y + 0.02, 0.15, 0.14), INK)  # the part not covered by the white is the lid
    white = np.maximum(_ellipse(x, y, 0.14, 0.13), -0.1 - y)
    area.fill(white, WHITE)
    x = x - 0.045 * side * looks.measures["gaze"]
    area.fill(np.maximum(_ellipse(x, y, 0.1, 0.11), white), looks.colours["eye_colour"])
    area.fill(_ellipse(x, y, 0.055, 0.065), INK)
    area.fill(_ellipse(x + 0.04 * side, y + 0.045, 0.04), WHITE)


def _paint_mouth(area: Area, smile: np.ndarray) -> None:
    half = 0.235
    along, beyond = np.clip(area.x / half, -1, 1), np.maximum(abs(area.x) - half, 0)
    bend = 0.07 * smile + 0.018
    below = area.y - 0.3 - bend * (1 - 2 * along * along)
    opening = 0.08 * np.maximum(smile - 0.1, 0) * np.sqrt(1 - along * along)
    off, slope = abs(below - opening) - opening, 4 / half * bend * along
    edge = np.where(beyond > 0, np.sqrt(beyond**2 + np.maximum(off, 0) ** 2), off / np.sqrt(1 + slope * slope))
    area.fill(edge - 0.034, LIPS)
    area.fill(edge + 0.02, MOUTH)
    area.fill(np.maximum(edge + 0.01, below - 0.09), WHITE)


def _paint_hair(area: Area, head: np.ndarray, looks: Looks) -> None:
    hair, colour, top, scalp = looks.hair, looks.colours["hair_colour"], area.crop(-0.62, -0.2, 0.62), (-0.9, 0.77, 0.9)
    area, head = area.crop(*scalp), head[_window(head.shape[-1], *scalp)]
    line = hair.middle + hair.slope * area.x + hair.bend * area.x**2 + hair.sides * np.maximum(abs(area.x) - 0.43, 0)
    edge = np.maximum(head - hair.volume, area.y - np.minimum(line, hair.lowest))
    area.fill(np.minimum(edge, _circles(area.x, area.y, hair.curls)), colour)
    gleam = np.maximum(abs(_ellipse(top.x + 0.05, top.y, 0.5, 0.54)) - 0.025, abs(top.x + 0.22) - 0.13)
    top.fill(np.maximum(gleam, top.y + 0.3), WHITE, 0.22)


def _paint_brows(area: Area, looks: Looks) -> None:
    x = abs(area.x) - looks.measures["eye_spacing"] - 0.005
    beyond, along = np.maximum(abs(x) - 0.11, 0), np.clip(x / 0.11, -1, 1)
    edge = np.sqrt(beyond**2 + (area.y + 0.26 - 0.03 * along * along) ** 2) - 0.033
    area.fill(edge, 0.8 * looks.colours["hair_colour"])


def _paint_glasses(area: Area, rims: np.ndarray, looks: Looks) -> None:
    spacing, width = looks.measures["eye_spacing"], rims[0]
    beside, level = abs(area.x) - spacing, abs(area.y + 0.04) - 0.03
    lens = _box(beside, area.y + 0.01, *rims)
    bridge = np.maximum(level, abs(area.x) + width - spacing)
    arms = np.maximum(np.maximum(level, width - beside), abs(area.x) - looks.outline[0])
    area.fill(lens, WHITE, 0.14)
    area.fill(np.minimum(np.minimum(abs(lens) - 0.032, bridge), arms), INK)


def _ellipse(x: np.ndarray, y: np.ndarray, width: float, height: float | None = None) -> np.ndarray:
    """Distance to an ellipse around (0, 0), exact for circles, approximate otherwise."""
    height = height or width
    distance, down = x / width, y / height
    distance *= distance
    down *= down
    distance += down
    np.sqrt(distance, out=distance)
    distance -= 1
    distance *= min(width, height)
    return distance


def _circles(x: np.ndarray, y: np.ndarray, circles: Circles) -> np.ndarray:
    edge = np.full(x.shape, 9, np.float32)
    for middle_x, middle_y, radius in circles:
        edge = np.minimum(edge, _ellipse(x - middle_x, y - middle_y, radius))
    return edge


def _box(x: np.ndarray, y: np.ndarray, width: Number, height: Number, corner: Number) -> np.ndarray:
    """Distance to a box around (0, 0) of these half-sides, its corners rounded."""
    x, y = abs(x) - (width - corner), abs(y) - (height - corner)
    outside = np.sqrt(np.maximum(x, 0) ** 2 + np.maximum(y, 0) ** 2)
    return outside + np.minimum(np.maximum(x, y), 0) - corner
