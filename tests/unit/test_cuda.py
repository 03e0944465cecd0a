"""On a CUDA GPU: the graphed step is the plain step, a paused run goes on with the same numbers, a recommender learns the same."""

import numpy as np
import pytest
import torch

from aecore.corruption import masking
from aecore.recommender.models import MODELS
from aecore.steps import GraphedStep, PlainStep, make_step
from aecore.training import TrainingSettings, begin, fit
from aecore.variants import VARIANTS
from tests.tastes import checkerboard, tastes

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU on this machine")


def start(**changes: object):
    variant = VARIANTS["undercomplete"]
    model = variant.build(variant.settings_class(latent_size=5, widths=(32,)), (1, 8, 8), torch.Generator().manual_seed(0))
    settings = TrainingSettings(**{"epochs": 6, "batch_size": 32, "device": "cuda", "precision": "full", **changes})
    return begin(model, settings), settings


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("corrupt", [None, lambda x, rng: masking(x, 0.5, rng)])
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


def test_a_last_smaller_batch_is_taken_plainly_and_the_graph_goes_on() -> None:
    state, settings = start(epochs=30)
    x = torch.rand(100, 1, 8, 8, device="cuda")  # 32 + 32 + 32 + 4
    records = list(fit(state, x, x, settings))
    assert records[-1].validation_mse < 0.9 * next(r.validation_mse for r in records if r.is_epoch)


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
