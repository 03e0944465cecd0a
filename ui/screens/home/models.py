"""Built-in models as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from aecore.pretrained.builtin import SHOWN, load_builtin
from ui.components.hourglass import pack

HOME_MODELS = ("faces", "shapes", "digits")


@dataclass(frozen=True)
class HomeModel:
    """A model serialised for the hourglass, and a sentence that describes it and its error."""

    packed: dict[str, Any]
    count: int
    caption: str


@cache
def home_model(name: str) -> HomeModel:
    """The built-in model `name`, with test pictures of its data set.

    No torch: codes are computed in numpy. KeyError if unknown.
    """
    model = load_builtin(name)
    pictures = model.pictures[:SHOWN]
    if not len(pictures):
        from aecore.datasets import load

        pictures = (load(model.settings["data"]).test.x[:SHOWN] * 255).round().astype(np.uint8)
    test, base = model.facts["test"], model.facts["baselines"]
    sizes = [int(np.prod(pictures.shape[1:])), *model.settings["widths"], model.settings["latent_size"]]
    path = " → ".join(f"{size:,}" for size in sizes + sizes[-2::-1])
    return HomeModel(
        pack(model, pictures),
        len(pictures),
        f"Layers {path}, trained for {model.settings['epochs']} epochs ({model.facts['seconds']:.0f} s). "
        f"Mean squared error per pixel on the whole test set: {test['mse']:.4f}; PCA with "
        f"{model.settings['latent_size']} components: {base['pca_test']:.4f}; the average picture: "
        f"{base['mean_test']:.4f}. Weights are stored in half precision.",
    )
