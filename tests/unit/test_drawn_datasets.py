"""Shapes and faces: drawn anew from a seed, they must always be the same, and show exactly what their factors say."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from sklearn.linear_model import Ridge, RidgeClassifier

from aecore.datasets import faces, shapes
from aecore.datasets.base import DataError
from aecore.datasets.shapes import Recipe

MODULES = pytest.mark.parametrize("module", [shapes, faces], ids=["shapes", "faces"])
BYTES = {"shapes": "d31add997d1528a9", "faces": "5462eaaa555b507d"}
"""The start of the SHA-256 of 60 training examples, as drawn on every machine; a change of the drawing changes it."""


@pytest.fixture(scope="module")
def many_shapes():
    factors = shapes.RECIPE.sample(3000, 1)
    return shapes.draw(factors)[:, 0], factors


@pytest.fixture(scope="module")
def crowd():
    factors = faces.sample(2400, 1)
    return faces.draw(factors).reshape(2400, -1), factors


def centre_and_mass(pictures):
    """Centre of the drawn mass in pixels from the middle, to the right and down, and the mass itself."""
    places, mass = np.arange(28) - 13.5, pictures.sum((1, 2))
    return (pictures.sum(1) * places).sum(1) / mass, (pictures.sum(2) * places).sum(1) / mass, mass


def changed(before, after):
    """Where two faces differ visibly: (32, 32) booleans."""
    return abs(before - after).max(0) > 0.01


@MODULES
def test_the_same_seed_draws_the_same_bytes_on_every_machine(module):
    name = module.__name__.rsplit(".", 1)[-1]
    x = module.load(count=86).train.x
    assert len(x) == 60
    assert hashlib.sha256(x.tobytes()).hexdigest()[:16] == BYTES[name]
    assert not np.array_equal(x, module.load(count=86, seed=1).train.x)


@MODULES
def test_a_data_set_holds_what_its_contract_says(module):
    data = module.load(count=300)
    parts = (data.train, data.validation, data.test)
    assert sum(map(len, parts)) == 300
    assert data.shape == {shapes: (1, 28, 28), faces: (3, 32, 32)}[module]
    for part in parts:
        assert part.x.dtype == np.float32
        assert part.x.shape[1:] == data.shape
        assert np.isfinite(part.x).all()
        assert part.x.min() >= 0
        assert part.x.max() <= 1
        for name, names in data.factor_values.items():
            assert part.factors[name].dtype == np.int64
            assert set(part.factors[name]) <= set(range(len(names)))
        for name, (low, high) in module.RECIPE.measures.items():
            drawn = part.factors[name]
            assert drawn.dtype == np.float32
            assert low <= drawn.min() < drawn.max() <= high
    assert set(data.train.factors) == set(data.factor_values) | set(module.RECIPE.measures)
    assert set(data.train.labels) == set(range(len(data.classes)))


@MODULES
def test_a_picture_belongs_to_the_factors_beside_it(module):
    part = module.load(count=40).test
    assert np.array_equal(part.x, module.draw(part.factors))


@MODULES
def test_factors_are_independent_of_each_other(module):
    factors = module.sample(5000, 3) if module is faces else module.RECIPE.sample(5000, 3)
    columns = [factors[name] == value for name, names in module.RECIPE.choices.items() for value in range(len(names))]
    group = [name for name, names in module.RECIPE.choices.items() for _ in names]
    columns, group = columns + [factors[name] for name in module.RECIPE.measures], group + list(module.RECIPE.measures)
    together = abs(np.corrcoef(np.array(columns, float)))
    different = np.array(group)[:, None] != np.array(group)
    assert together[different].max() < 0.08  # 5.6 standard deviations of the correlation of 5,000 independent pairs


@MODULES
def test_every_value_of_every_factor_shows_in_the_picture(module):
    recipe, fixed = module.RECIPE, {"shape": 3, "thickness": 0.3} if module is shapes else {"glasses": 1}
    values = (
        {name: np.arange(len(names)) for name, names in recipe.choices.items()}
        | recipe.measures
        | {"rotation": (0, 40)}
    )
    for name in (*recipe.choices, *recipe.measures):
        pictures = module.draw({**fixed, name: values[name]})
        assert min(abs(a - b).sum() for i, a in enumerate(pictures) for b in pictures[:i]) > 3, name


@pytest.mark.parametrize("count", [-1, 0, 2])
@MODULES
def test_fewer_than_three_examples_are_refused(module, count):
    with pytest.raises(DataError):
        module.load(count=count)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ({"size": 1}, "no factor 'size'"),
        ({"shape": 2}, "'shape' must lie between 0 and 1"),
        ({"shape": 0.5}, "'shape' is a choice"),
        ({"x": [0, float("nan")]}, "'x' must lie between -1 and 3"),
        ({"x": [0, 1], "shape": [0, 1, 1]}, "columns of one length"),
    ],
)
def test_factors_that_mean_nothing_are_refused_with_the_reason(factors, message):
    with pytest.raises(DataError, match=message):
        Recipe({"shape": ("a", "b")}, {"x": (-1, 3)}).complete(factors)


def test_a_missing_factor_is_the_first_choice_or_the_middle_of_its_range():
    columns = Recipe({"shape": ("a", "b")}, {"x": (-1, 3), "y": (0, 1)}).complete({"y": [0, 1]})
    assert {name: column.tolist() for name, column in columns.items()} == {"shape": [0, 0], "x": [1, 1], "y": [0, 1]}


@pytest.mark.parametrize("shape", range(6))
def test_no_shape_touches_the_border_at_the_ends_of_every_range(shape):
    ranges = shapes.RECIPE.measures
    ends = np.array(np.meshgrid(ranges["x"], ranges["y"], np.arange(0, 360, 15))).reshape(3, -1)
    factors = {"shape": shape, "x": ends[0], "y": ends[1], "rotation": ends[2], "scale": ranges["scale"][1]}
    pictures = shapes.draw({**factors, "thickness": 1})
    assert pictures[:, :, 2:-2, 2:-2].max() == 1
    assert pictures[:, :, [0, -1]].max() == pictures[:, :, :, [0, -1]].max() == 0


def test_the_drawn_mass_lies_where_x_and_y_say(many_shapes):
    right, down, _ = centre_and_mass(many_shapes[0])
    assert abs(right - many_shapes[1]["x"]).max() < 1.5
    assert np.corrcoef(right, many_shapes[1]["x"])[0, 1] > 0.98
    assert abs(down - many_shapes[1]["y"]).max() < 1.5
    assert np.corrcoef(down, many_shapes[1]["y"])[0, 1] > 0.98


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        ("circle", np.pi),
        ("square", 2),
        ("triangle", 0.75 * 3**0.5),
        ("star", 5 * 0.48 * 0.587785),
        ("cross", 2.4 * 0.91**0.5 - 0.36),
    ],
)
def test_a_filled_shape_has_the_area_of_geometry(shape, area):
    scale, kind = np.linspace(5.5, 8, 6), shapes.RECIPE.choices["shape"].index(shape)
    mass = shapes.draw({"shape": kind, "scale": scale, "thickness": 1}).sum((1, 2, 3))
    assert mass == pytest.approx(area * scale**2, rel=0.04)


def test_a_thicker_line_covers_more_of_every_shape():
    for shape in range(6):
        mass = shapes.draw({"shape": shape, "thickness": np.linspace(0, 1, 6)}).sum((1, 2, 3))
        assert (np.diff(mass) > 1).sum() >= 3
        assert (np.diff(mass) >= 0).all()


def test_a_quarter_turn_is_the_same_as_turning_the_picture_clockwise():
    for shape in range(6):
        factors = {"shape": shape, "x": [2, -1], "y": [1, 2], "rotation": [0, 90], "thickness": 0.4}
        upright, turned = shapes.draw(factors)
        assert turned[0] == pytest.approx(np.rot90(upright[0], -1), abs=2e-5)
    heart, turned = shapes.draw({"shape": 4, "rotation": [0, 90]})
    assert abs(heart - turned).sum() > 10


def test_the_six_shapes_are_told_apart_by_their_pixels():
    pictures = shapes.draw({"shape": np.arange(6), "thickness": 1, "scale": 7})
    assert min(abs(a - b).sum() for i, a in enumerate(pictures) for b in pictures[:i]) > 10


@pytest.mark.parametrize(
    ("factor", "values", "rows", "columns"),
    [
        ("glasses", [0, 1], (9, 22), (4, 28)),
        ("eye_colour", [0, 1], (11, 20), (8, 24)),
        ("gaze", [-1, 1], (11, 20), (8, 24)),
        ("smile", [-1, 1], (20, 28), (10, 22)),
        ("beard", [0, 1], (16, 30), (5, 27)),
        ("hair_style", [0, 6], (5, 20), (4, 28)),
        ("clothes", [0, 1], (26, 32), (2, 30)),
    ],
)
def test_a_change_of_one_factor_stays_in_its_place(factor, values, rows, columns):
    where = changed(*faces.draw({factor: values}))
    inside = np.zeros((32, 32), bool)
    inside[slice(*rows), slice(*columns)] = True
    assert where.any()
    assert not (where & ~inside).any(), np.argwhere(where & ~inside)


def test_a_wide_smile_turns_up_the_corners_and_shows_teeth():
    frown, laugh = faces.draw({"smile": [-1, 1]}, size=128)
    mouth = np.s_[:, 76:112, 40:88]
    assert (laugh[mouth].min(0) > 0.95).sum() > 60 > (frown[mouth].min(0) > 0.95).sum()
    for face, direction in ((frown, -1), (laugh, 1)):
        red = face[mouth][0] - face[mouth][1] > 0.3
        corner, middle = (np.argwhere(red[:, part])[:, 0].mean() for part in (slice(9, 13), slice(22, 26)))
        assert direction * (middle - corner) > 2


def test_colours_are_those_of_the_table():
    for kind, colour in enumerate(faces.COLOURS["background"].values()):
        corner = faces.draw({"background": kind})[0, :, 0, 0]
        assert corner == pytest.approx(np.array(list(bytes.fromhex(colour))) / 255, abs=1e-6)


def test_a_tilt_is_clockwise_and_a_gaze_goes_to_the_right():
    def dark(face, rows):
        columns = np.argwhere(face[:, rows].max(0) < 0.3)[:, 1]
        return columns.mean()

    left, right = faces.draw({"tilt": [-7, 7], "hair_style": 5, "skin": 0}, size=128)
    assert dark(right, slice(0, 20)) > dark(left, slice(0, 20)) + 5  # a black bun on top
    left, right = faces.draw({"gaze": [-1, 1], "hair_style": 1, "skin": 0}, size=128)
    assert dark(right, slice(60, 80)) > dark(left, slice(60, 80)) + 2  # pupils


def test_a_face_without_glasses_does_not_depend_on_their_frames():
    assert np.array_equal(*faces.draw({"frames": [0, 1]}))


@pytest.mark.long
def test_a_face_is_the_same_alone_and_in_a_crowd_and_at_twice_the_size(crowd):
    factors = {name: values[:30] for name, values in crowd[1].items()}
    alone = faces.draw({name: values[7] for name, values in factors.items()})[0]
    assert np.array_equal(alone, faces.draw(factors)[7])
    double = faces.draw(factors, size=64).reshape(30, 3, 32, 2, 32, 2).mean((3, 5))
    assert abs(double - faces.draw(factors)).mean() < 0.01


def test_three_faces_smile_where_one_frowns(crowd):
    assert (crowd[1]["smile"] > 0).mean() == pytest.approx(0.75, abs=0.04)


@pytest.mark.parametrize(("factor", "least"), [("glasses", 0.98), ("beard", 0.95)])
def test_an_attribute_can_be_read_from_the_pixels_by_a_line(crowd, factor, least):
    x, y = crowd[0], crowd[1][factor]
    fitted = RidgeClassifier(10).fit(x[:1800], y[:1800])
    assert fitted.score(x[1800:], y[1800:]) > least
    assert abs(y[1800:].mean() - 0.5) < 0.1  # guessing would be right half of the time


def test_the_smile_can_be_read_from_the_pixels_by_a_line(crowd):
    x, y = crowd[0], crowd[1]["smile"]
    assert Ridge(10).fit(x[:1800], y[:1800]).score(x[1800:], y[1800:]) > 0.8
