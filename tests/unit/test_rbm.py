"""The Boltzmann machine against enumeration: a world small enough for its partition function."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor, nn

from aecore.nn.rbm import Rbm


def machine(visible: int = 5, hidden: int = 3, seed: int = 0, *, is_gaussian: bool = False) -> Rbm:
    rng = torch.Generator().manual_seed(seed)
    layer = nn.Linear(visible, hidden).double()
    with torch.no_grad():
        layer.weight.copy_(torch.randn(hidden, visible, generator=rng) * 0.4)
        layer.bias.copy_(torch.randn(hidden, generator=rng) * 0.3)
    return Rbm(layer, nn.Parameter(torch.randn(visible, generator=rng).double() * 0.3), is_gaussian=is_gaussian)


def all_states(count: int) -> Tensor:
    return torch.tensor(list(product((0.0, 1.0), repeat=count)), dtype=torch.float64)


@torch.no_grad()
def log_likelihood(rbm: Rbm, v: Tensor) -> Tensor:
    """log p(v), by the sum over all visible states."""
    log_partition = torch.logsumexp(-rbm.free_energy(all_states(v.shape[1])).double(), 0)
    return (-rbm.free_energy(v).double() - log_partition).mean()


def test_the_free_energy_sums_the_hidden_states() -> None:
    rbm, v, h = machine(), all_states(5), all_states(3)
    energy = -(v @ rbm.visible_bias)[:, None] - (h @ rbm.layer.bias)[None] - v @ rbm.layer.weight.t() @ h.t()
    torch.testing.assert_close(rbm.free_energy(v).double(), -torch.logsumexp(-energy, 1), rtol=1e-5, atol=1e-5)


def test_expected_units_are_the_conditional_means() -> None:
    rbm, v, h = machine(), all_states(5), all_states(3)
    energy = -(h @ rbm.layer.bias)[None] - v @ rbm.layer.weight.t() @ h.t()
    torch.testing.assert_close(rbm.hidden(v), torch.softmax(-energy, 1) @ h)


@pytest.mark.parametrize("is_gaussian", [False, True])
def test_the_slope_of_the_loss_is_the_rule_of_contrastive_divergence(is_gaussian: bool) -> None:
    rbm = machine(is_gaussian=is_gaussian)
    v = all_states(5)[[3, 9, 30]]
    rbm.loss_terms(v, v, torch.Generator().manual_seed(7))["reconstruction"].backward()
    with torch.no_grad():
        fantasy = rbm.visible(rbm.sample_hidden(v, torch.Generator().manual_seed(7)))
        rule = (rbm.hidden(v).t() @ v - rbm.hidden(fantasy).t() @ fantasy) / len(v)  # <v h>_data - <v h>_1
    torch.testing.assert_close(rbm.layer.weight.grad, -rule, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(rbm.visible_bias.grad, -(v - fantasy).mean(0), rtol=1e-4, atol=1e-6)


def test_cd_1_raises_the_likelihood_of_the_data() -> None:
    rbm = machine(seed=1)
    data = all_states(5)[[0, 0, 31, 31, 31, 7]]
    rng, before = torch.Generator().manual_seed(0), float(log_likelihood(rbm, data))
    optimizer = torch.optim.SGD(rbm.parameters(), lr=0.1)
    for _ in range(600):
        optimizer.zero_grad()
        rbm.loss_terms(data, data, rng)["reconstruction"].backward()
        optimizer.step()
    after = float(log_likelihood(rbm, data))
    assert after > before + 1
    assert after > -2.5, "most of the chance lies on the three states of the data (5 bits at random: -3.47 nats)"


def test_fantasy_particles_come_from_the_machines_own_distribution() -> None:
    rbm = machine(seed=2)
    expected = torch.softmax(-rbm.free_energy(all_states(5)).double(), 0) @ all_states(5)
    particles = rbm.fantasies(4000, torch.Generator().manual_seed(0), steps=40)
    torch.testing.assert_close(particles.double().mean(0), expected, atol=0.03, rtol=0)
