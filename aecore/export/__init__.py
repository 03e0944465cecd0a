"""Export to code: a run as a self-contained PyTorch script, a notebook, or a ZIP with its data."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from typing import Any

from aecore.runs.store import Run

WRITERS = {
    **dict.fromkeys(
        ("linear", "undercomplete", "overcomplete", "sparse-l1", "sparse-kl", "dropout", "stacked", "deep"),
        "dense:dense",
    ),
    **dict.fromkeys(("convolutional", "sparse-convolutional"), "convolutional:convolutional"),
    "contractive": "special:contractive",
    "k-sparse": "special:k_sparse",
    "variational": "variational:variational",
}
"""Variant -> the module here, and the function in it, that write its network."""

ENDINGS = {"script": ".py", "notebook": ".ipynb", "archive": ".zip"}


class ExportError(ValueError):
    """A run that cannot be exported; the message says why."""


def script(run: Run) -> str:
    """The run as a Python file. ExportError or SettingsError, in a sentence, if that is impossible."""
    from aecore.export.cells import as_script
    from aecore.export.story import story

    return as_script(*story(run))


def notebook(run: Run) -> dict[str, Any]:
    """The run as a Jupyter notebook (nbformat 4.5), whose code is the script's. Errors as `script`."""
    from aecore.export.cells import as_notebook
    from aecore.export.story import story

    return as_notebook(*story(run))


def notebook_text(run: Run) -> str:
    """The notebook as the text of its file."""
    return json.dumps(notebook(run), indent=1, ensure_ascii=False) + "\n"


def archive(run: Run) -> bytes:
    """A ZIP of the script, the notebook, what they need, and the data where they cannot be downloaded.

    Errors as `script`.
    """
    name, file = export_name(run), io.BytesIO()
    parts = {f"{name}.py": script(run).encode(), f"{name}.ipynb": notebook_text(run).encode(), **companions(run)}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for each, content in parts.items():
            kind = (
                zipfile.ZIP_STORED if each.endswith(".npz") else zipfile.ZIP_DEFLATED
            )  # an .npz is compressed already
            bundle.writestr(f"{name}/{each}", content, kind)
    return file.getvalue()


def companions(run: Run) -> dict[str, bytes]:
    """Name -> content of the files beside the script: README.txt, requirements.txt,
    the run's weights, and the data where they are needed.
    """
    from aecore.export.data import data_file, file_name
    from aecore.export.story import read_me, requirements
    from aecore.export.subject import Subject
    from aecore.export.weights import WEIGHTS_FILE

    subject = Subject.of(run)
    texts = {
        "README.txt": read_me(subject, export_name(run)).encode(),
        "requirements.txt": requirements(subject).encode(),
    }
    if run.has_weights:
        texts[WEIGHTS_FILE] = (run.folder / WEIGHTS_FILE).read_bytes()
    return texts | ({file_name(subject): data_file(subject)} if subject.has_file else {})


def export_name(run: Run) -> str:
    """What the exported files are called, without an ending: the run's name in plain letters."""
    plain = unicodedata.normalize("NFKD", run.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or f"run-{run.id}"


def needs_file(run: Run) -> bool:
    """Whether the script reads a file that only the ZIP holds. Needs no torch."""
    from aecore.datasets import DATASETS

    name = run.settings.get("data", "")
    return name != "digits" and not (name in DATASETS and DATASETS[name].remote)


def problem(run: Run) -> str:
    """Why a run cannot be exported, in a sentence; empty if it can. Quick, and needs no torch."""
    from aecore.datasets import DataError, card

    if run.problem:
        return run.problem
    if run.settings.get("variant") not in WRITERS:
        return (
            f"The {run.settings.get('variant')} variant cannot be exported yet: "
            "nobody has written it out in aecore/export."
        )
    try:
        card(run.settings.get("data", ""))
    except DataError as error:
        return str(error)
    return ""
