"""CLASSIFIERS: simple classifiers of codes, each fitted at one penalty at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Predict = Callable[[np.ndarray], np.ndarray]
"""Codes (N, D) -> labels (N,)."""

MAX_ITERATIONS = 200


@dataclass(frozen=True)
class Classifier:
    """A kind of classifier.

    penalties: from strong to weak. most: labelled examples beyond which it takes too long; 0 for no limit.
    learner: (z, labels) -> a function that fits at one penalty; it may start from the last fit (warm start).
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
    """Multinomial logistic regression: mean cross-entropy + penalty ||W||^2, by L-BFGS (scipy).

    As scikit-learn's LogisticRegression with C = 1 / (2 penalty N), whose import would cost every training
    3 processor seconds, more than many a training takes.
    """
    classes, targets = np.unique(labels, return_inverse=True)
    rows, count = np.arange(len(z)), len(z)

    def loss(weight: np.ndarray, bias: np.ndarray) -> tuple[float, np.ndarray]:
        scores = z @ weight.T + bias
        scores -= scores.max(1, keepdims=True)
        odds = np.exp(scores)
        sums = odds.sum(1)
        value = (np.log(sums) - scores[rows, targets]).mean(dtype=np.float64)
        pull = odds / sums[:, None]
        pull[rows, targets] -= 1
        return float(value), pull / count

    return _linear(z, classes, loss)


def linear_svm(z: np.ndarray, labels: np.ndarray) -> Callable[[float], Predict]:
    """Linear SVMs, one class against the rest: mean squared hinge + penalty ||W||^2, by L-BFGS on all of them at once.

    The loss of Tang 2013, eq. 6 (arXiv:1306.0239), and of scikit-learn's LinearSVC,
    which needs ten times as long on pixels.
    """
    classes = np.unique(labels)
    signs = np.where(labels[:, None] == classes, 1, -1).astype(z.dtype)
    count = len(z)

    def loss(weight: np.ndarray, bias: np.ndarray) -> tuple[float, np.ndarray]:
        slack = np.maximum(1 - signs * (z @ weight.T + bias), 0)
        return float((slack**2).sum(dtype=np.float64) / count), -2 / count * slack * signs

    return _linear(z, classes, loss)


def kernel_svm(z: np.ndarray, labels: np.ndarray) -> Callable[[float], Predict]:
    """An SVM with a Gaussian (RBF) kernel, one class against one, its width scikit-learn's 'scale'; C = 1 / penalty."""
    from sklearn.svm import SVC

    return lambda penalty: SVC(C=1 / penalty, cache_size=500).fit(z, labels).predict


def _linear(
    z: np.ndarray, classes: np.ndarray, loss: Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
) -> Callable[[float], Predict]:
    """Fits W and b, starting from zero, then from the last fit.

    loss: from W (C, D) and b (C,) to the mean loss and its gradient by the scores, (N, C).
    """
    size, solution = z.shape[1], np.zeros((len(classes), z.shape[1] + 1))

    def value_and_gradient(flat: np.ndarray, penalty: float) -> tuple[float, np.ndarray]:
        both = flat.reshape(solution.shape).astype(z.dtype)
        weight = both[:, :size]
        value, pull = loss(weight, both[:, size])
        gradient = np.concatenate([pull.T @ z + 2 * penalty * weight, pull.sum(0)[:, None]], axis=1)
        return value + penalty * float((weight**2).sum(dtype=np.float64)), gradient.ravel().astype(np.float64)

    def fit(penalty: float) -> Predict:
        from scipy.optimize import minimize

        nonlocal solution
        options = {"maxiter": MAX_ITERATIONS, "gtol": 1e-4}
        found = minimize(value_and_gradient, solution.ravel(), (penalty,), "L-BFGS-B", jac=True, options=options)
        solution = found.x.reshape(solution.shape)
        return Linear(solution[:, :size].astype(z.dtype), solution[:, size].astype(z.dtype), classes)

    return fit


LINEAR_PENALTIES = (10.0, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)

CLASSIFIERS: dict[str, Classifier] = {
    "logistic": Classifier(
        "Logistic regression", "One weighted sum per class; a softmax turns the sums into probabilities.",
        LINEAR_PENALTIES, logistic
    ),
    "svm": Classifier(
        "Linear SVM", "One linear decision boundary per class, with as wide a margin as the examples allow.",
        LINEAR_PENALTIES, linear_svm
    ),
    "kernel-svm": Classifier(
        "Kernel SVM", "Curved decision boundaries, by comparing each example with those near the boundary (RBF).",
        (1.0, 0.1), kernel_svm, most=10_000
    ),
}  # fmt: skip
