"""idx files: what they hold, how damage is told, and the MNIST family that comes in them."""

from __future__ import annotations

import gzip
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import SPLIT_SEED, DataError
from aecore.datasets.downloads import present, verify
from aecore.datasets.idx import FAMILIES, files, load, read_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array: np.ndarray) -> bytes:
    """The reference writer: the header as the format's description has it, then the numbers, highest byte first."""
    code = CODES[array.dtype.str[1:]]
    header = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_type_of_number_is_read_plain_and_compressed(dtype: str, pack: type) -> None:
    array = (np.random.default_rng(0).normal(size=(3, 4, 5)) * 50).astype(dtype)
    read = read_idx(pack(idx_bytes(array)))
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype
    assert read.dtype.isnative


def test_a_path_is_read_and_named_in_errors(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(idx_bytes(np.arange(4, dtype="u1")))
    assert read_idx(tmp_path / "good").tolist() == [0, 1, 2, 3]
    (tmp_path / "bad-labels").write_bytes(b"hello, world")
    with pytest.raises(DataError, match="'bad-labels' is not an idx file"):
        read_idx(tmp_path / "bad-labels")
    with pytest.raises(DataError, match="'gone' cannot be read"):
        read_idx(tmp_path / "gone")


def test_an_empty_array_is_an_array() -> None:
    assert read_idx(idx_bytes(np.empty((0, 28, 28), "u1"))).shape == (0, 28, 28)


@pytest.mark.parametrize("data", [b"", b"\0\0\x08", b"\x89PNG....", b"\0\0\x07\x01\0\0\0\0", b"<html>"])
def test_what_does_not_begin_like_idx_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="'x' is not an idx file.*magic number"):
        read_idx(data, "x")


def test_a_header_cut_short_says_where() -> None:
    with pytest.raises(DataError, match="'x' is truncated: its header ends after 10 of 16 bytes"):
        read_idx(idx_bytes(np.zeros((2, 2, 2), "u1"))[:10], "x")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_payload_cut_short_says_how_many_bytes_are_missing(pack: type) -> None:
    with pytest.raises(
        DataError, match="'x' is truncated: 7,840 bytes are expected behind its header, 7,000 are there"
    ):
        read_idx(pack(idx_bytes(np.zeros((10, 28, 28), "u1"))[:7016]), "x")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_bytes_behind_the_payload_are_not_ignored(pack: type) -> None:
    with pytest.raises(DataError, match="'x' has trailing bytes after the 4 "):
        read_idx(pack(idx_bytes(np.zeros(4, "u1")) + b"\0"), "x")


@pytest.mark.parametrize("cut", [5, 30, -9, -1])
def test_a_gzip_cut_short_is_called_truncated(cut: int) -> None:
    packed = gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 256, (10, 28, 28)).astype("u1")))
    with pytest.raises(DataError, match="'x' is a damaged or truncated gzip file"):
        read_idx(packed[:cut], "x")


@pytest.mark.parametrize("shape", [(2**32 - 1,) * 3, (600, 1000, 1000), (1,) * 9, ()])
def test_absurd_dimensions_are_refused_before_memory_is_taken(shape: tuple[int, ...]) -> None:
    header = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    tracemalloc.start()
    with pytest.raises(DataError, match="'x' says it holds .* numbers; 1 to 8 dimensions and 512 MB can be read"):
        read_idx(header, "x")
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


def test_a_small_gzip_that_promises_much_takes_no_more_memory_than_it_holds() -> None:
    packed = gzip.compress(bytes([0, 0, 8, 1]) + struct.pack(">I", 500 * 2**20) + b"\0" * 1000)
    tracemalloc.start()
    with pytest.raises(DataError, match="1,000 are there"):
        read_idx(packed, "x")
    assert tracemalloc.get_traced_memory()[1] < 5 * 10**6
    tracemalloc.stop()


def test_a_gzip_bomb_behind_a_small_array_is_not_unpacked() -> None:
    packed = gzip.compress(idx_bytes(np.zeros(10, "u1")) + b"\0" * 50 * 2**20, 1)
    tracemalloc.start()
    with pytest.raises(DataError, match="trailing bytes"):
        read_idx(packed, "x")
    assert tracemalloc.get_traced_memory()[1] < 5 * 10**6
    tracemalloc.stop()


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_four_files_with_mirrors_digests_and_names_for_its_labels(name: str) -> None:
    assert len(FAMILIES[name].classes) == len(set(FAMILIES[name].classes)) == 10
    assert len({file.path for file in files(name)}) == 4
    for file in files(name):
        assert file.path.startswith(f"{name}/")
        assert len(set(file.urls)) >= 3
        assert all(url.endswith(file.path.split("/")[1]) for url in file.urls)
        assert len(bytes.fromhex(file.sha256)) == 32
        assert file.size_hint > 4000
    assert len({file.sha256 for each in FAMILIES.values() for file in each.files}) == 8


