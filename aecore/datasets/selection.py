"""A data set without one of its classes, so that a network does not learn to reconstruct it."""

from __future__ import annotations

import numpy as np

from aecore.datasets.base import DataError, Dataset, Examples


def without_class(data: Dataset, name: str) -> Dataset:
    """`data` without the class of that name in train, validation and test; labels keep their meaning.

    "" leaves out nothing.

    DataError if there is no such class, or if a part would be empty without it.
    """
    if not name:
        return data
    label = class_label(data, name)
    parts = [_without(part, label) for part in (data.train, data.validation, data.test)]
    if not all(map(len, parts)):
        raise DataError(
            f"leave_out is '{name}', but without it there would be too few examples of '{data.name}' to train, "
            "to validate and to test."
        )
    train, validation, test = parts
    return Dataset(data.name, train, validation, test, classes=data.classes, factor_values=data.factor_values)


def class_label(data: Dataset, name: str) -> int:
    """The label of the class of that name. DataError that names the classes if there is none."""
    if not data.classes or data.train.labels is None:
        raise DataError(f"leave_out is '{name}', but '{data.name}' has no classes; leave it empty.")
    if name not in data.classes:
        raise DataError(
            f"leave_out is '{name}', but '{data.name}' has no such class; there are {', '.join(data.classes)}."
        )
    return data.classes.index(name)


def _without(part: Examples, label: int) -> Examples:
    return part.take(np.flatnonzero(part.labels != label))
