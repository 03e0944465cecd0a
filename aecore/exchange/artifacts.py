"""The files of a run that go with it to an experiment tracker."""

from __future__ import annotations

from aecore.exchange import folder_problem
from aecore.exchange.huggingface import folder_files
from aecore.runs.store import Run

MODEL = "model"
"""The folder of a model, which can be imported again."""

OTHERS = ("weights.safetensors", "model.safetensors", "settings.json", "about.json", "results.json", "autoencoder.npz")
"""Files of runs that can be no such folder: the weights, what the model is, the figures that were found."""


def artifacts(run: Run) -> dict[str, bytes]:
    """Path -> content: of an autoencoder the Hugging Face-style folder, of other runs, and where the data of an
    autoencoder are gone, the files of their weights.
    """
    if run.is_autoencoder and not folder_problem(run):
        return {f"{MODEL}/{name}": content for name, content in folder_files(run).items()}
    return {f"{MODEL}/{name}": (run.folder / name).read_bytes() for name in OTHERS if (run.folder / name).is_file()}
