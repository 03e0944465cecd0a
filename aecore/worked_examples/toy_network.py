"""The toy network of the articles: a linear autoencoder of one-hot likes, and its training.

Linear hidden and output nodes, o = W2 (W1 x + b1) + b2. Outputs are turned into likes in three ways:
softmax, arg max and a threshold of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

TIE = 1e-9
"""Outputs closer than this count as tied."""


@dataclass(frozen=True)
class ToyNetwork:
    """Weights w1 (H, D), w2 (D, H) and biases b1 (H,), b2 (D,) of a D-H-D network.

    ValueError if the shapes do not fit.
    """

    w1: np.ndarray
    w2: np.ndarray
    b1: np.ndarray
    b2: np.ndarray

    def __post_init__(self) -> None:
        hidden, inputs = self.w1.shape
        shapes = (self.w2.shape, self.b1.shape, self.b2.shape)
        if shapes != ((inputs, hidden), (hidden,), (inputs,)):
            raise ValueError(
                f"w1 of {hidden} x {inputs} asks for w2, b1, b2 of {(inputs, hidden)}, {(hidden,)}, "
                f"{(inputs,)}; they are {shapes}"
            )

    @classmethod
    def of(cls, w1: ArrayLike, w2: ArrayLike, b1: ArrayLike | None = None, b2: ArrayLike | None = None) -> ToyNetwork:
        """From nested lists; biases are zero unless given."""
        first, second = np.asarray(w1, float), np.asarray(w2, float)
        return cls(
            first,
            second,
            np.zeros(len(first)) if b1 is None else np.asarray(b1, float),
            np.zeros(len(second)) if b2 is None else np.asarray(b2, float),
        )

    @property
    def inputs(self) -> int:
        """D, the number of inputs and of outputs."""
        return self.w1.shape[1]

    @property
    def hidden(self) -> int:
        """H, the number of hidden nodes."""
        return self.w1.shape[0]

    def encode(self, x: np.ndarray) -> np.ndarray:
        """h = W1 x + b1: (..., D) -> (..., H)."""
        return x @ self.w1.T + self.b1

    def decode(self, h: np.ndarray) -> np.ndarray:
        """o = W2 h + b2: (..., H) -> (..., D)."""
        return h @ self.w2.T + self.b2

    def without_biases(self) -> ToyNetwork:
        """The same weights, all biases zero."""
        return replace(self, b1=np.zeros_like(self.b1), b2=np.zeros_like(self.b2))


ARTICLE = ToyNetwork.of([[1, 1, -1, -1], [1, -1, 1, -1]], [[1, 1], [1, -1], [-1, 1], [-1, -1]])
"""The drawing of both articles: h1 = x1 + x2 - x3 - x4, h2 = x1 - x2 + x3 - x4, and outputs that undo them."""


def softmax(o: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """exp(o_i / T) / sum_k exp(o_k / T) over the last axis; as T goes to 0 it becomes the arg max.

    ValueError unless T > 0.
    """
    if not temperature > 0:
        raise ValueError(f"temperature is {temperature}, and must be above 0")
    power = np.exp((o - o.max(-1, keepdims=True)) / temperature)
    return power / power.sum(-1, keepdims=True)


def arg_max(o: np.ndarray) -> np.ndarray:
    """1 for the highest output, 0 for the rest; all 0 on a tie (article 000 leaves ties open)."""
    is_top = o >= o.max(-1, keepdims=True) - TIE
    return (is_top & (is_top.sum(-1, keepdims=True) == 1)).astype(float)


def threshold(o: np.ndarray) -> np.ndarray:
    """1 for outputs of one or more, 0 for those below (article 001)."""
    return (o >= 1 - TIE).astype(float)


READINGS = {"arg max": arg_max, "threshold": threshold}


def patterns(inputs: int, likes: int = 1) -> np.ndarray:
    """All inputs with exactly `likes` ones, (N, inputs), in the order of their first ones."""
    chosen = list(combinations(range(inputs), likes))
    rows = np.zeros((len(chosen), inputs))
    for row, ones in zip(rows, chosen, strict=True):
        row[list(ones)] = 1
    return rows


def come_back(network: ToyNetwork, x: np.ndarray, reading: str = "arg max") -> np.ndarray:
    """Whether the network reconstructs each row of x (N, D) of zeros and ones, read this way: (N,) bool."""
    return (READINGS[reading](network.decode(network.encode(x))) == x).all(-1)


def sign_network(inputs: int, hidden: int) -> ToyNetwork:
    """Weights of +1 and -1 in which every input has its own code and W2 = W1^T, up to 2^H inputs.

    It counts in binary: for 4-2-4 it is the articles' network. With fewer codes than inputs, codes are shared.
    """
    numbers = np.arange(inputs) % 2**hidden
    bits = numbers[None, :] >> np.arange(hidden)[::-1, None] & 1
    w1 = 1.0 - 2.0 * bits
    return ToyNetwork.of(w1, w1.T)


def copying_network(inputs: int, hidden: int) -> ToyNetwork:
    """Each input goes through a node of its own, as far as there are nodes:
    with H >= D the network is the identity and learns nothing.
    """
    w1 = np.eye(hidden, inputs)
    return ToyNetwork.of(w1, w1.T)


def random_network(inputs: int, hidden: int, seed: int, spread: float = 0.5) -> ToyNetwork:
    """Normal weights with standard deviation `spread`, biases zero: the start of training."""
    rng = np.random.default_rng(seed)
    return ToyNetwork.of(rng.normal(0, spread, (hidden, inputs)), rng.normal(0, spread, (inputs, hidden)))


def cross_entropy(network: ToyNetwork, x: np.ndarray) -> float:
    """-log softmax(o) of the liked film, mean over the one-hot rows of x (N, D), in nats."""
    o = network.decode(network.encode(x))
    top = o.max(-1, keepdims=True)
    log_total = top[:, 0] + np.log(np.exp(o - top).sum(-1))
    return float((log_total - (o * x).sum(-1)).mean())


def gradient(network: ToyNetwork, x: np.ndarray) -> ToyNetwork:
    """The gradient of `cross_entropy` with respect to every weight and bias, by backpropagation."""
    h = network.encode(x)
    delta_o = (softmax(network.decode(h)) - x) / len(x)  # d loss / d o
    delta_h = delta_o @ network.w2
    return ToyNetwork(delta_h.T @ x, delta_o.T @ h, delta_h.sum(0), delta_o.sum(0))


def learn(
    network: ToyNetwork, x: np.ndarray, learning_rate: float, steps: int = 1, *, with_biases: bool = False
) -> ToyNetwork:
    """The network after `steps` steps of gradient descent on all rows of x at once; biases change only if asked to."""
    for _ in range(steps):
        slope = gradient(network, x)
        network = ToyNetwork(
            network.w1 - learning_rate * slope.w1,
            network.w2 - learning_rate * slope.w2,
            network.b1 - learning_rate * slope.b1 * with_biases,
            network.b2 - learning_rate * slope.b2 * with_biases,
        )
    return network
