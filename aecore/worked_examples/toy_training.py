"""Training an autoencoder on a small table of ratings, one row at a time or all rows at once,
with every intermediate number.

A D-H-D network: z = s(W1 x + b1), y = s(W2 z + b2), where s is the sigmoid and every x lies in [0, 1]. The loss is
E = 1/2 sum (y - x)^2 over the rated entries of a row; the gradients are those of Rumelhart, Hinton &
Williams 1986, eq. 4-7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ORDERS = ("online", "batch")
"""online: the weights change after every row. batch: the gradients of all rows are added up,
and the weights change once an epoch.
"""


@dataclass(frozen=True)
class Weights:
    """w1 (H, D), b1 (H,), w2 (D, H), b2 (D,); the same four shapes also hold a gradient."""

    w1: np.ndarray
    b1: np.ndarray
    w2: np.ndarray
    b2: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """All four."""
        return self.w1, self.b1, self.w2, self.b2

    def __add__(self, other: Weights) -> Weights:
        return Weights(self.w1 + other.w1, self.b1 + other.b1, self.w2 + other.w2, self.b2 + other.b2)

    def moved(self, gradient: Weights, learning_rate: float) -> Weights:
        """One step of gradient descent: every weight minus the rate's share of its gradient."""
        return Weights(
            self.w1 - learning_rate * gradient.w1,
            self.b1 - learning_rate * gradient.b1,
            self.w2 - learning_rate * gradient.w2,
            self.b2 - learning_rate * gradient.b2,
        )

    def zeros(self) -> Weights:
        """Zeros in the same shapes, to sum gradients."""
        return Weights(*(np.zeros_like(each) for each in self.parts))


@dataclass(frozen=True)
class Ratings:
    """The table: x (N, D) in [0, 1], and mask (N, D), 1 where there is a rating.

    ValueError if x leaves [0, 1] where it is rated.
    """

    x: np.ndarray
    mask: np.ndarray

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or self.x.shape != self.mask.shape:
            raise ValueError(
                f"ratings of shape {self.x.shape} have a mask of shape {self.mask.shape}; both must be rows x films"
            )
        if not ((self.x >= 0) & (self.x <= 1)).all():
            raise ValueError("ratings must lie between 0 and 1")

    @classmethod
    def of(cls, x: np.ndarray, mask: np.ndarray) -> Ratings:
        """The table with zeros where nothing is rated."""
        rated = np.asarray(mask, float)
        return cls(np.where(rated > 0, np.asarray(x, float), 0.0), rated)

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Visit:
    """Forward and backward pass of one row: `x`, `mask`, `difference`, `delta2` are (D,), `z`, `delta1` are (H,).

    `back` (H,) is the gradient at the hidden nodes, W2^T delta2. `after` is `before` where the update
    waits for the epoch's end.
    """

    row: int
    x: np.ndarray
    mask: np.ndarray
    sum1: np.ndarray
    z: np.ndarray
    sum2: np.ndarray
    y: np.ndarray
    difference: np.ndarray
    delta2: np.ndarray
    back: np.ndarray
    delta1: np.ndarray
    gradient: Weights
    before: Weights
    after: Weights

    @property
    def distance(self) -> float:
        """d(x, y) = ||x - y|| over the rated films."""
        return float(np.sqrt(np.square(self.difference).sum()))

    @property
    def error(self) -> float:
        """E = 1/2 sum (y - x)^2 over the rated films."""
        return float(np.square(self.difference).sum() / 2)


@dataclass(frozen=True)
class Epoch:
    """All rows once.

    `total` is the sum of their gradients; `table_errors` are E of the whole table before it and after each update.
    """

    number: int
    visits: tuple[Visit, ...]
    before: Weights
    after: Weights
    total: Weights
    table_errors: tuple[float, ...]


@dataclass(frozen=True)
class Course:
    """Many epochs: `weights` at the start and after each epoch;
    `errors` of the table at the start and after each update.
    """

    order: str
    weights: tuple[Weights, ...]
    errors: np.ndarray
    updates_per_epoch: int

    @property
    def epoch_errors(self) -> np.ndarray:
        """E of the whole table at the start and after each epoch, (epochs + 1,)."""
        return self.errors[:: self.updates_per_epoch]


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-a), without overflow for any finite a."""
    return 1.0 / (1.0 + np.exp(np.minimum(-a, 700.0)))  # e^709 is the largest that a float64 holds


def start(hidden: int, seed: int, inputs: int = 6) -> Weights:
    """Initial weights between -1 and 1 in whole hundredths, biases zero;
    equal for equal seeds.
    """
    rng = np.random.default_rng(seed)
    w1, w2 = rng.integers(-100, 101, (hidden, inputs)) / 100, rng.integers(-100, 101, (inputs, hidden)) / 100
    return Weights(w1, np.zeros(hidden), w2, np.zeros(inputs))


def output(weights: Weights, x: np.ndarray) -> np.ndarray:
    """y for rows x: (..., D) -> (..., D)."""
    return sigmoid(sigmoid(x @ weights.w1.T + weights.b1) @ weights.w2.T + weights.b2)


def table_error(weights: Weights, ratings: Ratings) -> float:
    """E summed over all rows of the table."""
    return float(np.square(ratings.mask * (output(weights, ratings.x) - ratings.x)).sum() / 2)


def average_error(ratings: Ratings) -> float:
    """E summed over all rows where the answer is always the film's average rating: a baseline that has no code."""
    average = ratings.x.sum(0) / np.maximum(ratings.mask.sum(0), 1)
    return float(np.square(ratings.mask * (average - ratings.x)).sum() / 2)


