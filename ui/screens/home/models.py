"""Built-in models as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from aecore.pretrained.builtin import SHOWN, Builtin, load_builtin
from ui.components.hourglass import pack

HOME_MODELS = ("faces", "shapes", "digits")


@dataclass(frozen=True)
class HomeModel:
    """A model serialised for the hourglass with `count` pictures, the size of each layer, and its facts."""

    packed: dict[str, Any]
    count: int
    sizes: tuple[int, ...]
    facts: dict[str, Any]


@cache
def home_model(name: str) -> HomeModel:
    """The built-in model `name`, with test pictures of its data set.

    No torch: codes are computed in numpy. KeyError if unknown.
    """
    model = load_builtin(name)
    pictures = pictures_of(model)
    sizes = (int(np.prod(pictures.shape[1:])), *model.settings["widths"], model.settings["latent_size"])
    return HomeModel(pack(model, pictures), len(pictures), sizes + sizes[-2::-1], model.facts)


def pictures_of(model: Builtin) -> np.ndarray:
    """The test pictures that are shown with a model, (K, *shape) uint8."""
    if len(model.pictures):
        return model.pictures[:SHOWN]
    from aecore.datasets import load

    return (load(model.settings["data"]).test.x[:SHOWN] * 255).round().astype(np.uint8)
