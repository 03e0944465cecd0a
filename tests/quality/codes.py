"""Quality of codes: logistic regression on them, and dead units."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from aecore.datasets import Dataset
from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import RunSettings
from aecore.variants.base import Autoencoder
from tests.quality.parts import Figures, Goal, Part, Row
from tests.quality.training import data, train

STRENGTHS = (1e-4, 1e-5)
"""Weights of the regression's penalty; the one that does best on the validation set is taken."""

COPIER = RunSettings.build("mnist", "overcomplete", expansion=1.2755, learning_rate=0.002, epochs=10)
"""1,000 units without any penalty: what the others have to beat."""

MOST_DEAD, K_SPARSE_LEAST = 0.05, 97.5


def of_pixels() -> Figures:
    """The regression on the pixels themselves."""
    mnist = data("mnist")
    return {"accuracy": accuracy(*(torch.from_numpy(part.x).flatten(1) for part in _parts(mnist)), data=mnist)}


def of_codes(settings: RunSettings) -> Figures:
    """Trains, and measures the codes: accuracy in per cent, share of units that are zero for every test
    example, error per pixel.
    """
    done, examples = train(settings), data(settings.data)
    codes = [_codes(done.model, torch.from_numpy(part.x)) for part in _parts(examples)]
    return {
        "accuracy": accuracy(*codes, data=examples),
        "dead": float((codes[2] == 0).all(0).float().mean()),
        "mse": (done.status.test or {})["mse"],
        "seconds": done.seconds,
    }


def accuracy(train: Tensor, validation: Tensor, test: Tensor, data: Dataset) -> float:
    """Test accuracy in per cent of multinomial logistic regression on codes (N, Z),
    its penalty chosen on validation data.

    All codes are shifted to mean zero and divided by one number, so that the penalty means the same for every code.
    In torch with L-BFGS, which is what scikit-learn does, but one penalty can start where the last one ended.
    """
    mean = train.mean(0)
    scale = 10 / (train - mean).square().sum(1).mean().sqrt()
    parts = [(z - mean) * scale for z in (train, validation, test)]
    labels = [torch.from_numpy(part.labels) for part in _parts(data)]
    best = (0.0, 0.0)
    weight, bias = torch.zeros(10, train.shape[1], requires_grad=True), torch.zeros(10, requires_grad=True)
    for strength in STRENGTHS:  # from strong to weak, each starting where the last one ended
        _minimise(weight, bias, parts[0], labels[0], strength)
        scores = [
            100 * float((F.linear(z, weight, bias).argmax(1) == y).float().mean())
            for z, y in zip(parts[1:], labels[1:], strict=True)
        ]
        best = max(best, (scores[0], scores[1]))
    return best[1]


def _minimise(weight: Tensor, bias: Tensor, z: Tensor, labels: Tensor, strength: float) -> None:
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = F.cross_entropy(F.linear(z, weight, bias), labels) + strength * weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)


@torch.inference_mode()
def _codes(model: Autoencoder, x: Tensor) -> Tensor:
    return torch.cat([model.encode(part) for part in x.split(2000)]).float().clone()


def _parts(data: Dataset) -> tuple:
    return data.train, data.validation, data.test


def beats_both(mine: Figures, every: dict[str, Figures]) -> bool:
    """Above raw pixels and above the copier, both measured by the same regression."""
    return all(name in every and mine["accuracy"] > every[name]["accuracy"] for name in ("pixels", "copier"))


def is_worth_it(mine: Figures, every: dict[str, Figures]) -> bool:
    """What is promised of the k-sparse preset."""
    return beats_both(mine, every) and mine["accuracy"] >= K_SPARSE_LEAST and mine["dead"] < MOST_DEAD


def _row(
    name: str, goal: str = "above raw pixels and the copier", is_met: Goal = beats_both, published: str = ""
) -> Row:
    return Row(
        f"{PRESETS[name].title} (preset {name})", lambda: of_codes(PRESETS[name].build()), goal, is_met, published
    )


SPARSE = Part(
    "What codes are worth",
    "Multinomial logistic regression on the codes of MNIST's 55,000 training examples; its penalty is chosen on "
    "validation data, the accuracy is on the test set. Every code has 1,000 units. A unit is dead if it is zero for "
    "every test example. The published figures are of longer training, of finer tuning, or of several layers.",
    {"accuracy": ("accuracy, %", ".2f"), "dead": ("dead units", ".1%"), "mse": ("test error per pixel", ".5f")},
    {
        "pixels": Row("raw pixels", of_pixels),
        "copier": Row("no penalty: the copier", lambda: of_codes(COPIER)),
        "sparse": _row("sparse"),
        "sparse-target": _row("sparse-target"),
        "k-sparse": _row(
            "k-sparse", f"at least {K_SPARSE_LEAST} and dead units below {MOST_DEAD:.0%}", is_worth_it,
            "about 98.6 (Makhzani & Frey 2013, arXiv:1312.5663)"
        ),
        "sparse-dropout": _row("sparse-dropout"),
        "contractive": _row("contractive"),
        "denoise-wide": _row("denoise-wide"),
    },
)  # fmt: skip
