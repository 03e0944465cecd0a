"""Embedding: learned vectors of words, in numpy, with codes, classes, neighbours
and the words that a decoder predicts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Embedding:
    """A vector for each of V words, the classifier and the decoder.

    vectors (V, Z): the columns of the first layer; bias (Z,). weight (C, Z), offset (C,): the classifier on the codes.
    decoder (V, Z), decoder_bias (V,): the last layer of an autoencoder, None where there is none.
    is_mean: whether a text's code is the mean of its words' vectors or their sum.
    """

    vectors: np.ndarray
    bias: np.ndarray
    weight: np.ndarray
    offset: np.ndarray
    decoder: np.ndarray | None = None
    decoder_bias: np.ndarray | None = None
    is_mean: bool = False

    def codes(self, bags: np.ndarray) -> np.ndarray:
        """Bags (N, V) -> codes (N, Z)."""
        rows = bags / np.maximum(bags.sum(1, keepdims=True), 1) if self.is_mean else bags
        return rows @ self.vectors + self.bias

    def probabilities(self, bags: np.ndarray) -> np.ndarray:
        """Bags (N, V) -> softmax of the classifier's scores, (N, C)."""
        return softmax(self.codes(bags) @ self.weight.T + self.offset)

    def expected(self, bags: np.ndarray) -> np.ndarray:
        """Bags (N, V) -> probability of each word by the decoder, (N, V). ValueError if there is no decoder."""
        if self.decoder is None or self.decoder_bias is None:
            raise ValueError("This embedding has no decoder.")
        return 1 / (1 + np.exp(-(self.codes(bags) @ self.decoder.T + self.decoder_bias)))


def softmax(scores: np.ndarray) -> np.ndarray:
    """(N, C) -> (N, C), rows that add up to 1."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def cosines(vectors: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Cosine of the angle between each of (N, Z) and one vector (Z,), -1 to 1; 0 where one of them is zero."""
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(to)
    return np.divide(vectors @ to, lengths, out=np.zeros(len(vectors)), where=lengths > 0)


def nearest(
    vectors: np.ndarray, to: np.ndarray, count: int, without: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Indices and cosines of the `count` vectors of (N, Z) with the smallest angle to `to` (Z,),
    the nearest first.
    """
    similar = cosines(vectors, to)
    order = np.argsort(-similar, kind="stable")
    order = order[order != without][:count] if without is not None else order[:count]
    return order, similar[order]


def brought_back(bags: np.ndarray, expected: np.ndarray) -> float:
    """Share of a text's k known words that are among the k most probable words of `expected` (N, V);
    mean over texts with any.
    """
    shares = []
    for bag, guess in zip(bags, expected, strict=True):
        count = int(bag.sum())
        if count:
            shares.append(bag[np.argsort(-guess, kind="stable")[:count]].sum() / count)
    return float(np.mean(shares)) if shares else 0.0


def flat_map(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """PCA to the plane: vectors (N, Z) -> (N, 2), and the explained variance."""
    centred = vectors - vectors.mean(0)
    left, spread, axes = np.linalg.svd(centred, full_matrices=False)
    flat = np.zeros((len(vectors), 2))
    width = min(2, len(spread))
    signs = np.sign(
        axes[np.arange(width), np.abs(axes[:width]).argmax(1)]
    )  # fixes the signs, so that the map is never mirrored
    flat[:, :width] = left[:, :width] * spread[:width] * signs
    total = float((spread**2).sum())
    return flat, float((spread[:2] ** 2).sum()) / total if total else 1.0