def write_family(folder: Path, count: int = 120) -> dict[str, np.ndarray]:
    """A small MNIST of which every image holds its own number, so that a mix-up of images and labels shows."""
    (folder / "mnist").mkdir(parents=True)
    arrays = {}
    for part, size in (("train", count), ("t10k", 20)):
        numbers = np.arange(size)
        arrays[part] = numbers
        images = np.broadcast_to(numbers[:, None, None] % 256, (size, 28, 28)).astype("u1")
        (folder / f"mnist/{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(images)))
        (folder / f"mnist/{part}-labels-idx1-ubyte.gz").write_bytes(
            gzip.compress(idx_bytes((numbers % 10).astype("u1")))
        )
    return arrays


def test_a_family_is_split_once_and_for_all_and_keeps_its_official_test_set(tmp_path: Path) -> None:
    write_family(tmp_path)
    data, again = load("mnist", tmp_path), load("mnist", tmp_path)
    assert (len(data.train), len(data.validation), len(data.test)) == (110, 10, 20)
    numbers = [np.round(part.x[:, 0, 0, 0] * 255).astype(int) for part in (data.train, data.validation, data.test)]
    assert sorted([*numbers[0], *numbers[1]]) == list(range(120))
    assert numbers[2].tolist() == list(range(20))
    assert numbers[0].tolist() == np.random.default_rng(SPLIT_SEED).permutation(120)[:110].tolist()
    for part, held in zip((data.train, data.validation, data.test), numbers, strict=True):
        np.testing.assert_array_equal(part.labels, held % 10)
        assert part.x.shape[1:] == (1, 28, 28)
    np.testing.assert_array_equal(data.train.x, again.train.x)
    assert data.classes == tuple("0123456789")


def test_what_was_not_downloaded_says_both_ways_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(
        DataError,
        match="'fashion-mnist' has not been downloaded yet.*Data page.*python -m aecore data fetch fashion-mnist",
    ):
        load("fashion-mnist", tmp_path)
    with pytest.raises(DataError, match="no data set 'kmnist'.*mnist, fashion-mnist"):
        load("kmnist", tmp_path)


def test_a_damaged_download_says_to_delete_it_and_where(tmp_path: Path) -> None:
    write_family(tmp_path)
    path = tmp_path / "mnist/train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(
        DataError,
        match=r"'train-images-idx3-ubyte.gz' is a damaged or truncated.*Delete it in .*mnist and download it again",
    ):
        load("mnist", tmp_path)


@pytest.mark.parametrize(
    "labels", [np.zeros(119, "u1"), np.full(120, 10, "u1"), np.zeros(120, "i4"), np.zeros((120, 1), "u1")]
)
def test_labels_that_do_not_fit_the_images_are_refused(tmp_path: Path, labels: np.ndarray) -> None:
    write_family(tmp_path)
    (tmp_path / "mnist/train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_bytes(labels)))
    with pytest.raises(DataError, match="'train-labels-idx1-ubyte.gz' do not belong together"):
        load("mnist", tmp_path)


@pytest.fixture(scope="module")
def real() -> Path:
    """The folder with the real MNIST."""
    places = [Path(os.environ[key]) for key in ("AECORE_DATA",) if os.environ.get(key)]
    places.append(Path(__file__).parents[3] / "shared" / "data")
    for place in places:
        if all(present(file, place) for file in files("mnist")):
            return place
    pytest.skip("the real MNIST is not on this machine; set AECORE_DATA to a folder that has it")


def test_the_real_mnist_has_its_published_content(real: Path) -> None:
    for file in files("mnist"):
        verify(file, real)


@pytest.mark.long
def test_the_real_mnist_is_what_everyone_knows(real: Path) -> None:
    data = load("mnist", real)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [55_000, 5_000, 10_000]
    assert (data.train.x.min(), data.train.x.max()) == (0, 1)
    assert data.test.labels is not None
    assert data.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    pixels = np.concatenate([data.train.x, data.validation.x])
    assert pixels.mean(dtype=np.float64) == pytest.approx(0.1307, abs=1e-4)  # as in every PyTorch example's Normalize
    assert pixels.std(dtype=np.float64) == pytest.approx(0.3081, abs=1e-4)
