"""The size that settings promise is that of the network which is built from them, for every variant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from aecore.experiment.settings import RunSettings
from aecore.experiment.size import NUMBER_BYTES, check_size, size_of
from aecore.limits import Limits, limits_for
from aecore.settings import SettingsError
from aecore.training.loop import begin
from aecore.variants import VARIANTS
from tests.contracts.test_variants import PAIRS, build, examples, settings_of

INF = float("inf")
SHAPES_OF_NETWORKS: tuple[dict[str, Any], ...] = (
    {}, {"widths": (64, 32)}, {"widths": (20, 30), "tied": True}, {"tied": False}, {"bottleneck": "maps"},
    {"channels": (4, 8), "shrink": "strides"}, {"channels": (4, 8), "kernel_size": 2}, {"latent_size": 11},
)  # fmt: skip


@pytest.mark.parametrize(("name", "shape"), PAIRS, ids=str)
def test_settings_know_the_weights_and_biases_of_their_network(name: str, shape: tuple[int, ...]) -> None:
    tried = set()
    for values in SHAPES_OF_NETWORKS:
        settings = settings_of(name, **values)
        try:
            settings.check_shape(shape)  # type: ignore[attr-defined]
        except SettingsError:
            continue
        network = build(name, shape, **values)
        assert settings.parameters(shape) == sum(each.numel() for each in network.parameters())  # type: ignore[attr-defined]
        tried.add(settings.parameters(shape))  # type: ignore[attr-defined]
    assert len(tried) > 1


@pytest.mark.parametrize(("name", "shape"), PAIRS, ids=str)
def test_a_step_holds_about_as_many_numbers_as_settings_say(name: str, shape: tuple[int, ...]) -> None:
    """What the backward pass needs is a part of it; gradients and the like are the rest."""
    network, x, kept = build(name, shape), examples(shape, 64), {}
    own = {each.untyped_storage().data_ptr() for each in network.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes() / NUMBER_BYTES
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        sum(network.loss_terms(x, x, torch.Generator().manual_seed(0)).values()).backward()  # type: ignore[union-attr]
    said = settings_of(name).step_numbers(shape)  # type: ignore[attr-defined]
    assert sum(kept.values()) / len(x) <= said <= 6 * sum(kept.values()) / len(x)


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "rmsprop", "sgd"])
def test_the_moments_of_an_optimiser_are_counted(optimiser: str) -> None:
    settings = RunSettings.build("digits", "undercomplete", widths=[40], optimiser=optimiser)
    model = VARIANTS["undercomplete"].build(settings.model, (1, 8, 8), torch.Generator().manual_seed(0))
    state = begin(model, replace(settings.training, device="cpu"))
    x = examples((1, 8, 8))
    sum(model.loss_terms(x, x, state.rng).values()).backward()  # type: ignore[union-attr]
    state.optimizer.step()
    moments = sum(
        each.numel() for values in state.optimizer.state.values() for each in values.values()
        if isinstance(each, Tensor) and each.numel() > 1
    )  # fmt: skip
    size = size_of(settings)
    weights = sum(each.numel() for each in model.parameters())
    gradients = sum(each.grad.numel() for each in model.parameters() if each.grad is not None)
    assert size.disk_bytes == NUMBER_BYTES * (2 * weights + moments)  # the weights alone, and with the moments
    assert size.training_bytes > NUMBER_BYTES * (weights + gradients + moments)


def of(**values: Any) -> RunSettings:
    return RunSettings.build("digits", "undercomplete", **values)


NO_LIMITS = Limits(INF, INF, INF, INF, INF)


def test_a_network_with_too_many_weights_is_refused_with_the_numbers() -> None:
    six = of(widths=[4096] * 6, latent_size=32)
    count = size_of(six).parameters
    assert count > 160_000_000
    with pytest.raises(SettingsError, match=rf"would have {count:,} weights and biases, \d\.\d GB while it trains; "
                       r"this server accepts 20,000,000\. Use smaller or fewer hidden layers"):  # fmt: skip
        check_size(six, replace(NO_LIMITS, weights=20e6))
    check_size(six, replace(NO_LIMITS, weights=count))
    with pytest.raises(SettingsError, match="weights and biases"):
        check_size(six, replace(NO_LIMITS, weights=count - 1))


def test_a_network_that_needs_too_much_memory_is_refused_with_the_numbers() -> None:
    small = of(widths=[2000], batch_size=128)
    needed = size_of(small).training_bytes
    check_size(small, replace(NO_LIMITS, training_bytes=needed))
    with pytest.raises(
        SettingsError, match=r"about \d+ MB of memory while it trains \(.* batches of 128\); this machine"
    ):
        check_size(small, replace(NO_LIMITS, training_bytes=needed - 1))
    assert size_of(of(widths=[2000], batch_size=4096)).training_bytes > needed


def test_every_preset_and_default_is_within_the_limits_of_a_visitor(tmp_path: Any) -> None:
    from aecore.experiment.presets import PRESETS

    allowed = limits_for(tmp_path, is_host=False, environment={})
    for preset in PRESETS.values():
        check_size(RunSettings.build(preset.data, preset.variant, **preset.values), allowed)
    for data in ("digits", "shapes", "faces", "mnist"):
        for variant in VARIANTS:
            check_size(RunSettings.build(data, variant), allowed)
