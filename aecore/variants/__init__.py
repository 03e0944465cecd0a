"""VARIANTS: every kind of autoencoder, one line each. A variant's own file holds its settings and its network."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from aecore.settings import Settings
    from aecore.variants.base import Autoencoder


@dataclass(frozen=True)
class Variant:
    """A line of the table. The file is imported, and torch with it, only when its classes are asked for."""

    model: str
    title: str
    idea: str

    @property
    def model_class(self) -> type[Autoencoder]:
        """The network, an `nn.Module`."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.variants.{module}"), name)

    @property
    def settings_class(self) -> type[Settings]:
        """Its settings, named after the network: `Linear` has `LinearSettings`."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.variants.{module}"), f"{name}Settings")

    def build(self, settings: Any, shape: tuple[int, ...], rng: torch.Generator) -> Autoencoder:
        """A new network for examples of this shape, its weights drawn from `rng`. SettingsError if it cannot be built."""
        return self.model_class(settings, shape, rng)  # type: ignore[call-arg]


VARIANTS: dict[str, Variant] = {
    "undercomplete": Variant("undercomplete:Undercomplete", "Undercomplete", "A code smaller than the picture: it must choose what to keep."),
    "linear": Variant("linear:Linear", "Linear (PCA)", "No curves anywhere: the best it can do is what PCA does."),
    "overcomplete": Variant("overcomplete:Overcomplete", "Overcomplete", "A code larger than the picture: it is free to copy, and it does."),
}
