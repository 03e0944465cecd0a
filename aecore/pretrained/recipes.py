"""BUILTIN: the settings by which each built-in model was trained; other settings take the data's defaults.

Settings that were tuned were tuned on validation data. Most recipes, above all those of the small digits,
were not tuned: they are round numbers that show the purpose of a variant. A name begins with its data set.
"""

from __future__ import annotations

from typing import Any

MASKED = {"corruption": "masking", "noise_level": 0.5}
NOISY = {"corruption": "gaussian", "noise_level": 0.5}
DECAY = {"batch_size": 256, "optimiser": "adamw", "weight_decay": 0.1, "learning_rate": 0.005}
GENTLE = DECAY | {"weight_decay": 0.05, "learning_rate": 0.004}

BUILTIN: dict[str, dict[str, Any]] = {
    "digits": {
        "data": "digits", "variant": "undercomplete", "widths": [64], "latent_size": 8,
        "code_activation": "linear", "epochs": 400,
    },
    "digits-linear": {"data": "digits", "variant": "linear", "latent_size": 8},
    "digits-overcomplete": {"data": "digits", "variant": "overcomplete"},
    "digits-sparse-l1": {"data": "digits", "variant": "sparse-l1", "latent_size": 100, "sparsity": 0.02, "epochs": 300},
    "digits-sparse-kl": {"data": "digits", "variant": "sparse-kl", "latent_size": 100, "epochs": 300,
                         "learning_rate": 0.005},
    "digits-k-sparse": {"data": "digits", "variant": "k-sparse", "latent_size": 100, "k": 10, "epochs": 300},
    "digits-dropout": {"data": "digits", "variant": "dropout", "latent_size": 100, "epochs": 300},
    "digits-contractive": {"data": "digits", "variant": "contractive", "latent_size": 100, "epochs": 300,
                           "learning_rate": 0.005},
    "digits-stacked": {"data": "digits", "variant": "stacked", "latent_size": 8, "epochs": 300},
    "digits-deep": {"data": "digits", "variant": "deep", "latent_size": 8, "epochs": 300},
    "digits-convolutional": {"data": "digits", "variant": "convolutional", "latent_size": 8, "epochs": 200},
    "digits-sparse-convolutional": {"data": "digits", "variant": "sparse-convolutional", "epochs": 100},
    "digits-variational": {"data": "digits", "variant": "variational", "latent_size": 8, "widths": [128],
                           "epochs": 300},
    "digits-denoising": {"data": "digits", "variant": "undercomplete", "latent_size": 32, "widths": [128],
                         "epochs": 300, **MASKED},
    "digits-without-3": {
        "data": "digits", "variant": "undercomplete", "widths": [64], "latent_size": 8, "code_activation": "linear",
        "epochs": 400, "leave_out": "3",
    },
    "faces": {
        "data": "faces", "variant": "undercomplete", "widths": [128], "latent_size": 16, "code_activation": "linear",
        "epochs": 150, "learning_rate": 0.003,
    },
    "faces-convolutional": {
        "data": "faces", "variant": "convolutional", "channels": [16, 32], "latent_size": 16, "activation": "gelu",
        "epochs": 30, "optimiser": "adamw", "weight_decay": 0.01, "learning_rate": 0.005, "batch_size": 64,
    },
    "faces-variational": {"data": "faces", "variant": "variational", "widths": [128], "latent_size": 16, "epochs": 150},
    "shapes": {
        "data": "shapes", "variant": "undercomplete", "widths": [256, 64], "latent_size": 10,
        "code_activation": "linear", "epochs": 200, "learning_rate": 0.003,
    },
    "shapes-variational": {"data": "shapes", "variant": "variational", "latent_size": 10, "beta": 4.0, "widths": [256]},
    "mnist-undercomplete-25": {"data": "mnist", "variant": "undercomplete", "latent_size": 25, "widths": []},
    "mnist-undercomplete-30": {
        "data": "mnist", "variant": "undercomplete", "widths": [400, 100], "latent_size": 30, "activation": "gelu",
        "code_activation": "linear", "loss": "bce", "epochs": 25, **DECAY,
    },
    "mnist-denoising": {
        "data": "mnist", "variant": "undercomplete", "widths": [500], "latent_size": 100, "activation": "gelu",
        "code_activation": "linear", "epochs": 15, **DECAY, **NOISY,
    },
    "mnist-denoising-gaussian": {
        "data": "mnist", "variant": "convolutional", "channels": [32, 64, 128], "kernel_size": 4, "shrink": "strides",
        "bottleneck": "maps", "activation": "gelu", "code_activation": "gelu", "loss": "bce", "learning_rate": 0.005,
        "batch_size": 64, "epochs": 6, "optimiser": "adamw", "weight_decay": 0.01, **NOISY,
    },
    "mnist-k-sparse": {"data": "mnist", "variant": "k-sparse", "latent_size": 400, "k": 25, "epochs": 10},
    "mnist-sparse-l1": {"data": "mnist", "variant": "sparse-l1", "latent_size": 400, "sparsity": 0.1, "epochs": 10},
    "mnist-contractive": {"data": "mnist", "variant": "contractive", "latent_size": 400, "epochs": 10},
    "mnist-convolutional": {
        "data": "mnist", "variant": "convolutional", "channels": [8, 16], "kernel_size": 3,
        "shrink": "pooling", "epochs": 5,
    },
    "mnist-variational": {"data": "mnist", "variant": "variational", "widths": [400], "latent_size": 20, "epochs": 25,
                          **GENTLE},
    "mnist-variational-2": {"data": "mnist", "variant": "variational", "widths": [256, 64], "latent_size": 2,
                            "epochs": 25, **GENTLE},
}  # fmt: skip
"""Name -> flat settings."""
