"""Likelihood of unseen digits under a variational autoencoder."""

from __future__ import annotations

import torch

from aecore.experiment.presets import PRESETS
from aecore.training.likelihood import active_units, log_likelihood, lower_bound
from aecore.variants.variational import Variational, binarised
from tests.quality.parts import Figures, Part, Row, at_least
from tests.quality.training import data, train

LEAST_NATS, SAMPLES, SEED = -87.0, 100, 1


def of_preset(name: str) -> Figures:
    """Estimate and bound of a variational preset on the test set, binarised once by a fixed seed."""
    settings = PRESETS[name].build()
    done = train(settings)
    assert isinstance(done.model, Variational)
    rng, x = torch.Generator().manual_seed(SEED), torch.from_numpy(data(settings.data).test.x)
    tossed = binarised(x, x, rng)[0]
    return {
        "nats": float(log_likelihood(done.model, tossed, SAMPLES, rng).mean()),
        "bound": float(lower_bound(done.model, tossed, rng).mean()),
        "active": active_units(done.model.encode(x).detach()),
        "seconds": done.seconds,
    }


LIKELIHOOD = Part(
    "How probable the test digits are",
    f"Importance-weighted estimate of the mean log-likelihood with {SAMPLES} samples (Burda et al. 2016, eq. 8), in "
    "nats, of the test set binarised once by a fixed seed; beside it the variational bound, and the units of the "
    "code that say anything (there, section 5.3). The published figure is for the same kind of network, 50 latents "
    "and one stochastic layer, with 5,000 samples and far longer training.",
    {"nats": ("nats", ".2f"), "bound": ("bound", ".2f"), "active": ("active units", ".0f")},
    {
        "variational": Row(
            "50 latents, 2 x 500 GELU units (preset variational)",
            lambda: of_preset("variational"), f"at least {LEAST_NATS:.0f}",
            at_least("nats", LEAST_NATS), "−86.76 (Burda et al. 2016, arXiv:1509.00519, table 1)",
        ),
    },
)  # fmt: skip
