"""What codes are worth: logistic regression on them, dead units, and the likelihood of a variational autoencoder."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import torch
from torch import Tensor
from torch.nn import functional as F

from aecore import experiment
from aecore.checkpoints import load_weights
from aecore.datasets import Dataset, card, load
from aecore.devices import keep_memory, precision_context
from aecore.likelihood import active_units, log_likelihood
from aecore.run_settings import PRESETS, RunSettings
from aecore.runs import RunStore
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder
from aecore.variants.variational import Variational, binarised

STRENGTHS = (1e-4, 1e-5)
"""Weights of the regression's penalty; the one that does best on the validation set is taken."""

COPIER = RunSettings.build("mnist", "overcomplete", expansion=1.2755, learning_rate=0.002, epochs=10)
"""1,000 units without any penalty: what the others have to beat."""


@dataclass(frozen=True)
class Goal:
    """A preset, the least accuracy in per cent of logistic regression on its codes, and the largest share of dead units."""

    preset: str
    least: float
    most_dead: float = 1.0


GOALS = (
    Goal("sparse", 95.5), Goal("sparse-target", 95.5), Goal("k-sparse", 97.5, 0.05),
    Goal("sparse-dropout", 95.5), Goal("contractive", 95.5), Goal("denoise-wide", 95.5),
)  # fmt: skip
LIKELIHOOD_PRESET, LEAST_NATS, SAMPLES = "variational", -87.0, 100


def rows(names: list[str]) -> tuple[list[str], bool]:
    """A row of the report for each preset of `names`, all if empty, and whether every goal was reached."""
    data, lines, is_good = load("mnist"), [], True
    if not names:
        pixels = accuracy(*(torch.from_numpy(part.x).flatten(1) for part in _parts(data)), data=data)
        lines.append(f"| raw pixels | {pixels:.2f} % | | | |")
        lines.append(_row("copier", COPIER, data, Goal("copier", 0))[0])
        print("\n".join(lines), flush=True)
    for goal in (goal for goal in GOALS if not names or goal.preset in names):
        line, is_reached = _row(goal.preset, PRESETS[goal.preset].build(), data, goal)
        lines, is_good = [*lines, line], is_good and is_reached
        print(line, flush=True)
    return lines, is_good


def likelihood_row() -> tuple[str, bool]:
    """The variational preset's importance-weighted estimate on the test set, binarised once by a fixed seed."""
    data = load("mnist")
    settings = PRESETS[LIKELIHOOD_PRESET].build()
    model, seconds = train(settings)
    assert isinstance(model, Variational)
    rng, x = torch.Generator().manual_seed(1), torch.from_numpy(data.test.x)
    nats = float(log_likelihood(model, binarised(x, x, rng)[0], SAMPLES, rng).mean())
    active = active_units(_codes(model, x))
    verdict = "reached" if nats >= LEAST_NATS else "**missed**"
    return f"| {settings.describe(data.shape)} | {nats:.2f} | {LEAST_NATS} | {verdict} | {active} | {seconds:.0f} |", nats >= LEAST_NATS


def train(settings: RunSettings) -> tuple[Autoencoder, float]:
    """Trains as the app does, and reads the model back from the run's folder; also the processor's seconds."""
    before = time.process_time()
    with TemporaryDirectory() as home:
        os.environ["AECORE_HOME"] = home
        store = RunStore()
        run = store.create(settings.to_dict(), "quality")
        for _ in experiment.run(store, run.id):
            pass
        run = store.get(run.id)
        if run.status.state != "done":
            raise RuntimeError(run.status.message)
        shape = card(settings.data).shape
        model = VARIANTS[settings.variant].build(settings.model, shape, torch.Generator().manual_seed(0))
        load_weights(run.folder, model)
    return model.eval(), time.process_time() - before


def accuracy(train: Tensor, validation: Tensor, test: Tensor, data: Dataset) -> float:
    """Test accuracy in per cent of multinomial logistic regression on codes (N, Z), its penalty chosen on validation data.

    All codes are shifted to mean zero and divided by one number, so that the penalty means the same for every code.
    """
    mean = train.mean(0)
    scale = 10 / (train - mean).square().sum(1).mean().sqrt()
    parts = [(z - mean) * scale for z in (train, validation, test)]
    labels = [torch.from_numpy(part.labels) for part in _parts(data)]
    best = (0.0, 0.0)
    weight, bias = torch.zeros(10, train.shape[1], requires_grad=True), torch.zeros(10, requires_grad=True)
    for strength in STRENGTHS:  # from strong to weak, each starting where the last one ended
        _minimise(weight, bias, parts[0], labels[0], strength)
        scores = [100 * float((F.linear(z, weight, bias).argmax(1) == y).float().mean()) for z, y in zip(parts[1:], labels[1:], strict=True)]
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


def _row(name: str, settings: RunSettings, data: Dataset, goal: Goal) -> tuple[str, bool]:
    model, seconds = train(settings)
    codes = [_codes(model, torch.from_numpy(part.x)) for part in _parts(data)]
    score = accuracy(*codes, data=data)
    dead = float((codes[2] == 0).all(0).float().mean())
    is_reached = score >= goal.least and dead <= goal.most_dead
    verdict = "" if not goal.least else "reached" if is_reached else "**missed**"
    return f"| {name}: {settings.describe(data.shape)} | {score:.2f} % | {100 * dead:.1f} % | {verdict} | {seconds:.0f} |", is_reached


@torch.inference_mode()
def _codes(model: Autoencoder, x: Tensor) -> Tensor:
    return torch.cat([model.encode(part) for part in x.split(2000)]).float().clone()


def _parts(data: Dataset) -> tuple:
    return data.train, data.validation, data.test


if __name__ == "__main__":
    keep_memory()
    torch.set_num_threads(1)
    wanted = sys.argv[1:]
    with precision_context("auto", torch.device("cpu")):
        is_fine = wanted == ["likelihood"] or rows([name for name in wanted if name != "likelihood"])[1]
        if not wanted or "likelihood" in wanted:
            line, is_reached = likelihood_row()
            print(line)
            is_fine &= is_reached
    sys.exit(not is_fine)
