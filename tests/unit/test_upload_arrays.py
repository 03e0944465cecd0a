"""Uploads of NumPy and idx files: which axis is what, what becomes 0 and 1, and what is never loaded."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.datasets.uploads import base as upload_base
from aecore.datasets.uploads.base import Choice
from aecore.datasets.uploads.reading import UploadSettings, read_upload

RNG = np.random.default_rng(0)


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def idx(array: np.ndarray) -> bytes:
    return (
        bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    )


def header(shape: str, descr: str = "'|u1'") -> bytes:
    """An .npy file whose header says what it likes and that has no content."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


COLOUR = RNG.random((5, 28, 28, 3))


@pytest.mark.parametrize(("array", "expected", "note"), [
    (COLOUR[..., 0], COLOUR[..., :1], "5 pictures of 28 x 28 in grey, (N, H, W)."),
    (COLOUR[..., :1], COLOUR[..., :1], "5 pictures of 28 x 28 in grey, (N, H, W, C)."),
    (COLOUR, COLOUR, "5 pictures of 28 x 28 in colour, (N, H, W, C)."),
    (COLOUR.transpose(0, 3, 1, 2), COLOUR, "5 pictures of 28 x 28 in colour, (N, C, H, W)."),
    (np.asfortranarray(COLOUR), COLOUR, "5 pictures of 28 x 28 in colour, (N, H, W, C)."),
    (COLOUR.astype(">f4"), COLOUR, "5 pictures of 28 x 28 in colour, (N, H, W, C)."),
])  # fmt: skip
def test_pictures_are_understood_by_their_axes(array: np.ndarray, expected: np.ndarray, note: str) -> None:
    read = read_upload([("a.npy", npy(array))], UploadSettings(colour=expected.shape[3] == 3))
    np.testing.assert_allclose(read.examples.x, expected.transpose(0, 3, 1, 2), atol=1e-6)
    assert read.notes[0] == f"Understood as {note}"
    assert read.kind == "array"


def test_a_fourth_colour_is_transparency_on_white() -> None:
    array = np.concatenate([COLOUR, np.zeros((5, 28, 28, 1))], 3)
    array[2:, ..., 3] = 1
    x = read_upload([("a.npy", npy(array))], UploadSettings(colour=True)).examples.x
    assert (x[:2] == 1).all()
    np.testing.assert_allclose(x[2:], COLOUR[2:].transpose(0, 3, 1, 2), atol=1e-6)


def test_grey_and_colour_are_turned_into_each_other() -> None:
    grey = read_upload([("a.npy", npy(COLOUR))]).examples.x
    np.testing.assert_allclose(grey[:, 0], COLOUR @ [0.299, 0.587, 0.114], atol=1e-6)
    colour = read_upload([("a.npy", npy(COLOUR[..., 0]))], UploadSettings(colour=True)).examples.x
    assert colour.shape == (5, 3, 28, 28)
    assert (colour[:, 0] == colour[:, 2]).all()


@pytest.mark.parametrize(("array", "low", "high", "note"), [
    (RNG.integers(0, 256, (5, 28, 28)).astype(np.uint8), 0, 255, "divided by 255"),
    (RNG.integers(0, 256, (5, 28, 28)), 0, 255, "divided by 255"),
    (RNG.integers(0, 17, (5, 28, 28)), 0, 16, "go from 0 to 16 and were divided by 16"),
    (RNG.random((5, 28, 28)) > 0.5, 0, 1, "lie between 0 and 1 and were kept"),
    (RNG.random((5, 28, 28)).astype(np.float16), 0, 1, "lie between 0 and 1 and were kept"),
    (np.linspace(-1, 1, 5 * 784).reshape(5, 28, 28), -1, 1, "scaled from -1..1 to 0..1"),
    (np.linspace(0, 65535, 5 * 784).reshape(5, 28, 28).astype(np.uint16), 0, 65535, "scaled from 0..65535 to 0..1"),
    (np.linspace(-1, 1, 5 * 784).reshape(5, 28, 28) * 1.7e308, None, None,
     r"scaled from -1.7e\+308..1.7e\+308 to 0..1"),
    (np.full((5, 28, 28), 7.5), 7.5, 8.5, "All numbers are 7.5, which became 0"),
])  # fmt: skip
def test_any_numbers_end_between_0_and_1_and_a_note_says_how(
    array: np.ndarray, low: float, high: float, note: str
) -> None:
    read = read_upload([("a.npy", npy(array))])
    assert read.examples.x.min() >= 0
    assert read.examples.x.max() <= 1
    expected = (
        np.linspace(0, 1, array.size).reshape(array.shape)
        if low is None
        else (array.astype(float) - low) / (high - low)
    )
    np.testing.assert_allclose(read.examples.x[:, 0], expected, atol=1e-6)
    assert any(note.replace("\\", "") in each for each in read.notes)


