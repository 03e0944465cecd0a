"""CLASSIFIERS: the simple learners that stand on codes, each fitted for one strength of its penalty at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Predict = Callable[[np.ndarray], np.ndarray]
"""Codes (N, D) -> labels (N,)."""

MAX_ITERATIONS = 200


@dataclass(frozen=True)
class Classifier:
    """A line of the table.

    penalties: from strong to weak. most: labelled examples beyond which it takes too long; 0 for no limit.
    learner: (z, labels) -> a function that fits at one penalty; it may begin where it ended the last time.
    """

    title: str
    about: str
    penalties: tuple[float, ...]
    learner: Callable[[np.ndarray, np.ndarray], Callable[[float], Predict]]
    most: int = 0


@dataclass(frozen=True)
class Linear:
    """One score per class, W z + b: weight (C, D), bias (C,), and the label each row stands for (C,)."""

    weight: np.ndarray
    bias: np.ndarray
    labels: np.ndarray

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """(N, D) -> (N,): the label with the highest score."""
        return self.labels[(z @ self.weight.T + self.bias).argmax(1)]


def logistic(z: np.ndarray, labels: np.ndarray) -> Callable[[float], Predict]:
    """Multinomial logistic regression: mean cross-entropy + penalty ||W||^2, by L-BFGS (scikit-learn)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=MAX_ITERATIONS, warm_start=True)

    def fit(penalty: float) -> Predict:
        model.set_params(C=1 / (2 * penalty * len(z)))  # scikit-learn: C * (sum of losses) + ||W||^2 / 2
        _quietly(model.fit, z, labels)
        weight, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # one row of scores, for the second class
            weight, bias = (np.concatenate([np.zeros_like(rows), rows]) for rows in (weight, bias))
        return Linear(weight.astype(z.dtype), bias.astype(z.dtype), model.classes_)

    return fit


def linear_svm(z: np.ndarray, labels: np.ndarray) -> Callable[[float], Predict]:
    """Linear SVMs, one class against the rest: mean squared hinge + penalty ||W||^2, by L-BFGS on all of them at once.

    The loss of Tang 2013, eq. 6 (arXiv:1306.0239), and of scikit-learn's LinearSVC,
    which needs ten times as long on pixels.
    """
    from scipy.optimize import minimize

    classes = np.unique(labels)
    signs = np.where(labels[:, None] == classes, 1, -1).astype(z.dtype)
    count, size = z.shape
    solution = np.zeros((len(classes), size + 1))

    def loss(flat: np.ndarray, penalty: float) -> tuple[float, np.ndarray]:
        weight, bias = np.split(flat.reshape(solution.shape).astype(z.dtype), [size], axis=1)
        slack = np.maximum(1 - signs * (z @ weight.T + bias[:, 0]), 0)
        pull = -2 / count * slack * signs
        gradient = np.concatenate([pull.T @ z + 2 * penalty * weight, pull.sum(0)[:, None]], axis=1)
        value = (slack**2).sum(dtype=np.float64) / count + penalty * (weight**2).sum(dtype=np.float64)
        return float(value), gradient.ravel().astype(np.float64)

    def fit(penalty: float) -> Predict:
        nonlocal solution
        found = minimize(
            loss, solution.ravel(), (penalty,), "L-BFGS-B", jac=True, options={"maxiter": MAX_ITERATIONS, "gtol": 1e-4}
        )
        solution = found.x.reshape(solution.shape)
        return Linear(solution[:, :size].astype(z.dtype), solution[:, size].astype(z.dtype), classes)

    return fit


def kernel_svm(z: np.ndarray, labels: np.ndarray) -> Callable[[float], Predict]:
    """An SVM with a Gaussian (RBF) kernel, one class against one, its width scikit-learn's 'scale'; C = 1 / penalty."""
    from sklearn.svm import SVC

    return lambda penalty: SVC(C=1 / penalty, cache_size=500).fit(z, labels).predict


def _quietly(fit: Callable[..., Any], *arguments: np.ndarray) -> None:
    """A weak penalty may not be reached within the iterations allowed: that is meant, and no news."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit(*arguments)


LINEAR_PENALTIES = (10.0, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)

CLASSIFIERS: dict[str, Classifier] = {
    "logistic": Classifier(
        "Logistic regression", "One weighted sum per class; a softmax turns the sums into probabilities.",
        LINEAR_PENALTIES, logistic
    ),
    "svm": Classifier(
        "Linear SVM", "One flat border per class, with as wide a margin as the examples allow.",
        LINEAR_PENALTIES, linear_svm
    ),
    "kernel-svm": Classifier(
        "Kernel SVM", "Curved borders, drawn by comparing each example with those near the border (RBF kernel).",
        (1.0, 0.1), kernel_svm, most=10_000
    ),
}  # fmt: skip
