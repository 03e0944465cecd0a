"""The contract of every variant, over pictures, colour pictures and tables."""

from __future__ import annotations

import ast
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

import aecore
from aecore.settings import Settings, SettingsError
from aecore.training.evaluation import evaluate
from aecore.training.loop import TrainingSettings, begin, fit
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder

SHAPES = [(1, 8, 8), (3, 8, 8), (12,)]
PAIRS = [
    (name, shape)
    for name, variant in VARIANTS.items()
    for shape in SHAPES
    if len(shape) == 3 or not variant.needs_image
]
SMALL: dict[str, Any] = {
    "latent_size": 5, "widths": (9,), "activation": "tanh", "code_activation": "linear", "k": 3,
    "channels": (4,), "likelihood": "gaussian"
}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {"deep": {"activation": "sigmoid", "layer_epochs": 5}, "stacked": {"layer_epochs": 5}}
"""What some variants cannot do without."""
every_variant = pytest.mark.parametrize("name", VARIANTS)
every_pair = pytest.mark.parametrize(("name", "shape"), PAIRS, ids=str)


def settings_of(name: str, **values: Any) -> Settings:
    """Small settings for `name`, as far as it has them; smooth activations, so that no unit is born dead."""
    known = {each.name for each in VARIANTS[name].settings_class.knobs()}
    wanted = SMALL | OWN.get(name, {}) | values
    return VARIANTS[name].settings_class.from_dict({key: value for key, value in wanted.items() if key in known})


def build(name: str, shape: tuple[int, ...], seed: int = 0, **values: Any) -> Autoencoder:
    return VARIANTS[name].build(settings_of(name, **values), shape, torch.Generator().manual_seed(seed))


def examples(shape: tuple[int, ...], count: int = 6) -> Tensor:
    """Numbers in [0, 1] that have something in common: mixtures of three patterns."""
    rng = torch.Generator().manual_seed(3)
    patterns, shares = torch.rand(3, math.prod(shape), generator=rng), torch.rand(count, 3, generator=rng)
    return (shares @ patterns / 3).unflatten(1, shape)


def losses(model: Autoencoder, x: Tensor) -> dict[str, Tensor]:
    return model.loss_terms(x, x, torch.Generator().manual_seed(0))


def total(model: Autoencoder, x: Tensor) -> Tensor:
    return torch.stack(list(losses(model, x).values())).sum()


@every_variant
def test_the_table_tells_what_a_page_needs(name: str) -> None:
    variant = VARIANTS[name]
    assert variant.title
    assert variant.idea.endswith(".")
    assert variant.settings_class.__name__ == f"{variant.model_class.__name__}Settings"
    assert issubclass(variant.model_class, Autoencoder)
    assert variant.formula.count("{") == variant.formula.count("}") > 0 or "\\" in variant.formula
    assert "Source:" in (variant.model_class.__doc__ or "")


@every_pair
def test_examples_become_codes_and_codes_become_examples(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).eval(), examples(shape)
    z = model.encode(x)
    assert z.shape == (6, model.latent_size)
    assert model.latent_size == model.settings.code_size(shape)
    assert model.decode(z).shape == x.shape
    torch.testing.assert_close(model(x), model.decode(z), rtol=0, atol=0)


@every_pair
def test_one_example_alone_gives_what_it_gives_among_others(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).eval(), examples(shape)
    torch.testing.assert_close(model(x[2:3])[0], model(x)[2])


@every_pair
@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_the_loss_terms_are_finite_scalars_and_move_every_weight(name: str, shape: tuple[int, ...], loss: str) -> None:
    model = build(name, shape, loss=loss, output="sigmoid")
    terms = losses(model, examples(shape))
    assert terms
    for label, value in terms.items():
        assert label == label.strip() != ""
        assert value.shape == ()
        assert value.isfinite()
    torch.stack(list(terms.values())).sum().backward()
    for key, weight in model.named_parameters():
        assert weight.grad is not None, key
        assert weight.grad.isfinite().all(), key
        assert weight.grad.abs().sum() > 0, key


