"""Additive attribution: what each group of a user's ratings adds to one film's score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

PERMUTATIONS, NODES = 16, 12
"""Orders of the groups that are sampled, half of them the others reversed; points of each Gauss-Legendre rule."""


@dataclass(frozen=True, eq=False)
class Attribution:
    """One film's score, taken apart: value = baseline + the sum of the parts.

    baseline: the score for a user without ratings; value: for this user; parts: (G,), what each group adds.
    in_stars: whether the score is predicted stars, unbounded, or else the ranking score minus its mean over all films.
    each: (N,), what each rating adds, where that is known.
    """

    baseline: float
    value: float
    parts: np.ndarray
    in_stars: bool
    each: np.ndarray | None = None

    @cached_property
    def error(self) -> float:
        """By how much the parts miss the difference between value and baseline (the completeness error)."""
        return abs(float(self.parts.sum()) - (self.value - self.baseline))


def shapley(value: Callable[[np.ndarray], np.ndarray], groups: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Shapley values of G groups, from sampled orders and their reverses (Castro, Gómez & Tejada 2009, Computers &
    Operations Research 36; antithetic as in Mitchell et al. 2022, JMLR 23).

    value: (B, G) bool, the groups present in each of B users -> (B,) scores. Returns (G,) values, whose sum is exact
    for every number of orders, and (2,) the score with none and with all of the groups.
    """
    rng = np.random.default_rng(seed)
    forth = [rng.permutation(groups) for _ in range(PERMUTATIONS // 2)]
    total, ends = np.zeros(groups), np.zeros(2)
    for order in (*forth, *(each[::-1] for each in forth)):
        present = np.zeros((groups + 1, groups), bool)
        for place, group in enumerate(order, 1):
            present[place:, group] = True
        scores = np.asarray(value(present), np.float64)
        total[order] += np.diff(scores)
        ends = scores[[0, -1]]
    return total / PERMUTATIONS, ends


def path_nodes(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of a rule that integrates over [0, 1], in two pieces that meet at 1 / count: there the length
    of the features of `count` ratings begins to be scaled to 1, which bends the path. The second piece is integrated
    over the logarithm, since the first few ratings change the most.
    """
    points, weights = np.polynomial.legendre.leggauss(NODES)
    points, weights = (points + 1) / 2, weights / 2
    if count < 2:
        return points, weights
    later = count ** (points - 1)
    return np.concatenate([points / count, later]), np.concatenate([weights / count, weights * later * np.log(count)])


def along_the_weights(
    inputs: np.ndarray, left: np.ndarray, links: np.ndarray, prior_means: np.ndarray, prior_precisions: np.ndarray,
    noise_precisions: np.ndarray, target: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """(n,): what each rating adds to the product of a user's code and `target`, in the Bayesian linear autoencoder.

    The code is the mean θ = A⁻¹ b of a linear regression on the ratings, with A = Λ + α Σ w x xᵀ and b = Λ m(w) + α Σ
    w x y; m(w) = m + Σ w l / sqrt(max(1, Σ w)). All weights w grow from 0, no ratings, to 1, and each rating gets the
    integral of the derivative by its own weight (Aumann & Shapley 1974; integrated gradients of Sundararajan, Taly &
    Yan 2017, arXiv:1703.01365, by the weights in place of the inputs). So the parts add up to the whole.

    S draws, K numbers. inputs x: (S, n, K); left y: (S, n); links l: (S, n or 1, K); prior_means m: (S, K);
    prior_precisions Λ: (S, K, K); noise_precisions α: (S,); target: (S, K). The result is a mean over the draws.
    """
    count = inputs.shape[1]
    gram, seen = inputs.transpose(0, 2, 1) @ inputs, (inputs * left[..., None]).sum(1)
    linked, noise = links.sum(1), noise_precisions.astype(np.float64)[:, None]
    total = np.zeros(count)
    for at, weight in zip(*path_nodes(count), strict=True):
        length = np.sqrt(max(1.0, at * count))
        means = prior_means + at * linked / length
        precisions = prior_precisions + at * noise[..., None] * gram
        wanted = (prior_precisions @ means[..., None])[..., 0] + at * noise * seen
        code, reach = np.moveaxis(np.linalg.solve(precisions, np.stack([wanted, target], -1)), -1, 0)
        change = noise * (inputs @ reach[..., None])[..., 0] * (left - (inputs @ code[..., None])[..., 0])
        shift = links / length
        if at * count > 1:
            shift = shift - 0.5 * at * linked[:, None] / (length * at * count)
        change = change + (shift @ (prior_precisions @ reach[..., None]))[..., 0]
        total += weight * change.mean(0)
    return total
