"""The articles' RMSprop by hand: every step as torch takes it, and many steps at once where they have become alike."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

SMOOTHING, TINY = 0.99, 1e-8
"""Of RMSprop, as in torch."""

Layers = list[tuple[np.ndarray, np.ndarray]]
"""Weights (inputs, outputs) and biases (outputs,) of each layer."""


def initial_weights(sizes: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Uniform within 1 / sqrt(inputs), as torch.nn.Linear draws them, all layers one after the other."""
    parts = []
    for inputs, outputs in pairwise(sizes):
        bound = 1 / math.sqrt(inputs)
        parts += [rng.uniform(-bound, bound, inputs * outputs), rng.uniform(-bound, bound, outputs)]
    return np.concatenate(parts).astype(np.float32)


def split(flat: np.ndarray, sizes: tuple[int, ...]) -> Layers:
    """Views of the layers in one flat array."""
    layers, place = [], 0
    for inputs, outputs in pairwise(sizes):
        middle, end = place + inputs * outputs, place + (inputs + 1) * outputs
        layers.append((flat[place:middle].reshape(inputs, outputs), flat[middle:end]))
        place = end
    return layers


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def forward(x: Any, layers: Layers) -> list[np.ndarray]:
    """Activations of every layer, the last one linear. x: (B, F) array or sparse."""
    out, last = [], len(layers) - 1
    for place, (weights, bias) in enumerate(layers):
        x = x @ weights
        x += bias
        x = x if place == last else sigmoid(x)
        out.append(x)
    return out


def gradient(x: np.ndarray, rated: np.ndarray, layers: Layers, into: Layers) -> np.ndarray:
    """Writes the gradient of the sum over people of (sum over rated films of squared errors) / F; returns (B,) each one's RMSE.

    x: (B, F) stars, 0 where not rated; rated: (B, F) 1 or 0.
    """
    hidden = forward(x, layers)
    delta = hidden[-1]
    delta -= x
    delta *= rated
    errors = np.sqrt(np.einsum("bf,bf->b", delta, delta) / rated.sum(1))
    delta *= np.float32(2 / x.shape[1])
    inputs = [x, *hidden[:-1]]
    for place in range(len(layers) - 1, -1, -1):
        np.matmul(inputs[place].T, delta, out=into[place][0])
        delta.sum(0, out=into[place][1])
        if place:
            delta = delta @ layers[place][0].T
            delta *= inputs[place] * (1 - inputs[place])
    return errors


class Exact:
    """A step per person: g = A + weight_decay w with A the sum of all gradients so far, v = 0.99 v + 0.01 g², w -= rate g / (sqrt(v) + 1e-8)."""

    def __init__(self, weights: np.ndarray, sizes: tuple[int, ...], rate: float, decay: float) -> None:
        self.weights, self.sizes, self.rate, self.decay = weights, sizes, np.float32(rate), np.float32(decay)
        self.summed, self.squares = np.zeros_like(weights), np.zeros_like(weights)
        self.fresh, self._slope, self._size = np.empty_like(weights), np.empty_like(weights), np.empty_like(weights)
        self.layers, self.into = split(weights, sizes), split(self.fresh, sizes)

    def epoch(self, table: Any) -> float:
        """Everybody once, in the order of the rows (P, F); the mean of their RMSE, each taken before the person's own step."""
        total = 0.0
        for row in range(table.shape[0]):
            x = table[row].toarray()
            total += float(gradient(x, (x > 0).astype(np.float32), self.layers, self.into)[0])
            self.step()
        return total / table.shape[0]

    def step(self) -> None:
        """One step along the gradient in `fresh`."""
        slope, size = self._slope, self._size
        self.summed += self.fresh
        np.multiply(self.weights, self.decay, out=slope)
        slope += self.summed
        np.multiply(slope, slope, out=size)
        size *= np.float32(1 - SMOOTHING)
        self.squares *= np.float32(SMOOTHING)
        self.squares += size
        np.sqrt(self.squares, out=size)
        size += np.float32(TINY)
        np.divide(slope, size, out=slope)
        slope *= self.rate
        self.weights -= slope


def is_settled(films: int, rate: float, decay: float) -> bool:
    """Whether RMSprop, which moves a weight by about `rate` at most, can follow gradients of 2 / films; it cannot with a few hundred films."""
    return 2 / films <= rate * decay


class Paired:
    """Many steps at once, after the first thousands.

    Write e = A + decay w. A step turns e into (1 - rate decay / sqrt(v)) e plus the next gradient. RMSprop shrinks v until the bracket
    is -1, at sqrt(v) = rate decay / 2, and holds it there: from then on e changes sign at every step and keeps its size, measured to
    within a percent. So w = -A / decay ± E, with + for every other person and - for those between, and plain sums of gradients move
    both. Within a block the gradients of either kind are taken at the same weights, and E stays as it is; nothing else is approximated.
    """

    def __init__(self, exact: Exact, block: int) -> None:
        self.sizes, self.block, self.decay = exact.sizes, block, exact.decay
        centre = exact.summed / -exact.decay
        self.fresh = np.empty_like(centre)
        self.into = split(self.fresh, self.sizes)
        self.pair = [exact.weights.copy(), 2 * centre - exact.weights]

    def hand_back(self, exact: Exact) -> None:
        """Lets single steps go on from here."""
        exact.weights[:] = self.pair[0]
        exact.summed[:] = (self.pair[0] + self.pair[1]) * (-exact.decay / 2)

    @property
    def weights(self) -> np.ndarray:
        """Those that the next person sees."""
        return self.pair[0]

    def epoch(self, table: Any) -> float:
        """Everybody once, in the order of the rows; the mean of their RMSE."""
        total, people = 0.0, table.shape[0]
        for start in range(0, people, self.block):
            x = table[start : start + self.block].toarray()
            for which in range(min(2, len(x))):
                part = np.ascontiguousarray(x[which::2])
                rated = (part > 0).astype(np.float32)
                total += float(gradient(part, rated, split(self.pair[which], self.sizes), self.into).sum())
                for weights in self.pair:
                    weights -= self.fresh / self.decay
            if len(x) % 2:
                self.pair.reverse()
        return total / people
