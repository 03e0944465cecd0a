"""The mosaic of pictures: every tile comes back where its number says, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.latent.atlas import EDGE, LONGEST, Mosaic, mosaic_of, write_atlas


def tile(path: Path, mosaic: Mosaic, number: int) -> np.ndarray:
    """Cut out as the browser does it."""
    left, top = number % mosaic.columns * mosaic.width, number // mosaic.columns * mosaic.height
    return np.asarray(Image.open(path).convert("RGB"))[top : top + mosaic.height, left : left + mosaic.width]


@pytest.mark.parametrize(("count", "channels", "high", "wide"), [(1, 1, 8, 8), (7, 1, 8, 5), (300, 3, 9, 14)])
def test_every_tile_comes_back_bit_by_bit(tmp_path: Path, count: int, channels: int, high: int, wide: int) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (count, channels, high, wide), np.uint8)
    mosaic = write_atlas(pictures, tmp_path / "new" / "atlas.webp")
    assert (mosaic.width, mosaic.height, mosaic.count) == (wide, high, count)
    for number in {0, count // 2, count - 1}:
        expected = np.broadcast_to(pictures[number].transpose(1, 2, 0), (high, wide, 3))
        np.testing.assert_array_equal(tile(tmp_path / "new" / "atlas.webp", mosaic, number), expected)


def test_floats_are_rounded_and_what_is_no_number_is_black(tmp_path: Path) -> None:
    pictures = np.array([0.0, 0.5, 1.0, np.nan, -3.0, 7.0], np.float32).reshape(1, 1, 2, 3)
    mosaic = write_atlas(pictures, tmp_path / "atlas.webp")
    assert tile(tmp_path / "atlas.webp", mosaic, 0)[..., 0].tolist() == [[0, 128, 255], [0, 0, 255]]


def test_large_pictures_are_scaled_down_and_keep_their_proportions_and_mean(tmp_path: Path) -> None:
    pictures = np.zeros((2, 3, 64, 48), np.uint8)
    pictures[1, 0, :32], pictures[1, 2, 32:] = 200, 90
    mosaic = write_atlas(pictures, tmp_path / "atlas.webp")
    assert (mosaic.width, mosaic.height) == (24, EDGE)
    found = tile(tmp_path / "atlas.webp", mosaic, 1)
    assert (found[:16] == [200, 0, 0]).all()
    assert (found[16:] == [0, 0, 90]).all()


@pytest.mark.parametrize("shape", [(10_000, 1, 28, 28), (65_536, 3, 32, 32), (60_000, 1, 32, 3), (5, 1, 3, 900)])
def test_no_edge_of_a_mosaic_is_longer_than_browsers_take(shape: tuple[int, ...]) -> None:
    mosaic = mosaic_of(shape)
    rows = -(-mosaic.count // mosaic.columns)
    assert mosaic.columns * mosaic.width <= LONGEST
    assert rows * mosaic.height <= LONGEST


@pytest.mark.parametrize("shape", [(0, 1, 8, 8), (4, 2, 8, 8), (4, 64), (70_000, 1, 32, 32)])
def test_what_makes_no_mosaic_is_refused_in_a_sentence(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"mosaic is made of|do not fit"):
        write_atlas(np.zeros(shape, np.uint8), tmp_path / "atlas.webp")
    assert not list(tmp_path.iterdir())
