"""On a CUDA GPU: the graphed step is the plain step, for every variant;
a paused run resumes with the same numbers; CPU and GPU agree.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aecore.corruption import masking
from aecore.experiment.checkpoints import load_checkpoint, save_checkpoint
from aecore.recommender.models import MODELS
from aecore.training.loop import TrainingSettings, TrainingState, begin, fit
from aecore.training.step import GraphedStep, PlainStep, make_step
from aecore.variants import VARIANTS
from tests.contracts.test_variants import build
from tests.tastes import checkerboard, tastes

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU on this machine")
SHAPE = (1, 8, 8)


def start(name: str = "undercomplete", **changes: Any) -> tuple[TrainingState, TrainingSettings]:
    values = {"epochs": 6, "batch_size": 32, "device": "cuda", "precision": "full", "seed": 0} | changes
    settings = TrainingSettings.from_dict(values)
    return begin(build(name, SHAPE), settings), settings


def pictures(count: int, device: str = "cuda") -> torch.Tensor:
    """(count, 1, 8, 8): mixtures of five patterns, so that a code of five numbers can learn them."""
    rng = torch.Generator().manual_seed(7)
    patterns, shares = torch.rand(5, 64, generator=rng), torch.rand(count, 5, generator=rng)
    return (shares @ patterns / 5).reshape(count, *SHAPE).to(device)


def errors(state: TrainingState, settings: TrainingSettings, x: torch.Tensor) -> list[float]:
    return [record.validation_mse for record in fit(state, x, x, settings) if record.validation_mse is not None]


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("corrupt", [None, lambda x, rng: masking(x, 0.5, rng)], ids=["clean", "masked"])
def test_replayed_steps_train_as_plain_steps_do(optimiser: str, corrupt) -> None:
    x = torch.rand(32, 1, 8, 8, device="cuda")
    losses = {}
    for kind in ("plain", "graphed"):
        state, settings = start(optimiser=optimiser)
        plain = PlainStep(state.model, state.optimizer, state.rng, corrupt)
        step = plain if kind == "plain" else make_step(plain, settings.batch_size)
        losses[kind] = [float(step(x, 0.01 / (1 + i))["reconstruction"].detach()) for i in range(20)]
        if kind == "graphed":
            assert isinstance(step, GraphedStep)
            assert step.graph is not None
    assert losses["graphed"] == pytest.approx(losses["plain"], rel=1e-4)
    assert losses["plain"][-1] < losses["plain"][0]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_captured_and_trains_as_plainly(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last of every four batches is smaller, so plain and replayed steps alternate."""
    x, taken = pictures(100), []

    def watched(plain: PlainStep, size: int) -> GraphedStep | PlainStep:
        taken.append(make_step(plain, size))
        return taken[-1]

    graphed = errors(*start_watched(monkeypatch, watched, name), x)
    plain = errors(*start_watched(monkeypatch, lambda step, size: step, name), x)
    assert graphed == pytest.approx(plain, rel=2e-3)
    assert any(isinstance(step, GraphedStep) and step.graph is not None for step in taken)
    assert "cannot be captured" not in caplog.text


def start_watched(monkeypatch: pytest.MonkeyPatch, make: Any, name: str) -> tuple[TrainingState, TrainingSettings]:
    monkeypatch.setattr("aecore.training.loop.make_step", make)
    return start(name)


def test_gpu_and_cpu_reach_the_same_error() -> None:
    reached = {device: errors(*start(device=device, epochs=20), pictures(100, device)) for device in ("cpu", "cuda")}
    assert reached["cuda"] == pytest.approx(reached["cpu"], rel=0.01)
    assert reached["cuda"][-1] < 0.5 * reached["cuda"][0]


@pytest.mark.parametrize("name", ["undercomplete", "variational", "dropout", "stacked"])
def test_a_paused_run_resumes_with_the_same_numbers(name: str, tmp_path: Path) -> None:
    x = pictures(96)

    def corrupt(clean: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
        return masking(clean, 0.3, rng)

    whole, settings = start(name)
    expected = [record.train for record in fit(whole, x, x, settings, corrupt) if record.is_epoch]
    first, _ = start(name)
    for record in fit(first, x, x, settings, corrupt):
        if record.is_epoch and record.epoch == 3:
            break
    save_checkpoint(tmp_path, first)
    resumed, _ = start(name)
    assert load_checkpoint(tmp_path, resumed)
    after = [record.train for record in fit(resumed, x, x, settings, corrupt) if record.is_epoch]
    for now, then in zip(after, expected[3:], strict=True):
        assert now == pytest.approx(then, rel=1e-4)


@pytest.mark.parametrize("name", ["mult-vae", "mult-dae", "user-autorec", "item-autorec"])
def test_a_recommender_learns_there_what_it_learns_here(name: str) -> None:
    """Of those that draw nothing on the device; rounding grows over the epochs, so only a few."""
    entry = MODELS[name]
    models = [entry.model_class(entry.settings_class.from_dict({"epochs": 3})) for _ in range(2)]
    models[1].device = "cuda"
    for model in models:
        list(model.fit(*checkerboard()))
    here, there = (model.score(tastes(0, 1)).order for model in models)
    np.testing.assert_allclose(there, here, atol=1e-2)
