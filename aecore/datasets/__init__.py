"""DATASETS: every built-in data set, and `load` for these and for uploads."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from aecore.datasets.base import DataError, Dataset, Examples
from aecore.paths import data_folder, home_folder

__all__ = ["DATASETS", "Card", "DataError", "Dataset", "Examples", "card", "is_ready", "load", "names"]


@dataclass(frozen=True)
class Card:
    """Description of a data set, and its loader.

    shape: of one example. suggested: default settings for it. remote: whether it has
    to be downloaded first. classes: names of the labels of its examples, none if they have no labels.
    """

    module: str
    title: str
    about: str
    source: str
    licence: str
    shape: tuple[int, ...]
    suggested: dict[str, Any] = field(default_factory=dict)
    remote: bool = False
    classes: tuple[str, ...] = ()

    @property
    def has_classes(self) -> bool:
        """Whether its examples have labels."""
        return bool(self.classes)

    @property
    def is_image(self) -> bool:
        """Whether an example can be shown as a picture."""
        return len(self.shape) == 3


TEN = tuple("0123456789")

DATASETS: dict[str, Card] = {
    "digits": Card(
        "digits", "Digits", "Real handwritten digits, shrunk to 8 × 8 pixels: the smallest pictures here.",
        "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
        "1998; the copy in scikit-learn.",
        "CC BY 4.0", (1, 8, 8), {"epochs": 150, "batch_size": 64, "latent_size": 10}, classes=TEN,
    ),
    "shapes": Card(
        "shapes", "Shapes",
        "Six kinds of shapes of 28 × 28 pixels, drawn by this app, each at a place, size, angle and line width of its "
        "own.",
        "Drawn by this app.", "Free to use, made by this project", (1, 28, 28),
        {"epochs": 60, "widths": (256,), "latent_size": 12, "code_activation": "linear", "learning_rate": 0.003},
        classes=("circle", "square", "triangle", "star", "heart", "cross"),
    ),
    "faces": Card(
        "faces", "Faces",
        "Cartoon faces of 32 × 32 pixels in colour, drawn by this app: glasses, beards, hair, smiles and eyes, each "
        "chosen independently.",
        "Drawn by this app.", "Free to use, made by this project", (3, 32, 32),
        {"epochs": 40, "widths": (256,), "latent_size": 32, "code_activation": "linear", "learning_rate": 0.002},
        classes=("short", "tousled", "bob", "long", "curly", "bun", "bald"),
    ),
    "spiral": Card(
        "spiral", "Spiral", "3,000 points of the plane beside a spiral, two numbers each: inputs and "
        "reconstructions can be drawn in one picture. Its three classes are the thirds of the way along it.",
        "Drawn by this app.", "Free to use, made by this project", (2,),
        {
            "epochs": 300, "widths": (64, 64), "latent_size": 1, "activation": "tanh", "code_activation": "linear",
            "learning_rate": 0.005, "batch_size": 64,
        },
        classes=("inner third", "middle third", "outer third"),
    ),
    "mnist": Card(
        "idx", "MNIST",
        "70,000 handwritten digits of 28 × 28 pixels, the data set of many papers on autoencoders: 55,000 for "
        "training, 5,000 for validation, 10,000 for testing.",
        "Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits, 1998.", "CC BY-SA 3.0",
        (1, 28, 28), {}, remote=True, classes=TEN,
    ),
    "fashion-mnist": Card(
        "idx", "Fashion-MNIST",
        "70,000 pictures of clothes, shoes and bags from a shop's catalogue: as many as MNIST has, of the same size, "
        "and split in the same numbers. Training takes as long.",
        "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017, arXiv:1708.07747.", "MIT", (1, 28, 28),
        {"widths": (256,)}, remote=True,
        classes=("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                 "Ankle boot"),
    ),
}  # fmt: skip


def load(name: str, folder: Path | None = None, home: Path | None = None) -> Dataset:
    """The data set `name`, built-in, downloaded (from `folder`) or uploaded (to `home`).

    DataError if it is not there.
    """
    folder, home = folder or data_folder(), home or home_folder()
    if name.startswith("upload-"):
        from aecore.datasets.uploads.reading import load_upload

        return load_upload(name, home)
    if name not in DATASETS:
        raise DataError(f"There is no data set '{name}'; choose one of {', '.join(DATASETS)}, or an upload.")
    loader = import_module(f"aecore.datasets.{DATASETS[name].module}")
    return loader.load(name, folder) if DATASETS[name].remote else loader.load(folder)


def is_ready(name: str, folder: Path | None = None) -> bool:
    """Whether `name` can be loaded at once: built in, uploaded or already downloaded."""
    if name not in DATASETS or not DATASETS[name].remote:
        return True
    from aecore.datasets.downloads import present
    from aecore.datasets.idx import files

    return all(present(file, folder or data_folder()) for file in files(name))


def names(home: Path | None = None, ids: Collection[str] | None = None) -> tuple[str, ...]:
    """Built-in names first, then the uploads found in `home`, or those of these ids."""
    from aecore.datasets.uploads.reading import list_uploads

    return (*DATASETS, *(each.id for each in list_uploads(home or home_folder(), ids) if not each.error))


def card(name: str, home: Path | None = None) -> Card:
    """The card of any data set, uploads included. DataError if there is none of that name."""
    if name in DATASETS:
        return DATASETS[name]
    from aecore.datasets.uploads.reading import find_upload

    with suppress(DataError):
        each = find_upload(name, home or home_folder())
        about = " ".join(each.notes)
        return Card(
            "uploads", each.title, about, "Uploaded on this machine.", "Yours", each.shape, {"epochs": 60},
            classes=each.classes,
        )  # fmt: skip
    raise DataError(f"There is no data set '{name}'; choose one of {', '.join(DATASETS)}, or an upload.")
