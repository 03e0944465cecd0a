"""RunSettings: everything that defines a run, in one flat set of names, for forms, command line and run folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aecore.corruption import CORRUPTIONS
from aecore.datasets import card
from aecore.settings import Settings, SettingsError, knob
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS
from aecore.variants.base import ModelSettings

CorruptionName = Literal[
    "none",
    "masking",
    "gaussian",
    "salt-and-pepper",
    "dropout",
    "blur",
    "occlusion",
    "speckle",
    "low-resolution",
    "stroke",
]

NAMED = 20
"""Classes that a sentence names at most."""


@dataclass(frozen=True)
class CorruptionSettings(Settings):
    """Corruption of the input while training; the target stays clean. With any variant: a denoising autoencoder."""

    corruption: CorruptionName = knob(
        "none",
        "What is done to each training input, at random each time. The network must return the clean original: with "
        "any corruption it is a denoising autoencoder.",
    )
    noise_level: float = knob(
        0.5, "The strength of the corruption; its meaning depends on the kind.", low=0.0, high=1.0
    )


@dataclass(frozen=True)
class SelectionSettings(Settings):
    """The part of the data that a run learns from."""

    leave_out: str = knob(
        "", "A class that the network never sees: it is left out of all examples, the test examples included. "
        "Empty: none. The Anomaly page then tests whether the network finds this class odd.",
        label="Leave out a class", advanced=True,
    )  # fmt: skip

    def check_classes(self, data: str, classes: tuple[str, ...]) -> None:
        """SettingsError if the left-out class is not among the `classes` of `data`."""
        if self.leave_out and not classes:
            raise SettingsError(f"leave_out is '{self.leave_out}', but '{data}' has no classes; leave it empty.")
        if self.leave_out and self.leave_out not in classes:
            more = f" and {len(classes) - NAMED} more" if len(classes) > NAMED else ""
            raise SettingsError(
                f"leave_out is '{self.leave_out}', but '{data}' has no such class; "
                f"there are {', '.join(classes[:NAMED])}{more}."
            )


@dataclass(frozen=True)
class RunSettings:
    """Data, variant and the settings of its parts. The names of all knobs are distinct, so they can be given flat."""

    data: str
    variant: str
    model: ModelSettings
    corruption: CorruptionSettings
    selection: SelectionSettings
    training: TrainingSettings

    @classmethod
    def build(cls, data: str, variant: str, /, **values: Any) -> RunSettings:
        """Settings for `variant` on `data`: defaults, then the data's defaults, then `values` by their flat names.

        SettingsError on an unknown name, a value out of bounds, or settings invalid for the data.
        """
        if variant not in VARIANTS:
            raise SettingsError(f"There is no variant '{variant}'; choose one of {', '.join(VARIANTS)}.")
        about = card(data)
        parts = parts_of(variant)
        known = {each.name for part in parts for each in part.knobs()}
        if unknown := sorted(set(values) - known):
            raise SettingsError(
                f"There is no setting '{unknown[0]}' for {variant}; there are {', '.join(sorted(known))}."
            )
        chosen = {**suggestions(data, variant), **values}
        split = [{each.name: chosen[each.name] for each in part.knobs() if each.name in chosen} for part in parts]
        settings = cls(data, variant, *(part.from_dict(share) for part, share in zip(parts, split, strict=True)))
        settings.check_shape(about.shape)
        return settings

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """SettingsError if the settings are invalid for examples of this shape."""
        if VARIANTS[self.variant].needs_image and len(shape) != 3:
            raise SettingsError(
                f"The {self.variant} variant needs pictures; '{self.data}' is a table. Choose undercomplete."
            )
        self.model.check_shape(shape)
        self.selection.check_classes(self.data, card(self.data).classes)
        name = self.corruption.corruption
        if name != "none" and CORRUPTIONS[name].needs_image and len(shape) != 3:
            raise SettingsError(
                f"corruption is '{name}', which needs pictures; '{self.data}' is a table. Choose masking."
            )

    def flat(self) -> dict[str, Any]:
        """Every knob's value by its name."""
        return {
            **self.model.to_dict(),
            **self.corruption.to_dict(),
            **self.selection.to_dict(),
            **self.training.to_dict(),
        }

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
        noise = (
            ""
            if self.corruption.corruption == "none"
            else f" · {self.corruption.corruption} {self.corruption.noise_level:g}"
        )
        missing = f" · without {self.selection.leave_out}" if self.selection.leave_out else ""
        return f"{card(self.data).title} · {VARIANTS[self.variant].title} {path}{noise}{missing}"


def parts_of(variant: str) -> tuple[type[Settings], ...]:
    """The classes of a run's settings, in the order of the form."""
    return VARIANTS[variant].settings_class, CorruptionSettings, SelectionSettings, TrainingSettings


def suggestions(data: str, variant: str) -> dict[str, Any]:
    """The default settings for `data`, as far as `variant` has them."""
    known = {each.name for part in parts_of(variant) for each in part.knobs()}
    chosen = {name: value for name, value in card(data).suggested.items() if name in known}
    return VARIANTS[variant].settings_class.defaults_for(card(data).shape, chosen)
