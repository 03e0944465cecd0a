"""WAYS to sample codes: from distributions fitted to the training codes,
or from a variational autoencoder's prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.latent.code_set import CodeError, refuse_unusable

DEFAULT_COMPONENTS = 10
"""Default number of components of the Gaussian mixture."""

FITTED_ON = 5_000
"""Most codes to which a mixture is fitted, evenly taken; more take longer and hardly change it."""

ITERATIONS, FLOOR = 60, 1e-5
"""Iterations of the mixture's fit, and what is added to every component's variances (of codes of variance 1)."""

Draw = Callable[[int, np.random.Generator, float], np.ndarray]


@dataclass(frozen=True)
class Sampler:
    """A way fitted to training codes. draw(count, rng, scale) -> codes (count, Z) float32.

    scale: factor of the standard deviation, 1 for that of the codes themselves.
    """

    way: str
    draw: Draw


@dataclass(frozen=True)
class Way:
    """A way to sample codes; fit(codes, components) -> Sampler."""

    title: str
    about: str
    fit: Callable[[np.ndarray, int], Sampler]


def sampler(way: str, codes: np.ndarray, components: int = DEFAULT_COMPONENTS) -> Sampler:
    """The way fitted to training codes (N, Z).

    CodeError, in a sentence, if codes are too few, all the same, or not finite. KeyError for an unknown way.
    """
    refuse_unusable(codes)
    return WAYS[way].fit(codes.astype(np.float64), components)


def gaussian(codes: np.ndarray, components: int = 1) -> Sampler:
    """One normal distribution with the codes' mean and covariance: z = m + t L e, where L L^T is the covariance."""
    _enough(codes, 2)
    mean, covariance = codes.mean(0), np.atleast_2d(np.cov(codes, rowvar=False))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))  # also works if a coordinate is constant

    def draw(count: int, rng: np.random.Generator, scale: float) -> np.ndarray:
        return (mean + scale * rng.standard_normal((count, len(mean))) @ root.T).astype(np.float32)

    return Sampler("gaussian", draw)


def mixture(codes: np.ndarray, components: int = DEFAULT_COMPONENTS) -> Sampler:
    """Several normal distributions, each with a mean and a covariance of its own,
    found by expectation maximisation (scikit-learn).

    The scale widens or narrows every component around its mean.
    """
    _enough(codes, 2 * components)
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    thinned = codes[np.linspace(0, len(codes) - 1, min(len(codes), FITTED_ON)).round().astype(int)]
    spread = thinned.std() or 1.0
    model = GaussianMixture(components, max_iter=ITERATIONS, reg_covar=FLOOR, random_state=0)
    with threadpool_limits(1):
        _quietly(model, thinned / spread)
    weights, means = model.weights_ / model.weights_.sum(), model.means_ * spread
    roots = np.linalg.cholesky(model.covariances_) * spread

    def draw(count: int, rng: np.random.Generator, scale: float) -> np.ndarray:
        component = rng.choice(components, count, p=weights)
        return (
            means[component]
            + scale * np.einsum("nij,nj->ni", roots[component], rng.standard_normal((count, means.shape[1])))
        ).astype(np.float32)

    return Sampler("mixture", draw)


def independent(codes: np.ndarray, components: int = 1) -> Sampler:
    """Every coordinate sampled independently from its own quantiles: the marginal distributions are those of the codes,
    the joint one is not.
    """
    _enough(codes, 2)
    ordered, mean = np.sort(codes, axis=0), codes.mean(0)

    def draw(count: int, rng: np.random.Generator, scale: float) -> np.ndarray:
        place = rng.random((count, codes.shape[1])) * (len(ordered) - 1)
        low = place.astype(int)
        columns = np.arange(codes.shape[1])
        value = ordered[low, columns] + (place - low) * (
            ordered[low + 1, columns] - ordered[low, columns]
        )  # linear between two of the codes
        return (mean + scale * (value - mean)).astype(np.float32)

    return Sampler("independent", draw)


def prior(codes: np.ndarray, components: int = 1) -> Sampler:
    """The prior N(0, I) of a variational autoencoder (Kingma & Welling 2014),
    independent of the codes.
    """
    size = codes.shape[1]
    return Sampler("prior", lambda count, rng, scale: (scale * rng.standard_normal((count, size))).astype(np.float32))


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
        "Each number of the code takes one of its values in training, whatever the other numbers are.",
        independent,
    ),
    "prior": Way(
        "The prior N(0, I)",
        "The standard normal distribution, for which a variational autoencoder was trained.",
        prior,
    ),
}


def ways_for(variant: str) -> tuple[str, ...]:
    """The ways for a variant; only a variational autoencoder has a prior, which comes first."""
    others = tuple(name for name in WAYS if name != "prior")
    return ("prior", *others) if variant == "variational" else others


def _enough(codes: np.ndarray, least: int) -> None:
    if len(codes) < least:
        raise CodeError(
            f"There are only {len(codes)} training codes, and this way of sampling needs at least {least}. "
            "Take a simpler one, or more data."
        )


def _quietly(model: object, codes: np.ndarray) -> None:
    """Fits the mixture without warnings about convergence, which sampling does not need."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(codes)  # type: ignore[attr-defined]  # scikit-learn has no types
