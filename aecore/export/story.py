"""An export from its title to its pictures: its cells, its imports and its title."""

from __future__ import annotations

import math
import re
from importlib import import_module

import torch

from aecore.export import WRITERS, ExportError, problem
from aecore.export.cells import Cell
from aecore.export.constants import constants_cell
from aecore.export.data import data_cell, file_name
from aecore.export.greedy import greedy_cell
from aecore.export.network import Network
from aecore.export.results import corruption_cell, pictures_cell, test_cell
from aecore.export.subject import Subject
from aecore.export.training import training_cell
from aecore.export.weights import WEIGHTS_FILE, renamed, weights_cell
from aecore.runs.store import Run
from aecore.training.devices import has_exact_medium
from aecore.variants import VARIANTS

STANDARD = {
    "import gzip": r"\bgzip\.", "import json": r"\bjson\.", "import math": r"\bmath\.", "import os": r"\bos\.",
    "import struct": r"\bstruct\.",
    "from collections.abc import Callable": r"\bCallable\b", "from pathlib import Path": r"\bPath\(",
    "from urllib.request import urlopen": r"\burlopen\(",
}  # fmt: skip
INSTALLED = {
    "import matplotlib.pyplot as plt": r"\bplt\.", "import numpy as np": r"\bnp\.", "import torch": r"\btorch\.",
    "from sklearn.datasets import load_digits": r"\bload_digits\(", "from torch import Tensor, nn": r"\bnn\.",
    "from torch.nn import functional as F": r"\bF\.",
}  # fmt: skip
"""Import -> how code looks that needs it; in the order in which a file lists them."""

DONE = "In the app the run ended with a mean squared error of {mse:.6f} per {unit} on the test set{pca}."
STOPPED = " It was stopped in epoch {epoch} of {planned}, and so is this script."
UNDER_WAY = "In the app {done} of {planned} epochs are done so far; this script trains all of them."
DIVERGED = "In the app this run diverged: its loss ran away, and here it will too. Try a smaller LEARNING_RATE."
WENT_ON = " It diverged on its way and went on with a smaller learning rate, and so does this script."

EXACT = (
    "Weights, order, corruption and steps are drawn as in the app, so on the same processor every printed digit is the "
    "same. Other processors and other versions of PyTorch round differently, and over thousands of steps the last "
    "digits drift apart. Made with PyTorch {torch}."
)
FAST = (
    "The run multiplied matrices in bfloat16, which keeps about three digits, and so does this script: on another "
    "processor expect figures that agree to about one part in a hundred. Made with PyTorch {torch}."
)
GPU = (
    "The run was trained on {device}. A GPU draws other random numbers than a CPU and adds up in another order: "
    "expect figures that agree to about one part in a hundred, not digit by digit. Made with PyTorch {torch}."
)


def story(run: Run) -> tuple[Cell, str, list[Cell]]:
    """The title, the imports and the cells of a run's export. ExportError, in a sentence, if it cannot be exported."""
    if reason := problem(run):
        raise ExportError(reason)
    subject = Subject.of(run)
    module, name = WRITERS[subject.settings.variant].split(":")
    network: Network = getattr(import_module(f"aecore.export.{module}"), name)(subject)
    is_medium = subject.device in ("cpu", "auto") and (subject.is_fast or has_exact_medium(torch.device("cpu")))
    train = greedy_cell if subject.is_greedy else training_cell
    cells = [
        constants_cell(subject, network.constants),
        data_cell(subject),
        *([corruption_cell(subject)] if subject.is_corrupted else []),
        _network_cell(subject, network),
        train(subject, network, is_medium),
        test_cell(subject, is_medium),
        pictures_cell(subject),
        weights_cell(subject, renamed(subject, network)),
    ]
    return _head(subject), _imports(cells), cells


def requirements(subject: Subject) -> str:
    """requirements.txt: what the script imports, PyTorch in the version of the run."""
    names = [
        "matplotlib",
        "numpy",
        *(["scikit-learn"] if subject.settings.data == "digits" else []),
        f"torch=={_torch()}",
    ]
    return "\n".join(names) + "\n"


def read_me(subject: Subject, name: str) -> str:
    """README.txt of the ZIP."""
    data = f"{file_name(subject)} holds the data: train, validation and test.\n" if subject.has_file else ""
    data += f"{WEIGHTS_FILE} holds the weights of the run; the script reads them in its last part.\n"
    return (
        f"{subject.name}\n\n{_head(subject).prose}\n\n{name}.py and {name}.ipynb hold the same code; "
        f"either will do.\n{data}\n"
        f"    pip install -r requirements.txt\n    python {name}.py\n"
    )


def _network_cell(subject: Subject, network: Network) -> Cell:
    about = VARIANTS[subject.settings.variant]
    sizes = [f"{size:,}" for size in subject.settings.layer_sizes(subject.shape)]
    prose = f"{about.idea}\n\nSizes from the input to the code: {' → '.join(sizes)}; the way back mirrors them."
    return Cell(f"The network: {about.title}", prose, network.code, about.formula)


def _head(subject: Subject) -> Cell:
    idea = (
        f"{VARIANTS[subject.settings.variant].idea} This is exactly one run of Autoencoder Explorer "
        f"({subject.id}), written out."
    )
    return Cell(subject.name, f"{idea}\n\n{_outcome(subject)}\n\n{_exactness(subject)}", "")


def _outcome(subject: Subject) -> str:
    test, base = subject.status.test, subject.status.baselines or {}
    done, planned = math.ceil(subject.epochs_done), subject.epochs_planned
    if test and "mse" in test:
        pca = f"; PCA with {base['pca_size']:,.0f} components: {base['pca_test']:.6f}" if "pca_test" in base else ""
        text = DONE.format(mse=test["mse"], pca=pca, unit="pixel" if subject.is_image else "number") + (
            STOPPED.format(epoch=done, planned=planned) if subject.is_stopped else ""
        )
    elif subject.status.state == "diverged":
        text = DIVERGED
    else:
        text = UNDER_WAY.format(done=f"{subject.epochs_done:.4g}", planned=planned)
    return text + (WENT_ON if len(subject.peaks()) > 1 else "")


def _exactness(subject: Subject) -> str:
    if subject.device not in ("cpu", "auto"):
        return GPU.format(device=subject.status.device or subject.device, torch=_torch())
    return (FAST if subject.is_fast else EXACT).format(torch=_torch())


def _torch() -> str:
    return torch.__version__.split("+")[0]


def _imports(cells: list[Cell]) -> str:
    code = "\n".join(cell.code for cell in cells)
    groups = ([line for line, use in group.items() if re.search(use, code)] for group in (STANDARD, INSTALLED))
    return "\n\n".join("\n".join(group) for group in groups if group)
