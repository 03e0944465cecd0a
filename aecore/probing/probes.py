"""Probes: the accuracy of a simple classifier on codes.

Its penalty is chosen on validation data, the test set evaluated once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.probing.classifiers import CLASSIFIERS

NORM = 10.0
"""Codes are shifted to mean zero and divided by one number, so that their root mean squared length is this.

One number for all columns: a penalty then means the same for every code, and a pixel that is almost never lit, or a
unit that is almost never active, is not amplified as it would be by dividing each column by its own deviation.
"""
SIZES = (30, 100, 300, 1_000, 3_000, 10_000, 30_000)
"""Numbers of labelled examples along the learning curve."""

PATIENCE = 2
SUBSET_SEED = 7


class ProbeError(ValueError):
    """Nothing can be learned from these codes or labels; the message says why."""


@dataclass(frozen=True)
class Part:
    """Codes z (N, D), or inputs laid flat, and their labels (N,), indices of classes."""

    z: np.ndarray
    labels: np.ndarray

    def take(self, count: int) -> Part:
        """`count` of the examples, as `subset` chooses them."""
        chosen = subset(self.labels, count)
        return Part(self.z[chosen], self.labels[chosen])


@dataclass(frozen=True)
class PenaltyFit:
    """A fit at one penalty: accuracy on the validation examples, and the processor's seconds."""

    penalty: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Probe:
    """A fitted classifier's result on the test set.

    labelled: number of labelled training examples; chosen_on: validation examples that chose its penalty.
    size: numbers per example. seconds: of all fits; test_seconds: of predicting the whole test set; both of one
    processor thread, independent of the machine's load. confusion: (C, C)
    int64, row the true class, column the prediction.
    wrong: (K,) indices of the misclassified test examples, and taken_for (K,) their predictions.
    """

    classifier: str
    labelled: int
    chosen_on: int
    size: int
    penalty: float
    seconds: float
    test_seconds: float
    confusion: np.ndarray
    wrong: np.ndarray
    taken_for: np.ndarray

    @property
    def count(self) -> int:
        """Test examples."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share of the test examples classified correctly."""
        return float(np.trace(self.confusion)) / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy."""
        return wilson(int(np.trace(self.confusion)), self.count)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in self.__dict__.items()
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Probe:
        """TypeError or ValueError if this is no probe."""
        arrays = {name: np.array(values.get(name), np.int64) for name in ("confusion", "wrong", "taken_for")}
        probe = cls(**{**values, **arrays})
        classes = len(probe.confusion)
        if probe.confusion.shape != (classes, classes) or len(probe.wrong) != len(probe.taken_for) or probe.count < 1:
            raise ValueError("confusion")
        return probe


@dataclass(frozen=True)
class Comparison:
    """Two classifiers on the same test set: examples that only one of them gets right, and McNemar's exact p-value."""

    only_first: int
    only_second: int
    p_value: float

    @property
    def is_tie(self) -> bool:
        """Whether chance alone would show such a difference in one of twenty comparisons, or more."""
        return self.p_value > 0.05


def linear_probe(train: Part, validation: Part, test: Part, classes: int) -> Probe:
    """Logistic regression on codes: below a second for 5,000 codes of 64 numbers.

    ProbeError if there is nothing to learn.
    """
    return probe("logistic", train, validation, test, classes)


def probe(classifier: str, train: Part, validation: Part, test: Part, classes: int) -> Probe:
    """The result of `probe_steps`."""
    *_, result = probe_steps(classifier, train, validation, test, classes)
    assert isinstance(result, Probe)
    return result


def probe_steps(
    classifier: str, train: Part, validation: Part, test: Part, classes: int
) -> Iterator[PenaltyFit | Probe]:
    """Fits at one penalty after the other, from strong to weak, and yields each fit; at last the Probe of the best.

    A tie goes to the stronger penalty; two fits in a row without improvement end the search. Deterministic, on one
    thread. ProbeError if the labels are all the same or a code is not finite.
    """
    from threadpoolctl import threadpool_limits

    _check(train, validation, test)
    train, validation, test = _scaled(train, validation, test)
    with threadpool_limits(1):
        fit = CLASSIFIERS[classifier].learner(train.z, train.labels)
        best, since, seconds = None, 0, 0.0
        for penalty in CLASSIFIERS[classifier].penalties:
            before = time.thread_time()
            predict = fit(penalty)
            fitted = time.thread_time() - before
            tried = PenaltyFit(penalty, float(np.mean(predict(validation.z) == validation.labels)), fitted)
            seconds, since = seconds + tried.seconds, since + 1
            if best is None or tried.accuracy > best[0].accuracy:
                best, since = (tried, predict), 0
            yield tried
            if since == PATIENCE:
                break
        assert best is not None
        before = time.thread_time()
        found = best[1](test.z)
        test_seconds = time.thread_time() - before
    wrong = np.flatnonzero(found != test.labels)
    yield Probe(
        classifier, len(train.z), len(validation.z), train.z.shape[1], best[0].penalty, seconds, test_seconds,
        confusion_matrix(test.labels, found, classes), wrong, found[wrong].astype(np.int64),
    )  # fmt: skip


def subset(labels: np.ndarray, count: int) -> np.ndarray:
    """(count,) indices, stratified by the classes of `labels` (N,);
    a smaller subset is the start of a larger one.
    """
    order = np.random.default_rng(SUBSET_SEED).permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        mine = order[labels[order] == label]
        place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return order[np.argsort(place[order], kind="stable")][:count]


def ladder(last: int) -> tuple[int, ...]:
    """Numbers of labelled examples to train on: those of `SIZES` below the last, and the last."""
    return (*(size for size in SIZES if size < last), last)


def confusion_matrix(labels: np.ndarray, found: np.ndarray, classes: int) -> np.ndarray:
    """(C, C) int64: row the true class, column the prediction."""
    return np.bincount(labels * classes + found, minlength=classes**2).reshape(classes, classes)


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927; Agresti & Coull 1998, sec. 1.2)."""
    z, share = 1.959964, right / count
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def compare(first: Probe, second: Probe) -> Comparison:
    """McNemar's exact test of two classifiers on the same test set (McNemar 1947)."""
    only_first = len(np.setdiff1d(second.wrong, first.wrong))
    only_second = len(np.setdiff1d(first.wrong, second.wrong))
    differ = only_first + only_second
    tail = sum(math.comb(differ, k) for k in range(min(only_first, only_second) + 1))
    return Comparison(only_first, only_second, min(1.0, 2 * tail / 2**differ))


def _check(*parts: Part) -> None:
    if not all(np.isfinite(part.z).all() for part in parts):
        raise ProbeError(
            "Some of these codes are not finite numbers, so nothing can be learned from them. "
            "Train the run again with a smaller learning rate."
        )
    if len(np.unique(parts[0].labels)) < 2:
        raise ProbeError("All training examples have the same label, so there is nothing to tell apart.")


def _scaled(train: Part, *others: Part) -> list[Part]:
    mean = train.z.mean(0)
    centred = train.z - mean
    length = float(np.sqrt(np.einsum("nd,nd->n", centred, centred).mean()))
    scale = NORM / length if length > 0 else 1.0
    return [Part(((part.z - mean) * scale).astype(np.float32), part.labels) for part in (train, *others)]
