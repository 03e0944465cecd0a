"""The variational autoencoder: its terms against torch.distributions,
and its likelihood in a world where it is known.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, MultivariateNormal, Normal, kl_divergence

from aecore.training.evaluation import evaluate
from aecore.training.likelihood import active_units, log_likelihood, lower_bound
from aecore.variants import VARIANTS
from aecore.variants.variational import DIVERGENCE, RECONSTRUCTION, Variational, binarised, standard_kl

SHAPE = (1, 4, 4)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def build(shape: tuple[int, ...] = SHAPE, **values: Any) -> Variational:
    variant = VARIANTS["variational"]
    model = variant.build(variant.settings_class(**({"latent_size": 3, "widths": (9,)} | values)), shape, rng())
    assert isinstance(model, Variational)
    return model


def pictures(count: int = 30) -> Tensor:
    return torch.rand(count, *SHAPE, generator=rng(1))


def test_the_divergence_is_that_of_torch_distributions() -> None:
    mean, log_variance = torch.randn(20, 5, generator=rng(2)), torch.randn(20, 5, generator=rng(3))
    expected = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1)
    torch.testing.assert_close(standard_kl(mean, log_variance), expected)
    assert torch.equal(standard_kl(torch.zeros(1, 5), torch.zeros(1, 5)), torch.zeros(1))


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_the_likelihood_is_that_of_torch_distributions(likelihood: str, output: str) -> None:
    if (likelihood, output) == ("bernoulli", "linear"):
        pytest.skip("refused by the settings")
    model, z = build(likelihood=likelihood, output=output, spread=0.3), torch.randn(30, 3, generator=rng(2))
    x = (pictures() > 0.5).float()
    y = model.decode(z)
    expected = (Bernoulli(y) if likelihood == "bernoulli" else Normal(y, 0.3)).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(model.log_likelihood(x, z), expected, rtol=1e-4, atol=1e-4)


def test_beta_weighs_the_divergence_and_nothing_else() -> None:
    one, four = (build(beta=beta).loss_terms(pictures(), pictures(), rng()) for beta in (1.0, 4.0))
    assert torch.equal(one[RECONSTRUCTION], four[RECONSTRUCTION])
    torch.testing.assert_close(4 * one[DIVERGENCE], four[DIVERGENCE])


def test_the_code_is_the_middle_of_the_cloud_and_does_not_jitter() -> None:
    model, x = build().eval(), pictures()
    assert torch.equal(model.encode(x), model.posterior(x)[0])
    assert torch.equal(model.encode(x), model.encode(x))


def test_the_loss_is_minus_the_mean_lower_bound() -> None:
    model, x = build().eval(), pictures(5).repeat(4000, 1, 1, 1)
    loss = sum(float(value.detach()) for value in model.loss_terms(x, x, rng(4)).values())
    assert loss == pytest.approx(-float(lower_bound(model, x, rng(5)).mean()), rel=1e-3)


def test_a_tossed_pixel_is_white_as_often_as_it_is_bright() -> None:
    x = torch.full((40_000, 1), 0.3)
    seen, target = binarised(x, x, rng())
    assert seen is target
    assert set(target.unique().tolist()) == {0.0, 1.0}
    assert float(target.mean()) == pytest.approx(0.3, abs=0.01)


def test_a_corrupted_picture_stays_corrupted_when_it_is_binarised() -> None:
    clean = pictures()
    seen, target = binarised(torch.zeros_like(clean), clean, rng())
    assert not seen.any()
    assert target.any()


def test_pixels_are_tossed_anew_in_training_and_in_one_fixed_way_in_evaluation() -> None:
    model, x, moving = build(binarise=True), pictures(), rng()
    first, second = model.loss_terms(x, x, moving), model.loss_terms(x, x, moving)
    assert not torch.equal(first[RECONSTRUCTION], second[RECONSTRUCTION])
    assert evaluate(model, x) == evaluate(model, x)


def test_it_starts_at_the_mean_picture() -> None:
    model, x = build(), pictures()
    model.initialise_from(x)
    with torch.no_grad():
        model.decoder[-4].weight.zero_()  # type: ignore[index,operator,union-attr]
        model.decoder[-4].bias.zero_()  # type: ignore[index,operator,union-attr]
        torch.testing.assert_close(model.decode(torch.randn(1, 3))[0], x.mean(0), atol=1e-5, rtol=0)


def test_pixels_that_are_always_black_may_still_turn_out_white() -> None:
    model = build()
    model.initialise_from(torch.zeros(10, *SHAPE))
    assert float(model.decoder[-2].bias.detach().min()) == pytest.approx(-5, abs=1e-3)  # type: ignore[index,operator,union-attr]


def test_generated_pictures_are_decoded_draws_from_the_standard_normal() -> None:
    model = build().eval()
    x = model.generate(6, rng(3))
    assert torch.equal(x, model.decode(torch.randn(6, 3, generator=rng(3))))
    assert x.shape == (6, *SHAPE)


@pytest.fixture
def linear_world() -> tuple[Variational, Tensor, Tensor]:
    """A linear Gaussian model of 6 numbers with 2 causes: p(x) = N(c, V V^T + 0.25 I) is known. Model, x, log p(x)."""
    model = build((6,), widths=(), latent_size=2, likelihood="gaussian", output="linear", spread=0.5).double().eval()
    with torch.no_grad():
        model.encoder[0].weight.mul_(0.2)  # type: ignore[index,operator,union-attr]  # a cloud near the standard one, wide enough for any x
    v, c = model.decoder[0].weight.detach(), model.decoder[0].bias.detach()  # type: ignore[index,operator,union-attr]
    truth = MultivariateNormal(c, v @ v.T + 0.25 * torch.eye(6, dtype=torch.float64))
    x = torch.randn(40, 2, generator=rng(7), dtype=torch.float64) @ v.T + 0.5 * torch.randn(
        40, 6, generator=rng(8), dtype=torch.float64
    )
    return model, x, truth.log_prob(x)


def test_the_importance_weighted_estimate_converges_to_the_known_likelihood(
    linear_world: tuple[Variational, Tensor, Tensor],
) -> None:
    model, x, truth = linear_world
    estimate = log_likelihood(model, x, 20_000, rng())
    assert float((estimate - truth).abs().mean()) < 0.05


def test_more_samples_raise_the_bound_which_starts_at_the_variational_one(
    linear_world: tuple[Variational, Tensor, Tensor],
) -> None:
    model, x, truth = linear_world
    many = x.repeat(300, 1)
    bounds = [float(log_likelihood(model, many, samples, rng()).mean()) for samples in (1, 5, 50)]
    assert float(lower_bound(model, many, rng(1)).mean()) == pytest.approx(bounds[0], rel=0.02)
    assert bounds[0] < bounds[1] < bounds[2] < float(truth.mean())


def test_with_the_exact_posterior_one_sample_is_enough(linear_world: tuple[Variational, Tensor, Tensor]) -> None:
    """The cloud of this world is known where V's columns stand at right angles; then every weight is p(x) itself."""
    model, x, _ = linear_world
    with torch.no_grad():
        v = torch.linalg.qr(model.decoder[0].weight)[0]  # type: ignore[index,arg-type,union-attr]
        model.decoder[0].weight.copy_(v)  # type: ignore[index,operator,union-attr]
        variance = 1 / (1 + 1 / 0.25)  # of each cause, given x
        model.encoder[0].weight.copy_(torch.cat([variance / 0.25 * v.T, torch.zeros(2, 6)]))  # type: ignore[index,operator,union-attr]
        model.encoder[0].bias.copy_(torch.log(torch.tensor([1.0, 1.0, variance, variance])))  # type: ignore[index,operator,union-attr]
    truth = MultivariateNormal(torch.zeros(6).double(), v @ v.T + 0.25 * torch.eye(6).double()).log_prob(x)
    torch.testing.assert_close(log_likelihood(model, x, 1, rng()), truth)


def test_estimating_in_parts_gives_the_same_as_at_once(
    monkeypatch: pytest.MonkeyPatch, linear_world: tuple[Variational, Tensor, Tensor]
) -> None:
    model, x, _ = linear_world
    whole = log_likelihood(model, x, 5000, rng())
    monkeypatch.setattr("aecore.training.likelihood.ROWS", 15_000)
    assert float((log_likelihood(model, x, 5000, rng()) - whole).abs().mean()) < 0.1
    assert whole.shape == (40,)


def test_units_whose_mean_hardly_moves_do_not_count_as_active() -> None:
    means = torch.stack([torch.linspace(-1, 1, 100), torch.full((100,), 3.0), 0.05 * torch.linspace(-1, 1, 100)], 1)
    assert active_units(means) == 1


def test_data_whose_output_is_linear_get_a_gaussian_likelihood() -> None:
    defaults_for = VARIANTS["variational"].settings_class.defaults_for
    assert defaults_for((2,), {"output": "linear", "latent_size": 1})["likelihood"] == "gaussian"
    assert "likelihood" not in defaults_for((1, 8, 8), {})
