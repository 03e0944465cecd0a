"""The files of a run that go with it to an experiment tracker."""

from __future__ import annotations

from aecore.exchange.huggingface import folder_files
from aecore.runs.store import Run

MODEL = "model"
"""The folder of a model, which can be imported again."""

OTHERS = ("model.safetensors", "weights.safetensors", "about.json", "results.json", "autoencoder.npz")
"""Files of runs that are no autoencoders: the weights, what the model is, the figures that were found."""


def artifacts(run: Run) -> dict[str, bytes]:
    """Path -> content: of an autoencoder the Hugging Face-style folder, of other runs the files of their weights."""
    if run.is_autoencoder:
        return {f"{MODEL}/{name}": content for name, content in folder_files(run).items()}
    return {f"{MODEL}/{name}": (run.folder / name).read_bytes() for name in OTHERS if (run.folder / name).is_file()}
