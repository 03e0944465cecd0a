"""Walks in the latent space: ranges of the numbers of a code, linear and spherical paths, planes,
and distances from the known codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

MIDDLE = (1.0, 99.0)
"""Percentiles that bound the usual range of a number."""

PARALLEL = 1e-3
"""Radians; for codes nearer to parallel or opposite than this, slerp is ill-conditioned."""

SAMPLED = 1000
"""Codes whose nearest neighbour is found, for the usual distance."""

AT_ONCE = 200


@dataclass(frozen=True)
class Spans:
    """Ranges of the numbers of codes (N, Z).

    order: those that vary, by falling variance; dead: those that are constant. mean: (Z,);
    low, high: (Z,) bounds of the middle 98 %, or of all where that is empty; share: (Z,) of the total variance.
    """

    order: np.ndarray
    dead: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    share: np.ndarray


def spans(codes: np.ndarray) -> Spans:
    """The ranges of codes (N, Z), N of at least 1."""
    codes = codes.astype(np.float64)
    low, high = np.percentile(codes, MIDDLE, axis=0)
    least, most = codes.min(0), codes.max(0)
    is_flat = high <= low
    variance = np.where(most > least, codes.var(0), 0.0)
    order = np.argsort(-variance, kind="stable")
    return Spans(
        order[(most > least)[order]], np.flatnonzero(most == least), codes.mean(0), np.where(is_flat, least, low),
        np.where(is_flat, most, high), variance / (variance.sum() or 1.0),
    )  # fmt: skip


def linear(start: np.ndarray, end: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Linear interpolation between two codes (Z,), at shares (K,) of the path: (K, Z)."""
    return start + np.multiply.outer(shares, end - start)


