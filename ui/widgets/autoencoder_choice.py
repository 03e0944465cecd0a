"""Lists of autoencoders: every variant, and denoising, which is no variant but a corruption with any of them."""

from __future__ import annotations

from typing import Any

from aecore.corruption import CORRUPTIONS
from aecore.variants import VARIANTS

DENOISING = "denoising"
DENOISING_VALUES: dict[str, Any] = {"corruption": "masking", "noise_level": 0.5}
"""The settings that make any variant a denoising autoencoder: half of the inputs are set to zero."""

AUTOENCODERS = ("undercomplete", DENOISING, *(name for name in VARIANTS if name != "undercomplete"))


def autoencoder_title(name: str) -> str:
    """The title of an entry of the list."""
    return "Denoising" if name == DENOISING else VARIANTS[name].title


def denoising_words(variant: str) -> str:
    """Describes the settings of denoising."""
    corruption, level = DENOISING_VALUES["corruption"], DENOISING_VALUES["noise_level"]
    return (
        f"Denoising is a way to train any of these networks. Yours is **{VARIANTS[variant].title}**, and *Corruption* "
        f"below is now **{CORRUPTIONS[corruption].title}** with a noise level of {level:g}: the network sees corrupted "
        "pictures and has to return the clean ones."
    )
