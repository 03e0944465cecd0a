"""What the Noise lab says: every sentence against figures whose conclusion is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ui.screens.noise.text import denoising_words


@pytest.mark.parametrize(
    ("corrupted", "networks", "words"),
    [
        (9.5, {}, ""),
        (99.0, {"A": 24.0}, "Nothing is corrupted here: the figures say how well each network reconstructs clean "
                            "pictures."),
        (9.5, {"A": 21.07, "B": 10.8}, "**By PSNR, *A* comes nearest to the clean pictures:** 21.1 dB, from 9.5 dB if "
                                       "left as they are."),
        (9.5, {"A": 21.07, "B": 21.1}, "**By PSNR, *A* and *B* come nearest to the clean pictures:** 21.1 dB, from "
                                       "9.5 dB if left as they are."),
        (15.0, {"A": 21.07, "B": 10.8}, "**By PSNR, *A* comes nearest to the clean pictures:** 21.1 dB, from 15.0 dB "
                                        "if left as they are. *B* makes the pictures worse."),
        (15.0, {"A": 21.07, "B": 10.8, "C": 8}, "**By PSNR, *A* comes nearest to the clean pictures:** 21.1 dB, from "
                                                "15.0 dB if left as they are. *B* and *C* make the pictures worse."),
        (30.0, {"A": 21.07, "B": 10.8}, "**Better left as they are:** the corrupted pictures have 30.0 dB; of the "
                                        "networks, *A* reaches most, 21.1 dB."),
        (30.0, {"A": 30.01}, "**No gain here:** *A* reaches 30.0 dB, as much as the corrupted pictures do."),
    ],
)  # fmt: skip
def test_who_denoises_best_is_computed(corrupted: float, networks: Mapping[str, float], words: str) -> None:
    assert denoising_words(corrupted, networks) == words


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        (10.8, " *B* gains only 1.3 dB: it never learned to remove noise."),
        (12.6, ""),
        (9.0, " *B* makes the pictures worse."),
    ],
)
def test_a_network_that_never_learned_to_denoise_and_gains_little_is_named(plain: float, says: str) -> None:
    told = denoising_words(9.5, {"A": 21.1, "B": plain}, {"B"})
    assert (
        told == f"**By PSNR, *A* comes nearest to the clean pictures:** 21.1 dB, from 9.5 dB if left as they are.{says}"
    )
    assert "never learned" not in denoising_words(9.5, {"A": 21.1, "B": plain})
