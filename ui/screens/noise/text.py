"""Sentences on the figures of the Noise lab."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aecore.foreign import in_markdown
from aecore.metrics.image_similarity import BEST_PSNR

LITTLE_GAIN = 3.0
"""Decibels; a smaller gain of a network that never learned to denoise gets a word."""


def denoising_words(corrupted: float, networks: Mapping[str, float], untaught: Collection[str] = ()) -> str:
    """Which network comes nearest to the clean pictures, and which make the corrupted ones worse; "" without networks.

    corrupted: mean PSNR of the corrupted pictures; networks: title -> that of its reconstructions; untaught: titles of
    those that were trained without corruption.
    """
    if not networks:
        return ""
    best = max(networks.values())
    if corrupted >= BEST_PSNR:
        return "Nothing is corrupted here: the figures say how well each network reconstructs clean pictures."
    leaders = [title for title, value in networks.items() if f"{value:.1f}" == f"{best:.1f}"]
    who, reach = _listed(leaders), f"reach{'es' if len(leaders) == 1 else ''}"
    if f"{best:.1f}" == f"{corrupted:.1f}":
        return f"**No gain here:** {who} {reach} {best:.1f} dB, as much as the corrupted pictures do."
    if best < corrupted:
        return (
            f"**Better left as they are:** the corrupted pictures have {corrupted:.1f} dB; of the networks, {who} "
            f"{reach} most, {best:.1f} dB."
        )
    worse = [title for title, value in networks.items() if value < corrupted]
    harm = f" {_listed(worse)} {'make' if len(worse) > 1 else 'makes'} the pictures worse." if worse else ""
    idle = [title for title, value in networks.items() if title in untaught and 0 <= value - corrupted < LITTLE_GAIN]
    for title in idle:
        harm += (
            f" {_listed([title])} gains only {networks[title] - corrupted:.1f} dB: it never learned to remove noise."
        )
    near = f"come{'s' if len(leaders) == 1 else ''} nearest to the clean pictures"
    return f"**By PSNR, {who} {near}:** {best:.1f} dB, from {corrupted:.1f} dB if left as they are.{harm}"


def _listed(titles: list[str]) -> str:
    named = [f"*{in_markdown(title)}*" for title in titles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