@every_pair
def test_the_gradient_is_the_slope_of_the_loss(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), examples(shape)
    before = total(model, x)
    before.backward()
    slope = sum(float((weight.grad**2).sum()) for weight in model.parameters() if weight.grad is not None)
    step = 1e-3 / math.sqrt(slope)
    with torch.no_grad():
        for weight in model.parameters():
            weight -= step * weight.grad
        fall = float(before - total(model, x))
    assert fall / step == pytest.approx(slope, rel=0.05)


@every_pair
def test_the_same_seed_gives_the_same_weights_and_another_one_others(name: str, shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    first = build(name, shape).state_dict()
    torch.manual_seed(2)  # the global generator has no say
    again, other = build(name, shape).state_dict(), build(name, shape, seed=1).state_dict()
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert any(not torch.equal(first[key], other[key]) for key in first)


@every_pair
def test_building_and_losing_leave_the_global_generator_alone(name: str, shape: tuple[int, ...]) -> None:
    before = torch.get_rng_state()
    losses(build(name, shape), examples(shape))
    assert torch.equal(torch.get_rng_state(), before)


@every_pair
def test_float64_gives_the_same_numbers_every_time_and_agrees_with_float32(name: str, shape: tuple[int, ...]) -> None:
    single, double, x = build(name, shape).eval(), build(name, shape).double().eval(), examples(shape)
    exact = double(x.double())
    assert exact.dtype == torch.float64
    assert torch.equal(exact, double(x.double()))
    torch.testing.assert_close(single(x).double(), exact, rtol=1e-4, atol=1e-5)


@every_variant
def test_settings_survive_json(name: str) -> None:
    before = settings_of(name)
    assert type(before).from_dict(json.loads(before.to_json())) == before


@every_pair
def test_filters_are_pictures_of_the_first_layer(name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape)
    filters = model.filters()
    if filters is not None:
        assert filters.shape[1:] == shape or (len(shape) == 3 and filters.shape[1] == shape[0] and filters.ndim == 4)
        assert len(filters) >= 1
        assert not filters.requires_grad
        assert any(
            weight.numel() == filters.numel() and torch.equal(weight.flatten(), filters.flatten())
            for weight in model.parameters()
        )


@every_pair
def test_weights_survive_their_file(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    model, other, x = build(name, shape).eval(), build(name, shape, seed=1).eval(), examples(shape)
    save_file(model.state_dict(), tmp_path / "w.safetensors")
    other.load_state_dict(load_file(tmp_path / "w.safetensors"))
    assert torch.equal(model(x), other(x))


@every_pair
def test_a_few_epochs_lower_the_loss(name: str, shape: tuple[int, ...]) -> None:
    settings = TrainingSettings(epochs=40, batch_size=16, learning_rate=0.01, device="cpu", precision="full")
    x = examples(shape, 64)
    records = [each for each in fit(begin(build(name, shape), settings), x, x, settings) if each.is_epoch]
    first, last = records[0], records[-1]
    in_its_phase = next(each for each in records if each.phase == last.phase)
    assert sum(last.validation.values()) < sum(in_its_phase.validation.values())
    assert last.validation_mse < 0.7 * first.validation_mse


@every_pair
def test_a_sigmoid_keeps_every_decoded_number_in_0_to_1(name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape, output="sigmoid").eval()
    if model.settings.output != "sigmoid":
        pytest.skip(f"{name} has no sigmoid output")
    with torch.no_grad():
        for weight in model.parameters():
            weight *= 100  # far into both ends of the sigmoid
        x = model.decode(10 * torch.randn(50, model.latent_size, generator=torch.Generator().manual_seed(0)))
    assert 0 <= float(x.min()) < 0.01
    assert 0.99 < float(x.max()) <= 1


@every_pair
def test_the_reconstruction_loss_is_the_mean_squared_error_per_pixel_or_tells_its_unit(
    name: str, shape: tuple[int, ...]
) -> None:
    model, x = build(name, shape, loss="mse").eval(), examples(shape)
    terms = losses(model, x)
    if "reconstruction" not in terms:
        assert all(label.endswith("(nats)") for label in terms)
        return
    expected = float(((model(x).detach().double().numpy() - x.double().numpy()) ** 2).mean())
    assert terms["reconstruction"].item() == pytest.approx(expected, rel=1e-5)


@every_pair
def test_examining_gives_the_loss_terms_and_the_reconstruction(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).eval(), examples(shape)
    terms, reconstruction = model.examine(x, torch.Generator().manual_seed(0))
    expected = losses(model, x)
    assert terms.keys() == expected.keys()
    for label, value in terms.items():
        torch.testing.assert_close(value, expected[label])
    torch.testing.assert_close(reconstruction, model(x))


@every_pair
def test_bfloat16_steps_have_nearly_the_same_loss_and_finite_gradients(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), examples(shape)
    expected = float(total(model, x).detach())
    with torch.autocast("cpu", torch.bfloat16):
        loss = total(model, x)
    loss.backward()
    assert loss.dtype == torch.float32
    assert float(loss.detach()) == pytest.approx(expected, rel=0.05, abs=0.01)
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in model.parameters())


@every_pair
def test_the_network_sees_the_corruption_and_its_target_is_clean(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).eval(), examples(shape)
    noisy, rng = x - 0.5 * x.flip(0), torch.Generator()  # numbers below zero as well, as after Gaussian noise
    seen = model.loss_terms(noisy, x, rng.manual_seed(0))
    target = model.loss_terms(x, x - 0.3, rng.manual_seed(0))
    plain = model.loss_terms(x, x, rng.manual_seed(0))
    assert all(value.isfinite() for value in (*seen.values(), *target.values()))
    label = next(iter(plain))
    assert float(seen[label].detach()) != float(plain[label].detach())
    assert float(target[label].detach()) != float(plain[label].detach())


@every_variant
def test_evaluation_gives_the_same_figures_every_time(name: str) -> None:
    model, x = build(name, SHAPES[0]), examples(SHAPES[0], 30)
    assert evaluate(model, x) == evaluate(model, x)
    assert model.training


@every_variant
def test_meeting_the_data_changes_no_shape_and_keeps_the_loss_finite(name: str) -> None:
    model, x = build(name, SHAPES[0]), examples(SHAPES[0])
    before = {key: value.shape for key, value in model.state_dict().items()}
    model.initialise_from(x)
    assert {key: value.shape for key, value in model.state_dict().items()} == before
    assert total(model, x).isfinite()


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if variant.needs_image])
def test_a_variant_that_needs_pictures_refuses_a_table_in_a_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match="needs pictures.*12 numbers"):
        build(name, (12,))


@every_variant
def test_a_variant_imports_no_other(name: str) -> None:
    files = {variant.model.split(":")[0] for variant in VARIANTS.values()}
    mine = VARIANTS[name].model.split(":")[0]
    tree = ast.parse((Path(aecore.__file__).parent / "variants" / f"{mine}.py").read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert not imported & {f"aecore.variants.{each}" for each in files - {mine}}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_explained_with_its_formula_and_cites_on_screen_what_its_file_cites(name: str) -> None:
    variant = VARIANTS[name]
    assert len(variant.how) > 150
    assert all(re.search(r"\\[a-z]+|\^", part) for part in (variant.formula,))
    text = (Path(aecore.__file__).parent / "variants" / f"{variant.model.split(':')[0]}.py").read_text()
    cited = re.findall(r"([A-ZŁ][\w]+)[^;]*? ((?:19|20)\d\d)", variant.source)
    assert cited
    for author, year in cited:
        assert re.search(rf"{author}[^;]{{0,120}}{year}", text, re.DOTALL), f"{author} {year}"
