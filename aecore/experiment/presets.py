"""PRESETS: settings worth starting from, one entry each, with a title and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aecore.experiment.settings import RunSettings


@dataclass(frozen=True)
class Preset:
    """A starting point with a name."""

    title: str
    about: str
    data: str
    variant: str
    values: dict[str, Any]

    def build(self) -> RunSettings:
        """Its settings."""
        return RunSettings.build(self.data, self.variant, **self.values)


PRESETS: dict[str, Preset] = {
    "digits": Preset(
        "Digits in seconds", "64 pixels through 10 numbers and back.", "digits", "undercomplete", {}
    ),
    "article": Preset(
        "784-25-784", "The classic first example: MNIST's 784 pixels through just 25 hidden units.",
        "mnist", "undercomplete",
        {"latent_size": 25, "widths": []},
    ),
    "pca": Preset(
        "PCA by training", "No activations: watch the loss settle on PCA's line and never cross it.",
        "digits", "linear", {}
    ),
    "copy": Preset(
        "Free to copy", "More hidden units than pixels: a small error that proves little.", "digits", "overcomplete", {}
    ),
    "denoise": Preset(
        "Denoising", "Half of the pixels are blacked out at random; the network learns to fill them in.",
        "digits", "undercomplete",
        {"corruption": "masking", "noise_level": 0.5, "widths": [128], "latent_size": 32, "epochs": 300},
    ),
    "faces": Preset(
        "Faces", "Colour cartoons, 3,072 numbers each, through 32 numbers.", "faces", "undercomplete", {}
    ),
    "sparse": Preset(
        "Few speak (L1)",
        "1,000 units for 784 pixels, but each pays for what it says: about one in eight speaks at a time.",
        "mnist", "sparse-l1",
        {"latent_size": 1000, "sparsity": 0.1, "epochs": 10},
    ),
    "sparse-target": Preset(
        "Each speaks seldom (KL)", "1,000 units that are each asked to be on for one digit in twenty.",
        "mnist", "sparse-kl",
        {"latent_size": 1000, "target": 0.05, "epochs": 10},
    ),
    "k-sparse": Preset(
        "The 25 loudest of 1,000", "All but the 25 highest activations are set to zero; each unit becomes a stroke.",
        "mnist", "k-sparse",
        {"latent_size": 1000, "k": 25, "epochs": 10},
    ),
    "sparse-dropout": Preset(
        "Half of them silenced", "1,000 units of which a random half is missing whenever it learns.",
        "mnist", "dropout",
        {"latent_size": 1000, "drop_rate": 0.5, "epochs": 10},
    ),
    "contractive": Preset(
        "Unmoved by small changes", "1,000 sigmoid units whose code may hardly move when a picture is nudged.",
        "mnist", "contractive",
        {"latent_size": 1000, "epochs": 10},
    ),
    "denoise-wide": Preset(
        "Free to copy, but damaged", "1,000 units could copy 784 pixels, if half of those were not missing: "
        "now they have to know what digits look like.",
        "mnist", "overcomplete",
        {"expansion": 1.2755, "corruption": "masking", "noise_level": 0.5, "learning_rate": 0.002, "epochs": 10},
    ),
    "denoise-gaussian": Preset(
        "Out of the snow", "Digits under noise so heavy that one hardly reads them; "
        "three layers of sliding filters learn to draw them again. Takes about nine minutes.",
        "mnist", "convolutional",
        {
            "corruption": "gaussian", "noise_level": 0.5, "channels": [32, 64, 128], "kernel_size": 4,
            "shrink": "strides", "bottleneck": "maps", "activation": "gelu", "code_activation": "gelu", "loss": "bce",
            "learning_rate": 0.005, "batch_size": 64, "epochs": 9, "optimiser": "adamw", "weight_decay": 0.01,
        },
    ),
    "deep-random": Preset(
        "Deep, from a random start",
        "784-1000-500-250-30 and back, the network of 2006, with today's activation: it needs no Boltzmann machines. "
        "Takes about three minutes.",
        "mnist", "undercomplete",
        {
            "widths": [1000, 500, 250], "latent_size": 30, "activation": "gelu",
            "code_activation": "linear", "loss": "bce",
            "learning_rate": 0.005, "batch_size": 256, "epochs": 25, "optimiser": "adamw", "weight_decay": 0.15,
        },
    ),
    "deep": Preset(
        "Deep, as in 2006", "Four Boltzmann machines learn one after another; "
        "opened out, they become a deep autoencoder that is then polished. Takes some minutes.",
        "mnist", "deep",
        {"latent_size": 30, "layer_epochs": 6, "learning_rate": 0.005, "batch_size": 256, "epochs": 16},
    ),
    "stacked": Preset(
        "Layer by layer",
        "Three small autoencoders, each trained on the codes of the one below; then all of them learn together.",
        "mnist", "stacked",
        {"latent_size": 30, "layer_epochs": 3, "learning_rate": 0.002, "batch_size": 256, "epochs": 10},
    ),
    "stacked-denoising": Preset(
        "Layer by layer, with missing pixels",
        "The same stack, but a quarter of the pixels is blacked out whenever it looks: it has to learn what belongs "
        "together.", "mnist", "stacked",
        {
            "latent_size": 30, "layer_epochs": 3, "learning_rate": 0.002, "batch_size": 256, "epochs": 10,
            "corruption": "masking", "noise_level": 0.25,
        },
    ),
    "arrows": Preset(
        "Arrows back to the curve", "Points of a spiral, pushed off by noise. "
        "The network learns to send each back to where it came from, and arrows show it for the whole plane.",
        "spiral", "overcomplete",
        {"expansion": 4.0, "widths": [128, 128], "corruption": "gaussian", "noise_level": 0.08},
    ),
    "convolutional": Preset(
        "Sliding filters", "8 and 16 filters of 3 x 3, each followed by keeping the strongest of four.",
        "mnist", "convolutional",
        {"channels": [8, 16], "kernel_size": 3, "shrink": "pooling", "epochs": 5},
    ),
    "convolutional-strides": Preset(
        "Larger filters, longer strides",
        "12 and 24 filters of 5 x 5 that move two pixels at a time, instead of pooling.", "mnist", "convolutional",
        {"channels": [12, 24], "kernel_size": 5, "shrink": "strides", "epochs": 5},
    ),
    "sparse-convolutional": Preset(
        "Filters that keep quiet", "Maps that keep their places, in which only few places speak.",
        "mnist", "sparse-convolutional",
        {"channels": [8, 16], "kernel_size": 5, "shrink": "strides", "sparsity": 0.03, "epochs": 5},
    ),
    "variational": Preset(
        "Learning to dream", "50 clouds, of which it uses fewer than half, on coin-tossed digits: "
        "the benchmark of many papers. Takes some minutes.",
        "mnist", "variational",
        {
            "latent_size": 50, "widths": [500, 500], "binarise": True, "batch_size": 256, "epochs": 68,
            "learning_rate": 0.004, "optimiser": "adamw", "weight_decay": 0.05,
        },
    ),
    "beta": Preset(
        "A tidy code (β = 4)",
        "A dearer divergence: fewer numbers of the code are used, and each comes nearer to one cause of the picture.",
        "shapes", "variational",
        {"latent_size": 10, "beta": 4.0},
    ),
}  # fmt: skip
