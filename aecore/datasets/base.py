"""The data set: examples in [0, 1] with a fixed split into train, validation and test."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np


class DataError(ValueError):
    """Data that cannot be used; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Examples:
    """A table of examples.

    x: (N, *shape) float32 in [0, 1]; an image's shape is (channels, height, width), a table row's is (features,).
    labels: (N,) int64 indices into the data set's classes, or None.
    factors: known generative factors of each example, name -> (N,) numbers (int64 choices or float32 measures).
    """

    x: np.ndarray
    labels: np.ndarray | None = None
    factors: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.x.dtype != np.float32:
            raise DataError(f"Examples must be float32 numbers in [0, 1]; these are {self.x.dtype}.")
        for name, column in {"labels": self.labels, **self.factors}.items():
            if column is not None and len(column) != len(self.x):
                raise DataError(f"There are {len(self.x)} examples but {len(column)} entries in '{name}'.")

    def __len__(self) -> int:
        return len(self.x)

    def take(self, indices: np.ndarray | slice) -> Examples:
        """The chosen examples, in the order of `indices`."""
        labels = None if self.labels is None else self.labels[indices]
        return Examples(self.x[indices], labels, {k: v[indices] for k, v in self.factors.items()})


@dataclass(frozen=True)
class Dataset:
    """A data set in memory. `classes[label]` is the name of a label; `factor_values[name][i]` that of choice i."""

    name: str
    train: Examples
    validation: Examples
    test: Examples
    classes: tuple[str, ...] = ()
    factor_values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example: (channels, height, width) of an image, (features,) of a table row."""
        return tuple(self.train.x.shape[1:])

    @property
    def is_image(self) -> bool:
        """Whether an example can be shown as a picture."""
        return len(self.shape) == 3

    @property
    def inputs(self) -> int:
        """Numbers in one example, for instance 784 for 28 x 28 pixels."""
        return int(np.prod(self.shape))


SPLIT_SEED = 2006
"""Every data set without an official test set is shuffled once by this seed, so that all runs share one split."""


def shuffled(count: int, seed: int = SPLIT_SEED) -> np.ndarray:
    """The order in which `split` cuts `count` examples: their indices (count,)."""
    return np.random.default_rng(seed).permutation(count)


HELD_OUT = (0.15, 0.15)
"""Usual shares of the examples that are for validation and for the test."""


def split(
    name: str,
    examples: Examples,
    *,
    fractions: tuple[float, float] = HELD_OUT,
    seed: int = SPLIT_SEED,
    classes: tuple[str, ...] = (),
    factor_values: dict[str, tuple[str, ...]] | None = None,
    is_shuffled: bool = False,
) -> Dataset:
    """Shuffles by `seed` and cuts into train, validation and test; `fractions` are the shares of the last two.

    is_shuffled: the examples are already in the order of `shuffled`, and are cut without a copy.

    DataError if there are too few examples for each part to hold at least one.
    """
    count = len(examples)
    validation, test = (max(1, round(count * share)) for share in fractions)
    if count - validation - test < 1:
        raise DataError(
            f"'{name}' holds {count} example{'s' if count != 1 else ''}; at least 3 are needed, "
            "one each to train on, to validate and to test. Add more and try again."
        )
    if not is_shuffled:
        examples = examples.take(shuffled(count, seed))
    ends = (0, count - validation - test, count - test, count)
    learned, checked, held_out = (examples.take(slice(*part)) for part in itertools.pairwise(ends))
    return Dataset(name, learned, checked, held_out, classes=classes, factor_values=factor_values or {})
