"""Errors of reconstruction: the presets against PCA, and the deep autoencoder of 2006 with and without its machines."""

from __future__ import annotations

from dataclasses import replace

from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import RunSettings
from tests.quality.parts import Figures, Part, Row, at_most
from tests.quality.training import data, train

INSTEAD_OF_MACHINES = 8
"""Epochs of all layers together that take at least the time of the machines' epochs;
the network from a random start gets them.
"""


def per_pixel(settings: RunSettings) -> Figures:
    """Mean squared errors per pixel on the test set: the network's, PCA's, and the average picture's."""
    done = train(settings)
    base = done.status.baselines or {}
    return {
        "mse": (done.status.test or {})["mse"],
        "pca": base["pca_test"],
        "mean": base["mean_test"],
        "seconds": done.seconds,
    }


def per_image(settings: RunSettings) -> Figures:
    """The same, summed over an image's pixels."""
    figures, inputs = per_pixel(settings), data(settings.data).inputs
    return {name: value if name == "seconds" else value * inputs for name, value in figures.items()}


def _preset(name: str, most: float) -> Row:
    preset = PRESETS[name]
    return Row(
        f"{preset.title} (preset {name})",
        lambda: per_pixel(preset.build()),
        f"at most {most:.4f}",
        at_most("mse", most),
    )


def denoising(settings: RunSettings) -> Figures:
    """Mean squared errors per pixel of corrupted test examples: denoised by the network, by PCA, and not at all."""
    done = train(settings)
    base = done.status.baselines or {}
    denoised = (done.status.test or {})["mse_denoised"]
    return {
        "denoised": denoised,
        "pca": base["pca_damaged_test"],
        "damaged": base["damaged_test"],
        "seconds": done.seconds,
    }


def _denoiser(name: str, most: float) -> Row:
    preset = PRESETS[name]
    return Row(
        f"{preset.title} (preset {name})", lambda: denoising(preset.build()),
        f"better than PCA, and at most {most:.0%} of the corruption's error left",
        lambda mine, _: mine["denoised"] < mine["pca"] and mine["denoised"] <= most * mine["damaged"],
    )  # fmt: skip


def _random_sigmoid() -> RunSettings:
    settings = PRESETS["deep"].build()
    epochs = settings.training.epochs + INSTEAD_OF_MACHINES
    return replace(
        settings, model=settings.model.replace(start="random"), training=replace(settings.training, epochs=epochs)
    )


PRESET_ERRORS = Part(
    "Presets against PCA",
    "Mean squared errors per pixel on the test set. PCA has as many components as the code has numbers and was "
    "fitted on the same training examples. Two rows have a history: the faces preset got its settings (chosen on "
    "validation data) after a first look at its test error, and the linear preset's goal was set after its figure "
    "was known, so it guards against getting worse, no more.",
    {"mse": ("test error", ".5f"), "pca": ("PCA", ".5f"), "mean": ("average picture", ".5f")},
    {
        "article": _preset("article", 0.0130),
        "digits": _preset("digits", 0.0180),
        "pca": _preset("pca", 0.0195),
        "faces": _preset("faces", 0.0030),
        "stacked": _preset("stacked", 0.0100),
    },
    ("mnist", "digits", "faces"),
)

DENOISING_PRESETS = Part(
    "Denoising presets",
    "Mean squared errors per pixel on corrupted test examples, against their clean originals: as they are, projected "
    "onto the principal components of clean training examples, and denoised by the network. Of noise around a "
    "curve only the part across it can be told from the curve itself: about half.",
    {"denoised": ("denoised by the network", ".5f"), "pca": ("by PCA", ".5f"), "damaged": ("left as they are", ".5f")},
    {
        "denoise": _denoiser("denoise", 0.4),
        "stacked-denoising": _denoiser("stacked-denoising", 0.4),
        "arrows": _denoiser("arrows", 0.65),
    },
    ("mnist", "digits", "spiral"),
)

DEEP = Part(
    "The deep autoencoder of 2006",
    "784-1000-500-250-30 and back on MNIST: squared errors summed over an image's pixels, mean over the test set. "
    "The published figures are Hinton & Salakhutdinov's (2006, doi:10.1126/science.1127647), who trained on all "
    "60,000 training images; here 5,000 of them are held out for validation. The sigmoid network from a random start "
    "is trained for more epochs instead, so that it has about as much time. In 2006 such a network did not learn; "
    "with weights drawn to suit the units, and Adam, it does, and in three minutes the machines do not repay their "
    "time: that it would be worse was the expectation, and was wrong. These two rows have a history: their learning "
    "rate was raised, by validation data, after a first look at their test errors (5.04 and 4.59).",
    {"mse": ("test error per image", ".2f"), "pca": ("PCA", ".2f"), "mean": ("average picture", ".2f")},
    {
        "deep-random": Row(
            "GELU units, random start (preset deep-random)", lambda: per_image(PRESETS["deep-random"].build()),
            "below 3.00", at_most("mse", 2.9999), "3.00 (sigmoid units, pretrained); PCA 13.87",
        ),
        "deep": Row("sigmoid units, Boltzmann machines first (preset deep)",
                    lambda: per_image(PRESETS["deep"].build()), published="3.00"),
        "deep-sigmoid": Row("the same sigmoid units, random start", lambda: per_image(_random_sigmoid())),
    },
)  # fmt: skip
