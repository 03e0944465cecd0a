"""Normal and anomalous examples: like the training data, of a class left out of training,
of another data set, noise, shuffled or faded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.analyses.anomaly import Score
from aecore.datasets import DataError, Dataset, Examples, card
from aecore.datasets.selection import class_label, without_class
from aecore.pretrained.trained_models import TrainedModel

MOST = 2000
"""Largest number of normal and of anomalous pictures that are scored."""

CLASS, OTHER, NOISE, SHUFFLED, FADED = "A class", "Another data set", "Noise", "Shuffled pixels", "Faded pictures"
INK = 0.4
"""Share of its brightness that a faded picture keeps."""


@dataclass(frozen=True)
class Pool:
    """x (N, C, H, W): pictures; about: what they are; values: name of a score -> (N,)."""

    x: np.ndarray
    about: str
    values: dict[str, np.ndarray]


def scored(x: np.ndarray, about: str, methods: dict[str, Score]) -> Pool:
    """Pictures (N, C, H, W) with their scores by each method."""
    return Pool(x, about, {title: score(x) for title, score in methods.items()})


def left_out(model: TrainedModel) -> str:
    """The class left out of a network's training data, or ""."""
    return str(model.settings.get("leave_out", ""))


def normal_examples(model: TrainedModel, data: Dataset, part: str, excluded: str = "") -> tuple[np.ndarray, str]:
    """Pictures like the network's training data, without the class `excluded`: (N, C, H, W), and what they are.

    data: the model's, whole. part: "validation" or "test". DataError if the class is unknown.
    """
    names = list(dict.fromkeys(name for name in (left_out(model), excluded) if name))
    for name in names:
        data = without_class(data, name)
    x = evenly(getattr(data, part).x)
    words = f", without class{'es' if len(names) > 1 else ''} {' and '.join(names)}" if names else ""
    return x, f"{len(x):,} {part} pictures of {card(data.name).title}{words}"


def odd_examples(model: TrainedModel, kind: str, name: str, load: Callable[[str], Dataset]) -> tuple[np.ndarray, str]:
    """Anomalous pictures of a kind, (N, C, H, W), and what they are. name: the class or the data set.

    DataError, in a sentence, if there are none; KeyError for an unknown kind.
    """
    data = load(model.data)
    if kind == CLASS:
        return _of_class(model, data, name)
    if kind == OTHER:
        return _of_other(load(name), card(model.data).shape)
    return {NOISE: _of_noise, SHUFFLED: _of_shuffled, FADED: _of_faded}[kind](normal_examples(model, data, "test")[0])


def _of_class(model: TrainedModel, data: Dataset, name: str) -> tuple[np.ndarray, str]:
    label = class_label(data, name)
    is_unseen = name == left_out(model)
    parts = (data.train, data.validation, data.test) if is_unseen else (data.test,)
    x = evenly(np.concatenate([_with(part, label) for part in parts]))
    if not len(x):
        raise DataError(f"{card(data.name).title} has no test pictures of class {name}; choose another one.")
    where = "all parts of the data, since the network saw none of them" if is_unseen else "the test pictures"
    return x, f"{len(x):,} pictures of class {name} from {where}"


def _with(part: Examples, label: int) -> np.ndarray:
    return part.x[part.labels == label]


def _of_other(other: Dataset, shape: tuple[int, ...]) -> tuple[np.ndarray, str]:
    import torch

    from aecore.diagnostics.ood_inputs import fitted

    x = fitted(torch.from_numpy(evenly(other.test.x)), shape).numpy()
    return x, f"{len(x):,} test pictures of {card(other.name).title}, scaled to the same size"


def _of_noise(normal: np.ndarray) -> tuple[np.ndarray, str]:
    from aecore.diagnostics.ood_inputs import noise

    x = noise(normal, np.random.default_rng(0))
    return x, f"{len(x):,} pictures of noise: every pixel drawn by itself, all shades alike"


def _of_shuffled(normal: np.ndarray) -> tuple[np.ndarray, str]:
    from aecore.diagnostics.ood_inputs import shuffled

    x = shuffled(normal, np.random.default_rng(0))
    return (
        x,
        f"{len(x):,} test pictures whose pixels have changed places: as bright as before, but nothing else is left",
    )


def _of_faded(normal: np.ndarray) -> tuple[np.ndarray, str]:
    x = normal * np.float32(INK)
    return (
        x,
        (
            f"the same {len(x):,} test pictures with {INK:.0%} of their brightness: "
            "whatever is simple has little to get wrong"
        ),
    )


def evenly(x: np.ndarray) -> np.ndarray:
    """At most MOST of x, evenly chosen."""
    return x if len(x) <= MOST else x[np.linspace(0, len(x) - 1, MOST).astype(int)]