def spherical(start: np.ndarray, end: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Spherical interpolation between two codes (Z,), at shares (K,) of the path: (K, Z).

    Directions by slerp (Shoemake 1985, https://doi.org/10.1145/325334.325242, section 3.3); the length is interpolated
    linearly. Linear interpolation for nearly parallel, opposite or zero codes.
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) < 1e-12:
        return linear(start, end, shares)
    first, second = start / lengths[0], end / lengths[1]
    angle = angle_between(start, end)
    if angle < PARALLEL or np.pi - angle < PARALLEL:
        return linear(start, end, shares)
    directions = (
        np.multiply.outer(np.sin((1 - shares) * angle), first) + np.multiply.outer(np.sin(shares * angle), second)
    ) / np.sin(angle)
    return directions * ((1 - shares) * lengths[0] + shares * lengths[1])[:, None]


def angle_between(first: np.ndarray, second: np.ndarray) -> float:
    """Radians between two codes (Z,), from 0 to pi, exact for small ones too (Kahan); NaN if one is zero."""
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) < 1e-12:
        return float("nan")
    a, b = first / lengths[0], second / lengths[1]
    return float(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


Way = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
WAYS: dict[str, Way] = {"linear": linear, "spherical": spherical}


def along(stations: np.ndarray, steps: int, way: Way = linear) -> np.ndarray:
    """A path through stations (P, ...), with `steps` steps from each to the next:
    ((P - 1) * steps + 1, ...) float32, stations included.
    """
    flat = stations.reshape(len(stations), -1).astype(np.float64)
    shares = np.arange(steps) / steps
    legs = [way(start, end, shares) for start, end in zip(flat, flat[1:], strict=False)]
    return np.concatenate([*legs, flat[-1:]]).reshape(-1, *stations.shape[1:]).astype(np.float32)


@dataclass(frozen=True)
class Plane:
    """A plane through a code.

    base: (Z,) that code; axes: (2, Z) orthonormal; middle: (Z,) the code that lies at (0, 0).
    """

    base: np.ndarray
    axes: np.ndarray
    middle: np.ndarray

    def places(self, codes: np.ndarray) -> np.ndarray:
        """Orthogonal projection of codes (N, Z) onto the plane: (N, 2)."""
        return (codes - self.middle) @ self.axes.T

    def codes(self, places: np.ndarray) -> np.ndarray:
        """The codes (N, Z) float32 at places (N, 2) of the plane."""
        return (self.base + (places - self.places(self.base[None])) @ self.axes).astype(np.float32)


def plane_of_numbers(base: np.ndarray, across: int, up: int) -> Plane:
    """All codes that differ from `base` (Z,) in these two numbers only, counted from 0.

    ValueError if they are not two numbers of the code.
    """
    size = len(base)
    if across == up or not (0 <= across < size and 0 <= up < size):
        raise ValueError(f"a plane needs two different numbers of the {size} in a code, not {across} and {up}")
    return Plane(base.astype(np.float64), np.eye(size)[[across, up]], np.zeros(size))


def plane_of_directions(base: np.ndarray, codes: np.ndarray) -> Plane:
    """Through `base` (Z,), along the two principal directions of codes (N, Z); (0, 0) is their mean.

    Z of at least 2.
    """
    mean = codes.mean(0, dtype=np.float64)
    vectors = np.linalg.eigh(np.atleast_2d(np.cov(codes.astype(np.float64), rowvar=False, ddof=0)))[1]
    axes = vectors[:, ::-1][:, :2].T
    axes = (
        axes * np.where(axes[np.arange(2), np.abs(axes).argmax(1)] < 0, -1, 1)[:, None]
    )  # the sign of an eigenvector is arbitrary
    return Plane(base.astype(np.float64), axes, mean)


def even_axis(places: np.ndarray, own: float) -> np.ndarray:
    """Both ends of an axis: the middle 98 % of the places (N,) of codes, extended to include `own`.

    (2,), increasing.
    """
    low, high = np.percentile(places, MIDDLE)
    low, high = min(low, own), max(high, own)
    return np.array([low, high]) if high - low > 1e-9 else np.array([low - 1, high + 1])


def normal_axis(points: int = 401, edge: float = 1e-3) -> np.ndarray:
    """Quantiles of the standard normal at even probabilities from `edge` to 1 - `edge`, (points,): the axis of a
    variational autoencoder's manifold (Kingma & Welling 2014, arXiv:1312.6114, appendix A).
    """
    normal = NormalDist()
    return np.array(
        [normal.inv_cdf(min(max(probability, edge), 1 - edge)) for probability in np.linspace(0, 1, points)]
    )


def on_axis(axis: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The values at shares of the length, 0 to 1, of an axis (K,) that is known at K even places."""
    return np.interp(shares, np.linspace(0, 1, len(axis)), axis)


def shares_on(axis: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The inverse of `on_axis`; values beyond an end are clipped to it."""
    return np.interp(values, axis, np.linspace(0, 1, len(axis)))


def lattice(axes: Sequence[np.ndarray], side: int) -> np.ndarray:
    """Places (side * side, 2) in the middles of even cells over two axes, row by row from the top left."""
    middles = (np.arange(side) + 0.5) / side
    across, up = on_axis(axes[0], middles), on_axis(axes[1], middles)[::-1]
    return np.stack([np.tile(across, side), np.repeat(up, side)], axis=1)


@dataclass(frozen=True)
class Surroundings:
    """Codes (N, Z), and (M,) sorted distances of some of them to their nearest neighbours."""

    known: np.ndarray
    usual: np.ndarray

    def nearest(self, codes: np.ndarray, without: Sequence[int] = ()) -> tuple[np.ndarray, np.ndarray]:
        """The nearest known code to each of codes (K, Z): indices and Euclidean distances,
        (K,); `without` are excluded.
        """
        return _nearest(codes, self.known, self._squares, without=without)

    def ratios(self, distances: np.ndarray) -> np.ndarray:
        """Distances as multiples of the median distance."""
        return distances / max(float(np.median(self.usual)), 1e-12)

    def shares(self, distances: np.ndarray) -> np.ndarray:
        """Share of the codes whose nearest neighbour is no further than that, 0 to 1."""
        return np.searchsorted(self.usual, distances, "right") / len(self.usual)

    @cached_property
    def _squares(self) -> np.ndarray:
        return np.einsum("nd,nd->n", self.known, self.known)


def surroundings(codes: np.ndarray) -> Surroundings:
    """The surroundings of codes (N, Z), N of at least 2; distances are of at most SAMPLED of them, evenly taken."""
    rows = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), SAMPLED)).round().astype(int))
    squares = np.einsum("nd,nd->n", codes, codes)
    return Surroundings(codes, np.sort(_nearest(codes[rows], codes, squares, itself=rows)[1]))


def _nearest(
    codes: np.ndarray,
    known: np.ndarray,
    squares: np.ndarray,
    *,
    without: Sequence[int] = (),
    itself: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    found = []
    for begin in range(0, len(codes), AT_ONCE):
        part = codes[begin : begin + AT_ONCE]
        rough = squares - 2 * part @ known.T
        rough[:, list(without)] = np.inf
        if itself is not None:
            rough[np.arange(len(part)), itself[begin : begin + AT_ONCE]] = np.inf
        found.append(rough.argmin(1))
    near = np.concatenate(found)
    return near, np.linalg.norm(codes - known[near], axis=1)
