"""The points of the test's map: real digits, each group a disc on a circle,
so that a test knows where every point lies.
"""

from __future__ import annotations

import base64
import io
from dataclasses import asdict
from functools import cache

import numpy as np

from aecore.latent.atlas import Mosaic
from ui.components.latent_map import Atlas, Cloud, Legend, Mark

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c564b", "#7a7f1d", "#5d4fb3", "#c0392b")


@cache
def pictures(count: int) -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's digits, (count, 1, 8, 8) uint8 and (count,) labels, repeated where there are more."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    rows = np.random.default_rng(1).permutation(len(labels))[np.arange(count) % len(labels)]
    return np.rint(images[rows].reshape(-1, 1, 8, 8) * (255 / 16)).astype(np.uint8), labels[rows]


@cache
def places(count: int, dims: int) -> np.ndarray:
    """(count, dims): group k around angle k / 10 of a circle of radius 10; in 3-D the circle climbs."""
    labels = pictures(count)[1]
    rng = np.random.default_rng(2)
    angle = labels * (2 * np.pi / 10)
    middle = np.stack([10 * np.cos(angle), 10 * np.sin(angle), 2.0 * labels - 9], 1)
    return (middle + rng.normal(0, 1.1, (count, 3)))[:, :dims].astype(np.float32)


def cloud_of(
    revision: str, labels: np.ndarray, dims: int, positions: str, mosaic: Mosaic, *, is_live: bool, picked: int | None,
    shown: np.ndarray | None, own: np.ndarray | None, has_scale: bool, has_pictures: bool,
    is_backwards: bool,
) -> Cloud:  # fmt: skip
    """What the app shows; the neighbours of a picked point are those five nearest to it on the map."""
    found = places(len(labels), dims)
    distance = np.square(found - found[picked]).sum(1) if picked is not None else np.empty(0)
    legend = (
        Legend("scale", title="Distance from the middle", low="0.1", high="14.2")
        if has_scale
        else Legend("classes", tuple("0123456789"), "Digit")
    )
    levels = np.clip(np.linalg.norm(found, axis=1) * 4, 0, 63) if has_scale else labels
    palette = tuple(f"hsl({260 - 3.4 * k:.0f} 70% {34 + 0.5 * k:.0f}%)" for k in range(64)) if has_scale else PALETTE
    return Cloud(
        revision=revision, count=len(labels), dims=dims, positions=positions, is_live=is_live,
        levels=levels.astype(np.uint8), palette=palette, legend=legend,
        names=tuple("0123456789"), labels=labels, picked=picked, linked=tuple(np.argsort(distance)[1:6]), shown=shown,
        numbers=np.arange(len(labels))[::-1] if is_backwards else None,
        atlas=Atlas(f"/map/{len(labels)}/atlas.webp", **asdict(mosaic)) if has_pictures else None,
        marks=() if own is None else (Mark((0.0,) * dims, "yours", _data_uri(own)),),
    )  # fmt: skip


def _data_uri(picture: np.ndarray) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
