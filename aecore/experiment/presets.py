"""PRESETS: named settings to start from, each with a title and a sentence."""

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
        "Undercomplete: digits", "64 pixels through a code of 10 numbers and back, in seconds.",
        "digits", "undercomplete", {}
    ),
    "article": Preset(
        "Undercomplete: 784-25-784", "The classic first example: MNIST's 784 pixels through just 25 hidden units.",
        "mnist", "undercomplete",
        {"latent_size": 25, "widths": []},
    ),
    "copy": Preset(
        "Overcomplete: free to copy", "More hidden units than pixels: a small error that proves little.",
        "digits", "overcomplete", {}
    ),
    "denoise": Preset(
        "Denoising: fill the gaps", "Half of the pixels are blacked out at random; the network learns to fill them in.",
        "digits", "undercomplete",
        {"corruption": "masking", "noise_level": 0.5, "widths": [128], "latent_size": 32, "epochs": 300},
    ),
    "pca": Preset(
        "Linear: PCA by training", "No activation functions: watch the loss settle on PCA's line and never cross it.",
        "digits", "linear", {}
    ),
    "faces": Preset(
        "Undercomplete: faces", "Colour cartoons of 3,072 numbers each, through a code of 32.",
        "faces", "undercomplete", {}
    ),
    "sparse": Preset(
        "Sparse (L1): few units active",
        "1,000 units for 784 pixels, but every activation has a price: about one unit in eight is active at a time.",
        "mnist", "sparse-l1",
        {"latent_size": 1000, "sparsity": 0.1, "epochs": 10},
    ),
    "sparse-target": Preset(
        "Sparse (KL): each rarely active", "1,000 units, each of which should be active for one digit in twenty.",
        "mnist", "sparse-kl",
        {"latent_size": 1000, "target": 0.05, "epochs": 10},
    ),
    "k-sparse": Preset(
        "k-sparse: the 25 highest of 1,000",
        "All but the 25 highest activations are set to zero; each unit comes to stand for a stroke.",
        "mnist", "k-sparse",
        {"latent_size": 1000, "k": 25, "epochs": 10},
    ),
    "sparse-dropout": Preset(
        "Dropout: half of the code missing", "1,000 units, of which a random half is set to zero at each training "
        "step.",
        "mnist", "dropout",
        {"latent_size": 1000, "drop_rate": 0.5, "epochs": 10},
    ),
    "contractive": Preset(
        "Contractive: unmoved by small changes",
        "1,000 sigmoid units whose code should hardly move when a picture changes a little.",
        "mnist", "contractive",
        {"latent_size": 1000, "epochs": 10},
    ),
    "denoise-wide": Preset(
        "Denoising, overcomplete: cannot copy",
        "1,000 units could copy 784 pixels if half of these were not missing: "
        "now they have to know what digits look like.",
        "mnist", "overcomplete",
        {"expansion": 1.2755, "corruption": "masking", "noise_level": 0.5, "learning_rate": 0.002, "epochs": 10},
    ),
    "denoise-gaussian": Preset(
        "Denoising, convolutional: heavy noise", "Digits under noise so heavy that you can hardly read them; "
        "three convolutional layers learn to restore them. Takes about nine minutes.",
        "mnist", "convolutional",
        {
            "corruption": "gaussian", "noise_level": 0.5, "channels": [32, 64, 128], "kernel_size": 4,
            "shrink": "strides", "bottleneck": "maps", "activation": "gelu", "code_activation": "gelu", "loss": "bce",
            "learning_rate": 0.005, "batch_size": 64, "epochs": 9, "optimiser": "adamw", "weight_decay": 0.01,
        },
    ),
    "deep-random": Preset(
        "Deep, from a random start",
        "784-1000-500-250-30 and back, the network of 2006 with a modern activation function: it needs no Boltzmann "
        "machines. Takes about three minutes.",
        "mnist", "undercomplete",
        {
            "widths": [1000, 500, 250], "latent_size": 30, "activation": "gelu",
            "code_activation": "linear", "loss": "bce",
            "learning_rate": 0.005, "batch_size": 256, "epochs": 25, "optimiser": "adamw", "weight_decay": 0.15,
        },
    ),
    "deep": Preset(
        "Deep, pretrained as in 2006", "Four Boltzmann machines learn one after another; "
        "unrolled, they become a deep autoencoder that is then fine-tuned. Takes some minutes.",
        "mnist", "deep",
        {"latent_size": 30, "layer_epochs": 6, "learning_rate": 0.005, "batch_size": 256, "epochs": 16},
    ),
    "stacked": Preset(
        "Stacked: layer by layer",
        "Three small autoencoders, each trained on the codes of the one below; then all of them learn together.",
        "mnist", "stacked",
        {"latent_size": 30, "layer_epochs": 3, "learning_rate": 0.002, "batch_size": 256, "epochs": 10},
    ),
    "stacked-denoising": Preset(
        "Stacked denoising: missing pixels",
        "The same stack, but a quarter of the pixels is blacked out each time: it has to learn which pixels go "
        "together.", "mnist", "stacked",
        {
            "latent_size": 30, "layer_epochs": 3, "learning_rate": 0.002, "batch_size": 256, "epochs": 10,
            "corruption": "masking", "noise_level": 0.25,
        },
    ),
    "arrows": Preset(
        "Denoising in the plane: arrows", "Points of a spiral, moved off the curve by noise. "
        "The network learns to send each back to where it came from; arrows show it for the whole plane.",
        "spiral", "overcomplete",
        {"expansion": 4.0, "widths": [128, 128], "corruption": "gaussian", "noise_level": 0.08},
    ),
    "convolutional": Preset(
        "Convolutional: max pooling", "8 and 16 kernels of 3 x 3, each layer followed by 2 x 2 max pooling.",
        "mnist", "convolutional",
        {"channels": [8, 16], "kernel_size": 3, "shrink": "pooling", "epochs": 5},
    ),
    "convolutional-strides": Preset(
        "Convolutional: strides",
        "12 and 24 kernels of 5 x 5 with a stride of two, in place of pooling.", "mnist", "convolutional",
        {"channels": [12, 24], "kernel_size": 5, "shrink": "strides", "epochs": 5},
    ),
    "sparse-convolutional": Preset(
        "Sparse convolutional: quiet maps", "A code made of maps in which only a few places are active.",
        "mnist", "sparse-convolutional",
        {"channels": [8, 16], "kernel_size": 5, "shrink": "strides", "sparsity": 0.03, "epochs": 5},
    ),
    "variational": Preset(
        "Variational (VAE): learning to dream",
        "50 latent units, of which it uses fewer than half, on randomly binarised digits: "
        "the benchmark of many papers. Takes some minutes.",
        "mnist", "variational",
        {
            "latent_size": 50, "widths": [500, 500], "binarise": True, "batch_size": 256, "epochs": 68,
            "learning_rate": 0.004, "optimiser": "adamw", "weight_decay": 0.05,
        },
    ),
    "beta": Preset(
        "β-VAE: a regularised code (β = 4)",
        "The KL divergence costs more: fewer numbers of the code are used, and each comes closer to one factor of the "
        "picture.",
        "shapes", "variational",
        {"latent_size": 10, "beta": 4.0},
    ),
}  # fmt: skip
