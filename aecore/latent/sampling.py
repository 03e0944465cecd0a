"""WAYS to make codes that nobody has sent: statistics of the training codes,
or a variational autoencoder's prior, and draws from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.latent.code_set import CodeError, refuse_unusable

MIXED = 10
"""Hills of the Gaussian mixture, unless somebody asks otherwise."""

FITTED_ON = 5_000
"""A mixture is fitted to at most so many codes, evenly taken: more take longer and hardly move it."""

ITERATIONS, FLOOR = 60, 1e-5
"""Of the mixture's fit, and the share of the mean variance that is added to each coordinate's in every hill."""

Draw = Callable[[int, np.random.Generator, float], np.ndarray]


@dataclass(frozen=True)
class Sampler:
    """A way that has met the training codes. draw(count, rng, temperature) -> codes (count, Z) float32.

    temperature: factor of the spread, 1 for that of the codes themselves.
    """

    way: str
    draw: Draw


@dataclass(frozen=True)
class Way:
    """A line of the table; fit(codes, hills) -> Sampler."""

    title: str
    about: str
    fit: Callable[[np.ndarray, int], Sampler]


def sampler(way: str, codes: np.ndarray, hills: int = MIXED) -> Sampler:
    """The way fitted to training codes (N, Z).

    CodeError, in a sentence, if codes are too few, all the same, or not finite. KeyError.
    """
    refuse_unusable(codes)
    return WAYS[way].fit(codes.astype(np.float64), hills)


def gaussian(codes: np.ndarray, hills: int = 1) -> Sampler:
    """One normal distribution with the codes' mean and covariance: z = m + t L e, where L L^T is the covariance."""
    _enough(codes, 2)
    mean, covariance = codes.mean(0), np.atleast_2d(np.cov(codes, rowvar=False))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))  # a coordinate that never varies is no trouble for eigenvectors

    def draw(count: int, rng: np.random.Generator, temperature: float) -> np.ndarray:
        return (mean + temperature * rng.standard_normal((count, len(mean))) @ root.T).astype(np.float32)

    return Sampler("gaussian", draw)


def mixture(codes: np.ndarray, hills: int = MIXED) -> Sampler:
    """Several normal distributions, each with a mean and a covariance of its own,
    found by expectation maximisation (scikit-learn).

    The temperature widens or narrows every hill around its own middle.
    """
    _enough(codes, 2 * hills)
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    thinned = codes[np.linspace(0, len(codes) - 1, min(len(codes), FITTED_ON)).round().astype(int)]
    scale = thinned.std() or 1.0
    model = GaussianMixture(hills, max_iter=ITERATIONS, reg_covar=FLOOR, random_state=0)
    with threadpool_limits(1):
        _quietly(model, thinned / scale)
    weights, means = model.weights_ / model.weights_.sum(), model.means_ * scale
    roots = np.linalg.cholesky(model.covariances_) * scale

    def draw(count: int, rng: np.random.Generator, temperature: float) -> np.ndarray:
        hill = rng.choice(hills, count, p=weights)
        return (
            means[hill]
            + temperature * np.einsum("nij,nj->ni", roots[hill], rng.standard_normal((count, means.shape[1])))
        ).astype(np.float32)

    return Sampler("mixture", draw)


def independent(codes: np.ndarray, hills: int = 1) -> Sampler:
    """Every coordinate drawn by itself from its own quantiles: each number is one that codes have,
    but together they may never occur.
    """
    _enough(codes, 2)
    ordered, mean = np.sort(codes, axis=0), codes.mean(0)

    def draw(count: int, rng: np.random.Generator, temperature: float) -> np.ndarray:
        place = rng.random((count, codes.shape[1])) * (len(ordered) - 1)
        low = place.astype(int)
        columns = np.arange(codes.shape[1])
        value = ordered[low, columns] + (place - low) * (
            ordered[low + 1, columns] - ordered[low, columns]
        )  # linear between two of the codes
        return (mean + temperature * (value - mean)).astype(np.float32)

    return Sampler("independent", draw)


def prior(codes: np.ndarray, hills: int = 1) -> Sampler:
    """N(0, I), towards which a variational autoencoder was pulled (Kingma & Welling 2014):
    it learns nothing from the codes.
    """
    size = codes.shape[1]
    return Sampler(
        "prior", lambda count, rng, temperature: (temperature * rng.standard_normal((count, size))).astype(np.float32)
    )


WAYS: dict[str, Way] = {
    "gaussian": Way(
        "Mean and covariance", "A normal distribution with the mean and the covariance of the training codes.", gaussian
    ),
    "mixture": Way(
        "Gaussian mixture",
        "A Gaussian mixture: several normal distributions, each where many training codes lie.",
        mixture,
    ),
    "independent": Way(
        "Each number by itself",
        "Each number of the code as often as in training, but without asking the other numbers.",
        independent,
    ),
    "prior": Way(
        "The prior N(0, I)",
        "The standard normal distribution, for which a variational autoencoder was trained.",
        prior,
    ),
}


def ways_for(variant: str) -> tuple[str, ...]:
    """The ways that make sense for a variant: only a variational autoencoder has a prior, and it stands first there."""
    others = tuple(name for name in WAYS if name != "prior")
    return ("prior", *others) if variant == "variational" else others


def _enough(codes: np.ndarray, least: int) -> None:
    if len(codes) < least:
        raise CodeError(
            f"There are only {len(codes)} training codes, and this way of sampling needs at least {least}. "
            "Take a simpler one, or more data."
        )


def _quietly(model: object, codes: np.ndarray) -> None:
    """It may stop before the last bit of likelihood has been found; that is enough to sample from."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(codes)  # type: ignore[attr-defined]  # scikit-learn has no types