def test_pictures_of_another_size_are_resized_like_images() -> None:
    halves = np.zeros((4, 40, 60))
    halves[:, :, 30:] = 1
    read = read_upload([("a.npy", npy(halves))])
    assert read.examples.x.shape == (4, 1, 28, 28)
    assert read.examples.x[:, 0, :, :12].max() < 0.05
    assert read.examples.x[:, 0, :, 16:].min() > 0.95
    assert "Resized to 28 x 28 and cropped to a square." in read.notes


def test_rows_keep_their_columns_and_can_be_labelled() -> None:
    values = np.array([[17, -1.0], [90, 1], [30, 0], [17, 0]])
    read = read_upload([("a.npz", npz(x=values, y=np.array(["no", "yes", "yes", "no"])))])
    np.testing.assert_allclose(read.examples.x, (values - [17, -1]) / [73, 2], atol=1e-6)
    assert read.ranges == ((17, 90), (-1, 1))
    assert read.columns == ("column 1", "column 2")
    assert read.classes == ("no", "yes")
    assert read.examples.labels is not None
    assert read.examples.labels.tolist() == [0, 1, 1, 0]
    assert read.notes[0] == "Understood as 4 rows of 2 numbers."


def test_flat_pictures_share_one_scale_and_are_told_how_to_become_pictures() -> None:
    pixels = RNG.integers(0, 256, (9, 784))
    pixels[0, 0] = 255
    read = read_upload([("a.npy", npy(pixels))])
    np.testing.assert_allclose(read.examples.x, pixels / 255, atol=1e-6)
    assert "784 = 28 × 28: such rows can be read as pictures." in read.notes


@pytest.mark.parametrize(("pixels", "count"), [(64, 70), (784, 10_000), (192, 200)])
def test_flat_pictures_counted_by_the_last_axis_as_in_matlab_are_known(pixels: int, count: int) -> None:
    values = RNG.integers(0, 256, (pixels, count)).astype(np.uint8)
    labels = np.arange(count) % 7
    read = read_upload([("a.npz", npz(x=values, y=labels))])
    assert read.examples.x.shape == (count, pixels)
    np.testing.assert_allclose(read.examples.x[3], values[:, 3] / 255, atol=1e-6)
    assert read.notes[:2] == (
        f"Understood as {count:,} rows of {pixels:,} numbers.", "The last axis counts the examples, as in MATLAB.",
    )  # fmt: skip
    assert read.examples.labels is not None
    assert Choice("layout", ("first", "last"), "last") in read.choices
    side = read_upload([("a.npz", npz(x=values, y=labels))], UploadSettings(rows="pictures"))
    assert side.examples.x.shape == (count, 1, 28, 28)


@pytest.mark.parametrize("shape", [(100, 4), (784, 50), (150, 64), (64, 64), (900, 31), (70, 64)])
def test_rows_stay_rows_until_the_last_axis_is_said_to_count(shape: tuple[int, int]) -> None:
    values = RNG.random(shape)
    read = read_upload([("a.npy", npy(values))])
    np.testing.assert_allclose(read.examples.x, values, atol=1e-6)
    assert Choice("layout", ("first", "last"), "first") in read.choices
    turned = read_upload([("a.npy", npy(values))], UploadSettings(layout="last"))
    np.testing.assert_allclose(turned.examples.x, values.T, atol=1e-6)
    assert ("could be the pixels" in " ".join(read.notes)) == (shape[1] != 64)


@pytest.mark.parametrize(
    "names", [("x", "y"), ("images", "labels"), ("data", "y"), ("x_train", "y_train"), ("only", "y"), ("X", "Y")]
)
def test_arrays_and_labels_of_an_npz_are_found_by_their_names(names: tuple[str, str]) -> None:
    read = read_upload([("a.npz", npz(**{names[0]: COLOUR[..., 0], names[1]: np.array([3, 1, 3, 1, 12])}))])
    assert read.classes == ("1", "3", "12")
    assert read.examples.labels is not None
    assert read.examples.labels.tolist() == [1, 0, 1, 0, 2]


@pytest.mark.parametrize(
    "labels",
    [
        np.array([1.0, 2, 1, 2, 1]),
        np.array([[1], [2], [1], [2], [1]], np.uint8),
        np.array([b"1", b"2", b"1", b"2", b"1"]),
    ],
)
def test_labels_may_be_whole_floats_a_column_or_bytes(labels: np.ndarray) -> None:
    assert read_upload([("a.npz", npz(x=COLOUR, y=labels))]).classes == ("1", "2")


