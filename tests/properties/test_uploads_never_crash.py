"""Whatever bytes come under whatever name, an upload is either understood or refused with a sentence."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import shown, shown_name
from aecore.datasets.uploads.reading import ENDINGS, UploadSettings, read_upload

pytestmark = pytest.mark.long

QUICK = settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None)
NAMES = [f"file{ending}" for ending in ENDINGS] + [
    "train-images-idx3-ubyte",
    "train-images-idx3-ubyte.gz",
    "file",
    "file.exe",
]


@cache
def sound(ending: str) -> bytes:
    """A small file that is understood."""
    rng, out = np.random.default_rng(0), io.BytesIO()
    pixels = rng.integers(0, 256, (4, 12, 12), dtype=np.uint8)
    idx = bytes([0, 0, 8, 3]) + struct.pack(">3I", *pixels.shape) + pixels.tobytes()
    if ending == ".npy":
        np.save(out, pixels)
    elif ending == ".npz":
        np.savez(out, x=pixels, y=np.array(["a", "b", "a", "b"]))
    elif ending == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(2):
                archive.writestr(f"folder{i}/{i}.png", sound(".png"))
    elif ending in (".csv", ".tsv"):
        return b"a,b,label\n1,2,x\n3.5,-4,y\n5,6e1,x\n".replace(b",", b"\t" if ending == ".tsv" else b",")
    elif ending in (".idx", ".gz"):
        return gzip.compress(idx) if ending == ".gz" else idx
    else:
        form = dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), "JPEG").get(ending, ending[1:].upper())
        Image.fromarray(np.repeat(pixels[0][..., None], 3, 2)).save(out, form)
    return out.getvalue()


def understood_or_refused(files: list[tuple[str, bytes]], how: UploadSettings | None = None) -> None:
    """The whole promise: numbers in [0, 1] with labels that fit, or a DataError that is a sentence and safe to show."""
    read, refusal = None, ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            read = read_upload(files, how or UploadSettings())
    except DataError as error:
        refusal = str(error)
    if read is None:
        assert refusal.endswith(".")
        assert not set(refusal) & set("<>\0\x1b")
        return
    examples = read.examples
    assert len(examples) > 0
    assert examples.x.dtype == np.float32
    assert examples.x.min() >= 0
    assert examples.x.max() <= 1
    assert read.notes
    if examples.labels is not None:
        assert 0 <= examples.labels.min() <= examples.labels.max() < len(read.classes)
    assert len(read.columns) == len(read.ranges) == (examples.x.shape[1] if examples.x.ndim == 2 else 0)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_sound_file_of_every_ending_is_understood(ending: str) -> None:
    assert len(read_upload([(f"file{ending}", sound(ending))]).examples) >= 1


@QUICK
@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=300))
def test_any_bytes_under_any_name(name: str, data: bytes) -> None:
    understood_or_refused([(name, data)])


@settings(QUICK, max_examples=80)
@pytest.mark.parametrize("ending", ENDINGS)
@given(
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 2000),
    tail=st.binary(max_size=8),
)
def test_a_sound_file_with_some_bytes_changed_cut_or_added(
    ending: str, changes: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    data = bytearray(sound(ending))
    for at, value in changes:
        data[at % len(data)] = value
    understood_or_refused([(f"file{ending}", bytes(data[: cut or None]) + tail)])


CELL = st.one_of(
    st.floats().map(str), st.integers().map(str), st.text(max_size=5),
    st.sampled_from(["", "label", "y", '"', "1,5", "nan", " ", "1e999", "\r"])
)  # fmt: skip


HOW = st.builds(
    UploadSettings,
    image_size=st.integers(8, 12),
    colour=st.booleans(),
    **{each.name: st.sampled_from(each.choices) for each in UploadSettings.knobs() if each.choices},
    label=st.sampled_from(["", "none", "y", "column 1"]),
    array=st.sampled_from(["", "x", "y"]),
)


@settings(QUICK, max_examples=200)
@given(rows=st.lists(st.lists(CELL, max_size=4), max_size=6), separator=st.sampled_from(",;\t"), how=HOW)
def test_any_cells_in_a_table(rows: list[list[str]], separator: str, how: UploadSettings) -> None:
    text = "\n".join(separator.join(row) for row in rows)
    understood_or_refused([("t.csv", text.encode("utf-8", "surrogatepass"))], how)


@settings(QUICK, max_examples=150)
@example([1, 1], "f16", b"\0\0\0\0\1", UploadSettings())
@given(
    shape=st.lists(st.integers(0, 5), max_size=5),
    kind=st.sampled_from(["?", "i1", "u2", "i8", "f2", "f4", ">f8", "f16", "c8", "U2", "S1", "M8[s]", "O"]),
    raw=st.binary(min_size=1, max_size=40),
    how=HOW,
)
def test_any_numbers_in_any_shape(shape: list[int], kind: str, raw: bytes, how: UploadSettings) -> None:
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    text = f"{{'descr': '{np.dtype(kind).str}', 'fortran_order': False, 'shape': {tuple(shape)}}}".encode()
    content = (raw * (size // len(raw) + 1))[:size]
    understood_or_refused([("a.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + content)], how)


@QUICK
@given(files=st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=20)), max_size=4))
def test_any_files_together(files: list[tuple[str, bytes]]) -> None:
    understood_or_refused(files)


@settings(QUICK, max_examples=200)
@given(name=st.text(max_size=200))
def test_any_name_is_shown_short_on_one_line_and_without_markup(name: str) -> None:
    for safe in (shown(name), shown_name(name)):
        assert len(safe) <= 60
        assert not set(safe) & set('<>&`*_[]{}|\\$:"\n\r\t\0\x1b\u202e') - {"_"}
        assert safe.isprintable()
    understood_or_refused([(name, b"text")])


@settings(QUICK, max_examples=60)
@given(
    names=st.lists(st.text(max_size=20), min_size=1, max_size=4),
    labels=st.lists(st.text(max_size=6), min_size=2, max_size=4),
)
def test_any_names_inside_archives(names: list[str], labels: list[str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name in names:
            archive.writestr(f"x{name.encode('utf-8', 'replace').decode()}.png", sound(".png"))
    understood_or_refused([("z.zip", out.getvalue())])
    arrays = io.BytesIO()
    np.savez(arrays, x=np.zeros((len(labels), 2)), y=np.array(labels))
    understood_or_refused([("a.npz", arrays.getvalue())])
