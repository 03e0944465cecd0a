"""Looks inside, against linear algebra done by hand, torch.autograd and torch.distributions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from aecore.diagnostics.activity import (
    TOP,
    explained_variance,
    layer_filters,
    look_inside,
    singular_values,
    top_activations,
    unit_contributions,
)
from aecore.diagnostics.records import KEPT, THRESHOLDS, Inside, cut_insides, inside_steps, read_inside, write_inside
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder

SHAPES = [(1, 8, 8), (3, 8, 8), (12,), (2,)]
PAIRS = [
    (name, shape)
    for name, variant in VARIANTS.items()
    for shape in SHAPES
    if len(shape) == 3 or not variant.needs_image
]
SMALL: dict[str, Any] = {"latent_size": 7, "widths": (9,), "k": 3, "channels": (4,), "likelihood": "gaussian"}


def build(name: str, shape: tuple[int, ...] = (1, 8, 8), **values: Any) -> Autoencoder:
    settings_class = VARIANTS[name].settings_class
    known = {each.name for each in settings_class.knobs()}
    chosen = {key: value for key, value in (SMALL | values).items() if key in known}
    if shape == (2,) and name in ("undercomplete", "linear", "stacked", "deep"):
        chosen["latent_size"] = 1
    model = VARIANTS[name].build(settings_class.from_dict(chosen), shape, torch.Generator().manual_seed(3))
    return model.eval()


def examples(shape: tuple[int, ...] = (1, 8, 8), count: int = 40, seed: int = 0) -> Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(seed))


def matrices(model: Autoencoder) -> tuple[Tensor, Tensor]:
    """Encoder and decoder of the linear variant: (Z, D) and (D, Z)."""
    return model.encoder[0].weight.detach(), model.decoder[0].weight.detach()  # type: ignore[index]


@pytest.mark.parametrize(("name", "shape"), PAIRS, ids=str)
def test_every_variant_can_be_looked_into_and_is_not_disturbed(name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape).train()
    before, draws = {key: value.clone() for key, value in model.state_dict().items()}, torch.get_rng_state()
    x = examples(shape)
    inside = look_inside(model, x, x[:16], {"noise": examples(shape, seed=1)}, 5, 0.5)
    size = model.latent_size
    assert inside.active.shape == (len(THRESHOLDS), size)
    assert inside.variance.shape == (size,)
    assert list(inside.kinds) == ["data", "noise"]
    assert inside.shown_in.shape == inside.shown_out.shape == (2, 6, *shape)
    assert inside.top_contributions.shape == (8, min(TOP, size), *shape)
    assert inside.singular.shape == (min(size, int(np.prod(shape))),)
    assert [layer.shape[1:] for layer in inside.layers()] == [shape] * len(inside.layer_sizes)
    assert all(
        np.isfinite(each).all()
        for each in inside.__dict__.values()
        if isinstance(each, np.ndarray) and each.dtype.kind == "f"
    )
    assert model.training
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), draws)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_looks_shares_are_counts_of_the_codes() -> None:
    model, x = build("sparse-l1", latent_size=20), examples()
    inside = look_inside(model.train(), x, x[:16], {}, 0, 0.0)
    z = model.eval().encode(x).detach().numpy()
    for row, threshold in enumerate(THRESHOLDS):
        assert inside.active[row] == pytest.approx((np.abs(z) > threshold).mean(0))
        assert inside.active_units[row] == pytest.approx((np.abs(z) > threshold).sum(1).mean())
    assert inside.variance == pytest.approx(z.var(0), rel=1e-4)


def test_the_explained_variance_is_one_for_a_copy_and_zero_for_the_mean() -> None:
    x = examples()
    assert float(explained_variance(x, x)) == 1
    assert float(explained_variance(x, x.mean(0).expand_as(x))) == pytest.approx(0, abs=1e-6)
    assert float(explained_variance(x, 1 - x)) < 0
    half = (x + x.mean(0)) / 2
    assert float(explained_variance(x, half)) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("name", "values"),
    [("linear", {}), ("contractive", {}), ("contractive", {"widths": (11,)}), ("convolutional", {"shrink": "strides"})],
    ids=str,
)
def test_singular_values_are_those_of_autograds_jacobian(name: str, values: dict[str, Any]) -> None:
    model, x = build(name, **values), examples(count=4)
    expected = []
    for each in x:
        jacobian = torch.autograd.functional.jacobian(lambda one: model.encode(one[None])[0], each).flatten(1)
        expected.append(np.linalg.svd(jacobian.numpy(), compute_uv=False))
    assert singular_values(model, x).numpy() == pytest.approx(np.mean(expected, axis=0), rel=1e-3, abs=1e-5)


def test_the_filters_of_a_linear_network_are_its_weights_and_of_a_rectified_one_the_open_paths() -> None:
    linear, x = build("linear"), examples()
    (filters,) = layer_filters(linear, x)
    assert torch.allclose(filters.flatten(1), matrices(linear)[0], atol=1e-6)
    deep = build("undercomplete", widths=(9,), activation="relu", code_activation="linear")
    first, second = layer_filters(deep, x)
    w1, w2 = (layer.weight.detach() for layer in deep.encoder if hasattr(layer, "weight"))  # type: ignore[union-attr]
    is_open = (deep.encoder[1](deep.encoder[0](x.flatten(1))) > 0).float().detach()  # type: ignore[index]
    assert torch.allclose(first.flatten(1), w1, atol=1e-6)
    assert torch.allclose(second.flatten(1), w2 @ (is_open.mean(0)[:, None] * w1), atol=1e-5)


def test_a_convolutions_filter_is_its_kernel_at_the_middle_of_the_picture() -> None:
    model = build("convolutional", kernel_size=3, shrink="strides")
    first = layer_filters(model, examples())[0]
    kernels = next(layer for layer in model.encoder.modules() if isinstance(layer, torch.nn.Conv2d)).weight.detach()
    assert all(
        torch.allclose(picture[picture != 0], kernel.flatten(), atol=1e-6)
        for picture, kernel in zip(first, kernels, strict=True)
    )


def test_what_a_linear_unit_paints_is_its_column_of_the_decoder() -> None:
    model, x = build("linear"), examples()
    z, columns = model.encode(x).detach(), matrices(model)[1].T
    units, contributions = unit_contributions(model, z)
    deviation = z.std(0, correction=0)
    assert deviation[units].tolist() == sorted(deviation.tolist(), reverse=True)
    assert torch.allclose(contributions.flatten(1), (deviation[units, None] * columns[units]), atol=1e-5)


def test_a_picture_is_its_resting_picture_and_what_each_unit_adds() -> None:
    model, x = build("linear"), examples()
    z = model.encode(x).detach()
    rest = z.median(0).values
    units, values, added = (each.detach() for each in top_activations(model, z[:5], rest))
    assert torch.equal(values, z[:5].gather(1, units))
    distance = (values - rest[units]).abs()
    assert torch.equal(distance, distance.sort(1, descending=True).values)
    assert torch.allclose(model.decode(rest[None]) + added.sum(1), model.decode(z[:5]), atol=1e-5)


def test_the_divergence_of_each_unit_is_that_of_torch_distributions() -> None:
    model, x = build("variational"), examples()
    mean, log_variance = model.posterior(x)  # type: ignore[operator]
    expected = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).mean(0)
    assert torch.allclose(model.divergences(x), expected, atol=1e-5)  # type: ignore[arg-type]
    assert build("linear").divergences(x) is None


def look(step: int) -> Inside:
    x = examples()
    return look_inside(build("undercomplete"), x, x[:16], {"noise": x}, step, step / 10)


def test_a_look_inside_is_read_back_as_it_was(tmp_path: Path) -> None:
    inside = look(7)
    write_inside(tmp_path, inside)
    found = read_inside(tmp_path, 7)
    assert found is not None
    assert (found.step, found.epoch) == (7, 0.7)
    for name, value in inside.__dict__.items():
        assert np.array_equal(getattr(found, name), value), name


def test_of_many_looks_the_first_the_last_and_some_between_are_kept(tmp_path: Path) -> None:
    inside = look(0)
    for step in range(3 * KEPT):
        write_inside(tmp_path, Inside(**{**inside.__dict__, "step": step}))
    steps = inside_steps(tmp_path)
    assert len(steps) == KEPT
    assert (steps[0], steps[-1]) == (0, 3 * KEPT - 1)
    cut_insides(tmp_path, steps[3])
    assert inside_steps(tmp_path) == steps[:4]


def test_a_broken_look_inside_is_none(tmp_path: Path) -> None:
    write_inside(tmp_path, look(1))
    (tmp_path / "inside" / "000000002.npz").write_bytes(b"nothing")
    assert read_inside(tmp_path, 2) is None
    assert read_inside(tmp_path, 3) is None
    assert read_inside(tmp_path, 1) is not None
