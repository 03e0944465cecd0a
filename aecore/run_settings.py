"""RunSettings: all that defines a run, in one flat set of names, from a form, a command line or a run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aecore.corruption import CORRUPTIONS
from aecore.datasets import card
from aecore.settings import Settings, SettingsError, knob
from aecore.training import TrainingSettings
from aecore.variants import VARIANTS
from aecore.variants.base import ModelSettings

CorruptionName = Literal["none", "masking", "gaussian", "salt-and-pepper", "dropout", "blur", "occlusion"]


@dataclass(frozen=True)
class CorruptionSettings(Settings):
    """What is done to the input while training; the target stays clean. With any variant: a denoising autoencoder."""

    corruption: CorruptionName = knob("none", "Damage done to each training input, drawn anew every time. The network must return the clean original.")
    noise_level: float = knob(0.5, "How strong the damage is; what the number means depends on its kind.", low=0.0, high=1.0)


@dataclass(frozen=True)
class RunSettings:
    """Data, variant and the settings of its parts. The names of all knobs are distinct, so they can be given flat."""

    data: str
    variant: str
    model: ModelSettings
    corruption: CorruptionSettings
    training: TrainingSettings

    @classmethod
    def build(cls, data: str, variant: str, /, **values: Any) -> RunSettings:
        """Settings for `variant` on `data`: defaults, then what suits the data, then `values` by their flat names.

        SettingsError on an unknown name, a value out of bounds, or settings that do not suit the data.
        """
        if variant not in VARIANTS:
            raise SettingsError(f"There is no variant '{variant}'; choose one of {', '.join(VARIANTS)}.")
        about = card(data)
        parts = [VARIANTS[variant].settings_class, CorruptionSettings, TrainingSettings]
        known = {each.name for part in parts for each in part.knobs()}
        if unknown := sorted(set(values) - known):
            raise SettingsError(f"There is no setting '{unknown[0]}' for {variant}; there are {', '.join(sorted(known))}.")
        chosen = {**suggestions(data, variant), **values}
        split = [{each.name: chosen[each.name] for each in part.knobs() if each.name in chosen} for part in parts]
        settings = cls(data, variant, *(part.from_dict(share) for part, share in zip(parts, split, strict=True)))
        settings.check_shape(about.shape)
        return settings

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the settings make no sense for examples of this shape."""
        if VARIANTS[self.variant].needs_image and len(shape) != 3:
            raise SettingsError(f"The {self.variant} variant needs pictures; '{self.data}' is a table. Choose undercomplete.")
        self.model.check_shape(shape)
        name = self.corruption.corruption
        if name != "none" and CORRUPTIONS[name].needs_image and len(shape) != 3:
            raise SettingsError(f"corruption is '{name}', which needs pictures; '{self.data}' is a table. Choose masking.")

    def flat(self) -> dict[str, Any]:
        """Every knob's value by its name."""
        return {**self.model.to_dict(), **self.corruption.to_dict(), **self.training.to_dict()}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {"data": self.data, "variant": self.variant, **self.flat()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RunSettings:
        """The settings of a run's folder. SettingsError if something is missing, unknown or out of bounds."""
        rest = dict(values)
        for name in ("data", "variant"):
            if not isinstance(rest.get(name, ""), str):
                raise SettingsError(f"{name} is {rest[name]!r}; it must be a name.")
        try:
            return cls.build(rest.pop("data"), rest.pop("variant"), **rest)
        except KeyError as error:
            raise SettingsError(f"The settings do not say which {error.args[0]} to use.") from None

    def layer_sizes(self, shape: tuple[int, ...]) -> list[int]:
        """Sizes from the input to the code, for instance [784, 25]."""
        return self.model.layer_sizes(shape)

    def describe(self, shape: tuple[int, ...]) -> str:
        """A short name, for instance 'MNIST · Undercomplete 784-25-784'."""
        sizes = self.layer_sizes(shape)
        path = "-".join(map(str, sizes + sizes[-2::-1]))
        noise = "" if self.corruption.corruption == "none" else f" · {self.corruption.corruption} {self.corruption.noise_level:g}"
        return f"{card(self.data).title} · {VARIANTS[self.variant].title} {path}{noise}"


def suggestions(data: str, variant: str) -> dict[str, Any]:
    """The settings that suit `data`, as far as `variant` has them."""
    parts = [VARIANTS[variant].settings_class, CorruptionSettings, TrainingSettings]
    known = {each.name for part in parts for each in part.knobs()}
    chosen = {name: value for name, value in card(data).suggested.items() if name in known}
    return VARIANTS[variant].settings_class.suit(card(data).shape, chosen)


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
        "784-25-784", "The classic first example: MNIST's 784 pixels through just 25 hidden units.", "mnist", "undercomplete",
        {"latent_size": 25, "widths": []},
    ),
    "pca": Preset(
        "PCA by training", "No activations: watch the loss settle on PCA's line and never cross it.", "digits", "linear", {}
    ),
    "copy": Preset(
        "Free to copy", "More hidden units than pixels: a small error that proves little.", "digits", "overcomplete", {}
    ),
    "denoise": Preset(
        "Denoising", "Half of the pixels are blacked out at random; the network learns to fill them in.", "digits", "undercomplete",
        {"corruption": "masking", "noise_level": 0.5, "widths": [128], "latent_size": 32, "epochs": 300},
    ),
    "faces": Preset(
        "Faces", "Colour cartoons, 3,072 numbers each, through 32 numbers.", "faces", "undercomplete", {}
    ),
    "sparse": Preset(
        "Few speak (L1)", "1,000 units for 784 pixels, but each pays for what it says: about one in eight speaks at a time.", "mnist", "sparse-l1",
        {"latent_size": 1000, "sparsity": 0.1, "epochs": 10},
    ),
    "sparse-target": Preset(
        "Each speaks seldom (KL)", "1,000 units that are each asked to be on for one digit in twenty.", "mnist", "sparse-kl",
        {"latent_size": 1000, "target": 0.05, "epochs": 10},
    ),
    "k-sparse": Preset(
        "The 25 loudest of 1,000", "All but the 25 highest activations are set to zero; each unit becomes a stroke.", "mnist", "k-sparse",
        {"latent_size": 1000, "k": 25, "epochs": 10},
    ),
    "sparse-dropout": Preset(
        "Half of them silenced", "1,000 units of which a random half is missing whenever it learns.", "mnist", "dropout",
        {"latent_size": 1000, "drop_rate": 0.5, "epochs": 10},
    ),
    "contractive": Preset(
        "Unmoved by small changes", "1,000 sigmoid units whose code may hardly move when a picture is nudged.", "mnist", "contractive",
        {"latent_size": 1000, "epochs": 10},
    ),
    "denoise-wide": Preset(
        "Free to copy, but damaged", "1,000 units could copy 784 pixels, if half of those were not missing: now they have to know what digits look like.",
        "mnist", "overcomplete", {"expansion": 1.2755, "corruption": "masking", "noise_level": 0.5, "learning_rate": 0.002, "epochs": 10},
    ),
    "convolutional": Preset(
        "Sliding filters", "8 and 16 filters of 3 x 3, each followed by keeping the strongest of four.", "mnist", "convolutional",
        {"channels": [8, 16], "kernel_size": 3, "shrink": "pooling", "epochs": 5},
    ),
    "convolutional-strides": Preset(
        "Larger filters, longer strides", "12 and 24 filters of 5 x 5 that move two pixels at a time, instead of pooling.", "mnist", "convolutional",
        {"channels": [12, 24], "kernel_size": 5, "shrink": "strides", "epochs": 5},
    ),
    "sparse-convolutional": Preset(
        "Filters that keep quiet", "Maps that keep their places, in which only few places speak.", "mnist", "sparse-convolutional",
        {"channels": [8, 16], "kernel_size": 5, "shrink": "strides", "sparsity": 0.03, "epochs": 5},
    ),
    "variational": Preset(
        "Learning to dream", "50 clouds, of which it uses about 25, on coin-tossed digits: the benchmark of many papers. Takes some minutes.",
        "mnist", "variational", {"latent_size": 50, "widths": [500, 500], "binarise": True, "batch_size": 256, "epochs": 70},
    ),
    "beta": Preset(
        "A tidy code (β = 4)", "A dearer divergence: fewer numbers of the code are used, and each comes nearer to one cause of the picture.",
        "shapes", "variational",
        {"latent_size": 10, "beta": 4.0},
    ),
}  # fmt: skip
