"""The export's data: their origin, their split, and the file beside the script."""

from __future__ import annotations

import io

import numpy as np

from aecore.datasets import DataError, digits, load
from aecore.datasets.base import SPLIT_SEED
from aecore.datasets.idx import FAMILIES, files
from aecore.datasets.selection import without_class
from aecore.export.cells import Cell, fill
from aecore.export.subject import Subject

TO_DEVICE = "train, validation, test = (torch.from_numpy(part).to(DEVICE) for part in (train, validation, test))"

DIGITS = """
    digits = load_digits()
    pictures = (digits.images[:, None] / 16).astype(np.float32)  # (count, channels, height, width), from 0 to 1
    order = np.random.default_rng($seed).permutation(len(pictures))
    held = round(0.15 * len(pictures))
    train, validation, test = (pictures[$rows] for rows in np.split(order, [-2 * held, -held]))
"""

IDX = '''
    FOLDER = Path(os.environ.get("AECORE_DATA", "data")) / "$name"
    SOURCE = "$source"


    def read_idx(name: str) -> np.ndarray:
        """The numbers in one of the four files of $title, which is downloaded if it is not in FOLDER."""
        path = FOLDER / name
        if not path.exists():
            print(f"downloading {SOURCE + name}")
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_bytes(urlopen(SOURCE + name).read())
        data = gzip.decompress(path.read_bytes())
        dimensions = data[3]  # the header: two zeros, the type, the count of dimensions, each dimension in four bytes
        shape = struct.unpack_from(f">{dimensions}I", data, 4)
        return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


    def pictures(name: str) -> np.ndarray:
        """Pictures (count, 1, 28, 28), from 0 for black to 1 for white."""
        return np.divide(read_idx(name)[:, None], 255, dtype=np.float32)


    learn = pictures("train-images-idx3-ubyte.gz")
    order = np.random.default_rng($seed).permutation(len(learn))
'''
ALL = """
    train, validation = learn[order[:55000]], learn[order[55000:]]
    test = pictures("t10k-images-idx3-ubyte.gz")
"""
WITHOUT = """
    has_place = read_idx("train-labels-idx1-ubyte.gz") != $label
    train, validation = (learn[rows[has_place[rows]]] for rows in (order[:55000], order[55000:]))
    test = pictures("t10k-images-idx3-ubyte.gz")[read_idx("t10k-labels-idx1-ubyte.gz") != $label]
"""

FILE = """
    FILE = Path("$file")
    if not FILE.exists():
        raise SystemExit(f"{FILE} is not here; it lies beside this code in the .zip that the app exports.")
    with np.load(FILE) as arrays:
        train, validation, test = (arrays[part] for part in ("train", "validation", "test"))
"""

MEASURED = """
    $to_device
    SHAPE = tuple(train.shape[1:])  # $shape
    INPUTS = math.prod(SHAPE)
    print(f"{len(train):,} $what to learn from, {len(validation):,} to watch, {len(test):,} for the test")
"""


def data_cell(subject: Subject) -> Cell:
    """The cell that loads the data as tensors `train`, `validation` and `test`."""
    name, about = subject.settings.data, subject.card
    if name == "digits":
        source, text = (
            "Real handwritten digits that come with scikit-learn",
            fill(DIGITS, seed=SPLIT_SEED, rows=_digit_rows(subject)),
        )
    elif subject.has_file:
        source, text = f"{about.title}, from the file {file_name(subject)}", fill(FILE, file=file_name(subject))
    else:
        source = (
            f"{about.title}, read from the folder that AECORE_DATA names or from `data/`, "
            "and downloaded if it is not there"
        )
        url = files(name)[0].urls[0]
        text = fill(IDX, name=name, title=about.title, seed=SPLIT_SEED, source=url[: url.rindex("/") + 1])
        text += "\n" + (
            fill(WITHOUT, label=_left_out(subject, FAMILIES[name].classes)) if subject.leave_out else fill(ALL)
        )
    shape = "channels, height, width" if subject.is_image else "the numbers of one example"
    measured = fill(MEASURED, to_device=TO_DEVICE, shape=shape, what=subject.what)
    prose = f"{source}. The split is the app's: each example is used for training, for validation, or for the test."
    if subject.leave_out:
        prose += f" Class {subject.leave_out} is left out of all three: the network never sees it."
    return Cell("Data", prose, f"{text}\n{measured}")


def _digit_rows(subject: Subject) -> str:
    return f"rows[digits.target[rows] != {_left_out(subject, digits.CLASSES)}]" if subject.leave_out else "rows"


def _left_out(subject: Subject, classes: tuple[str, ...]) -> int:
    """The label of the class that is left out. DataError if there is no such class."""
    if subject.leave_out not in classes:
        raise DataError(
            f"leave_out is '{subject.leave_out}', but '{subject.settings.data}' has no such class; "
            f"there are {', '.join(classes)}."
        )
    return classes.index(subject.leave_out)


def file_name(subject: Subject) -> str:
    """The name of the data file."""
    return f"{subject.settings.data}.npz"


def data_file(subject: Subject) -> bytes:
    """The data as an .npz with the arrays train, validation and test, float32. DataError if they are missing."""
    data, file = without_class(load(subject.settings.data), subject.leave_out), io.BytesIO()
    np.savez_compressed(file, train=data.train.x, validation=data.validation.x, test=data.test.x)
    return file.getvalue()
