"""Out-of-distribution (OOD) inputs: a network that reconstructs them too has learned an identity mapping."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from aecore.datasets import DATASETS, DataError, Dataset, is_ready, load

COUNT = 256
"""Examples of each kind."""


def ood_inputs(data: Dataset, seed: int = 0) -> dict[str, np.ndarray]:
    """Kind -> (N, *shape) float32 in the range of `data`, N at most COUNT; unavailable kinds are left out.

    "noise": every number drawn by itself, uniformly between the least and the largest of the data. "shuffled": held-out
    examples with their numbers shuffled: the pixels within a picture (the same for all its colours), each column of a
    table by itself. Then, for pictures, those of every other available data set, scaled to the same size.
    """
    rng, known = np.random.default_rng(seed), data.validation.x[:COUNT]
    kinds = {"noise": noise(known, rng), "shuffled": shuffled(known, rng)}
    for name, card in DATASETS.items() if data.is_image else ():
        if name != data.name and card.is_image and is_ready(name):
            try:
                kinds[name] = fitted(torch.from_numpy(_pictures(name)), data.shape).numpy()
            except DataError:  # a broken download must not stop a training
                continue
    return kinds


@lru_cache(maxsize=8)
def _pictures(name: str) -> np.ndarray:
    """Some examples of a data set; drawn data sets draw no more than needed."""
    if name in ("shapes", "faces"):
        return import_module(f"aecore.datasets.{name}").load(count=2 * COUNT, seed=1).train.x[:COUNT]
    return load(name).validation.x[:COUNT]


def fitted(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Pictures (N, C, H, W) scaled to `shape`, made grey where `shape` is grey: (N, *shape)."""
    if x.shape[1] != shape[0]:
        x = x.mean(1, keepdim=True).expand(-1, shape[0], -1, -1)
    return F.interpolate(x, shape[1:], mode="bilinear", antialias=True).clamp(0, 1)


def noise(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Uniform noise of the shape of x (N, *shape), between the least and the largest value of x."""
    return rng.uniform(x.min(), x.max(), x.shape).astype(np.float32)


def shuffled(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """x (N, *shape) with its numbers shuffled, as `ood_inputs` describes."""
    if x.ndim == 2:
        return rng.permuted(x, axis=0)
    places = rng.permuted(np.tile(np.arange(x[0, 0].size), (len(x), 1)), axis=1)
    return np.take_along_axis(x.reshape(*x.shape[:2], -1), places[:, None], axis=2).reshape(x.shape)
