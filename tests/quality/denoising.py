"""Denoising: image similarity to the clean originals, by a network and by classical denoisers."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS, best_strength, denoised, fit_components
from aecore.corruption import gaussian
from aecore.experiment.presets import PRESETS
from aecore.metrics.image_similarity import image_similarity
from aecore.training.evaluation import corrupted
from tests.quality.parts import Figures, Part, Row
from tests.quality.training import data, train

LEVEL = 0.5
"""Standard deviation of the noise."""

GAIN = 4.0
"""Decibels by which the network has to beat the best classical denoiser."""

TUNED_ON = 500
"""Validation pictures on which the strength of each classical denoiser is chosen."""

AT_ONCE = 2000


def of_network(name: str) -> Figures:
    """A preset's reconstructions of the noisy test pictures."""
    done = train(PRESETS[name].build())
    with torch.inference_mode():
        answers = torch.cat([done.model(part) for part in torch.from_numpy(_noisy(_test())).split(AT_ONCE)])
    return _figures(answers.float().numpy()) | {"seconds": done.seconds}


def of_classical(method: str) -> Figures:
    """The same noisy pictures through a classical denoiser, at the strength that is best on validation pictures."""
    tuned_on = data("mnist").validation.x[:TUNED_ON]
    pca = fit_components(data("mnist").train.x) if method == "pca" else None
    strength = best_strength(method, tuned_on, _noisy(tuned_on), pca)
    figures = _figures(denoised(method, _noisy(_test()), strength, pca))
    return figures | {"strength": strength} if CLASSICAL_DENOISERS[method].strength else figures


def beats_every_baseline(mine: Figures, every: dict[str, Figures]) -> bool:
    """At least GAIN decibels above the best of CLASSICAL_DENOISERS, all of which have been measured."""
    return (
        set(CLASSICAL_DENOISERS) <= set(every)
        and mine["psnr"] >= max(every[name]["psnr"] for name in CLASSICAL_DENOISERS) + GAIN
    )


def _figures(answers: np.ndarray) -> Figures:
    alike = image_similarity(_test(), answers)
    return {"psnr": float(alike.psnr.mean()), "ssim": float(alike.ssim.mean())}


def _test() -> np.ndarray:
    return data("mnist").test.x


def _noisy(clean: np.ndarray) -> np.ndarray:
    """clean (N, C, H, W) with noise that is the same at every call, unclipped, as in training."""

    def add_noise(x: Tensor, rng: torch.Generator) -> Tensor:
        return gaussian(x, LEVEL, rng)

    return corrupted(torch.from_numpy(clean), add_noise).numpy()


def _classical(name: str) -> Row:
    method = CLASSICAL_DENOISERS[name]
    return Row(f"{method.title} ({method.strength})" if method.strength else method.title, lambda: of_classical(name))


DENOISING = Part(
    "Denoising",
    f"MNIST's 10,000 test pictures under Gaussian noise with a standard deviation of {LEVEL:g}, half the way from "
    "black to white: PSNR and SSIM of the answers against the clean originals, means over the pictures, answers "
    "clipped to [0, 1]. All methods see the same noise, unclipped. The strength of each classical denoiser is the one "
    f"with the best PSNR on {TUNED_ON} validation pictures; PCA was fitted to the clean training pictures.",
    {"psnr": ("PSNR, dB", ".2f"), "ssim": ("SSIM", ".3f"), "strength": ("strength chosen", "g")},
    {
        **{name: _classical(name) for name in CLASSICAL_DENOISERS},
        "denoise-gaussian": Row(
            f"{PRESETS['denoise-gaussian'].title} (preset denoise-gaussian)", lambda: of_network("denoise-gaussian"),
            f"at least {GAIN:g} dB above the best classical denoiser", beats_every_baseline,
        ),
    },
)  # fmt: skip
