"""Normal and odd pictures, and how the network and its rivals score them; what has been computed is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.analyses.anomaly import Score, rivals, scores
from aecore.datasets import DataError, Dataset, Examples, card
from aecore.datasets.selection import class_label, without_class
from aecore.metrics.baselines import PcaCode, fit_pca
from aecore.pretrained.trained_models import TrainedModel
from ui.app.services import services
from ui.widgets.networks import code_size, reconstruct
from ui.widgets.source_pictures import dataset

MOST = 2000
"""Normal and odd pictures that are scored, of each."""

NETWORK = "network"
CLASS, OTHER, NOISE, SHUFFLED, FADED = "A class", "Another data set", "Noise", "Shuffled pixels", "Faded pictures"
INK = 0.4
"""Of its brightness, what a faded picture has kept."""


@dataclass(frozen=True)
class Pool:
    """x (N, C, H, W): pictures; about: what they are; values: name of a score -> (N,)."""

    x: np.ndarray
    about: str
    values: dict[str, np.ndarray]


def left_out(found: TrainedModel) -> str:
    """The class that a network never saw, or ""."""
    return str(found.settings.get("leave_out", ""))


@st.cache_resource(max_entries=32, show_spinner="Asking the network about normal pictures")
def _normal(id: str, seal: str, part: str, excluded: str, _found: TrainedModel) -> Pool:
    data = without_class(without_class(dataset(_found.data), left_out(_found)), "" if excluded == left_out(_found) else excluded)
    x = _evenly(getattr(data, part).x)
    names = [name for name in dict.fromkeys((left_out(_found), excluded)) if name]
    words = f", without class{'es' if len(names) > 1 else ''} {' and '.join(names)}" if names else ""
    return scored(_found, x, f"{len(x):,} {part} pictures of {card(data.name).title}{words}")


def normal(found: TrainedModel, part: str, excluded: str = "") -> Pool:
    """Pictures like those the network learned from, without the class that counts as odd; `part` is "validation" or "test". DataError."""
    return _normal(found.id, found.seal, part, excluded, found)


@st.cache_resource(max_entries=32, show_spinner="Asking the network about odd pictures")
def _odd(id: str, seal: str, kind: str, name: str, _found: TrainedModel) -> Pool:
    makers = {CLASS: _of_class, OTHER: _of_other, NOISE: _of_noise, SHUFFLED: _of_shuffled, FADED: _of_faded}
    return scored(_found, *makers[kind](_found, name))


def odd(found: TrainedModel, kind: str, name: str = "") -> Pool:
    """Odd pictures of a kind; `name` is the class or the data set. DataError, in a sentence, if there are none."""
    return _odd(found.id, found.seal, kind, name, found)


def scored(found: TrainedModel, x: np.ndarray, about: str) -> Pool:
    """Pictures with what the network and its rivals say of them."""
    return Pool(x, about, {title: score(x) for title, score in _methods(found).items()})


def _methods(found: TrainedModel) -> dict[str, Score]:
    pca = _pca(found.data, left_out(found), code_size(found))
    return {NETWORK: lambda x: scores(x, reconstruct(found, x)), **rivals(pca)}


@st.cache_resource(max_entries=16, show_spinner="Fitting PCA to compare with")
def _pca(data: str, missing: str, size: int) -> PcaCode:
    return fit_pca(without_class(dataset(data), missing), size, services.store.folder.parent / "cache")


def _of_class(found: TrainedModel, name: str) -> tuple[np.ndarray, str]:
    data = dataset(found.data)
    label = class_label(data, name)
    is_unseen = name == left_out(found)
    parts = (data.train, data.validation, data.test) if is_unseen else (data.test,)
    x = _evenly(np.concatenate([_with(part, label) for part in parts]))
    if not len(x):
        raise DataError(f"{card(data.name).title} has no test pictures of class {name}; choose another one.")
    where = "all parts of the data, since the network saw none of them" if is_unseen else "the test pictures"
    return x, f"{len(x):,} pictures of class {name} from {where}"


def _with(part: Examples, label: int) -> np.ndarray:
    return part.x[part.labels == label]


def _of_other(found: TrainedModel, name: str) -> tuple[np.ndarray, str]:
    import torch

    from aecore.diagnostics.ood_inputs import fitted

    x = fitted(torch.from_numpy(_evenly(dataset(name).test.x)), card(found.data).shape).numpy()
    return x, f"{len(x):,} test pictures of {card(name).title}, scaled to the same size"


def _of_noise(found: TrainedModel, name: str) -> tuple[np.ndarray, str]:
    from aecore.diagnostics.ood_inputs import noise

    x = noise(normal(found, "test").x, np.random.default_rng(0))
    return x, f"{len(x):,} pictures of noise: every pixel drawn by itself, all shades alike"


def _of_shuffled(found: TrainedModel, name: str) -> tuple[np.ndarray, str]:
    from aecore.diagnostics.ood_inputs import shuffled

    x = shuffled(normal(found, "test").x, np.random.default_rng(0))
    return x, f"{len(x):,} test pictures whose pixels have changed places: as bright as before, but nothing else is left"


def _of_faded(found: TrainedModel, name: str) -> tuple[np.ndarray, str]:
    x = normal(found, "test").x * np.float32(INK)
    return x, f"the same {len(x):,} test pictures with {INK:.0%} of their brightness: whatever is simple has little to get wrong"


def _evenly(x: np.ndarray) -> np.ndarray:
    """At most MOST of x, evenly chosen."""
    return x if len(x) <= MOST else x[np.linspace(0, len(x) - 1, MOST).astype(int)]


def classes_of(found: TrainedModel) -> tuple[str, ...]:
    """The classes of a network's data; none if its pictures have no labels. DataError."""
    data: Dataset = dataset(found.data)
    return data.classes if data.test.labels is not None else ()
