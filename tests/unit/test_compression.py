"""Bytes and errors of every compression method, against figures computed by other means."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from aecore.analyses.codecs import FORMATS, blank_bytes, cut, from_file, mosaic, resized, to_file
from aecore.analyses.rate_distortion import (
    FORMS,
    WAYS,
    Codec,
    Compressed,
    Quantiser,
    break_even,
    break_even_with_all,
    cheapest_as_good,
    compress_codes,
    compress_files,
    decoder_bytes,
    pca_codec,
    raw,
)
from aecore.datasets import load
from aecore.experiment.settings import RunSettings
from aecore.metrics.baselines import fit_pca
from aecore.pretrained import builtin
from aecore.variants import VARIANTS


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return (load("digits").test.x[:40] * 255).round().astype(np.uint8)


def compressed(per_picture: float, once: int = 0, psnr: float = 30.0) -> Compressed:
    return Compressed("x", None, "", per_picture, once, 0.001, psnr, 0.9, 1, np.zeros((1, 1, 2, 2), np.uint8))


def test_eight_bits_are_never_off_by_more_than_half_a_step() -> None:
    codes = np.random.default_rng(0).normal(size=(500, 7)) * [0.01, 0.1, 1, 5, 20, 300, 1]
    quantiser = Quantiser.between(codes)
    off = np.abs(quantiser.values(quantiser.levels(codes)) - codes)
    assert (off <= (codes.max(0) - codes.min(0)) / 255 / 2 * 1.0001).all()
    assert (off.max(0) > (codes.max(0) - codes.min(0)) / 255 / 2 * 0.9).all()
    assert quantiser.bytes == 7 * 2 * 4


def test_a_constant_unit_keeps_its_value_and_values_outside_take_the_last_level() -> None:
    quantiser = Quantiser.between(np.array([[3.0, 0.0], [3.0, 1.0]]))
    assert quantiser.values(quantiser.levels(np.array([[3.0, 9.0], [3.0, -9.0]]))) == pytest.approx(
        np.array([[3, 1], [3, 0]])
    )


def test_a_code_takes_four_two_and_one_byte_a_number_and_zlib_what_zlib_says(pictures: np.ndarray) -> None:
    copy = Codec("copy", 64, lambda x: x.reshape(len(x), -1), lambda z: z, 1000)
    train = np.stack([np.zeros((1, 8, 8), np.float32), np.ones((1, 8, 8), np.float32)])
    ways = {each.form: each for each in compress_codes(copy, train, pictures)}
    assert tuple(ways) == FORMS
    assert [ways[form].per_picture for form in FORMS[:3]] == [256, 128, 64]
    assert ways["8-bit, zlib"].per_picture == len(
        zlib.compress(pictures.reshape(len(pictures), -1).T.tobytes(), 9)
    ) / len(pictures)
    assert [ways[form].once for form in FORMS] == [1000, 1000, 1000 + 8 * 64, 1000 + 8 * 64]
    assert all(each.is_lossless for each in ways.values())  # 256 shades fit into 256 levels, and into half precision


def test_pca_with_all_components_is_the_picture_itself_and_with_fewer_its_error_is_that_of_the_baseline(
    pictures: np.ndarray, tmp_path
) -> None:
    data = load("digits")
    whole = fit_pca(data, 64, tmp_path)
    assert compress_codes(pca_codec(whole, 64), data.train.x, pictures)[0].is_lossless
    part = compress_codes(pca_codec(whole, 8), data.train.x, pictures)[0]
    x = pictures / np.float32(255)
    expected = np.square((np.clip(fit_pca(data, 8, tmp_path).reconstruct(x), 0, 1) * 255).round() / 255 - x).mean()
    assert part.mse == pytest.approx(expected, rel=0.01)
    assert part.once == 4 * (8 * 64 + 64)


def test_the_bytes_of_a_jpeg_are_those_of_the_file_that_pillow_writes(pictures: np.ndarray) -> None:
    file = io.BytesIO()
    Image.fromarray(pictures[3, 0]).save(file, "JPEG", quality=50, optimize=True)
    assert to_file(pictures[3], "jpeg", 50) == file.getvalue()
    own, bare, tiles = compress_files("jpeg", 50, pictures[3:4])
    assert [each.form for each in (own, bare, tiles)] == list(WAYS)
    assert own.per_picture == tiles.per_picture == len(file.getvalue())
    assert bare.per_picture + bare.once == own.per_picture
    assert bare.once == blank_bytes((1, 8, 8), "jpeg", 50)
    error = np.asarray(Image.open(file)).astype(float) / 255 - pictures[3, 0] / 255
    assert own.mse == pytest.approx(np.square(error).mean())


@pytest.mark.parametrize("name", FORMATS)
def test_lossless_formats_lose_nothing_and_the_others_lose_less_at_better_quality(name: str) -> None:
    faces = builtin.load_builtin("faces").pictures[:6]
    ways = [each for quality in FORMATS[name].qualities for each in compress_files(name, quality, faces)]
    if FORMATS[name].is_lossless:
        assert all(each.is_lossless for each in ways)
    else:
        own = [each for each in ways if each.form == WAYS[0]]
        assert own[0].mse > own[4].mse > own[-1].mse > 0
        assert own[0].per_picture < own[4].per_picture < own[-1].per_picture


def test_a_mosaic_is_cut_into_the_pictures_it_was_made_of() -> None:
    many = np.random.default_rng(1).integers(0, 256, (7, 3, 4, 5), np.uint8)
    big = mosaic(many)
    assert big.shape == (3, 3 * 4, 3 * 5)
    assert (big[:, 4:8, 5:10] == many[4]).all()
    assert (cut(big, 7, (3, 4, 5)) == many).all()
    assert (cut(from_file(to_file(big, "png"), 3), 7, (3, 4, 5)) == many).all()


def test_pictures_are_fitted_to_another_shape() -> None:
    red = np.zeros((2, 3, 32, 32), np.uint8)
    red[:, 0] = 255
    assert resized(red, (1, 8, 8)).shape == (2, 1, 8, 8)
    assert (resized(red, (1, 8, 8)) == 76).all()  # 0.299 of 255
    assert (resized(np.full((1, 1, 8, 8), 40, np.uint8), (3, 16, 16)) == 40).all()


def test_a_decoder_weighs_what_decodes() -> None:
    assert decoder_bytes(builtin.model("digits")) == 4 * ((8 * 64 + 64) + (64 * 64 + 64))


def test_weights_that_encoder_and_decoder_share_count_too() -> None:
    import torch

    chosen = RunSettings.build("digits", "contractive", latent_size=5, tied=True)
    network = VARIANTS["contractive"].build(chosen.model, (1, 8, 8), torch.Generator().manual_seed(0))
    assert decoder_bytes(network) == 4 * (5 * 64 + 64)
    assert not any(each.grad is not None for each in network.parameters())


def test_what_is_sent_once_is_shared() -> None:
    assert compressed(8, 1000).bytes_at(1) == 1008
    assert compressed(8, 1000).bytes_at(1000) == 9


@pytest.mark.parametrize(
    ("learned", "baseline", "expected"),
    [
        (compressed(8, 1000), compressed(18), 100),  # 10 bytes saved each
        (compressed(8, 1001), compressed(18), 101),
        (compressed(8, 1000), compressed(18, 500), 50),
        (compressed(18, 1000), compressed(8), None),
        (compressed(8, 1000), compressed(8), None),
        (compressed(8, 0), compressed(9), 1),
        (compressed(8, 10), compressed(8, 10), 1),
    ],
)
def test_break_even_by_hand(learned: Compressed, baseline: Compressed, expected: int | None) -> None:
    assert break_even(learned, baseline) == expected
    if expected is not None:
        assert learned.bytes_at(expected) <= baseline.bytes_at(expected)
        assert expected == 1 or learned.bytes_at(expected - 1) > baseline.bytes_at(expected - 1)


def test_break_even_with_all_is_where_the_last_baseline_as_good_is_reached() -> None:
    baselines = [compressed(18), compressed(10, 300), compressed(12, 10), compressed(1, psnr=20)]
    number = break_even_with_all(compressed(8, 1000), baselines)
    good = baselines[:3]
    assert number == 350  # of the second baseline: 700 bytes more, 2 saved each
    assert all(compressed(8, 1000).bytes_at(number) <= each.bytes_at(number) for each in good)
    assert any(compressed(8, 1000).bytes_at(number - 1) > each.bytes_at(number - 1) for each in good)
    assert break_even_with_all(compressed(8, 1000), [compressed(18), compressed(7)]) is None
    assert break_even_with_all(compressed(8, 1000), [compressed(1, psnr=20)]) == 1


def test_the_cheapest_baseline_is_no_worse_and_counts_the_bytes_sent_once() -> None:
    poor, heavy, light = compressed(1, psnr=20), compressed(5, 1000, 31), compressed(7, psnr=40)
    assert cheapest_as_good([poor, heavy, light], 30, 10) is light
    assert cheapest_as_good([poor, heavy, light], 30, 10_000) is heavy
    assert cheapest_as_good([poor], 30, 10) is None


def test_raw_pixels_take_a_byte_for_each_colour(pictures: np.ndarray) -> None:
    assert raw(pictures).per_picture == 64
    assert raw(pictures).is_lossless
