"""Shared by `encode`, `reconstruct` and `generate`: finding a model, reading examples and writing results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets import DataError, card, load
from aecore.datasets.selection import without_class
from aecore.datasets.uploads.base import MAX_UPLOAD_BYTES, UploadSettings
from aecore.files import replacing
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.runs.store import RunStore

PARTS = ("train", "validation", "test")
ARRAYS = (".npy", ".npz", ".csv")
OUT = f"a file that ends in {', '.join(ARRAYS)}"


@dataclass(frozen=True)
class Inputs:
    """x: (N, *shape) float32 in [0, 1]; names: of each example, (N,); labels: (N,) or None; notes: how it was read."""

    x: np.ndarray
    names: tuple[str, ...]
    labels: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    def tell(self) -> None:
        """Prints how the files were read, to stderr: stdout holds results alone."""
        for note in self.notes:
            print(note, file=sys.stderr)


READING = ("scale", "turn", "layout", "label", "header", "gaps")
"""Settings of reading that are options here, too."""


def parser_of(name: str, about: str | None) -> argparse.ArgumentParser:
    """A parser with an argument for the model."""
    parser = argparse.ArgumentParser(
        f"python -m aecore {name}", description=about, epilog="`python -m aecore runs` lists the runs."
    )
    parser.add_argument("run", metavar="RUN", help="the id of a run, or the name of a built-in model")
    return parser


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Adds arguments for files, or for a part of the model's own data."""
    parser.add_argument(
        "files", metavar="FILE", nargs="*", type=Path,
        help="pictures, a ZIP of them, idx files or an array (.npy, .npz), as light and dark as those that the model "
        "has learned; without any, the model's own data set",
    )  # fmt: skip
    parser.add_argument(
        "--part", choices=PARTS, help="which part of the model's own data set, where no file is given; test unless told"
    )
    group = parser.add_argument_group("how files are read", "found from the files unless told; stderr says how")
    for each in UploadSettings.knobs():
        if each.name in READING:
            group.add_argument(f"--{each.name}", choices=each.choices or None, help=each.help)


def model_of(name: str) -> TrainedModel:
    """The model of that name. RunError, in a sentence, if there is none."""
    return find_trained_model(RunStore(), name)


def read_inputs(model: TrainedModel, options: argparse.Namespace) -> Inputs:
    """Examples of the model's shape, from the options of `add_inputs`. DataError, in a sentence, for other files."""
    files, part = options.files, options.part
    told = {name: value for name in READING if (value := getattr(options, name)) is not None}
    if not files:
        data = without_class(load(model.data), str(model.settings.get("leave_out", "")))
        examples = getattr(data, part or "test")
        names = tuple(f"{part or 'test'}-{place:05d}" for place in range(len(examples)))
        return Inputs(examples.x, names, examples.labels)
    if part:
        raise DataError("--part is of the model's own data set; leave it out, or the files.")
    shape, content = card(model.data).shape, [(path.name, _read(path)) for path in files]
    if not told and len(files) == 1 and files[0].suffix == ".npy" and (x := _as_stored(content[0], shape)) is not None:
        return Inputs(x, _numbered(files[0].stem, len(x)))
    stem = files[0].stem
    from aecore.commands.own_scale import as_learned, has_columns, rows_as_learned
    from aecore.datasets.uploads.reading import read_upload

    if len(shape) == 1 and has_columns(model.data):
        found = read_upload(content, UploadSettings(**told))
        x, notes = rows_as_learned(found, model.data)
        return Inputs(x, _numbered(stem, len(x)), found.examples.labels, (*found.notes, *notes))
    if len(shape) == 1:
        raise DataError(
            f"This model takes rows of {shape[0]} numbers between 0 and 1, scaled as its training data were. Save them "
            f"with numpy.save as an array of shape (N, {shape[0]}) and give that .npy file."
        )
    if shape[1] != shape[2] or not 8 <= shape[1] <= 64:
        raise DataError(
            f"This model takes pictures of {shape[1]} x {shape[2]}; give them as an .npy file of that shape."
        )
    found = read_upload(content, UploadSettings(shape[1], shape[0] == 3, rows="pictures", **told))
    if found.examples.x.shape[1:] != shape:
        raise DataError(f"'{files[0].name}' holds examples of another kind than the pictures this model takes.")
    x, notes = (found.examples.x, ()) if "scale" in told else as_learned(found, model.data)
    stems = tuple(path.stem for path in files)
    if found.kind != "images" or len(found.examples) != len(files) or len(set(stems)) < len(stems):
        stems = _numbered(stem, len(x))
    return Inputs(x, stems, found.examples.labels, (*found.notes, *notes))


