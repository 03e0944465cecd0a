"""Denoising autoencoders of rows of ratings, of users or films: part of each row is hidden,
and the loss counts observed ratings only.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from aecore.recommender.models.multinomial import glorot
from aecore.recommender.models.ranks import ALONE, Ranks
from aecore.recommender.models.resident import bring_back, resident

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

WARM_UP = 0.05
"""The share of the training over which the learning rate rises from 0."""

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda a: 0.5 * (1 + np.tanh(0.5 * a)),
    "tanh": np.tanh,
    "linear": lambda a: a,
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Architecture and training of a rating network.

    hidden_sizes, activation: of the hidden layers. hide_least, hide_most: bounds of the share of the ratings that
    is hidden, sampled for every step. masks: whether the mask of the ratings is a second input, and both are divided
    by the root of the number of ratings plus one. dropout: of the last hidden layer. decays: weight decays of the
    first layer's weights from the ratings, from their mask and from the features, and of all later layers, each
    against the squared error of one rating. batch_size: rows per step, 0 for all.
    """

    hidden_sizes: tuple[int, ...]
    activation: str
    hide_least: float = 0.0
    hide_most: float = 0.0
    masks: bool = False
    dropout: float = 0.0
    decays: tuple[float, float, float, float]
    learning_rate: float
    epochs: int
    batch_size: int
    seed: int

    def parameters(self, width: int, features: int = 0) -> int:
        """Weights and biases of a network of rows of this width, with so many features."""
        sizes = (width * (2 if self.masks else 1) + features, *self.hidden_sizes, width)
        return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


@dataclass
class Network:
    """A rating network. layers: weights (inputs, outputs) and biases of each layer; features: (d, H), weights into the
    first hidden layer, d may be 0.
    """

    recipe: Recipe
    layers: list[tuple[np.ndarray, np.ndarray]]
    features: np.ndarray

    def hidden(self, x: sparse.csr_matrix, features: np.ndarray | None = None) -> np.ndarray:
        """(n, m) rows of ratings, (n, d) features -> (n, H), the last hidden layer, without masking or dropout."""
        function = FUNCTIONS[self.recipe.activation]
        for place, (weights, bias) in enumerate(self.layers[:-1]):
            x = (self._first(x, weights, features) if place == 0 else x @ weights) + bias
            x = function(x)
        return x

    def outputs(self, x: sparse.csr_matrix, features: np.ndarray | None = None) -> np.ndarray:
        """(n, m) rows of ratings, (n, d) features -> (n, m) outputs."""
        weights, bias = self.layers[-1]
        return self.hidden(x, features) @ weights + bias

    def _first(self, x: sparse.csr_matrix, weights: np.ndarray, features: np.ndarray | None) -> np.ndarray:
        extra = features @ self.features if features is not None and len(self.features) else np.float32(0)
        if not self.recipe.masks:
            return x @ weights + extra
        counts = np.diff(x.indptr).astype(np.float32)[:, None]
        pattern = sparse.csr_matrix((np.ones(x.nnz, np.float32), x.indices, x.indptr), x.shape)
        return (x @ weights[: x.shape[1]] + pattern @ weights[x.shape[1] :]) / np.sqrt(counts + 1) + extra


