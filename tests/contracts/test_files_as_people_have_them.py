"""Files of the shapes that other programs write (tests/data/cases): each is understood as its owner means it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.uploads.base import Uploaded, UploadSettings
from aecore.datasets.uploads.reading import read_upload

CASES = Path(__file__).parents[1] / "data" / "cases"


def read(*files: str, **settings: object) -> Uploaded:
    content = [(Path(file).name, (CASES / file).read_bytes()) for file in files]
    return read_upload(content, UploadSettings(**settings))  # type: ignore[arg-type]  # names and values of knobs


@dataclass(frozen=True)
class Case:
    """shape: of x. brightest: its highest number. labels: the first ones, or None. words: in the notes."""

    files: tuple[str, ...]
    shape: tuple[int, ...]
    brightest: float = 1.0
    labels: tuple[int, ...] | None = None
    words: str = ""


QMNIST = "17-idx2-int-labels/qmnist-test"
UNDERSTOOD = [
    Case(("10-phone-jpeg-mpo/IMG_0007.jpg",), (1, 1, 28, 28), 0.81),
    Case(("11-twelve-bit-png/12-bit.png",), (1, 1, 28, 28), words="4,095 became white"),
    Case(("12-jfif/picture.jfif",), (1, 1, 28, 28), 0.81),
    Case(("12-jfif/saved-from-the-web.zip",), (4, 1, 28, 28), 0.81),
    Case(("14-whole-numbers-not-to-255/digits8.npy",), (60, 1, 28, 28), words="divided by 16"),
    Case(("14-whole-numbers-not-to-255/optdigits.csv",), (60, 64), labels=(0, 1, 2), words="divided by 16"),
    Case(("15-matlab-order/faces_hwn.npy",), (40, 1, 28, 28), words="The last axis counts the pictures, as in MATLAB"),
    Case(("16-npz-with-a-side-note/keras-style.npz",), (20, 1, 28, 28), labels=(0, 1, 2), words="'x_test'; 'y_test'"),
    Case(("16-npz-with-a-side-note/med-style.npz",), (20, 1, 28, 28), labels=(0, 1, 2), words="'val_images'"),
    Case(
        ("16-npz-with-a-side-note/sprites.npz",), (20, 1, 28, 28), labels=(0, 1), words="'metadata' (Python objects)"
    ),
    Case(
        (f"{QMNIST}-images-idx3-ubyte", f"{QMNIST}-labels-idx2-int"), (5, 1, 28, 28), labels=(0, 1, 2, 3, 4),
        words="the first of their 8 columns",
    ),
    Case(
        (f"{QMNIST}-images-idx3-ubyte.gz", f"{QMNIST}-labels-idx2-int.gz"), (5, 1, 28, 28), labels=(0, 1, 2, 3, 4)
    ),
    Case(("18-emnist-on-its-side/emnist-letters-train-images-idx3-ubyte.gz",), (6, 1, 28, 28)),
    Case(("20-header-of-numbers/a-digits.csv",), (20, 64), words="divided by 16"),
    Case(("20-header-of-numbers/b-digits-index.csv",), (20, 64), words="The first column only counts the rows"),
    Case(("21-index-column/a.csv",), (30, 4), words="The first column only counts the rows"),
    Case(("21-index-column/b.csv",), (30, 4), words="The first column only counts the rows"),
    Case(("22-excel-sep-line/excel.csv",), (30, 4), words="separated by semicolons"),
    Case(("23-mnist-csv-no-header/mnist_small.csv",), (30, 784), labels=(0, 1, 2), words="784 = 28 × 28"),
    Case(("23-mnist-csv-no-header/with-header.csv",), (30, 784), labels=(0, 1, 2)),
    Case(("24-savetxt/a.csv",), (30, 4), words="separated by blanks"),
    Case(("24-savetxt/b.csv",), (30, 4)),
]  # fmt: skip


@pytest.mark.parametrize("case", UNDERSTOOD, ids=lambda case: case.files[0])
def test_a_file_is_understood_as_its_owner_means_it(case: Case) -> None:
    found = read(*case.files)
    assert found.examples.x.shape == case.shape
    assert found.examples.x.max() == pytest.approx(case.brightest, abs=0.02)
    labels = found.examples.labels
    assert (None if labels is None else tuple(labels[: len(case.labels or ())].tolist())) == case.labels
    assert case.words in " ".join(found.notes)
    assert "animation" not in " ".join(found.notes)


@pytest.mark.parametrize("case", UNDERSTOOD, ids=lambda case: case.files[0])
def test_every_choice_is_one_of_those_offered_and_the_one_taken_changes_nothing(case: Case) -> None:
    found = read(*case.files)
    assert found.choices
    for choice in found.choices:
        assert choice.taken in (*choice.options, *(("none",) if choice.has_several else ()))
        again = read(*case.files, **{choice.setting: choice.taken})
        np.testing.assert_array_equal(again.examples.x, found.examples.x)
        assert [each.taken for each in again.choices] == [each.taken for each in found.choices]


def test_the_ranges_of_a_table_under_a_header_of_numbers_are_those_of_the_data() -> None:
    for name in ("a-digits.csv", "b-digits-index.csv"):
        assert set(read(f"20-header-of-numbers/{name}").ranges) == {(0.0, 16.0)}


def test_tables_of_other_programs_hold_the_numbers_that_they_hold() -> None:
    for name, separator, columns in (
        ("21-index-column/a.csv", ",", slice(1, None)), ("21-index-column/b.csv", ",", slice(1, None)),
        ("24-savetxt/a.csv", " ", slice(None)), ("24-savetxt/b.csv", ",", slice(None)),
    ):  # fmt: skip
        lines = (CASES / name).read_text().splitlines()
        first = 0 if name == "24-savetxt/a.csv" else 1
        held = np.array([[float(cell) for cell in line.split(separator)][columns] for line in lines[first:]])
        found = read(name)
        low, high = np.array(found.ranges).T
        np.testing.assert_allclose(found.examples.x * (high - low) + low, held, rtol=1e-5, atol=1e-5)


def test_names_behind_a_hash_are_names_and_decimal_commas_are_numbers() -> None:
    assert read("24-savetxt/b.csv").columns == ("w", "x", "y1", "z")
    assert read("22-excel-sep-line/excel.csv").ranges[0] == (-0.012, 8.651)


# What was guessed can be said otherwise


def test_the_letter_that_lies_on_its_side_stands_up_when_it_is_transposed() -> None:
    name = "18-emnist-on-its-side/emnist-letters-train-images-idx3-ubyte.gz"
    stored, turned = read(name).examples.x, read(name, turn="transposed").examples.x
    np.testing.assert_array_equal(turned, stored.swapaxes(2, 3))
    letter = turned[0, 0] > 0.5
    rows, columns = letter.sum(1), letter.sum(0)
    assert rows.argmax() > columns.argmax()  # an L: its longest row at the bottom, its longest column at the left


@pytest.mark.parametrize(("turn", "turns"), [("right", -1), ("left", 1), ("around", 2)])
def test_pictures_are_turned_as_a_hand_would(turn: str, turns: int) -> None:
    name = "18-emnist-on-its-side/emnist-letters-train-images-idx3-ubyte.gz"
    expected = np.stack([np.rot90(picture[0], turns) for picture in read(name).examples.x])
    np.testing.assert_array_equal(read(name, turn=turn).examples.x[:, 0], expected)


def test_the_other_axis_can_be_taken_to_count_the_pictures() -> None:
    found = read("15-matlab-order/faces_hwn.npy", layout="first")
    assert found.examples.x.shape == (28, 1, 28, 28)
    assert "28 pictures of 28 x 40" in found.notes[0]


def test_another_scale_can_be_chosen() -> None:
    assert read("14-whole-numbers-not-to-255/digits8.npy", scale="bytes").examples.x.max() < 0.08
    assert read("11-twelve-bit-png/12-bit.png", scale="full").examples.x.max() == pytest.approx(4095 / 65535, abs=1e-3)
    assert set(read("14-whole-numbers-not-to-255/optdigits.csv", scale="bytes").ranges) == {(0.0, 255.0)}
    assert len(set(read("14-whole-numbers-not-to-255/optdigits.csv", scale="columns").ranges)) > 5


def test_rows_of_pixels_become_pictures() -> None:
    found = read("23-mnist-csv-no-header/mnist_small.csv", rows="pictures")
    rows = read("23-mnist-csv-no-header/mnist_small.csv").examples
    np.testing.assert_allclose(found.examples.x.reshape(30, 784), rows.x, atol=1e-6)
    np.testing.assert_array_equal(found.examples.labels, rows.labels)
    assert (found.columns, found.ranges) == ((), ())


def test_labels_can_be_left_out_or_taken_from_another_column() -> None:
    name = "14-whole-numbers-not-to-255/optdigits.csv"
    unlabelled = read(name, label="none")
    assert (unlabelled.examples.x.shape, unlabelled.examples.labels) == ((60, 65), None)
    other = read(name, label="p2")
    assert other.examples.x.shape == (60, 64)
    assert "label" in other.columns
    assert other.examples.labels is not None


def test_the_first_line_can_be_taken_for_names_or_for_numbers() -> None:
    assert len(read("20-header-of-numbers/a-digits.csv", header="no").examples) == 21
    assert len(read("23-mnist-csv-no-header/mnist_small.csv", header="yes").examples) == 29


def test_another_array_can_be_read_with_the_labels_that_belong_to_it() -> None:
    found = read("16-npz-with-a-side-note/keras-style.npz", array="x_test")
    assert "'x_test' was read, with its labels from 'y_test'" in found.notes[0]
    assert len(found.examples) != 20
    unlabelled = read("16-npz-with-a-side-note/keras-style.npz", label="none")
    assert unlabelled.examples.labels is None


# The same kinds under other names


def test_what_a_file_is_shows_in_its_content_not_in_its_name() -> None:
    for file, name in (
        ("12-jfif/picture.jfif", "photo"), ("12-jfif/saved-from-the-web.zip", "pictures.bin"),
        ("14-whole-numbers-not-to-255/digits8.npy", "digits.csv"), ("21-index-column/a.csv", "table.txt"),
        ("16-npz-with-a-side-note/sprites.npz", "sprites.zip"), (f"{QMNIST}-images-idx3-ubyte", "images.dat"),
    ):  # fmt: skip
        data = (CASES / file).read_bytes()
        np.testing.assert_array_equal(read_upload([(name, data)]).examples.x, read(file).examples.x)


def test_a_column_of_words_is_the_label_if_it_repeats_and_left_out_if_it_does_not() -> None:
    flowers = b"5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,2.9,virginica\n5.8,2.7,virginica\n"
    found = read_upload([("iris.data", flowers)])
    assert (found.classes, found.examples.x.shape) == (("setosa", "virginica"), (4, 2))
    people = b"name,age,height\nAnn,31,170\nBob,42,181\nCyd,53,165\n"
    found = read_upload([("people.csv", people)])
    assert found.columns == ("age", "height")
    assert "Without numbers, and left out: 'name'." in found.notes


def test_a_measured_column_called_y_is_no_label() -> None:
    found = read_upload([("points.csv", b"x,y\n0.5,1.25\n1.5,2.75\n2.5,0.5\n3.5,4.5\n")])
    assert found.columns == ("x", "y")
    assert found.examples.labels is None


def test_columns_of_counts_that_reach_differently_far_do_not_share_a_scale() -> None:
    rng = np.random.default_rng(0)
    rows = np.stack([rng.integers(0, 2 + each % 3, 40) for each in range(63)] + [rng.integers(0, 200, 40)], 1)
    text = "\n".join(",".join(map(str, row)) for row in rows)
    assert len(set(read_upload([("survey.csv", text.encode())]).ranges)) > 1
