"""The contractive penalty is the squared norm of autograd's Jacobian, and its gradient is that penalty's slope."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from aecore.nn.layers import ACTIVATIONS, SLOPES
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder
from aecore.variants.contractive import squared_jacobian

SHAPE = (1, 4, 3)


def build(**values: Any) -> Autoencoder:
    variant = VARIANTS["contractive"]
    return variant.build(
        variant.settings_class(**({"latent_size": 7} | values)), SHAPE, torch.Generator().manual_seed(0)
    )


def pictures(count: int = 5) -> Tensor:
    return torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(1))


def autograd_norms(model: Autoencoder, x: Tensor) -> Tensor:
    """||∂z/∂x||_F^2 of each example by autograd."""
    jacobians = [
        torch.autograd.functional.jacobian(lambda one: model.encode(one)[0], each[None], create_graph=True)
        for each in x
    ]
    return torch.stack([each.square().sum() for each in jacobians])


def own_norms(model: Autoencoder, x: Tensor) -> Tensor:
    layers = [layer for layer in model.encoder if isinstance(layer, nn.Linear)]  # type: ignore[union-attr]
    names = [model.settings.activation] * (len(layers) - 1) + [model.settings.code_activation]
    return squared_jacobian(layers, names, x.flatten(1))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_slope_is_autograds(activation: str) -> None:
    a = torch.linspace(-6, 6, 200, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(ACTIVATIONS[activation]()(a).sum(), a)
    torch.testing.assert_close(SLOPES[activation](a.detach()), expected)


@pytest.mark.parametrize("code_activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(), (9,), (9, 6, 8)], ids=str)
def test_the_penalty_is_the_squared_norm_of_autograds_jacobian(code_activation: str, widths: tuple[int, ...]) -> None:
    for activation in ACTIVATIONS:
        model, x = build(widths=widths, activation=activation, code_activation=code_activation), pictures()
        torch.testing.assert_close(own_norms(model, x), autograd_norms(model, x), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("widths", [(), (9, 6)], ids=str)
def test_its_gradient_is_that_of_autograds_jacobian(widths: tuple[int, ...]) -> None:
    model, x = build(widths=widths, activation="tanh"), pictures()
    weights = list(model.encoder.parameters())
    own = torch.autograd.grad(own_norms(model, x).sum(), weights)
    expected = torch.autograd.grad(autograd_norms(model, x).sum(), weights)
    for one, other in zip(own, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_one_sigmoid_layer_has_the_closed_form_of_the_paper() -> None:
    model, x = build(), pictures()
    h, w = model.encode(x), model.encoder[0].weight  # type: ignore[index]
    expected = torch.stack(
        [sum((h[b, j] * (1 - h[b, j])) ** 2 * (w[j] ** 2).sum() for j in range(7)) for b in range(5)]
    )
    torch.testing.assert_close(own_norms(model, x), expected)


def test_the_term_is_the_weighted_mean_divided_by_the_inputs() -> None:
    model, x = build(contraction=0.7, widths=(9,)), pictures()
    term = model.loss_terms(x, x, torch.Generator())["contraction"]
    assert term.item() == pytest.approx(0.7 * autograd_norms(model, x).mean().item() / 12, rel=1e-5)


def test_evaluation_in_parts_gives_the_same_penalty(monkeypatch: pytest.MonkeyPatch) -> None:
    model, x = build(widths=(9,)).eval(), pictures(20)
    whole = model.loss_terms(x, x, torch.Generator())["contraction"]
    monkeypatch.setattr("aecore.variants.contractive.LARGEST_JACOBIAN", 3 * 9 * 7)
    torch.testing.assert_close(model.loss_terms(x, x, torch.Generator())["contraction"], whole)


def test_the_penalty_works_without_autograd() -> None:
    model, x = build(widths=(9,)).eval(), pictures()
    expected = model.loss_terms(x, x, torch.Generator())["contraction"].item()
    with torch.inference_mode():
        assert model.loss_terms(x, x, torch.Generator())["contraction"].item() == pytest.approx(expected)