@pytest.mark.parametrize("dtype", [np.float32, np.uint8, bool])
def test_one_hot_labels_are_the_places_of_their_ones(dtype: type) -> None:
    labels = np.eye(10)[[7, 2, 7, 0, 2]].astype(dtype)
    read = read_upload([("keras.npz", npz(x_train=COLOUR, y_train=labels))])
    assert read.classes == ("0", "2", "7")
    assert read.examples.labels is not None
    assert read.examples.labels.tolist() == [2, 1, 2, 0, 1]
    assert "3 classes from its labels, the place of the 1 in their rows of 10." in read.notes
    pair = read_upload([("images.idx", idx(RNG.integers(0, 256, (5, 28, 28)))), ("labels.idx", idx(labels))])
    assert pair.classes == ("0", "2", "7")


@pytest.mark.parametrize(("labels", "words"), [
    (np.arange(4), "have the shape (4,), which is not one for each of 5 examples"),
    (np.float64(3), "have the shape (), which is not one for each of 5 examples"),
    (np.arange(5) / 2, "are not whole numbers"),
    (np.array([0, 1, np.nan, 1, 0]), "are not whole numbers"),
    (np.full((5, 3), [0.2, 0.3, 0.5]), "are not whole numbers"),
    (np.arange(85).reshape(5, 17), "have 17 columns, of which none is known to be the class"),
    (np.ones((5, 3)), "hold no 1, or several, in a row of 0s"),
])  # fmt: skip
def test_labels_that_name_no_classes_are_left_out_and_the_pictures_kept(labels: np.ndarray, words: str) -> None:
    read = read_upload([("a.npz", npz(x=COLOUR, y=labels))])
    assert (len(read.examples), read.examples.labels, read.classes) == (5, None, ())
    assert f"Its labels {words}, so they were left out." in read.notes
    assert "label" not in [each.setting for each in read.choices]


def test_too_many_labels_are_left_out() -> None:
    read = read_upload([("a.npz", npz(x=np.zeros((1001, 2)), y=np.arange(1001)))])
    assert (len(read.examples), read.examples.labels) == (1001, None)
    assert any("left out. There are 1,001 different labels; at most 1,000" in note for note in read.notes)


def test_another_array_can_be_taken_for_the_labels() -> None:
    arrays = npz(x=COLOUR, y=np.array([0, 0, 1, 1, 1]), fine=np.array([4, 3, 2, 1, 0]), scores=np.arange(5) / 2)
    read = read_upload([("a.npz", arrays)])
    assert Choice("label", ("none", "y", "fine"), "y") in read.choices
    other = read_upload([("a.npz", arrays)], UploadSettings(label="fine"))
    assert other.examples.labels is not None
    assert other.examples.labels.tolist() == [4, 3, 2, 1, 0]
    assert Choice("label", ("none", "y", "fine"), "fine") in other.choices


def test_a_pair_of_idx_files_is_joined_in_either_order_plain_or_compressed() -> None:
    images, labels = RNG.integers(0, 256, (6, 28, 28)), np.array([7, 2, 7, 2, 7, 0])
    pair = [("t10k-labels-idx1-ubyte", idx(labels)), ("t10k-images.idx3-ubyte.gz", gzip.compress(idx(images)))]
    for files in (pair, pair[::-1]):
        read = read_upload(files)
        np.testing.assert_allclose(read.examples.x[:, 0], images / 255, atol=1e-6)
        assert read.classes == ("0", "2", "7")
        assert read.examples.labels is not None
        assert read.examples.labels.tolist() == [2, 1, 2, 1, 2, 0]
        assert read.kind == "idx"


