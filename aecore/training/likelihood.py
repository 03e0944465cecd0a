"""Likelihood of examples under a variational autoencoder: the importance-weighted estimate,
and active units.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from aecore.variants.variational import Variational, standard_kl

ROWS = 20_000
"""Decoded examples held in memory at once."""

ACTIVE = 0.01
"""A unit whose mean varies less than this over the examples is inactive. Burda et al. 2016, section 5.3."""


@torch.inference_mode()
def log_likelihood(model: Variational, x: Tensor, samples: int, rng: torch.Generator) -> Tensor:
    """Estimate of log p(x) in nats for each example, from `samples` samples: (N, *shape) -> (N,).

    Its expectation is a lower bound that rises with `samples` towards log p(x) (theorem 1); with one sample it is the
    variational bound itself. Source: Burda, Grosse & Salakhutdinov 2016, arXiv:1509.00519, eq. 8. A model trained on
    binarised pixels needs them here as well: `binarised(x, x, rng)`.
    """
    model.eval()
    at_once = max(1, ROWS // samples)
    estimates = [
        torch.logsumexp(_log_weights(model, part, samples, rng), 0) - math.log(samples) for part in x.split(at_once)
    ]
    return torch.cat(estimates)


@torch.inference_mode()
def lower_bound(model: Variational, x: Tensor, rng: torch.Generator) -> Tensor:
    """The variational bound on log p(x) in nats with one sample for each example and the
    divergence in closed form: (N,).
    """
    model.eval()
    bounds = []
    for part in x.split(ROWS):
        mean, log_variance = model.posterior(part)
        z = mean + torch.exp(log_variance / 2) * _normal(mean.shape, mean, rng)
        bounds.append(model.log_likelihood(part, z) - standard_kl(mean, log_variance))  # Kingma & Welling 2014, eq. 3
    return torch.cat(bounds)


def active_units(means: Tensor) -> int:
    """Number of active units of the code, from the codes (N, Z) of many examples.

    Burda et al. 2016, section 5.3.
    """
    return int((means.var(0, correction=0) > ACTIVE).sum())


def _log_weights(model: Variational, x: Tensor, samples: int, rng: torch.Generator) -> Tensor:
    """log p(x, z) / q(z|x) for samples z from q: (B, *shape) -> (samples, B)."""
    mean, log_variance = model.posterior(x)
    noise = _normal((samples, *mean.shape), mean, rng)
    z = mean + torch.exp(log_variance / 2) * noise
    log_prior_over_posterior = (noise.square() - z.square() + log_variance).sum(2) / 2  # the constants cancel
    repeated = x.expand(samples, *x.shape).flatten(0, 1)
    return model.log_likelihood(repeated, z.flatten(0, 1)).unflatten(0, (samples, len(x))) + log_prior_over_posterior


def _normal(shape: tuple[int, ...], like: Tensor, rng: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=rng, device=like.device, dtype=like.dtype)
