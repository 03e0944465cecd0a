"""Sentences of the Generate page, computed from the figures beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from aecore.foreign import in_markdown
from aecore.latent.generation import RECONSTRUCTED, FrechetScore
from aecore.latent.samples import Samples
from aecore.pretrained.trained_models import TrainedModel
from ui.widgets.wording import percent

CLAIM = """
**A common claim.** If you sample the latent space of a plain autoencoder by the mean and the covariance of its codes,
you get only broad strokes; samples of a variational autoencoder look more real. Here the Fréchet distance tests it.
"""
NO_REFERENCE_CLASSIFIER = (
    "How real these pictures look is not measured: there is no reference classifier for this data set. "
    "This app has them for digits, shapes, faces and MNIST."
)


def seen_words(found: Samples) -> str:
    """Confidence of the reference classifier on these pictures."""
    if not found.odds:
        return ""
    sure = np.mean([odds.max(1).mean() for odds in found.odds.values()])
    asked = "is" if len(found.odds) == 1 else f"answers {len(found.odds)} questions on each picture, and is"
    return f"Of these {len(found.x)}, the reference classifier {asked} {percent(sure, 0)} sure on average."


def memorisation_words(distances: np.ndarray, usual: np.ndarray) -> str:
    """Memorisation check: whether pictures at these distances (K,) repeat their nearest training pictures;
    usual: the distances of test pictures, sorted.
    """
    middle, real = float(np.median(distances)), float(np.median(usual))
    near = int((distances < usual[0]).sum())
    said = (
        f"Half of these {len(distances)} generated pictures differ by {middle:.3f} or less from their nearest training "
        f"picture (root mean square per pixel); half of the real test pictures by {real:.3f} or less."
    )
    if near == 0:
        return (
            f"{said} No copies: none of these {len(distances)} is nearer to a training picture than the nearest real "
            "test picture is."
        )
    return (
        f"{said} {near} of these {len(distances)} {'is' if near == 1 else 'are'} nearer to a training picture "
        "than any real test picture is: memorised, or so plain that some picture always resembles them."
    )


def left_out_words(found: TrainedModel) -> str:
    """A sentence on a class left out of the network's training data."""
    name = in_markdown(found.settings.get("leave_out", ""))
    return f"This network was trained without class {name}, so it never learned to paint it." if name else ""


def conclusions(
    plain: Mapping[str, FrechetScore], cloudy: Mapping[str, FrechetScore], floor: FrechetScore
) -> list[str]:
    """Conclusions on the claim, from the scores of a plain and a variational autoencoder by kind, and of real pictures.

    Empty while figures are missing.
    """
    if not {"gaussian", RECONSTRUCTED} <= set(plain) or not {"prior", RECONSTRUCTED} <= set(cloudy):
        return []
    return [
        _claimed(plain["gaussian"], cloudy["prior"], floor),
        _why(plain, cloudy),
        *filter(None, [_best(plain, cloudy)]),
    ]


def _claimed(plain: FrechetScore, cloudy: FrechetScore, floor: FrechetScore) -> str:
    """Whether the claim holds here."""
    low, high = min(cloudy.frechet), max(cloudy.frechet)
    figures = (
        f"{_mean(cloudy.frechet):,.1f} for the prior of the variational one, "
        f"{_mean(plain.frechet):,.1f} for mean and covariance of the plain one"
    )
    real = f"real pictures: {_mean(floor.frechet):,.1f}"
    if high < min(plain.frechet):
        return (
            f"**Does the variational one look more real? Here, yes.** Fréchet distance: {figures}; "
            f"{real}. Lower is better."
        )
    if low > max(plain.frechet):
        return (
            f"**Does the variational one look more real? Not here.** Fréchet distance: {figures}; "
            f"{real}. Lower is better."
        )
    return (
        f"**Does the variational one look more real? The figures do not decide.** Fréchet distance: {figures}; "
        f"{real}. The samples overlap."
    )


def _why(plain: Mapping[str, FrechetScore], cloudy: Mapping[str, FrechetScore]) -> str:
    """Distances due to the decoder and due to the sampling."""
    paint = _mean(plain[RECONSTRUCTED].frechet), _mean(cloudy[RECONSTRUCTED].frechet)
    own = _mean(plain["gaussian"].own), _mean(cloudy["prior"].own)
    worse = "The variational decoder" if paint[1] > paint[0] else "The plain decoder"
    safer = "the variational one" if own[1] < own[0] else "the plain one"
    return (
        "**Two causes.** The first is what the decoder cannot paint: even reconstructions of test pictures are "
        f"{paint[0]:,.1f} (plain) and {paint[1]:,.1f} (variational) from real ones. {worse} paints less realistically. "
        "The second is the sampling, measured against each model's own reconstructions: "
        f"{own[0]:,.1f} (plain) and {own[1]:,.1f} (variational). Sampling does less harm to {safer}."
    )


def _best(plain: Mapping[str, FrechetScore], cloudy: Mapping[str, FrechetScore]) -> str:
    """The effects of the covariance and of several mixture components."""
    said = ""
    if "independent" in plain:
        ratio = _mean(plain["independent"].frechet) / max(_mean(plain["gaussian"].frechet), 1e-9)
        said = (
            "Without the covariance, each number drawn by itself, the plain one's distance is "
            f"{ratio:.1f} times as large. "
        )
    if "mixture" in plain:
        said += _components(plain["mixture"], plain["gaussian"], cloudy["prior"])
        if "mixture" in cloudy:
            said += f" {_both_mixed(plain['mixture'], cloudy['mixture'])}"
    return f"**The statistics of the codes.** {said}" if said else ""


def _components(several: FrechetScore, one: FrechetScore, prior: FrechetScore) -> str:
    """The effect of several mixture components instead of one."""
    figures = f"{_mean(several.frechet):,.1f} instead of {_mean(one.frechet):,.1f}"
    if min(several.frechet) > max(one.frechet):
        return f"Several mixture components instead of one do not help here: {figures}."
    if max(several.frechet) >= min(one.frechet):
        return f"One mixture component or several makes no clear difference: {figures}."
    if max(several.frechet) < min(prior.frechet):
        beside = "which is closer to real pictures than samples"
    elif min(several.frechet) > max(prior.frechet):
        beside = "which is still further from real pictures than samples"
    else:
        beside = "which is about as close to real pictures as samples"
    return (
        f"Several mixture components instead of one reduce the distance of the plain one: {figures}, {beside} of the "
        f"variational prior ({_mean(prior.frechet):,.1f})."
    )


def _both_mixed(plain: FrechetScore, cloudy: FrechetScore) -> str:
    """Which is nearer to real pictures where both are sampled by several mixture components."""
    said = f"Sampled by several components too, the variational one has {_mean(cloudy.frechet):,.1f}"
    if max(cloudy.frechet) < min(plain.frechet):
        return f"{said}: closer to real pictures than the plain one."
    if min(cloudy.frechet) > max(plain.frechet):
        return f"{said}: further from real pictures than the plain one."
    return f"{said}: no clear difference."


def _mean(values: list[float]) -> float:
    return float(np.mean(values))