def _numbered(stem: str, count: int) -> tuple[str, ...]:
    return tuple(f"{stem}-{place:05d}" for place in range(count))


def _as_stored(file: tuple[str, bytes], shape: tuple[int, ...]) -> np.ndarray | None:
    """The array of a file that needs neither scaling nor resizing, (N, *shape); None for any other file."""
    from aecore.datasets.uploads.arrays import read_npy

    array = read_npy(*file)
    numbers = int(np.prod(shape))
    if array.dtype.kind not in "biuf" or array.ndim < 2 or array[0].size != numbers or not len(array):
        return None
    if len(shape) == 3 and array.ndim > 2 and array.shape[1:] not in (shape, shape[1:]):
        return None
    x = array.reshape(len(array), *shape).astype(np.float32)
    return x if np.isfinite(x).all() and x.min() >= 0 and x.max() <= 1 else None


def write_array(out: Path, **arrays: np.ndarray) -> str:
    """Writes the first array as .npy or .csv, or all of them as .npz; says what was written. DataError if it cannot."""
    first = next(iter(arrays.values()))
    _check_ending(out)

    def write(path: Path) -> None:
        with path.open("wb") as file:
            if out.suffix == ".npz":
                np.savez(file, **arrays)
            elif out.suffix == ".npy":
                np.save(file, first)
            else:
                np.savetxt(file, first.reshape(len(first), -1), fmt="%.7g", delimiter=",")

    _replaced(out, write)
    return f"{out}: {' x '.join(map(str, first.shape))} numbers"


def write_pictures(out: Path, x: np.ndarray, names: Sequence[str], files: Sequence[Path] = ()) -> str:
    """x (N, C, H, W) in [0, 1] as a PNG each in a folder, or as `write_array` does.

    files: the input files, which are never overwritten.
    """
    if out.suffix in ARRAYS:
        return write_array(out, x=x, names=np.array(names))
    if out.suffix or x.ndim != 4:
        place = f"{OUT}, or a folder for PNG pictures" if x.ndim == 4 else OUT
        raise DataError(f"--out is '{out}'; name {place}.")
    from PIL import Image

    targets, given = [out / f"{name}.png" for name in names], {path.resolve() for path in files}
    if any(target.resolve() in given for target in targets):
        raise DataError(
            f"--out is '{out}', where the given pictures themselves would be written over. Name another folder."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for picture, target in zip((x.clip(0, 1) * 255).round().astype(np.uint8), targets, strict=True):
            pixels = picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
            _replaced(target, lambda path, pixels=pixels: Image.fromarray(pixels).save(path, "PNG"))
    except OSError as error:
        raise _disk(out, error) from None
    return f"{out}: {len(x):,} PNG pictures of {x.shape[2]} x {x.shape[3]}"


def _check_ending(out: Path) -> None:
    if out.suffix not in ARRAYS:
        raise DataError(f"--out is '{out}'; name {OUT}.")


def _replaced(out: Path, write: Callable[[Path], object]) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with replacing(out) as temporary:
            write(temporary)
    except OSError as error:
        raise _disk(out, error) from None


def _disk(out: Path, error: OSError) -> DataError:
    return DataError(f"{out} cannot be written ({error.strerror or error}). Choose another place with --out.")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_UPLOAD_BYTES:
            raise DataError(f"{path} has more than {MAX_UPLOAD_BYTES >> 20} MB. Give it in parts.")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from None
