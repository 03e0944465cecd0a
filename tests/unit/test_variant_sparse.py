"""The sparse variants: penalties against independent formulas, exactly k, and what dropout does on average."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.distributions import Bernoulli, kl_divergence

from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder
from aecore.variants.k_sparse import DEAD_AFTER, highest
from aecore.variants.sparse_kl import bernoulli_kl

SHAPE = (1, 4, 4)


def build(name: str, **values: Any) -> Autoencoder:
    variant = VARIANTS[name]
    return variant.build(
        variant.settings_class(**({"latent_size": 30} | values)), SHAPE, torch.Generator().manual_seed(0)
    )


def pictures(count: int = 50) -> Tensor:
    return torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(1))


def terms(model: Autoencoder, x: Tensor) -> dict[str, Tensor]:
    return model.loss_terms(x, x, torch.Generator().manual_seed(2))


def test_the_l1_term_is_the_weighted_sum_of_absolute_codes_divided_by_the_inputs() -> None:
    model, x = build("sparse-l1", sparsity=0.3, code_activation="tanh"), pictures()
    z = model.encode(x).detach().double().numpy()
    assert (z < 0).any()
    assert terms(model, x)["sparsity (L1)"].item() == pytest.approx(0.3 * abs(z).sum() / len(x) / 16, rel=1e-5)


def test_a_dearer_l1_penalty_leaves_fewer_units_speaking() -> None:
    x, shares = pictures(200), []
    for sparsity in (1e-4, 0.3):
        model = build("sparse-l1", sparsity=sparsity)
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        for _ in range(200):
            optimizer.zero_grad()
            torch.stack(list(terms(model, x).values())).sum().backward()
            optimizer.step()
        shares.append(float((model.encode(x) > 0).float().mean()))
    assert shares[1] < 0.5 * shares[0]


@given(target=st.floats(0.005, 0.5), means=st.lists(st.floats(1e-4, 1 - 1e-4), min_size=1, max_size=20))
def test_the_divergence_of_two_coins_is_that_of_torch_distributions(target: float, means: list[float]) -> None:
    mean = torch.tensor(means, dtype=torch.float64)
    expected = kl_divergence(Bernoulli(torch.tensor(target, dtype=torch.float64)), Bernoulli(mean))
    torch.testing.assert_close(bernoulli_kl(target, mean), expected, rtol=1e-6, atol=1e-9)


def test_the_divergence_of_a_unit_that_is_never_or_always_on_is_large_and_finite() -> None:
    divergence = bernoulli_kl(0.05, torch.tensor([0.0, 1.0, 0.05]))
    assert divergence.isfinite().all()
    assert (divergence[:2] > 0.4).all()
    assert float(divergence[2]) == pytest.approx(0, abs=1e-7)


def test_the_kl_term_compares_the_mean_activations_of_the_batch_with_the_target() -> None:
    model, x = build("sparse-kl", sparsity=2.0, target=0.1), pictures()
    mean = model.encode(x).detach().double().mean(0)
    assert ((mean > 0) & (mean < 1)).all()
    expected = 2.0 * kl_divergence(Bernoulli(torch.tensor(0.1).double()), Bernoulli(mean)).sum() / 16
    assert terms(model, x)["sparsity (KL)"].item() == pytest.approx(float(expected), rel=1e-5)


@given(size=st.integers(1, 40), data=st.data(), is_coarse=st.booleans())
def test_exactly_k_are_kept_and_they_are_the_highest(size: int, data: st.DataObject, is_coarse: bool) -> None:
    k, seed = data.draw(st.integers(1, size)), data.draw(st.integers(0, 1000))
    z = torch.randn(7, size, generator=torch.Generator().manual_seed(seed))
    z = z.round() + 10 if is_coarse else z  # many equals
    z = torch.where(z == 0, 0.5, z)
    kept = highest(z, k)
    assert ((kept != 0).sum(1) == k).all()
    torch.testing.assert_close(kept.sum(1), z.sort(1, descending=True).values[:, :k].sum(1))
    assert torch.equal(kept[kept != 0], z[kept != 0])


@pytest.mark.parametrize("is_training", [True, False])
def test_a_k_sparse_code_has_k_numbers_that_are_not_zero_in_training_and_after(is_training: bool) -> None:
    model = build("k-sparse", k=4).train(is_training)
    assert ((model.encode(pictures()) != 0).sum(1) == 4).all()


def test_with_as_many_kept_as_there_are_nothing_is_set_to_zero() -> None:
    model, x = build("k-sparse", k=30), pictures()
    assert torch.equal(model.encode(x), model.encoder(x.flatten(1)))


def test_dropout_leaves_the_expectation_of_the_code_as_it_was() -> None:
    model = build("dropout", drop_rate=0.3)
    z = torch.randn(1, 30, generator=torch.Generator().manual_seed(3)).expand(20_000, 30)
    dropped = model.dropped(z, torch.Generator().manual_seed(4))  # type: ignore[operator]
    assert float((dropped == 0).float().mean()) == pytest.approx(0.3, abs=0.01)
    torch.testing.assert_close(dropped.mean(0), z[0], atol=0.05, rtol=0)


def test_dropout_silences_units_in_training_only() -> None:
    model, x = build("dropout", drop_rate=0.5), pictures()
    whole = model._reconstruction_term(model.decode_logits(model.encode(x)), x)["reconstruction"]
    assert not torch.equal(terms(model, x)["reconstruction"], whole)
    assert torch.equal(terms(model.eval(), x)["reconstruction"], whole)


def test_a_drop_rate_of_zero_drops_nothing() -> None:
    model = build("dropout", drop_rate=0.0)
    z = torch.rand(5, 30)
    assert torch.equal(model.dropped(z, torch.Generator()), z)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["sparse-l1", "sparse-kl", "k-sparse", "dropout", "contractive"])
def test_tied_weights_are_the_encoders_turned_around_and_are_learned_once(name: str) -> None:
    tied, free = build(name, tied=True, widths=(9,)), build(name, tied=False, widths=(9,))
    matrices = 16 * 9 + 9 * 30
    assert sum(w.numel() for w in free.parameters()) - sum(w.numel() for w in tied.parameters()) == matrices
    z = torch.rand(3, 30)
    w1, w2 = tied.encoder[0].weight, tied.encoder[2].weight  # type: ignore[index]
    torch.testing.assert_close(tied.decode_logits(z), torch.relu(z @ w2) @ w1)


@pytest.mark.long
def test_a_dead_unit_is_revived_by_what_the_others_leave_and_stays_dead_without() -> None:
    x, spoken = pictures(200), {}
    for revive in (True, False):
        model = build("k-sparse", k=2, revive=revive)
        with torch.no_grad():
            model.encoder[0].bias[:15] = -1.0  # type: ignore[index,operator,union-attr]  # never among the highest
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        for _ in range(600):
            optimizer.zero_grad()
            torch.stack(list(terms(model, x).values())).sum().backward()
            optimizer.step()
        spoken[revive] = int((model.eval().encode(x) != 0).any(0)[:15].sum())
    assert spoken[False] == 0
    assert spoken[True] >= 3


def test_a_unit_counts_as_dead_after_enough_inactive_examples() -> None:
    model, x = build("k-sparse", k=30), pictures(50)
    model.silent_for[3] = DEAD_AFTER - 100  # type: ignore[index,operator]
    with torch.no_grad():
        model.encoder[0].weight[3], model.encoder[0].bias[3] = 0, 0  # type: ignore[index,operator,union-attr]  # kept, but it says nothing
    revivals = [float(terms(model, x)["revival"].detach()) for _ in range(3)]
    assert revivals[0] == revivals[1] == 0 < revivals[2]
    assert model.silent_for.tolist() == [DEAD_AFTER + 50 if unit == 3 else 0 for unit in range(30)]  # type: ignore[operator]


def test_once_trained_alpha_times_as_many_units_are_kept() -> None:
    model, x = build("k-sparse", k=4, alpha=2.5), pictures()
    assert ((model.train().encode(x) != 0).sum(1) == 4).all()
    assert ((model.eval().encode(x) != 0).sum(1) == 10).all()
    assert ((build("k-sparse", k=20, alpha=4.0).eval().encode(x) != 0).sum(1) == 30).all()


def test_a_k_sparse_network_starts_at_the_mean_picture() -> None:
    model, x = build("k-sparse", k=4), pictures()
    model.initialise_from(x)
    mean = x.mean(0, keepdim=True)
    torch.testing.assert_close(model.encoder(mean.flatten(1)), torch.zeros(1, 30), atol=1e-5, rtol=0)
    torch.testing.assert_close(model.decode(torch.zeros(1, 30)), mean)