def train(
    x: sparse.csr_matrix,
    recipe: Recipe,
    features: np.ndarray | None = None,
    device: str = "cpu",
    ranks: Ranks = ALONE,
) -> Iterator[tuple[Network, int, float, float]]:
    """Trains on rows (n, m) of centred ratings; yields after every epoch the network, which later epochs change,
    steps, seconds, and the error. ranks: the processes that train it together, without features.

    The error is the root mean squared error of all ratings, hidden or not,
    as reconstructed during the epoch.
    """
    import torch

    rng = np.random.default_rng(recipe.seed)
    torch.manual_seed(recipe.seed)
    network = start(x.shape[1], 0 if features is None else features.shape[1], recipe, rng)
    arrays = [network.features, *(each for layer in network.layers for each in layer)]
    leaves = [resident(each, device).requires_grad_() for each in arrays]
    used = [each for each in leaves if each.numel()]
    optimizer = torch.optim.Adam(used, recipe.learning_rate)
    rows = np.flatnonzero(np.diff(x.indptr))
    size = recipe.batch_size or len(rows)
    parts = -(-len(rows) // size)
    ranks.check_batches(len(rows), parts)
    seconds = 0.0
    for epoch in range(recipe.epochs):
        started, squares = time.perf_counter(), []
        ranks.agree(used)
        for place, part in enumerate(np.array_split(rng.permutation(rows), parts)):
            _set_rate(optimizer, recipe.learning_rate, (epoch + place / parts) / recipe.epochs)
            batch = x[part]
            extra = None if features is None else resident(features[part].astype(np.float32), device)
            squares.append(_step(batch, extra, leaves, recipe, optimizer, rng, ranks))
        error = math.sqrt(sum(torch.stack(squares).tolist()) / x.nnz)
        bring_back(zip(leaves, arrays, strict=True))
        seconds += time.perf_counter() - started
        yield network, (epoch + 1) * parts, seconds, error


def start(width: int, features: int, recipe: Recipe, rng: np.random.Generator) -> Network:
    """A network with random weights. width: m."""
    sizes = (width * (2 if recipe.masks else 1), *recipe.hidden_sizes, width)
    layers = [(glorot(inputs, outputs, rng), np.zeros(outputs, np.float32)) for inputs, outputs in pairwise(sizes)]
    return Network(recipe, layers, glorot(features, sizes[1], rng))


def _step(
    batch: sparse.csr_matrix,
    extra: Tensor | None,
    leaves: list[Tensor],
    recipe: Recipe,
    optimizer: Optimizer,
    rng: np.random.Generator,
    ranks: Ranks,
) -> Tensor:
    """One step of Adam; returns the sum of squared errors of the batch, on the device.

    Of several processes, each has the squared errors of its own rows over the number of all ratings of the batch, and
    an equal part of the decay.
    """
    from torch.nn.functional import dropout

    device, rows = str(leaves[0].device), ranks.share(batch.shape[0])
    kept = rng.random(batch.nnz) >= rng.uniform(recipe.hide_least, recipe.hide_most)
    units = dropout(leaves[0].new_ones(batch.shape[0], recipe.hidden_sizes[-1]), recipe.dropout)[rows]
    places, target, pattern = _dense(batch[rows], device)
    kept = resident(kept[batch.indptr[rows.start] : batch.indptr[rows.stop]], device)
    output = _forward(_shown(places, kept, target, recipe), extra, leaves, recipe, units)
    squares = ((output - target).square() * pattern).sum()
    loss = squares / batch.nnz + _decay(leaves, target.shape[1], recipe.decays) / ranks.count
    optimizer.zero_grad()
    loss.backward()
    (squares,) = ranks.add_up(optimizer.param_groups[0]["params"], squares.detach()[None])
    optimizer.step()
    return squares


def _decay(leaves: list[Tensor], width: int, decays: tuple[float, float, float, float]) -> Tensor:
    """The weight decay term of the loss. leaves: features, then weights and biases of each layer; width: m."""
    of_ratings, of_pattern, of_features, of_later = decays
    features, first, *later = leaves[0], leaves[1], *leaves[3::2]
    cost = (
        of_ratings * first[:width].square().sum()
        + of_pattern * first[width:].square().sum()
        + of_features * features.square().sum()
    )
    return cost + of_later * sum(each.square().sum() for each in later)


def _forward(
    inputs: Tensor, extra: Tensor | None, leaves: list[Tensor], recipe: Recipe, units: Tensor | None = None
) -> Tensor:
    """(B, m) outputs. units: (B, H) what the last hidden layer is multiplied by, its dropout; None for 1."""
    import torch

    function = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "linear": lambda a: a}[recipe.activation]
    layers = list(zip(leaves[1::2], leaves[2::2], strict=True))
    out = inputs
    for place, (weights, bias) in enumerate(layers[:-1]):
        out = torch.addmm(bias, out, weights)
        if place == 0 and extra is not None and leaves[0].numel():
            out = out + extra @ leaves[0]
        out = function(out)
    return torch.addmm(layers[-1][1], out if units is None else out * units, layers[-1][0])


def _dense(batch: sparse.csr_matrix, device: str) -> tuple[tuple[Tensor, Tensor], Tensor, Tensor]:
    """Row and column of every rating, (n,) each; (B, m) the ratings, 0 where missing;
    (B, m) their mask, 1 where rated. All are made on the device.
    """
    import torch

    rows = np.repeat(np.arange(batch.shape[0]), np.diff(batch.indptr))
    places = (resident(rows, device), resident(batch.indices.astype(np.int64), device))
    target, pattern = torch.zeros(batch.shape, device=device), torch.zeros(batch.shape, device=device)
    target[places] = resident(batch.data, device)
    pattern[places] = 1.0
    return places, target, pattern


def _shown(places: tuple[Tensor, Tensor], kept: Tensor, target: Tensor, recipe: Recipe) -> Tensor:
    """(B, m) or (B, 2 m): the ratings that are not hidden in this step, and their mask.

    kept: (n,) bool, whether each rating at `places` is shown.
    """
    import torch

    pattern = torch.zeros_like(target)
    pattern[places] = kept.float()
    shown = target * pattern
    return torch.hstack([shown, pattern]) / torch.sqrt(pattern.sum(1, keepdim=True) + 1) if recipe.masks else shown


def _set_rate(optimizer: Optimizer, rate: float, done: float) -> None:
    """Sets the learning rate: warm-up, then cosine decay to 0."""
    factor = (
        min(1.0, done / WARM_UP) if done < WARM_UP else 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))
    )
    for group in optimizer.param_groups:
        group["lr"] = rate * max(factor, 1e-3)