def visit(weights: Weights, ratings: Ratings, row: int, learning_rate: float | None) -> Visit:
    """Forward and backward pass of row `row`; without a learning rate the weights stay unchanged."""
    x, mask = ratings.x[row], ratings.mask[row]
    sum1 = weights.w1 @ x + weights.b1
    z = sigmoid(sum1)
    sum2 = weights.w2 @ z + weights.b2
    y = sigmoid(sum2)
    difference = mask * (y - x)
    delta2 = difference * y * (1 - y)  # dE / d sum2
    back = weights.w2.T @ delta2
    delta1 = back * z * (1 - z)  # dE / d sum1
    gradient = Weights(np.outer(delta1, x), delta1, np.outer(delta2, z), delta2)
    after = weights if learning_rate is None else weights.moved(gradient, learning_rate)
    return Visit(row, x, mask, sum1, z, sum2, y, difference, delta2, back, delta1, gradient, weights, after)


def epoch(weights: Weights, ratings: Ratings, learning_rate: float, order: str, number: int = 1) -> Epoch:
    """All rows from first to last, each visit in full. ValueError for an unknown order or a table without rows."""
    _check(ratings, order)
    now, total = weights, weights.zeros()
    visits, errors = [], [table_error(weights, ratings)]
    for row in range(len(ratings)):
        each = visit(now, ratings, row, learning_rate if order == "online" else None)
        visits.append(each)
        now, total = each.after, total + each.gradient
        if order == "online":
            errors.append(table_error(now, ratings))
    if order == "batch":
        now = weights.moved(total, learning_rate)
        errors.append(table_error(now, ratings))
    return Epoch(number, tuple(visits), weights, now, total, tuple(errors))


def course(weights: Weights, ratings: Ratings, learning_rate: float, order: str, epochs: int) -> Course:
    """`epochs` epochs, with only weights and errors; the same numbers as repeated `epoch`, up to rounding."""
    _check(ratings, order)
    if order == "online":
        return _row_by_row(weights, ratings, learning_rate, epochs)
    states = [weights]
    for _ in range(epochs):
        states.append(states[-1].moved(_gradient(states[-1], ratings.x, ratings.mask), learning_rate))
    stacked = Weights(*(np.stack([getattr(state, name) for state in states]) for name in ("w1", "b1", "w2", "b2")))
    return Course(order, tuple(states), _table_errors(stacked, ratings), 1)


def _row_by_row(weights: Weights, ratings: Ratings, learning_rate: float, epochs: int) -> Course:
    """An online course. The bias of a node is one more weight, from an input that is always 1: so a visit takes half
    the operations, of which each takes longer to begin than to compute.
    """
    (rows, films), hidden = ratings.x.shape, len(weights.b1)
    first = np.empty((rows * epochs + 1, hidden, films + 1))
    second = np.empty((rows * epochs + 1, films, hidden + 1))
    first[0, :, :-1], first[0, :, -1], second[0, :, :-1], second[0, :, -1] = (
        weights.w1, weights.b1, weights.w2, weights.b2,
    )  # fmt: skip
    x_and_1, z_and_1 = np.ones((rows, films + 1)), np.ones(hidden + 1)
    x_and_1[:, :-1] = ratings.x
    now, z = 0, z_and_1[:-1]
    for _ in range(epochs):
        for x, inputs, mask in zip(ratings.x, x_and_1, ratings.mask, strict=True):
            w1, w2 = first[now], second[now]
            z[:] = sigmoid(w1 @ inputs)
            y = sigmoid(w2 @ z_and_1)
            delta2 = mask * (y - x) * y * (1 - y)
            delta1 = (delta2 @ w2)[:-1] * z * (1 - z)
            now += 1
            np.subtract(w1, (learning_rate * delta1)[:, None] * inputs, out=first[now])
            np.subtract(w2, (learning_rate * delta2)[:, None] * z_and_1, out=second[now])
    states = Weights(first[..., :-1], first[..., -1], second[..., :-1], second[..., -1])
    ends = [Weights(*(part[at].copy() for part in states.parts)) for at in range(0, now + 1, rows)]
    return Course("online", tuple(ends), _table_errors(states, ratings), rows)


def _gradient(weights: Weights, x: np.ndarray, mask: np.ndarray) -> Weights:
    """The gradient of rows x (N, D) at once: the sum of those of `visit`."""
    z = sigmoid(x @ weights.w1.T + weights.b1)
    y = sigmoid(z @ weights.w2.T + weights.b2)
    delta2 = mask * (y - x) * y * (1 - y)
    delta1 = delta2 @ weights.w2 * z * (1 - z)
    return Weights(delta1.T @ x, delta1.sum(0), delta2.T @ z, delta2.sum(0))


def _table_errors(states: Weights, ratings: Ratings) -> np.ndarray:
    """`table_error` of many weights at once, (N,); each part has one more axis, of length N, before its own."""
    z = sigmoid(ratings.x @ states.w1.transpose(0, 2, 1) + states.b1[:, None])
    y = sigmoid(z @ states.w2.transpose(0, 2, 1) + states.b2[:, None])
    return np.square(ratings.mask * (y - ratings.x)).sum((1, 2)) / 2


def _check(ratings: Ratings, order: str) -> None:
    if order not in ORDERS:
        raise ValueError(f"order is '{order}', and must be one of {', '.join(ORDERS)}")
    if not len(ratings):
        raise ValueError("the table has no rows: there is nothing to learn from")
