"""The convolutional variants: pictures of any size keep it, and sliding a picture slides its maps."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aecore.nn.convolution import Double, Halve
from aecore.nn.layers import ACTIVATIONS
from aecore.settings import SettingsError
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder


def build(shape: tuple[int, ...], name: str = "convolutional", **values: Any) -> Autoencoder:
    variant = VARIANTS[name]
    return variant.build(
        variant.settings_class(**({"channels": (3, 4), "latent_size": 5} | values)),
        shape,
        torch.Generator().manual_seed(0),
    )


@settings(max_examples=60)
@given(
    height=st.integers(2, 33), width=st.integers(2, 33), colours=st.sampled_from([1, 3]), kernel=st.integers(2, 7),
    channels=st.lists(st.integers(1, 5), min_size=1, max_size=4), shrink=st.sampled_from(["pooling", "strides"]),
    bottleneck=st.sampled_from(["dense", "maps"]),
)  # fmt: skip
def test_pictures_of_every_size_come_back_in_their_size(
    height: int, width: int, colours: int, kernel: int, channels: list[int], shrink: str, bottleneck: str
) -> None:
    shape = (colours, height, width)
    assume(kernel <= min(height, width) and len(channels) <= (max(height, width) - 1).bit_length())
    model = build(shape, channels=tuple(channels), kernel_size=kernel, shrink=shrink, bottleneck=bottleneck).eval()
    z = model.encode(torch.rand(2, *shape))
    assert z.shape == (2, model.latent_size)
    assert model.decode(z).shape == (2, *shape)
    sizes = model.settings.layer_sizes(shape)
    assert sizes[0] == colours * height * width
    assert sizes[-1] == model.latent_size


@pytest.mark.parametrize("shrink", ["pooling", "strides"])
@pytest.mark.parametrize("kernel", [2, 3, 4, 5])
def test_a_picture_that_slides_by_two_pixels_slides_its_maps_by_one(kernel: int, shrink: str) -> None:
    layer = Halve(1, 3, kernel, shrink, ("relu", ACTIVATIONS["relu"]()), torch.Generator().manual_seed(0))  # type: ignore[arg-type]
    x = torch.zeros(1, 1, 20, 20)
    x[:, :, 8:12, 8:12] = torch.rand(4, 4)
    before, after = layer(x), layer(x.roll((2, 2), (2, 3)))
    torch.testing.assert_close(after[:, :, 1:, 1:], before[:, :, :-1, :-1])


@pytest.mark.parametrize("kernel", [2, 3, 4, 5])
def test_the_transposed_convolution_is_the_mirror_image_of_the_strided_one(kernel: int) -> None:
    """<Halve(x), z> = <x, Double(z)> when both have the same weights and no biases."""
    rng = torch.Generator().manual_seed(0)
    down = Halve(2, 3, kernel, "strides", ("linear", ACTIVATIONS["linear"]()), rng)
    up = Double(3, 2, kernel, "strides", (9, 10), rng)
    with torch.no_grad():
        up.convolution.weight.copy_(down.convolution.weight)
    x, z = torch.rand(1, 2, 9, 10), torch.rand(1, 3, 5, 5)
    torch.testing.assert_close((down(x) * z).sum(), (x * up(z)).sum())


def test_maps_are_written_one_after_the_other() -> None:
    model, x = build((1, 9, 9), bottleneck="maps"), torch.rand(2, 1, 9, 9)
    assert torch.equal(model.encode(x).unflatten(1, (4, 3, 3)), model.encoder[:-1](x))  # type: ignore[index]


def test_filters_are_the_first_kernels() -> None:
    assert build((3, 9, 9), kernel_size=5).filters().shape == (3, 3, 5, 5)  # type: ignore[union-attr]


def test_the_sparse_one_pays_for_every_number_of_its_code() -> None:
    model, x = build((1, 9, 9), "sparse-convolutional", sparsity=0.2), torch.rand(4, 1, 9, 9)
    z = model.encode(x)
    assert z.shape == (4, 4 * 3 * 3)
    assert model.loss_terms(x, x, torch.Generator())["sparsity (L1)"].item() == pytest.approx(
        0.2 * z.abs().sum().item() / 4 / 81, rel=1e-5
    )


def test_a_kernel_as_large_as_the_picture_is_taken_and_a_larger_one_refused() -> None:
    build((1, 5, 8), kernel_size=5)
    with pytest.raises(
        SettingsError, match="kernel_size is 6, larger than the pictures of 5 x 8 pixels; choose at most 5"
    ):
        build((1, 5, 8), kernel_size=6)


@pytest.mark.parametrize("count", [0, 9])
def test_no_convolution_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(SettingsError, match=f"channels: {count} convolutions"):
        build((1, 600, 600), channels=(2,) * count)