@pytest.mark.parametrize(("files", "words"), [
    ([("a.idx", idx(np.arange(5)))], "0 with examples and 1 with labels were found"),
    ([("a.idx", idx(np.zeros((5, 28, 28)))), ("b.idx", idx(np.zeros((5, 28, 28))))],
     "2 with examples and 0 with labels"),
    ([("a.idx", idx(np.zeros((5, 28, 28)))), ("b.idx", idx(np.arange(4)))],
     "'a.idx' has 5 examples, but 'b.idx' 4 labels. Choose the two that belong together"),
    ([("a.idx", idx(np.zeros((5, 28, 28)))[:-1])],
     "'a.idx' is truncated: 3,920 bytes are expected behind its header, 3,919"),
    ([("a.gz", b"\x1f\x8bnonsense")], "'a.gz' is a damaged or truncated gzip file"),
])  # fmt: skip
def test_idx_files_that_do_not_fit_are_refused(files: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_upload(files)


class Trap:
    """Unpickling it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("form", ["npy", "npz", "raw"])
def test_a_pickle_is_refused_and_never_run(form: str, tmp_path: Path) -> None:
    array = np.array([Trap(tmp_path / "ran")], dtype=object)
    data = {"npy": npy(array), "npz": npz(x=array), "raw": pickle.dumps(array)}[form]
    words = (
        "is not a NumPy file" if form == "raw" else "holds Python objects, which could run code and are never loaded"
    )
    with pytest.raises(DataError, match=words):
        read_upload([("a.npz" if form == "npz" else "a.npy", data)])
    assert not (tmp_path / "ran").exists()
    pickle.loads(pickle.dumps(Trap(tmp_path / "ran")))
    assert (tmp_path / "ran").exists()  # the trap works


@pytest.mark.parametrize(("data", "words"), [
    (b"nonsense", "'a.npy' is not a NumPy file, or is damaged"),
    (npy(COLOUR)[:-8],
     "'a.npy' is truncated or damaged: 94,080 bytes are expected behind its header, 94,072 are there"),
    (npy(COLOUR) + b"\0", "94,081 are there"),
    (header("(99999999999, 28, 28)"), "'a.npy' is truncated or damaged: 78,399,999,999,216 bytes are expected"),
    (header("(-1, 28)"), "'a.npy' holds values of type uint8"),
    (header("(" + "9" * 5000 + ",)"), "'a.npy' is (not a NumPy|truncated)"),
    (header("(" * 3000), "'a.npy' is not a NumPy file"),
    (npy(np.zeros((3, 2), complex)), "'a.npy' holds values of type complex128"),
    (npy(np.zeros(3, "M8[s]")), "'a.npy' holds values of type"),
    (npy(np.zeros((3, 2), "i4,f4")), "'a.npy' holds values of type"),
    (npy(np.array([["a", "b"]])), "'a.npy' holds text"),
    (npy(np.float64(3)), r"'a.npy' has the shape \(\)"),
    (npy(np.arange(5)), r"'a.npy' has the shape \(5,\). Save rows as \(N, D\)"),
    (npy(np.zeros((2, 3, 4, 5, 6))), r"'a.npy' has the shape \(2, 3, 4, 5, 6\)"),
    (npy(np.zeros((2, 8, 8, 5))), r"\(2, 8, 8, 5\), in which no second or last axis of 1, 3 or 4 holds colours"),
    (npy(np.zeros((200, 300, 3))), r"\(200, 300, 3\), which is one colour picture"),
    (npy(np.zeros((0, 28, 28))), "'a.npy' holds no examples"),
    (npy(np.zeros((5, 0))), "'a.npy' holds no examples"),
    (npy(np.zeros((1, 8))), "'a.npy' has a single row"),
    (npy(np.zeros((3, 4097))), "'a.npy' has 4,097 columns; at most 4,096"),
    (npy(np.zeros((100_001, 2), bool)), "'a.npy' holds 100,001 examples; at most 100,000"),
    (npy(np.array([[0, 1], [np.nan, 2]])), r"'a.npy' holds nan in row 2, column 1 \(counted from 1\)"),
    (npy(np.array([[0, 1], [2, -np.inf]])), "'a.npy' holds -inf in row 2, column 2"),
    (npy(np.array([[0, 1], [2, np.longdouble("1e4000")]])), "'a.npy' holds inf in row 2, column 2"),
    (npy(np.where(np.arange(3 * 64).reshape(3, 8, 8) == 100, np.nan, 0)), r"holds nan in example 2, place \(5, 5\)"),
])  # fmt: skip
def test_a_bad_array_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_upload([("folder/a.npy", data)])


def torn(data: bytes) -> bytes:
    """The archive with one byte of its first member changed."""
    return data[:400] + bytes([data[400] ^ 255]) + data[401:]


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("data", "words"), [
    (b"nonsense", "'a.npz' is not a ZIP archive"),
    (npz(x=COLOUR)[:-40], "'a.npz' is not a ZIP archive, or is truncated"),
    (torn(npz(x=COLOUR)), "'x.npy' is damaged inside the ZIP, in 'a.npz'"),
    (packed("x.npy", npy(np.zeros(20_000_000, np.uint8))), "'a.npz' unpacks to .* times its size"),
    (packed("x.npy", b"nonsense"), "'a.npz, array x' is not a NumPy file"),
    (packed("x.txt", b"nonsense"), "'a.npz' holds the arrays none, none of them of numbers in two to four"),
    (npz(y=np.arange(3)), "'a.npz' holds the arrays 'y', none of them of numbers"),
    (npz(words=np.array(["a", "b"])), "Save the examples as 'x'"),
])  # fmt: skip
def test_a_bad_npz_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_upload([("a.npz", data)])


def test_an_array_that_would_grow_past_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_base, "MAX_NUMBERS", 5 * 64 * 64 * 3 - 1)
    with pytest.raises(DataError, match="'a.npy' holds 5 examples of 12,288 numbers, more than 61,439 in all"):
        read_upload([("a.npy", npy(np.zeros((5, 8, 8))))], UploadSettings(image_size=64, colour=True))
