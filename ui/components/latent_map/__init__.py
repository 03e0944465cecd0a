"""The map: thousands of codes as points to hover over, pick, circle and zoom into.

The browser draws it, and fetches the positions.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st

from ui.components.mount import mount

NO_COLOUR = 255
"""The level of a point without a colour, drawn in grey."""

_mount = mount("latent-map")


@dataclass(frozen=True)
class Legend:
    """The legend of the colours.

    "classes": `labels`, one per colour of the palette; "scale": a bar from `low` to `high`.
    """

    kind: Literal["classes", "scale", "none"] = "none"
    labels: tuple[str, ...] = ()
    title: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Atlas:
    """One picture with all tiles, left to right and top to bottom: its address,
    tiles in a row, size of a tile in pixels.
    """

    address: str
    columns: int
    width: int
    height: int
    count: int


@dataclass(frozen=True)
class Mark:
    """A point of the visitor's own: its position (dims floats, in the units of the map), its name,
    its picture as data URI or "".
    """

    position: tuple[float, ...]
    label: str
    picture: str = ""


@dataclass(frozen=True)
class Figure:
    """A number of every point, beside the pointer. words: with {} for it; values: (count,) 0 to 25, NaN for none."""

    words: str
    values: np.ndarray


@dataclass(frozen=True)
class Cloud:
    """The points of a map for the browser.

    revision: identifies the set of points. With another one, selection, zoom and hidden groups start over.
    Other `positions` under the same revision are another map of the same points, to which they glide.
    positions: address of float32 little endian (count, dims), with the headers ETag, X-Step and X-Done ("1" when
    finished). is_live: the browser asks for positions several times a second until they are done.
    levels: (count,) index into the palette, NO_COLOUR for grey; palette: at most 64 CSS colours.
    labels: (count,) index into names, for the words beside the pointer, or None; negative: no name.
    picked: the point chosen by Python; when it changes, the map scrolls to it. linked: its neighbours, joined to it
    by lines. shown: (K,) the only points that are drawn; None is all. height: of the drawing, in CSS pixels (less on
    a phone). step_name: what X-Step counts. numbers: (count,) the number of each point in the set that it was taken
    from, shown beside the pointer, and its tile in the atlas; None: its index. noted: (count,) index into notes, and
    figures: what is shown beside the pointer instead of the number. first: (K,) the points whose names are written
    on the map, as many as have room, the most important first; None: all, once few are in view. selected: the points
    that are circled at first.
    """

    revision: str
    count: int
    dims: int
    positions: str
    levels: np.ndarray
    palette: tuple[str, ...]
    is_live: bool = False
    legend: Legend = Legend()
    names: tuple[str, ...] = ()
    labels: np.ndarray | None = None
    atlas: Atlas | None = None
    picked: int | None = None
    linked: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    shown: np.ndarray | None = None
    height: int = 620
    step_name: str = "iterations"
    numbers: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    noted: np.ndarray | None = None
    figures: tuple[Figure, ...] = ()
    first: np.ndarray | None = None
    selected: np.ndarray | None = None


@dataclass(frozen=True)
class Answer:
    """What the visitor did: the point picked last, or None; the points circled, (K,) sorted indices."""

    picked: int | None
    selected: np.ndarray


def latent_map(
    cloud: Cloud, key: str, on_pick: Callable[[], None] | None = None, on_select: Callable[[], None] | None = None
) -> Answer:
    """Shows the map. `on_pick` and `on_select` run before the script does; `answer_in` then returns what was done."""
    data = _packed(cloud) | {"heard": _heard(key)}
    _mount(
        key=key,
        data=data,
        default={"picked": None, "selected": None},
        on_picked_change=on_pick or _nothing,
        on_selected_change=on_select or _nothing,
    )
    return answer_in(key, cloud.revision, cloud.count)


def answer_in(key: str, revision: str, count: int) -> Answer:
    """The actions on the map with this key; empty if they were on another set of points. For callbacks."""
    picked, selected = (_said(key, name) for name in ("picked", "selected"))
    index = picked.get("index") if picked.get("revision") == revision else None
    is_point = isinstance(index, (int, float)) and 0 <= index < count
    chosen = _indices(selected.get("indices"), count) if selected.get("revision") == revision else _indices("", count)
    return Answer(int(index) if is_point else None, chosen)


def _packed(cloud: Cloud) -> dict[str, Any]:
    atlas = cloud.atlas and asdict(cloud.atlas) | {"address": _address(cloud.atlas.address)}
    return {
        "revision": cloud.revision, "count": cloud.count, "dims": cloud.dims, "positions": _address(cloud.positions),
        "isLive": cloud.is_live, "levels": _text(cloud.levels, np.uint8, cloud.count), "palette": list(cloud.palette),
        "legend": asdict(cloud.legend), "names": list(cloud.names),
        "labels": None if cloud.labels is None else _text(cloud.labels, np.int32, cloud.count),
        "atlas": atlas, "picked": cloud.picked,
        "linked": [int(index) for index in cloud.linked],
        "marks": [asdict(mark) | {"position": [float(x) for x in mark.position]} for mark in cloud.marks],
        "shown": None if cloud.shown is None else _text(cloud.shown, np.uint32),
        "height": cloud.height, "stepName": cloud.step_name,
        "numbers": None if cloud.numbers is None else _text(cloud.numbers, np.uint32, cloud.count),
        "notes": list(cloud.notes), "noted": None if cloud.noted is None else _text(cloud.noted, np.int32, cloud.count),
        "figures": [{"words": each.words, "tenths": _text(_tenths(each.values), np.uint8, cloud.count)}
                    for each in cloud.figures],
        "first": None if cloud.first is None else _text(cloud.first, np.uint32),
        "selected": None if cloud.selected is None else _text(cloud.selected, np.uint32),
    }  # fmt: skip


def _tenths(values: np.ndarray) -> np.ndarray:
    """Values as a byte each, in tenths; 255 for none."""
    return np.where(np.isfinite(values), np.clip(np.rint(10 * np.nan_to_num(values)), 0, 254), 255)


def _address(path: str) -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base and path.startswith("/") else path


def _text(values: np.ndarray, kind: type, count: int | None = None) -> str:
    if count is not None and np.shape(values) != (count,):
        raise ValueError(f"the map has {count} points, but {np.shape(values)} values for them")
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def _said(key: str, name: str) -> dict[str, Any]:
    said = (st.session_state.get(key) or {}).get(name)
    return dict(said) if hasattr(said, "keys") else {}


def _heard(key: str) -> float:
    """The time of the browser's last message, so that an older response does not undo what was done since."""
    moments = (_said(key, name).get("moment") for name in ("picked", "selected"))
    return max((moment for moment in moments if isinstance(moment, (int, float))), default=0)


def _indices(text: object, count: int) -> np.ndarray:
    try:
        found = np.frombuffer(base64.b64decode(str(text or ""), validate=True), "<u4")
    except (binascii.Error, ValueError):
        found = np.empty(0, np.uint32)
    return np.unique(found[found < count]).astype(np.intp)


def _nothing() -> None:
    return None
