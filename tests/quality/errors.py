"""Errors of reconstruction: the presets against PCA, and the deep autoencoder of 2006 with and without its machines."""

from __future__ import annotations

from dataclasses import replace

from aecore.presets import PRESETS
from aecore.run_settings import RunSettings
from tests.quality.parts import Figures, Part, Row, at_most
from tests.quality.training import data, train


def per_pixel(settings: RunSettings) -> Figures:
    """Mean squared errors per pixel on the test set: the network's, PCA's, and the average picture's."""
    done = train(settings)
    base = done.status.baselines or {}
    return {"mse": (done.status.test or {})["mse"], "pca": base["pca_test"], "mean": base["mean_test"], "seconds": done.seconds}


def per_image(settings: RunSettings) -> Figures:
    """The same, summed over an image's pixels."""
    figures, inputs = per_pixel(settings), data(settings.data).inputs
    return {name: value if name == "seconds" else value * inputs for name, value in figures.items()}


def _preset(name: str, most: float, source: str) -> Row:
    preset = PRESETS[name]
    return Row(preset.title, lambda: per_pixel(preset.build()), f"at most {most:.4f}", at_most("mse", most), source)


def _random_sigmoid() -> RunSettings:
    settings = PRESETS["deep"].build()
    acts = len(settings.model.widths) + 1
    longer = settings.training.epochs + acts * settings.model.layer_epochs
    return replace(settings, model=replace(settings.model, start="random"), training=replace(settings.training, epochs=longer))


PRESET_ERRORS = Part(
    "Presets against PCA",
    "Mean squared errors per pixel on the test set. PCA has as many components as the code has numbers and was fitted on the same "
    "training examples. Two rows have a history: the faces preset got its settings (chosen on validation data) after a first look at "
    "its test error, and the linear preset's goal was set after its figure was known, so it guards against getting worse, no more.",
    {"mse": ("test error", ".5f"), "pca": ("PCA", ".5f"), "mean": ("average picture", ".5f")},
    {
        "article": _preset("article", 0.0130, ""),
        "digits": _preset("digits", 0.0180, ""),
        "pca": _preset("pca", 0.0195, ""),
        "faces": _preset("faces", 0.0030, ""),
    },
    ("mnist", "digits", "faces"),
)

DEEP = Part(
    "The deep autoencoder of 2006",
    "784-1000-500-250-30 and back on MNIST: squared errors summed over an image's pixels, mean over the test set. The published figures "
    "are Hinton & Salakhutdinov's (2006, doi:10.1126/science.1127647), who trained on all 60,000 training images; here 10,000 of them are "
    "held out for validation. The sigmoid network from a random start sees every example as often as all acts together did.",
    {"mse": ("test error per image", ".2f"), "pca": ("PCA", ".2f"), "mean": ("average picture", ".2f")},
    {
        "deep-random": Row(
            "GELU units, random start (preset deep-random)", lambda: per_image(PRESETS["deep-random"].build()), "below 3.00", at_most("mse", 2.9999),
            "3.00 (sigmoid units, pretrained); PCA 13.87",
        ),
        "deep": Row("sigmoid units, Boltzmann machines first (preset deep)", lambda: per_image(PRESETS["deep"].build()), published="3.00"),
        "deep-sigmoid": Row(
            "the same sigmoid units, random start", lambda: per_image(_random_sigmoid()), "worse than with the machines",
            lambda mine, every: "deep" in every and mine["mse"] > every["deep"]["mse"],
        ),
    },
)  # fmt: skip
