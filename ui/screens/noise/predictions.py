"""What the noise lab asks before it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aecore.corruption.chain import CorruptionStep
from aecore.predictions.schema import Choice, Curve, Given, Number, Prediction, Truth
from aecore.pretrained.recipes import BUILTIN
from ui.app.address_choices import OneOf
from ui.app.links import DATA, NETWORKS
from ui.app.url_state import query_of
from ui.screens.noise.link import CORRUPTION, SEED, SWEEP
from ui.widgets.source_pictures import DRAW
from ui.widgets.titles import data_title
from ui.widgets.wording import percent

if TYPE_CHECKING:
    from ui.screens.noise.rows import Answer

DIGITS = "digits"
DATA_HERE = DATA.among(OneOf((DIGITS,), data_title), DIGITS)
"""As the widget writes it."""

DENOISING, ORDINARY, LINEAR = "digits-denoising", "digits", "digits-linear"
LEARNED = float(BUILTIN[DENOISING]["noise_level"])
SIZES = {name: BUILTIN[name]["latent_size"] for name in (DENOISING, ORDINARY)}
RESULTS = ".st-key-noise-answers, .st-key-noise-sweep"

WITHOUT, MASKED, NOISY = (CorruptionStep(*each) for each in (("masking", 0.0), ("masking", LEARNED), ("gaussian", 0.3)))
PLACES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
EQUAL = 0.5
"""Decibels; two networks are called equally good up to this difference."""

NEAREST = (
    "The noisy digits, left as they are",
    "The network that learned to undo masking",
    "A network that learned from clean digits only",
    "A linear network that learned from clean digits only",
)
CLEANEST = (
    f"The denoising network, by more than {EQUAL:g} dB",
    f"Neither: they are within {EQUAL:g} dB",
    f"The other one, by more than {EQUAL:g} dB",
)


def _seen(names: Sequence[str], corruption: CorruptionStep) -> tuple[np.ndarray, float, list[Answer]]:
    """The clean pictures of the page with this corruption, the PSNR of the corrupted ones, and the answers."""
    from aecore.corruption.chain import apply
    from aecore.metrics.image_similarity import image_similarity
    from aecore.pretrained.trained_models import find_trained_model
    from aecore.runs.store import RunStore
    from ui.screens.noise.rows import answers
    from ui.widgets.source_pictures import dataset, drawn

    test = dataset(DIGITS).test
    clean = test.x[drawn(np.arange(len(test)), DRAW.default)]
    noisy = apply(clean, [corruption], SEED.default)
    store = RunStore()
    found = answers({name: find_trained_model(store, name) for name in names}, clean, noisy)
    return clean, float(image_similarity(clean, noisy).psnr.mean()), found


def _decibels(found: Sequence[Answer]) -> list[float]:
    return [float(each.image_similarity.psnr.mean()) for each in found]


def _masking(given: Given) -> Truth:
    from aecore.analyses.noise_sweep import LEVELS, PICTURES, network_curve
    from aecore.pretrained.trained_models import find_trained_model
    from aecore.runs.store import RunStore
    from ui.widgets.source_pictures import dataset

    data = dataset(DIGITS)
    curve = network_curve(find_trained_model(RunStore(), DENOISING), data, MASKED.name).mean["psnr"]
    at = dict(zip(LEVELS, curve, strict=True))
    best = max(at, key=at.__getitem__)
    return Truth(
        tuple(round(at[place], 1) for place in PLACES),
        f"Of the strengths measured, it does best at {best:g}: **{at[best]:.1f} dB**. It reaches {at[0.0]:.1f} dB with "
        f"nothing masked, {at[LEARNED]:.1f} dB at {LEARNED:g}, where it was trained, and {at[1.0]:.1f} dB with "
        f"everything masked; means over {min(PICTURES, len(data.test))} test digits.",
    )


def _other_noise(given: Given) -> Truth:
    clean, left, found = _seen((DENOISING, ORDINARY, LINEAR), NOISY)
    values = [left, *_decibels(found)]
    _, masking, ordinary, linear = values
    return Truth(
        int(np.argmax(values)),
        f"Left as they are, the noisy digits have **{left:.1f} dB**; the network that learned to undo masking reaches "
        f"{masking:.1f} dB, the one that learned from clean digits {ordinary:.1f} dB, the linear one **{linear:.1f} "
        f"dB**: means over the {len(clean)} digits on this page.",
    )


def _clean(given: Given) -> Truth:
    clean, _, found = _seen((DENOISING, ORDINARY), WITHOUT)
    denoising, ordinary = _decibels(found)
    return Truth(
        1 if abs(denoising - ordinary) <= EQUAL else 0 if denoising > ordinary else 2,
        f"**{denoising:.2f} dB** by the denoising network, **{ordinary:.2f} dB** by the one that learned from clean "
        f"digits only: means over the {len(clean)} clean digits on this page.",
    )


def _bottleneck(given: Given) -> Truth:
    clean, left, found = _seen((ORDINARY, DENOISING), MASKED)
    ordinary, denoising = _decibels(found)
    return Truth(
        round(ordinary - left, 1),
        f"**{ordinary - left:+.1f} dB**: from {left:.1f} dB to {ordinary:.1f} dB. The network that learned to undo "
        f"masking reaches {denoising:.1f} dB; means over the {len(clean)} digits on this page.".replace("-", "−"),
    )


PREDICTIONS = (
    Prediction(
        "noise-masking",
        "noise",
        f"A network has learned to restore digits with {percent(LEARNED, 0)} of their pixels masked, that is, set to "
        "0. Draw how well it does if fewer or more are masked. PSNR: higher is better, and 10 dB more is a tenth of "
        "the squared error.",
        Curve(PLACES, "share of the pixels that is masked", 5, 25, "PSNR, dB"),
        query_of((DATA_HERE, DIGITS), (CORRUPTION, (MASKED,)), (NETWORKS, (DENOISING,)), (SWEEP, True)),
        RESULTS,
        "The less is hidden, the easier it seems, so many draw a curve that starts high and falls all the way. But "
        "this network has never been shown a whole digit in training: it always paints what is likely behind a mask. "
        "Even with nothing hidden it does no better, and it holds its level until well over half are gone.",
        _masking,
    ),
    Prediction(
        "noise-other-noise",
        "noise",
        f"To these digits, Gaussian noise is added, of strength {NOISY.level:g}. Which comes nearest to the clean "
        "digits, by PSNR: the noisy digits themselves, or what one of three networks makes of them?",
        Choice(NEAREST),
        query_of((DATA_HERE, DIGITS), (CORRUPTION, (NOISY,)), (NETWORKS, (DENOISING, ORDINARY, LINEAR))),
        RESULTS,
        "A network that can remove one corruption seems to have learned to clean pictures as such. It has learned to "
        "undo that corruption and no other: noise of another kind gives it inputs that it has never met. A plain "
        "weighted sum of all pixels averages much of this noise away.",
        _other_noise,
    ),
    Prediction(
        "noise-clean",
        "noise",
        f"Now nothing is corrupted. One network has learned to undo masking, and has a code of {SIZES[DENOISING]} "
        f"numbers; the other has only seen clean digits, with a code of {SIZES[ORDINARY]}. Whose reconstructions are "
        "nearer to the digits, by PSNR?",
        Choice(CLEANEST),
        query_of((DATA_HERE, DIGITS), (CORRUPTION, (WITHOUT,)), (NETWORKS, (DENOISING, ORDINARY))),
        RESULTS,
        "Who can restore half a digit will copy a whole one all the better, it seems, above all with the longer code. "
        "But in training it has never met a whole digit. It had to learn not to rely on any one pixel, since each may "
        "be missing, and paints what is likely rather than exactly what is there.",
        _clean,
    ),
    Prediction(
        "noise-bottleneck",
        "noise",
        f"{percent(LEARNED, 0)} of the pixels are masked. A network that has only seen clean digits squeezes each into "
        f"{SIZES[ORDINARY]} numbers. How many decibels (PSNR) nearer to the clean digits are its reconstructions than "
        "the masked digits?",
        Number(-5, 15, 0.5, "dB"),
        query_of((DATA_HERE, DIGITS), (CORRUPTION, (MASKED,)), (NETWORKS, (ORDINARY, DENOISING))),
        RESULTS,
        "Noise does not fit through a bottleneck, people say, so any autoencoder should remove it. But the encoder has "
        "never met such pictures. It gives a masked digit a code that belongs elsewhere, and the decoder paints what "
        "belongs there. Removing a corruption has to be learned.",
        _bottleneck,
    ),
)
