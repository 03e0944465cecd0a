"""A run as one ZIP to download."""

from __future__ import annotations

import io
import zipfile

from aecore.runs.store import Run

TAKEN = {
    "settings.json": "what was asked for: data, network, training",
    "status.json": "how it went: state, times, test figures",
    "progress.jsonl": "the loss curves, one JSON object a line",
    "weights.safetensors": "the weights of the network",
    "latents.npz": "codes of some test examples",
    "model.safetensors": "the weights of the recommender",
    "about.json": "what the recommender is and has learned from",
    "films.json": "the films that it knows",
    "facts.json": "what is known of them",
    "results.json": "the figures that were found",
    "autoencoder.npz": "the word embeddings",
    "labels.npz": "the labels of the texts",
}
"""Files of a run in the ZIP, and their content."""

_READING = """
safetensors files hold named arrays and nothing that could run. In Python:

    pip install safetensors numpy
    from safetensors.numpy import load_file
    weights = load_file("{name}")    # name -> array

.npz files are NumPy's: numpy.load("latents.npz"). The same network written out as a PyTorch script, which reads
weights.safetensors, is under "Export" beside the run in the app.
"""


def bundle(run: Run) -> bytes:
    """The run's files as a ZIP; the weights are safetensors, which need no pickle to open."""
    file, held = io.BytesIO(), [name for name in TAKEN if (run.folder / name).exists()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{run.id}/README.txt", _read_me(run, held))
        for name in held:
            archive.write(run.folder / name, f"{run.id}/{name}")
    return file.getvalue()


def _read_me(run: Run, held: list[str]) -> str:
    """README of the files."""
    lines = [f"{name:<22}{TAKEN[name]}" for name in held]
    weights = next((name for name in held if name.endswith(".safetensors")), "")
    reading = _READING.format(name=weights) if weights else ""
    return f"Run {run.id}: {run.name}\n\n" + "\n".join(lines) + f"\n{reading}"
