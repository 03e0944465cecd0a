"""Paths through the latent space, against rotations made by hand and against scipy;
animations that can be read again.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation, Slerp
from scipy.stats import norm

from aecore.latent.animation import as_pictures, gif
from aecore.latent.paths import (
    along,
    even_axis,
    lattice,
    linear,
    normal_axis,
    on_axis,
    plane_of_directions,
    plane_of_numbers,
    shares_on,
    spans,
    spherical,
    surroundings,
)  # fmt: skip

RNG = np.random.default_rng(0)
SHARES = np.linspace(0, 1, 9)


def test_an_arc_is_the_rotation_made_by_hand() -> None:
    angle = 1.2
    start, end = np.array([2.0, 0.0]), 2 * np.array([np.cos(angle), np.sin(angle)])
    turned = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ start for a in SHARES * angle]
    np.testing.assert_allclose(spherical(start, end, SHARES), turned, atol=1e-12)


def test_unit_quaternions_turn_as_scipy_turns_them() -> None:
    ends = Rotation.random(2, random_state=3)
    first, second = ends.as_quat()
    second = second if first @ second > 0 else -second  # scipy takes the shorter way
    ours = spherical(first, second, SHARES)
    np.testing.assert_allclose(
        Rotation.from_quat(ours).as_matrix(), Slerp([0, 1], ends)(SHARES).as_matrix(), atol=1e-10
    )


def test_an_arc_keeps_lengths_and_steps_by_equal_angles() -> None:
    start, end = RNG.normal(size=(2, 30))
    end *= 3 * np.linalg.norm(start) / np.linalg.norm(end)
    found = spherical(start, end, SHARES)
    lengths = np.linalg.norm(found, axis=1)
    np.testing.assert_allclose(lengths, np.linalg.norm(start) * (1 + 2 * SHARES))
    units = found / lengths[:, None]
    angles = np.arccos((units[1:] * units[:-1]).sum(1))
    np.testing.assert_allclose(angles, angles[0], rtol=1e-6)
    np.testing.assert_allclose(found[[0, -1]], [start, end])


@pytest.mark.parametrize(
    "end", [[1.0, 2.0, 3.0 + 1e-6], [-2.0, -4.0, -6.0], [0.0, 0.0, 0.0]], ids=["parallel", "opposite", "zero"]
)
def test_without_an_arc_the_way_is_straight(end: list[float]) -> None:
    start = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(spherical(start, np.array(end), SHARES), linear(start, np.array(end), SHARES))


def test_a_path_goes_through_its_stations() -> None:
    stations = RNG.normal(size=(4, 2, 3)).astype(np.float32)
    path = along(stations, 5)
    assert path.shape == (16, 2, 3)
    np.testing.assert_allclose(path[::5], stations, rtol=1e-6)
    np.testing.assert_allclose(path[2], 0.6 * stations[0] + 0.4 * stations[1], rtol=1e-5)
    np.testing.assert_allclose(along(stations.reshape(4, 6), 5, spherical)[::5], stations.reshape(4, 6), rtol=1e-5)


def test_numbers_are_ordered_by_variance_and_dead_ones_named() -> None:
    codes = np.stack(
        [RNG.normal(0, 1, 1000), np.full(1000, 0.1), RNG.normal(5, 3, 1000), np.zeros(1000)], axis=1
    ).astype(np.float32)
    codes[3, 3] = 7.0  # alive once: the middle 98 % of it is nothing
    found = spans(codes)
    assert found.order.tolist() == [2, 0, 3]
    assert found.dead.tolist() == [1]
    np.testing.assert_allclose(found.low[[0, 2]], np.percentile(codes[:, [0, 2]], 1, axis=0), rtol=1e-6)
    assert (found.low[3], found.high[3]) == (0, 7)
    assert found.share.sum() == pytest.approx(1)


def test_places_on_a_plane_lead_back_to_their_codes() -> None:
    codes = RNG.normal(size=(200, 6)).astype(np.float32) @ np.diag([5, 4, 1, 0.5, 0.2, 0.1]).astype(np.float32)
    plane = plane_of_directions(codes[7], codes)
    np.testing.assert_allclose(plane.codes(plane.places(codes[7:8])), codes[7:8], atol=1e-5)
    here = np.array([[1.5, -2.0]])
    np.testing.assert_allclose(plane.places(plane.codes(here)), here, atol=1e-5)
    variances = plane.places(codes).var(0)
    np.testing.assert_allclose(variances, np.sort(np.linalg.eigvalsh(np.cov(codes.T, ddof=0)))[::-1][:2], rtol=1e-4)


def test_a_plane_of_two_numbers_changes_only_these() -> None:
    base = np.arange(5.0)
    code = plane_of_numbers(base, 3, 1).codes(np.array([[30.0, 10.0]]))[0]
    assert code.tolist() == [0, 10, 2, 30, 4]
    with pytest.raises(ValueError, match="two different numbers"):
        plane_of_numbers(base, 2, 2)


def test_the_prior_s_axis_has_the_quantiles_of_the_normal() -> None:
    axis = normal_axis()
    np.testing.assert_allclose(on_axis(axis, np.array([0.25, 0.5, 0.9])), norm.ppf([0.25, 0.5, 0.9]), atol=1e-4)
    np.testing.assert_allclose(shares_on(axis, norm.ppf([0.1, 0.7])), [0.1, 0.7], atol=1e-4)
    assert shares_on(axis, np.array([-9.0, 9.0])).tolist() == [0, 1]


def test_a_lattice_is_read_from_the_top_left() -> None:
    places = lattice((np.array([0.0, 4.0]), np.array([10.0, 14.0])), 2)
    assert places.tolist() == [[1, 13], [3, 13], [1, 11], [3, 11]]


def test_an_axis_without_extent_gets_some_and_holds_its_own_point() -> None:
    assert even_axis(np.full(10, 2.0), 2.0).tolist() == [1, 3]
    assert even_axis(np.linspace(0, 1, 101), 5.0).tolist() == pytest.approx([0.01, 5.0])


def test_distances_to_the_nearest_code_are_those_of_brute_force() -> None:
    codes = RNG.normal(size=(300, 5)).astype(np.float32)
    around = surroundings(codes)
    everything = np.linalg.norm(codes[:, None] - codes, axis=2) + np.diag(np.full(300, np.inf))
    np.testing.assert_allclose(around.usual, np.sort(everything.min(1)), rtol=1e-4)
    near, distance = around.nearest(codes[:3], [0, 1, 2])
    others = everything[:3, 3:]
    assert near.tolist() == (others.argmin(1) + 3).tolist()
    np.testing.assert_allclose(distance, others.min(1), rtol=1e-5)
    assert around.ratios(np.median(around.usual)) == pytest.approx(1)
    assert around.shares(np.array([0.0, np.inf])).tolist() == [0, 1]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_gif_goes_there_and_back_and_can_be_read(channels: int) -> None:
    pictures = RNG.integers(0, 256, (4, channels, 8, 6), dtype=np.uint8)
    image = Image.open(io.BytesIO(gif(pictures, 40, per_second=10)))
    assert image.size == (30, 40)
    assert image.n_frames == 6
    order, durations = [0, 1, 2, 3, 2, 1], []
    for frame, index in enumerate(order):
        image.seek(frame)
        durations.append(image.info["duration"])
        shown = np.asarray(image.convert("RGB"))[::5, ::5]
        original = np.broadcast_to(np.moveaxis(pictures[index], 0, 2), (8, 6, 3))
        np.testing.assert_allclose(shown, original, atol=0 if channels == 1 else 24)
    assert durations == [600, 100, 100, 600, 100, 100]
    assert image.info["loop"] == 0


def test_rows_of_numbers_become_bars() -> None:
    picture = as_pictures(np.array([[0.0, 0.5, 1.0]]))[0]
    inked = (picture == np.array([0, 158, 115])[:, None, None]).all(0)
    heights = [int(inked[:, 3 + 10 * bar].sum()) for bar in range(3)]
    assert heights == [1, 25, 48]
