"""A run as one ZIP to take away."""

from __future__ import annotations

import io
import zipfile

from aecore.runs.store import Run

TAKEN = (
    "settings.json",
    "status.json",
    "progress.jsonl",
    "weights.safetensors",
    "latents.npz",
    "model.safetensors",
    "about.json",
    "films.json",
    "facts.json",
    "results.json",
    "autoencoder.npz",
    "labels.npz",
)


def bundle(run: Run) -> bytes:
    """The run's files as a ZIP; the weights are safetensors, which need no pickle to open."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in TAKEN:
            if (run.folder / name).exists():
                archive.write(run.folder / name, f"{run.id}/{name}")
    return file.getvalue()
