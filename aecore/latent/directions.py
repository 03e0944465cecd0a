"""Directions in the latent space: from the codes without an attribute to those with it.

Their separation is measured on held-out codes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.latent.code_set import CodeError
from aecore.metrics.roc import area

FEWEST = 6
"""Codes that a group must have: two thirds show the direction, one third tests it."""

NEIGHBOURS = 10
"""Training codes to which a moved code's distance is measured."""

AT_ONCE = 500
PENALTY = 1e-2


@dataclass(frozen=True)
class Direction:
    """step: (Z,) what strength 1 adds to a code. It moves the mean of the group without to the level of the
    mean of the group with.

    start: projection of the mean of the group without onto the unit direction; length: of the step. auc,
    accuracy: of separating the groups along the direction, on held-out codes; used,
    held_out: codes (without, with).
    """

    step: np.ndarray
    start: float
    length: float
    auc: float
    accuracy: float
    used: tuple[int, int]
    held_out: tuple[int, int]

    def move(self, codes: np.ndarray, strength: float | np.ndarray) -> np.ndarray:
        """Codes (N, Z) moved by one strength, or by one for each (N,): (N, Z) float32."""
        return (codes + np.multiply.outer(np.broadcast_to(strength, len(codes)), self.step)).astype(np.float32)

    def place(self, codes: np.ndarray) -> np.ndarray:
        """Position of codes (N, Z) along the direction, (N,): 0 at the mean of those without, 1 of those with."""
        return (codes @ (self.step / self.length) - self.start) / self.length


def mean_difference(without: np.ndarray, having: np.ndarray) -> np.ndarray:
    """From the mean of the codes (N, Z) without to that of the codes (M, Z) with: (Z,).

    Larsen et al. 2016, arXiv:1512.09300, section 4.2.
    """
    return having.mean(0) - without.mean(0)


def logistic_normal(without: np.ndarray, having: np.ndarray) -> np.ndarray:
    """Normal of the linear separator between the codes that logistic regression finds, (Z,).

    Both groups have equal weight: the mean over both groups of each group's mean log(1 + exp(-margin)),
    and PENALTY / 2 ||w||^2 for codes of standard deviation 1, by scipy's L-BFGS (scikit-learn takes long to import;
    the tests compare the two).
    """
    from scipy.optimize import minimize

    codes = np.concatenate([without, having])
    scale = codes.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    z = (codes - codes.mean(0)) / scale
    signs = np.repeat([-1.0, 1.0], [len(without), len(having)])
    weights = np.repeat([0.5 / len(without), 0.5 / len(having)], [len(without), len(having)])

    def loss(both: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (z @ both[:-1] + both[-1])
        pull = -weights * signs * np.exp(-np.logaddexp(0, margins))
        value = weights @ np.logaddexp(0, -margins) + PENALTY / 2 * both[:-1] @ both[:-1]
        return float(value), np.append(pull @ z + PENALTY * both[:-1], pull.sum())

    options = {"maxiter": 300, "gtol": 1e-6}
    found = minimize(loss, np.zeros(z.shape[1] + 1), method="L-BFGS-B", jac=True, options=options)
    return found.x[:-1] / scale


FINDERS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "mean": mean_difference,
    "logistic": logistic_normal,
}
"""Ways to find a direction from two groups of codes."""


def direction(
    finder: str, without: np.ndarray, having: np.ndarray, held_without: np.ndarray, held_having: np.ndarray
) -> Direction:
    """A direction found from two groups of codes (N, Z), tested on two others.

    CodeError, in a sentence, if that is impossible. KeyError for an unknown finder.
    """
    for name, group in (("without", without), ("with", having), ("without", held_without), ("with", held_having)):
        if len(group) < 2:
            raise CodeError(
                f"The group {name} it has too few codes to find and to test a direction; "
                f"at least {FEWEST} are needed in each group."
            )
        if not np.isfinite(group).all():
            raise CodeError(
                "Some of these codes are not finite numbers: the training of this network has gone "
                "wrong. Choose another one."
            )
    normal = FINDERS[finder](without.astype(np.float64), having.astype(np.float64))
    size = float(np.linalg.norm(normal))
    unit = normal / size if size > 0 else normal
    ends = [float((group.astype(np.float64) @ unit).mean()) for group in (without, having)]
    length = ends[1] - ends[0]
    if not size or length <= 1e-9:
        raise CodeError(
            "The two groups have the same codes on average, so no direction leads from one to the "
            "other. Choose other groups."
        )
    places = [(group.astype(np.float64) @ unit - ends[0]) / length for group in (held_without, held_having)]
    right = ((places[0] < 0.5).mean() + (places[1] >= 0.5).mean()) / 2
    counts = (len(without), len(having)), (len(held_without), len(held_having))
    return Direction((unit * length).astype(np.float32), ends[0], length, area(*places), float(right), *counts)


def parted(group: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two thirds and one third of a group (N,) of indices, drawn once. CodeError if there are too few."""
    if len(group) < FEWEST:
        raise CodeError(
            f"A group of {len(group)} is too small to find a direction and to test it; "
            f"choose at least {FEWEST} in each."
        )
    order = np.random.default_rng(seed).permutation(group)
    return order[: 2 * len(order) // 3], order[2 * len(order) // 3 :]


@dataclass(frozen=True)
class Gauge:
    """Typical distances from the training codes: known (N, Z) and, for held-out codes,
    the sorted mean distances to their nearest neighbours (M,).
    """

    known: np.ndarray
    usual: np.ndarray

    def distances(self, codes: np.ndarray) -> np.ndarray:
        """Mean Euclidean distance of codes (K, Z) to their ten nearest training codes: (K,)."""
        return _distances(codes, self.known)

    def percentiles(self, codes: np.ndarray) -> np.ndarray:
        """Share of the held-out codes that lie no further from the training codes than these (K, Z): (K,) in [0, 1]."""
        return np.searchsorted(self.usual, self.distances(codes), "right") / len(self.usual)


def gauge(known: np.ndarray, held_out: np.ndarray) -> Gauge:
    """The gauge of training codes (N, Z) and held-out codes (M, Z). CodeError if there are too few."""
    if len(known) <= NEIGHBOURS or not len(held_out):
        raise CodeError(
            f"There are only {len(known)} training codes; more than {NEIGHBOURS} are needed to say "
            "what is far from them."
        )
    return Gauge(known, np.sort(_distances(held_out, known)))


def _distances(codes: np.ndarray, known: np.ndarray) -> np.ndarray:
    few, squares = min(NEIGHBOURS, len(known)), np.einsum("nd,nd->n", known, known)
    parts = []
    for begin in range(0, len(codes), AT_ONCE):
        part = codes[begin : begin + AT_ONCE]
        rough = np.einsum("nd,nd->n", part, part)[:, None] - 2 * part @ known.T + squares
        parts.append(np.sqrt(np.clip(np.partition(rough, few - 1, axis=1)[:, :few], 0, None)).mean(1))
    return np.concatenate(parts)
