"""OOD inputs: which properties of the data they keep, and which not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aecore.datasets import load
from aecore.diagnostics.ood_inputs import COUNT, fitted, ood_inputs


@pytest.mark.parametrize("name", ["digits", "shapes", "faces"])
def test_ood_inputs_have_the_shape_and_the_range_of_the_data(name: str) -> None:
    data = load(name)
    kinds = ood_inputs(data)
    assert {"noise", "shuffled"} < set(kinds)
    assert {"digits", "shapes", "faces"} - {name} <= set(kinds)
    assert name not in kinds
    for x in kinds.values():
        assert x.shape == (COUNT, *data.shape)
        assert x.dtype == np.float32
        assert x.min() >= 0
        assert x.max() <= 1
        assert x.std() > 0.05


def test_a_shuffled_picture_has_its_pixels_in_other_places_and_its_colours_together() -> None:
    data = load("faces")
    shuffled, known = ood_inputs(data)["shuffled"], data.validation.x[:COUNT]
    pixels = [{tuple(pixel) for pixel in picture.reshape(3, -1).T.tolist()} for picture in (shuffled[0], known[0])]
    assert pixels[0] == pixels[1]
    assert not np.array_equal(shuffled[0], known[0])
    assert np.sort(shuffled[5], axis=None) == pytest.approx(np.sort(known[5], axis=None))


def test_a_shuffled_table_keeps_its_columns_and_loses_its_rows() -> None:
    data = load("spiral")
    shuffled, known = ood_inputs(data)["shuffled"], data.validation.x[:COUNT]
    assert set(ood_inputs(data)) == {"noise", "shuffled"}
    assert np.array_equal(np.sort(shuffled, axis=0), np.sort(known, axis=0))
    assert not np.array_equal(shuffled, known)


def test_the_same_seed_gives_the_same_ood_inputs() -> None:
    data = load("digits")
    first, again, other = (ood_inputs(data, seed) for seed in (0, 0, 1))
    assert all(np.array_equal(first[kind], again[kind]) for kind in first)
    assert not np.array_equal(first["noise"], other["noise"])


def test_pictures_of_another_kind_are_scaled_and_greyed_or_doubled() -> None:
    colour = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert fitted(colour, (1, 28, 28)).shape == (4, 1, 28, 28)
    grey = fitted(colour[:, :1], (3, 8, 8))
    assert torch.equal(grey[:, 0], grey[:, 2])
    assert torch.allclose(fitted(torch.full((1, 1, 8, 8), 0.5), (3, 32, 32)), torch.full((3, 32, 32), 0.5))
