"""idx files, the format of the MNIST family, and the data sets that come in it."""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import numpy as np

from aecore.datasets.base import SPLIT_SEED, DataError, Dataset, Examples
from aecore.datasets.downloads import RemoteFile

MAX_BYTES = 512 * 2**20
"""Largest payload that an idx file may declare; a larger one is refused before memory is allocated."""

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_VALIDATION = 5000


@dataclass(frozen=True)
class Family:
    """A data set of four idx files: train images, train labels, test images, test labels."""

    files: tuple[RemoteFile, ...]
    classes: tuple[str, ...]


def _remote(
    name: str, mirrors: tuple[str, ...], sums: tuple[tuple[str, int], ...], hashed: Literal["payload", "file"]
) -> tuple[RemoteFile, ...]:
    parts = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return tuple(
        RemoteFile(f"{name}/{part}-ubyte.gz", tuple(f"{at}{part}-ubyte.gz" for at in mirrors), digest, size, hashed)
        for part, (digest, size) in zip(parts, sums, strict=True)
    )


_MNIST = _remote(
    "mnist",
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://github.com/fgnt/mnist/raw/master/",
    ),
    (
        ("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9_912_422),
        ("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28_881),
        ("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1_648_877),
        ("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4_542),
    ),
    "payload",
)

_FASHION_MNIST = _remote(
    "fashion-mnist",
    (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    (
        ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
        ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
        ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
        ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
    ),
    "file",
)

_CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")

FAMILIES = {"mnist": Family(_MNIST, tuple("0123456789")), "fashion-mnist": Family(_FASHION_MNIST, _CLOTHES)}
"""MNIST is verified by the SHA-256 of the uncompressed payloads, which every mirror shares. Of Fashion-MNIST only
digests of the .gz files are published, so these are verified: SHA-256 and sizes from TensorFlow Datasets
(tensorflow_datasets/url_checksums/fashion_mnist.txt), for the files whose MD5 sums stand in the README of
zalandoresearch/fashion-mnist.
"""


def files(name: str) -> tuple[RemoteFile, ...]:
    """What has to be downloaded for `name`. DataError if there is no such family."""
    if name not in FAMILIES:
        raise DataError(f"There is no data set '{name}' in the MNIST family; choose one of {', '.join(FAMILIES)}.")
    return FAMILIES[name].files


def downloaded(name: str, folder: Path) -> list[Path]:
    """The files of the data set of this name; none if it is not of the family."""
    return [folder / each.path for each in FAMILIES[name].files] if name in FAMILIES else []


def load(name: str, folder: Path) -> Dataset:
    """x (N, 1, 28, 28) in [0, 1]; 55,000 to train on, 5,000 to validate, the official 10,000 to test.

    Digests are not checked here, only headers, lengths and labels. DataError if a file is missing or damaged.
    """
    paths = [folder / file.path for file in files(name)]
    if not all(path.is_file() for path in paths):
        raise DataError(
            f"'{name}' has not been downloaded yet. Download it on the app's Data page, or with: "
            f"python -m aecore data fetch {name}"
        )
    images, labels = _pair(paths[0], paths[1])
    order = np.random.default_rng(SPLIT_SEED).permutation(len(images))
    cut = len(images) - min(_VALIDATION, max(1, len(images) // 12))
    train, validation = (_examples(images[part], labels[part]) for part in (order[:cut], order[cut:]))
    return Dataset(name, train, validation, _examples(*_pair(paths[2], paths[3])), classes=FAMILIES[name].classes)


def read_idx(source: bytes | Path, name: str = "", most: int = MAX_BYTES) -> np.ndarray:
    """The array in an idx file, plain or gzip, in the machine's byte order. name: what errors call it.

    DataError if it is no idx file, is shorter or longer than its header says, or says more than `most` bytes.
    """
    name = name or (source.name if isinstance(source, Path) else "the file")
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
        plain = io.BytesIO(data)
        with cast(IO[bytes], gzip.open(plain)) if data[:2] == b"\x1f\x8b" else plain as stream:
            shape, dtype = _header(stream, name, most)
            payload = _payload(stream, name, math.prod(shape) * dtype.itemsize)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"'{name}' is a damaged or truncated gzip file. Download it again.") from error
    except OSError as error:
        raise DataError(f"'{name}' cannot be read ({error.strerror}).") from error
    values = np.frombuffer(payload, dtype) if payload else np.empty(0, dtype)
    return values.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def is_idx(data: bytes) -> bool:
    """Whether a file, not compressed, begins with an idx magic number."""
    return len(data) > 3 and data[:2] == b"\0\0" and data[2] in _TYPES and 1 <= data[3] <= 8


def _header(stream: IO[bytes], name: str, most: int) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of the numbers: two zero bytes, the type, the count of dimensions, then each as four bytes."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
        raise DataError(f"'{name}' is not an idx file: it does not begin with an idx magic number.")
    sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"'{name}' is truncated: its header ends after {4 + len(sizes)} of {4 + 4 * magic[3]} bytes.")
    shape, dtype = struct.unpack(f">{magic[3]}I", sizes), np.dtype(_TYPES[magic[2]])
    if not 1 <= len(shape) <= 8 or math.prod(shape) * dtype.itemsize > most:
        said = " x ".join(f"{size:,}" for size in shape[:8]) or "no dimensions"
        raise DataError(f"'{name}' says it holds {said} numbers; 1 to 8 dimensions and {most >> 20:,} MB can be read.")
    return shape, dtype


def _payload(stream: IO[bytes], name: str, expected: int) -> bytearray:
    """Exactly the expected bytes; memory grows with the actual bytes, not with the declared size."""
    data = bytearray()
    while len(data) <= expected and (chunk := stream.read(min(2**20, expected + 1 - len(data)))):
        data += chunk
    if len(data) < expected:
        raise DataError(
            f"'{name}' is truncated: {expected:,} bytes are expected behind its header, {len(data):,} are there."
        )
    if len(data) > expected:
        raise DataError(
            f"'{name}' has trailing bytes after the {expected:,} that its header declares, so it is damaged."
        )
    return data


def _pair(images_path: Path, labels_path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 28, 28) and labels (N,), both uint8, of a downloaded pair."""
    try:
        images, labels = read_idx(images_path), read_idx(labels_path)
    except DataError as error:
        raise DataError(f"{error} Delete it in {images_path.parent} and download it again.") from error
    is_sound = images.shape[1:] == (28, 28) and labels.shape == images.shape[:1] and len(images) > 1
    if not is_sound or images.dtype != np.uint8 or labels.dtype != np.uint8 or labels.max() > 9:
        raise DataError(
            f"'{images_path.name}' and '{labels_path.name}' do not belong together: images {images.shape}, labels "
            f"{labels.shape}. Delete both in {images_path.parent} and download them again."
        )
    return images, labels


def _examples(images: np.ndarray, labels: np.ndarray) -> Examples:
    return Examples(np.divide(images[:, None], 255, dtype=np.float32), labels.astype(np.int64))
