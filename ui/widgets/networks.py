"""Trained networks to choose from, runs and built-in models alike, and their outputs.

No network is trained in this process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, DataError, card, is_ready
from aecore.nn.numpy_forward import DenseLayer, apply
from aecore.pretrained.builtin import BUILTIN
from aecore.pretrained.trained_models import ENDED, TrainedModel, builtin_names, find_trained_model, plain_layers
from aecore.runs.store import Run
from ui.app.services import services
from ui.widgets.newest import newest, say_older

if TYPE_CHECKING:
    from aecore.variants.base import Autoencoder

ORIGIN = "Built in · "
"""How the title of a network that this app brings along begins."""


def networks_for(shape: tuple[int, ...], data: str) -> dict[str, str]:
    """id -> title of networks for examples of this shape: those trained on `data` first,
    runs before built-in models.
    """
    known = _known(lambda of: _shape(of) == shape)
    return {name: title for name, (title, of) in sorted(known.items(), key=lambda each: each[1][1] != data)}


def picture_networks() -> dict[str, str]:
    """id -> title of networks trained on available pictures, runs before built-in models."""
    return _titles(_known(lambda of: len(_shape(of) or ()) == 3 and is_ready(str(of))))


def networks_of(data: str) -> dict[str, str]:
    """id -> title of networks trained on this data set, runs before built-in models."""
    return _titles(_known(lambda of: of == data))


def trained_networks() -> dict[str, str]:
    """id -> title of every network with finished training, runs before built-in models."""
    return _titles(_known(lambda of: True))


def say_older_networks(known: Collection[str]) -> None:
    """Says below a list of networks if older runs are not in it. known: their ids."""
    say_older([name for name in known if name not in BUILTIN])


def _titles(known: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {name: title for name, (title, _) in known.items()}


def _known(fits: Callable[[str], bool]) -> dict[str, tuple[str, str]]:
    """id -> (title, data) of the networks with finished training whose data fit: the newest runs, then the built-in
    models.
    """
    fits = cache(fits)
    ended = newest(services.store.list(), lambda run: fits(str(run.settings.get("data"))) and _is_ready(run))
    times = Counter(run.name for run in ended)  # the browser identifies options by their titles
    runs = {
        run.id: (run.name if times[run.name] == 1 else f"{run.name} · {run.id[:4]}", str(run.settings.get("data")))
        for run in ended
    }
    builtin = {name: (_builtin_title(name), BUILTIN[name]["data"]) for name in builtin_names()}
    return {**runs, **{name: each for name, each in builtin.items() if fits(each[1])}}


def _is_ready(run: Run) -> bool:
    return run.status.state in ENDED and run.is_autoencoder and not run.problem and run.has_weights


def trained_model(name: str) -> TrainedModel:
    """The network of that id. RunError if it no longer exists."""
    return find_trained_model(services.store, name)


def network(found: TrainedModel) -> Autoencoder:
    """The trained network, loaded once."""
    return _network(found.id, found.fingerprint, found)


def reconstruct(found: TrainedModel, x: np.ndarray) -> np.ndarray:
    """Reconstructions of x (N, *shape): the same shape, float32. RunError if its weights cannot be read."""
    x = np.ascontiguousarray(x, np.float32)
    if plain := _plain(found.id, found.fingerprint, found):
        return apply([*plain[0], *plain[1]], x.reshape(len(x), -1)).reshape(x.shape)
    import torch

    model = network(found)
    with torch.inference_mode():
        return torch.cat([model(part).float() for part in torch.from_numpy(x).split(500)]).numpy()


def decode(found: TrainedModel, codes: np.ndarray) -> np.ndarray:
    """Codes (N, Z) decoded: (N, *shape) float32, clipped to [0, 1].

    RunError if its weights cannot be read.
    """
    if plain := _plain(found.id, found.fingerprint, found):
        return np.clip(apply(plain[1], np.ascontiguousarray(codes, np.float32)), 0, 1).reshape(
            len(codes), *card(found.data).shape
        )
    from aecore.latent.generation import decoded

    return decoded(network(found), codes)


def trained_at(found: TrainedModel) -> tuple[str, float]:
    """The corruption in its training and its level: ("none", 0.0) for none."""
    name = found.settings.get("corruption", "none")
    return name, found.settings.get("noise_level", 0.0) if name != "none" else 0.0


@st.cache_resource(max_entries=24, show_spinner=False)
def _plain(id: str, fingerprint: str, _found: TrainedModel) -> tuple[list[DenseLayer], list[DenseLayer]] | None:
    return plain_layers(_found)


@st.cache_resource(max_entries=24, show_spinner=False)
def _network(id: str, fingerprint: str, _found: TrainedModel) -> Autoencoder:
    return _found.network()


def _builtin_title(name: str) -> str:
    from aecore.variants import VARIANTS

    recipe = BUILTIN[name]
    corruption = (
        f", {recipe['corruption']} {recipe.get('noise_level', 0.5):g}"
        if recipe.get("corruption", "none") != "none"
        else ""
    )
    missing = f", without {recipe['leave_out']}" if "leave_out" in recipe else ""
    size = f", code of {recipe['latent_size']}" if "latent_size" in recipe else ""
    return f"{ORIGIN}{DATASETS[recipe['data']].title} · {VARIANTS[recipe['variant']].title}{size}{corruption}{missing}"


def _shape(data: str) -> tuple[int, ...] | None:
    try:
        return tuple(card(data).shape)
    except DataError:
        return None
