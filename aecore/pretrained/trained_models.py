"""Trained models by name, whether runs or built in, and their codes."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aecore.nn.numpy_forward import DenseLayer, apply, layers_of
from aecore.pretrained import builtin
from aecore.pretrained.builtin import ASSETS, BUILTIN
from aecore.runs.run import RUN_ID
from aecore.runs.status import ACTIVE, ENDED
from aecore.runs.store import RunError, RunStore
from aecore.stores.fingerprint import fingerprint

if TYPE_CHECKING:
    from aecore.variants.base import Autoencoder

PLAIN = ("undercomplete", "linear")
"""Variants whose code is the output of the encoder's layers, and nothing else."""

BATCH = 2000


@dataclass(frozen=True)
class TrainedModel:
    """A trained model. id: of its run, or the name of a built-in model. folder: of its run, None if it is built in.

    fingerprint: a text that changes with the model.
    """

    id: str
    settings: dict[str, Any]
    fingerprint: str
    folder: Path | None = None

    @property
    def data(self) -> str:
        """The data set it was trained on."""
        return self.settings["data"]

    def __repr__(self) -> str:
        """The model and its data set, on one line."""
        size = self.settings.get("latent_size")
        code = f", code of {size}" if size else ""
        where = f"run {self.id}" if self.folder else f"built in as '{self.id}'"
        return f"<TrainedModel: {self.settings.get('variant')} of {self.data}{code}, {where}>"

    def encode(self, x: np.ndarray) -> np.ndarray:
        """x (N, *shape) or (N, D) in [0, 1] -> codes (N, Z) float32. ValueError for another shape."""
        return encoder_of(self)[0](self._shaped(x))

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Codes (N, Z) -> examples (N, *shape) float32. ValueError for another size."""
        network, z = self.network(), np.asarray(z)
        if z.ndim != 2 or z.shape[1] != network.latent_size:
            raise ValueError(f"Codes of this model are (N, {network.latent_size}); these are {z.shape}.")
        return decode(network, z)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """x (N, *shape) or (N, D) in [0, 1] -> reconstructions (N, *shape) float32. ValueError for another shape."""
        return self.decode(self.encode(x))

    def _shaped(self, x: np.ndarray) -> np.ndarray:
        from aecore.datasets import card

        shape, x = tuple(card(self.data).shape), np.ascontiguousarray(x, np.float32)
        if len(x) and x.shape[1:] not in (shape, (math.prod(shape),)):
            raise ValueError(f"This model takes (N, {', '.join(map(str, shape))}); these examples are {x.shape}.")
        return x.reshape(len(x), *shape)

    def network(self) -> Autoencoder:
        """The trained network on the CPU, in evaluation mode. RunError if its weights cannot be read."""
        if self.folder is None:
            return builtin.model(self.id)
        import torch

        from aecore.datasets import card
        from aecore.experiment.checkpoints import load_weights
        from aecore.experiment.settings import RunSettings
        from aecore.variants import VARIANTS

        settings = RunSettings.from_dict(self.settings)
        network = VARIANTS[settings.variant].build(
            settings.model, card(settings.data).shape, torch.Generator().manual_seed(0)
        )
        load_weights(self.folder, network)
        return network.eval()


def find_trained_model(store: RunStore, name: str) -> TrainedModel:
    """The run of that id, or the built-in model of that name.

    RunError if there is none, or if its training is not complete.
    """
    if name in builtin_names():
        weights = ASSETS / name / "weights.safetensors"
        return TrainedModel(name, builtin.facts(name)["settings"], _fingerprint(weights, weights.stat().st_mtime_ns))
    if not RUN_ID.fullmatch(name):
        raise RunError(
            f"'{name[:40]}' is neither the id of a run nor a built-in model; these are {', '.join(builtin_names())}."
        )
    run = store.get(name)
    if run.problem or not isinstance(run.settings.get("data"), str):
        raise RunError(
            run.problem
            or (
                f"The settings of run '{run.name}' do not say what it has learned from; "
                "they seem to have been changed by hand."
            )
        )
    if run.status.state not in ENDED:
        wait = (
            "It has not ended yet; wait for it."
            if run.status.state in ACTIVE
            else f"It is {run.status.state}; continue it on the Train page."
        )
        raise RunError(f"Run '{run.name}' has no final weights. {wait}")
    if not run.has_weights:
        raise RunError(f"Run '{run.name}' has lost its weights; train it again.")
    return TrainedModel(name, run.settings, f"{run.status.finished:.3f}", run.folder)


@lru_cache(maxsize=128)
def _fingerprint(weights: Path, changed: int) -> str:
    """Of a file that was changed last at that time: every page asks for it whenever it runs."""
    return fingerprint(weights.read_bytes(), digits=16)


@cache
def builtin_names() -> tuple[str, ...]:
    """The built-in models that are in this package."""
    return _names_in(ASSETS)


@lru_cache(maxsize=8)
def _names_in(assets: Path) -> tuple[str, ...]:
    """Every page asks for them whenever it runs, and a package does not change while it runs."""
    return tuple(name for name in BUILTIN if (assets / name).is_dir())


def encoder_of(trained_model: TrainedModel) -> tuple[Callable[[np.ndarray], np.ndarray], int]:
    """A function from x (N, *shape) float32 to codes (N, Z), and Z. RunError if the weights cannot be read.

    Plain layers are computed in numpy, which avoids the slow import of torch.
    """
    if plain := plain_layers(trained_model):
        encoder, _ = plain
        return lambda x: apply(encoder, x.reshape(len(x), -1)), len(encoder[-1].bias)
    network = trained_model.network()
    return lambda x: encode(network, x), network.latent_size


def plain_layers(trained_model: TrainedModel) -> tuple[list[DenseLayer], list[DenseLayer]] | None:
    """Encoder and decoder of a built-in model of plain layers that numpy computes; None for any other."""
    if trained_model.folder is not None or trained_model.settings["variant"] not in PLAIN:
        return None
    with suppress(ValueError):  # an activation that only torch computes
        weights = builtin.load_builtin(trained_model.id).weights
        return layers_of("encoder", weights, trained_model.settings), layers_of(
            "decoder", weights, trained_model.settings
        )
    return None


def encode(network: Autoencoder, x: np.ndarray) -> np.ndarray:
    """x (N, *shape) float32 -> codes (N, Z) float32, on the CPU."""
    import torch

    with torch.inference_mode():
        return torch.cat([network.encode(part).float() for part in torch.from_numpy(x).split(BATCH)]).numpy()


def decode(network: Autoencoder, z: np.ndarray) -> np.ndarray:
    """Codes z (N, Z) -> (N, *shape) float32 decoded by the network, on the CPU."""
    import torch

    with torch.inference_mode():
        parts = torch.from_numpy(np.ascontiguousarray(z, np.float32)).split(BATCH)
        return torch.cat([network.decode(part).float() for part in parts]).numpy()
