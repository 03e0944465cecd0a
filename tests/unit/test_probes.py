"""Probes against scikit-learn and scipy used directly, and what they may never do: choose by the test set."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix as reference_matrix
from sklearn.svm import SVC, LinearSVC

from aecore.datasets import load
from aecore.probing.classifiers import CLASSIFIERS, kernel_svm, linear_svm, logistic
from aecore.probing.probes import (
    Part,
    PenaltyFit,
    Probe,
    ProbeError,
    compare,
    confusion_matrix,
    ladder,
    linear_probe,
    probe,
    probe_steps,
    subset,
    wilson,
)


@pytest.fixture(scope="module")
def digits() -> list[Part]:
    """The pixels of the digits: training, validation and test."""
    data = load("digits")
    return [Part(part.x.reshape(len(part), -1), part.labels) for part in (data.train, data.validation, data.test)]


@pytest.fixture(scope="module")
def iris() -> tuple[np.ndarray, np.ndarray]:
    x, labels = load_iris(return_X_y=True)
    return ((x - x.mean(0)) / x.std()).astype(np.float32), labels


@pytest.mark.parametrize("penalty", [1e-1, 1e-3])
@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_regression_gives_the_answers_of_scikit_learn(
    iris: tuple[np.ndarray, np.ndarray], penalty: float, classes: int
) -> None:
    x, labels = (part[iris[1] < classes] for part in iris)
    reference = LogisticRegression(C=1 / (2 * penalty * len(x)), max_iter=10_000, tol=1e-9).fit(
        x.astype(np.float64), labels
    )
    assert (logistic(x, labels)(penalty)(x) == reference.predict(x)).all()


@pytest.mark.parametrize("penalty", [1e-1, 1e-2, 1e-3])
def test_the_linear_svm_finds_the_minimum_of_liblinear(iris: tuple[np.ndarray, np.ndarray], penalty: float) -> None:
    x, labels = iris
    reference = LinearSVC(
        C=1 / (2 * penalty * len(x)), dual=False, tol=1e-9, max_iter=100_000, intercept_scaling=1000
    )  # a bias all but unpunished
    reference.fit(x.astype(np.float64), labels)
    found = linear_svm(x, labels)(penalty)
    np.testing.assert_allclose(found.weight, reference.coef_, atol=0.02)
    np.testing.assert_allclose(found.bias, reference.intercept_, atol=0.02)


def test_the_kernel_svm_is_that_of_scikit_learn(iris: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = iris
    assert (kernel_svm(x, labels)(0.1)(x) == SVC(C=10, kernel="rbf", gamma="scale").fit(x, labels).predict(x)).all()


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_a_probe_knows_the_digits_and_its_figures_agree_with_each_other(digits: list[Part], classifier: str) -> None:
    found = probe(classifier, *digits, classes=10)
    assert found.accuracy > 0.95
    assert found.count == len(digits[2].labels)
    assert len(found.wrong) == found.count - np.trace(found.confusion)
    answers = digits[2].labels.copy()
    answers[found.wrong] = found.taken_for
    assert (found.confusion == reference_matrix(digits[2].labels, answers)).all()
    assert np.mean(answers == digits[2].labels) == pytest.approx(found.accuracy)
    assert (found.labelled, found.chosen_on, found.size) == (len(digits[0].z), len(digits[1].z), 64)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_the_test_labels_never_change_the_choice(digits: list[Part], classifier: str) -> None:
    train, validation, test = digits
    spoiled = replace(test, labels=np.random.default_rng(0).permutation(test.labels))
    honest, fooled = (probe(classifier, train.take(300), validation.take(300), part, 10) for part in (test, spoiled))
    assert honest.penalty == fooled.penalty
    assert fooled.accuracy < 0.3 < honest.accuracy


def test_the_penalty_is_the_one_that_does_best_on_validation_and_the_stronger_of_equals(digits: list[Part]) -> None:
    *fits, found = probe_steps("logistic", digits[0].take(100), *digits[1:], classes=10)
    assert all(isinstance(tried, PenaltyFit) for tried in fits)
    assert isinstance(found, Probe)
    best = max(tried.accuracy for tried in fits)
    assert found.penalty == next(tried.penalty for tried in fits if tried.accuracy == best)
    assert found.seconds == pytest.approx(sum(tried.seconds for tried in fits))


def test_neither_a_shift_nor_a_unit_of_the_codes_changes_anything(digits: list[Part]) -> None:
    moved = [replace(part, z=part.z * 1024 - 512) for part in digits]  # without a rounding
    assert (
        np.abs(probe("logistic", *moved, classes=10).accuracy - probe("logistic", *digits, classes=10).accuracy) < 0.01
    )
    dead = [replace(part, z=np.zeros_like(part.z)) for part in digits]
    assert linear_probe(*dead, classes=10).accuracy < 0.2


def test_subsets_are_nested_and_every_class_has_its_share() -> None:
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    assert (np.bincount(labels[subset(labels, 100)]) == [60, 30, 10]).all()
    assert set(subset(labels, 30)) < set(subset(labels, 100))
    assert sorted(subset(labels, 5000)) == list(range(1000))


@pytest.mark.parametrize(("right", "count"), [(0, 10), (10, 10), (255, 270), (9_512, 10_000)])
def test_intervals_are_those_of_wilson(right: int, count: int) -> None:
    reference = binomtest(right, count).proportion_ci(0.95, method="wilson")
    assert wilson(right, count) == pytest.approx((reference.low, reference.high), abs=1e-6)


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 0), (5, 5), (12, 3), (400, 480)])
def test_two_classifiers_are_compared_by_what_only_one_of_them_knew(only_first: int, only_second: int) -> None:
    both_wrong = 7
    wrong = {"first": np.arange(both_wrong + only_second), "second": np.r_[:both_wrong, 2000 : 2000 + only_first]}
    made = {
        name: Probe("logistic", 10, 10, 2, 1.0, 0.0, 0.0, np.diag([3000, 2000]), each, each)
        for name, each in wrong.items()
    }
    found = compare(made["first"], made["second"])
    assert (found.only_first, found.only_second) == (only_first, only_second)
    expected = binomtest(only_first, only_first + only_second).pvalue if only_first + only_second else 1.0
    assert found.p_value == pytest.approx(expected)
    assert found.is_tie == (expected > 0.05)


def test_the_confusion_matrix_counts_true_classes_in_rows() -> None:
    assert confusion_matrix(np.array([0, 0, 2]), np.array([0, 1, 2]), 3).tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_the_ladder_ends_where_it_is_told() -> None:
    assert ladder(1257) == (30, 100, 300, 1_000, 1257)
    assert ladder(1000) == (30, 100, 300, 1_000)
    assert ladder(20) == (20,)


def test_a_probe_survives_a_file_and_a_forged_one_is_refused(digits: list[Part]) -> None:
    found = linear_probe(*(part.take(200) for part in digits), classes=10)
    back = Probe.from_dict(json.loads(json.dumps(found.to_dict())))
    assert back.to_dict() == found.to_dict()
    for forged in (
        {},
        {**found.to_dict(), "confusion": [[1, 2]]},
        {**found.to_dict(), "wrong": [1]},
        {**found.to_dict(), "confusion": []},
    ):
        with pytest.raises((TypeError, ValueError)):
            Probe.from_dict(forged)


def test_codes_that_are_not_finite_and_labels_that_are_all_the_same_are_refused(digits: list[Part]) -> None:
    train, validation, test = digits
    broken = replace(train, z=np.full_like(train.z, np.nan))
    with pytest.raises(ProbeError, match="not finite"):
        linear_probe(broken, validation, test, classes=10)
    with pytest.raises(ProbeError, match="same label"):
        linear_probe(replace(train, labels=np.zeros_like(train.labels)), validation, test, classes=10)
