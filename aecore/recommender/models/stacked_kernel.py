"""The tutorials' training loop, compiled: one user at a time, with explicit gradients and RMSprop.

Imports numba, which takes a second.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

FAST: dict[str, Any] = {"fastmath": True, "error_model": "numpy", "cache": True}
"""error_model: division by 0 gives infinity, not an exception; otherwise no loop with a division is vectorised."""


@njit(**FAST)
def epoch(indptr, films, stars, sizes, weights, summed, squares, rate, decay):
    """Trains on every user once, in the order of the rows; returns the mean of their RMSE,
    each measured before the user's own step.

    indptr, films, stars: of the users' rows, none empty. sizes: (F, A, B, C). weights, summed, squares: (n,) float32
    in the layout of `stacked_faithful.split`: the weights, the sum of all gradients so far, and RMSprop's mean of
    squares. All three are updated in place.
    """
    count, a, b, c = sizes
    first, bias1 = 0, count * a
    second, bias2 = bias1 + a, bias1 + a + a * b
    third, bias3 = bias2 + b, bias2 + b + b * c
    last, bias4 = bias3 + c, bias3 + c + count * c
    h1, h2, h3 = np.empty(a, np.float32), np.empty(b, np.float32), np.empty(c, np.float32)
    d1, d2, d3 = np.empty(a, np.float32), np.empty(b, np.float32), np.empty(c, np.float32)
    total = 0.0
    for user in range(len(indptr) - 1):
        begin, end = indptr[user], indptr[user + 1]
        h1[:] = weights[bias1 : bias1 + a]
        for k in range(begin, end):
            row = first + films[k] * a
            for i in range(a):
                h1[i] += stars[k] * weights[row + i]
        _sigmoid(h1)
        _forward(h1, h2, weights, second, bias2)
        _sigmoid(h2)
        _forward(h2, h3, weights, third, bias3)
        _sigmoid(h3)

        d3[:] = 0
        squared = 0.0
        for k in range(begin, end):
            row, own = last + films[k] * c, bias4 + films[k]
            error = weights[own] - stars[k]
            for i in range(c):
                error += h3[i] * weights[row + i]
            squared += error * error
            error *= np.float32(2.0 / count)  # the tutorials' mean is over all films, rated or not
            summed[own] += error
            for i in range(c):
                d3[i] += error * weights[row + i]
                summed[row + i] += error * h3[i]
        total += math.sqrt(squared / (end - begin))
        _backward(h2, d2, h3, d3, weights, summed, third, bias3)
        _backward(h1, d1, h2, d2, weights, summed, second, bias2)
        for i in range(a):
            d1[i] *= h1[i] * (1 - h1[i])
            summed[bias1 + i] += d1[i]
        for k in range(begin, end):
            row = first + films[k] * a
            for i in range(a):
                summed[row + i] += stars[k] * d1[i]
        _rmsprop(weights, summed, squares, rate, decay)
    return total / (len(indptr) - 1)


@njit(**FAST)
def _sigmoid(h):
    for i in range(len(h)):
        h[i] = 0.5 * (1 + math.tanh(0.5 * h[i]))


@njit(**FAST)
def _forward(below, above, weights, start, bias):
    for j in range(len(above)):
        above[j] = weights[bias + j]
    for i in range(len(below)):
        for j in range(len(above)):
            above[j] += below[i] * weights[start + i * len(above) + j]


@njit(**FAST)
def _backward(below, d_below, above, d_above, weights, summed, start, bias):
    """Backpropagates d_above through the sigmoid above, adds the layer's gradient to `summed`,
    and writes the gradient for the layer below to d_below.
    """
    for j in range(len(above)):
        d_above[j] *= above[j] * (1 - above[j])
        summed[bias + j] += d_above[j]
    for i in range(len(below)):
        reached = np.float32(0)
        for j in range(len(above)):
            place = start + i * len(above) + j
            reached += d_above[j] * weights[place]
            summed[place] += below[i] * d_above[j]
        d_below[i] = reached


@njit(**FAST)
def _rmsprop(weights, summed, squares, rate, decay):
    """g = summed + decay w, v = 0.99 v + 0.01 g², w -= rate g / (sqrt(v) + 1e-8), as torch.optim.RMSprop."""
    for i in range(len(weights)):
        slope = summed[i] + decay * weights[i]
        square = np.float32(0.99) * squares[i] + np.float32(0.01) * slope * slope
        squares[i] = square
        weights[i] -= rate * slope / (np.sqrt(square) + np.float32(1e-8))
