"""The articles' training by hand: the gradient, the step, and many steps at once, each against what it stands for."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch
from scipy import sparse

from aecore.recommender.models.stacked_steps import Exact, Paired, forward, gradient, initial_weights, is_settled, split

SIZES = (30, 6, 4, 6, 30)


def people(count: int, films: int, rng: np.random.Generator) -> np.ndarray:
    """Stars of people of two tastes, 0 where there is none."""
    likes = np.arange(films) % 2 == (np.arange(count) % 2)[:, None]
    stars = np.where(likes, 4.0, 2.0) + rng.choice([-1.0, 0.0, 1.0], (count, films))
    rated = rng.random((count, films)) < 0.3
    rated[:, :2] = True
    return np.where(rated, stars, 0).astype(np.float32)


def torch_network(flat: np.ndarray) -> torch.nn.Sequential:
    """The same network as torch builds it."""
    parts: list[torch.nn.Module] = []
    for weights, bias in split(flat, SIZES):
        layer = torch.nn.Linear(*weights.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.T.copy()))
            layer.bias.copy_(torch.from_numpy(bias.copy()))
        parts += [layer, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*parts[:-1])


def torch_loss(network: torch.nn.Module, x: np.ndarray) -> torch.Tensor:
    """The mean over all films of the squared error, that of films not rated left out."""
    target = torch.from_numpy(x)
    return torch.nn.functional.mse_loss(network(target) * (target > 0), target, reduction="mean") * len(x)


def test_the_forward_pass_is_torchs() -> None:
    rng = np.random.default_rng(0)
    flat, x = initial_weights(SIZES, rng), people(5, SIZES[0], rng)
    expected = torch_network(flat)(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(forward(x, split(flat, SIZES))[-1], expected, atol=1e-5)
    np.testing.assert_allclose(forward(sparse.csr_matrix(x), split(flat, SIZES))[-1], expected, atol=1e-5)


def test_the_gradient_is_that_of_autograd() -> None:
    rng = np.random.default_rng(1)
    flat, x = initial_weights(SIZES, rng), people(7, SIZES[0], rng)
    network = torch_network(flat)
    torch_loss(network, x).backward()
    into = np.empty_like(flat)
    errors = gradient(x, (x > 0).astype(np.float32), split(flat, SIZES), split(into, SIZES))
    expected = np.concatenate([each.grad.T.ravel() if each.dim() == 2 else each.grad for each in network.parameters()])
    np.testing.assert_allclose(into, expected, atol=1e-6)
    output = forward(x, split(flat, SIZES))[-1]
    np.testing.assert_allclose(errors, [np.sqrt(np.mean((row[own > 0] - own[own > 0]) ** 2)) for row, own in zip(output, x, strict=True)], rtol=1e-5)


def test_a_step_is_that_of_torchs_rmsprop_whose_gradient_is_never_set_back() -> None:
    rng = np.random.default_rng(2)
    flat, x = initial_weights(SIZES, rng), people(40, SIZES[0], rng)
    network = torch_network(flat)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.01, weight_decay=0.5)
    for row in x:
        torch_loss(network, row[None]).backward()
        optimizer.step()
    exact = Exact(flat, SIZES, 0.01, 0.5)
    exact.epoch(sparse.csr_matrix(x))
    expected = np.concatenate([each.detach().T.ravel() if each.dim() == 2 else each.detach() for each in network.parameters()])
    np.testing.assert_allclose(exact.weights, expected, atol=2e-4)


@pytest.mark.parametrize("count", [80, 81])
def test_steps_taken_together_end_where_single_steps_do(count: int) -> None:
    rng = np.random.default_rng(3)
    sizes = (1500, 20, 10, 20, 1500)
    table = sparse.csr_matrix(people(count, sizes[0], rng))
    alone = Exact(initial_weights(sizes, rng), sizes, 0.01, 0.5)
    for _ in range(8):
        alone.epoch(table)
    together = deepcopy(alone)
    together.layers, together.into = split(together.weights, sizes), split(together.fresh, sizes)
    paired = Paired(together, 16)
    for _ in range(20):
        alone.epoch(table)
        paired.epoch(table)
    paired.hand_back(together)
    assert together.epoch(table) == pytest.approx(alone.epoch(table), abs=0.01)
    assert np.corrcoef(together.weights, alone.weights)[0, 1] > 0.98


def test_once_settled_every_weight_swings_by_as_much_to_either_side() -> None:
    rng = np.random.default_rng(4)
    sizes = (1500, 20, 10, 20, 1500)
    table = sparse.csr_matrix(people(100, sizes[0], rng))
    exact = Exact(initial_weights(sizes, rng), sizes, 0.01, 0.5)
    for _ in range(15):
        exact.epoch(table)
    swings = []
    for row in table[:2].toarray():
        gradient(row[None], (row[None] > 0).astype(np.float32), exact.layers, exact.into)
        exact.step()
        swings.append(exact.weights + exact.summed / 0.5)
    assert (swings[0] * swings[1] < 0).mean() > 0.9
    assert np.median(np.abs(swings[0] - swings[1])) / 2 == pytest.approx(0.01 / 2, rel=0.2)


def test_few_films_have_gradients_that_rmsprop_cannot_follow() -> None:
    assert is_settled(1682, 0.01, 0.5)
    assert not is_settled(24, 0.01, 0.5)
