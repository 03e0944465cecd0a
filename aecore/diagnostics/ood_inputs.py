"""Inputs that are no data at all, or somebody else's: whoever copies them too has not understood, but copied."""

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
    """Kind -> (N, *shape) float32 in the range of `data`, N at most COUNT; kinds that cannot be had are left out.

    "noise": every number drawn by itself, uniformly between the least and the largest of the data. "shuffled": held-out
    examples whose numbers have lost their places; a picture's pixels change places within it (the same for all its
    colours), a table's columns are shuffled one by one. Then, for pictures, those of every other data set that is here,
    scaled to the same size.
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
    """Some examples of a data set; what can be drawn is drawn in no greater number than needed."""
    if name in ("shapes", "faces"):
        return import_module(f"aecore.datasets.{name}").load(count=2 * COUNT, seed=1).train.x[:COUNT]
    return load(name).validation.x[:COUNT]


def fitted(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Pictures (N, C, H, W) scaled to `shape`, grey where it is grey: (N, *shape)."""
    if x.shape[1] != shape[0]:
        x = x.mean(1, keepdim=True).expand(-1, shape[0], -1, -1)
    return F.interpolate(x, shape[1:], mode="bilinear", antialias=True).clamp(0, 1)


def noise(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As many examples as x (N, *shape), every number drawn by itself between the least and the largest of x."""
    return rng.uniform(x.min(), x.max(), x.shape).astype(np.float32)


def shuffled(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """x (N, *shape) whose numbers have lost their places, as `strangers` says."""
    if x.ndim == 2:
        return rng.permuted(x, axis=0)
    places = rng.permuted(np.tile(np.arange(x[0, 0].size), (len(x), 1)), axis=1)
    return np.take_along_axis(x.reshape(*x.shape[:2], -1), places[:, None], axis=2).reshape(x.shape)
