"""Rows of pictures with common steps, as strips and as one animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.components.data_uri import data_uri
from ui.components.mount import mount

_mount = mount("film")


@dataclass(frozen=True)
class Row:
    """One row.

    pictures: (K, C, H, W) uint8; ratios, shares: (K,) distance of each from the real codes,
    as of `Surroundings`, or None.
    """

    name: str
    about: str
    pictures: np.ndarray
    ratios: np.ndarray | None = None
    shares: np.ndarray | None = None


def film(rows: Sequence[Row], stations: Sequence[tuple[int, str]], revision: str, key: str) -> None:
    """Shows rows of K pictures each. stations: (step, title) of the chosen ones. revision: a change starts over."""
    count, _, height, width = rows[0].pictures.shape
    films = [
        {
            "name": row.name,
            "about": row.about,
            "sheet": _sheet(row.pictures),
            "ratios": _list(row.ratios),
            "shares": _list(row.shares),
        }
        for row in rows
    ]
    stops = [list(each) for each in stations]
    _mount(
        key=key,
        data={"revision": revision, "count": count, "width": width, "height": height, "stations": stops, "rows": films},
    )


def _sheet(pictures: np.ndarray) -> str:
    return data_uri(np.concatenate(list(pictures), axis=2))


def _list(values: np.ndarray | None) -> list[float] | None:
    return None if values is None else values.astype(float).round(4).tolist()
