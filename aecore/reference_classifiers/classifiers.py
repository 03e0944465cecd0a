"""Reference classifiers: small classifiers of pictures, trained by this project on real ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor, nn

from aecore.datasets import card
from aecore.nn.layers import dense, drawn

FOLDER = Path(__file__).with_name("assets")
CLASS = "class"
"""The head that names the class of a picture."""

AT_ONCE = 500


@dataclass(frozen=True)
class Recipe:
    """How a reference classifier is built and trained.

    channels: of its convolutions, each halving the picture; features: numbers in its last hidden layer.
    heads: what it predicts: the class, a factor that is a choice, or, for a factor that is measured, whether it is
    above the training median.
    """

    channels: tuple[int, ...]
    features: int
    heads: tuple[str, ...] = (CLASS,)
    epochs: int = 8
    batch_size: int = 64
    learning_rate: float = 0.003
    weight_decay: float = 0.02
    seed: int = 0


REFERENCE_CLASSIFIERS: dict[str, Recipe] = {
    "digits": Recipe((16, 32), 32, epochs=60),
    "shapes": Recipe((8, 16, 32), 48, epochs=20),
    "faces": Recipe(
        (16, 32, 48), 64, epochs=30,
        heads=(
            "glasses", "beard", "smile", "hair_colour", "hair_style", "skin", "face_shape", "eye_colour",
            "clothes", "background", "tilt", "gaze",
        ),
    ),
    "mnist": Recipe((12, 32, 48), 64, epochs=8),
}  # fmt: skip
"""Data set -> recipe. Settings were chosen on validation pictures."""


class ReferenceNetwork(nn.Module):
    """Convolutions of 3 x 3 with GELU and 2 x 2 max pooling, a hidden layer, and one softmax for each head."""

    def __init__(self, recipe: Recipe, shape: tuple[int, ...], sizes: dict[str, int], rng: torch.Generator) -> None:
        super().__init__()
        depth, height, width = shape
        layers: list[nn.Module] = []
        for channels in recipe.channels:
            layers += [
                drawn(nn.Conv2d(depth, channels, 3, padding=1), 9 * depth, 9 * channels, "gelu", rng),
                nn.GELU(),
                nn.MaxPool2d(2),
            ]
            depth, height, width = channels, height // 2, width // 2
        self.trunk = nn.Sequential(
            *layers, nn.Flatten(), dense(depth * height * width, recipe.features, "gelu", rng), nn.GELU()
        )
        self.heads = nn.ModuleDict({name: dense(recipe.features, size, "linear", rng) for name, size in sizes.items()})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """x (B, C, H, W) -> head -> scores (B, K) before the softmax."""
        features = self.trunk(x)
        return {name: head(features) for name, head in self.heads.items()}


@dataclass(frozen=True)
class ReferenceClassifier:
    """A trained reference classifier.

    heads: name -> names of its classes; facts: recipe, accuracies, processor seconds, torch version.
    """

    data: str
    heads: dict[str, tuple[str, ...]]
    facts: dict[str, Any]
    network: ReferenceNetwork

    def features(self, x: np.ndarray) -> np.ndarray:
        """Activations of its last hidden layer for pictures x (N, C, H, W) in [0, 1]: (N, F) float32."""
        return self.look(x)[0]

    def predictions(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """Head -> probabilities (N, K) float32 of its classes, for pictures x (N, C, H, W) in [0, 1]."""
        return self.look(x)[1]

    @torch.inference_mode()
    def look(self, x: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Features and predictions in one pass."""
        parts = torch.from_numpy(np.ascontiguousarray(x, np.float32)).clamp(0, 1).split(AT_ONCE)
        features = (
            torch.cat([self.network.trunk(part) for part in parts])
            if parts[0].numel()
            else torch.zeros(0, self.network.trunk[-2].out_features)
        )
        predictions = {name: torch.softmax(head(features), 1).numpy() for name, head in self.network.heads.items()}
        return features.numpy(), predictions


def has_reference_classifier(data: str) -> bool:
    """Whether there is a reference classifier for this data set."""
    return data in REFERENCE_CLASSIFIERS and weights_file(data).exists()


@cache
def reference_classifier(data: str) -> ReferenceClassifier:
    """The reference classifier of a data set, loaded once. KeyError if there is none."""
    if not has_reference_classifier(data):
        raise KeyError(data)
    facts = json.loads(facts_file(data).read_text())
    heads = {name: tuple(values) for name, values in facts["heads"].items()}
    network = build(data, heads)
    network.load_state_dict(
        {key: torch.from_numpy(value.astype(np.float32)) for key, value in load_file(weights_file(data)).items()}
    )
    return ReferenceClassifier(data, heads, facts, network.eval())


def build(data: str, heads: dict[str, tuple[str, ...]]) -> ReferenceNetwork:
    """The untrained network of the recipe."""
    recipe = REFERENCE_CLASSIFIERS[data]
    return ReferenceNetwork(
        recipe,
        card(data).shape,
        {name: len(values) for name, values in heads.items()},
        torch.Generator().manual_seed(recipe.seed),
    )


def weights_file(data: str) -> Path:
    """The file of its weights, float16."""
    return FOLDER / f"{data}.safetensors"


def facts_file(data: str) -> Path:
    """The file of its recipe and accuracies."""
    return FOLDER / f"{data}.json"
