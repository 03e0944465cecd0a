"""BUILTIN: the small trained models that make every page alive at the first start, and the recipes that made them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

ASSETS = Path(__file__).with_name("assets")
SHOWN = 16
"""Pictures kept beside a model, where this project drew them."""

BUILTIN: dict[str, dict[str, Any]] = {
    "faces": {
        "data": "faces",
        "variant": "undercomplete",
        "widths": [128],
        "latent_size": 16,
        "code_activation": "linear",
        "epochs": 150,
        "learning_rate": 0.003,
    },
    "shapes": {
        "data": "shapes",
        "variant": "undercomplete",
        "widths": [256, 64],
        "latent_size": 10,
        "code_activation": "linear",
        "epochs": 200,
        "learning_rate": 0.003,
    },
    "digits": {
        "data": "digits",
        "variant": "undercomplete",
        "widths": [64],
        "latent_size": 8,
        "code_activation": "linear",
        "epochs": 400,
    },
}
"""Name -> flat settings; what is not said takes the value that suits the data."""


@dataclass(frozen=True)
class Builtin:
    """A trained model and what is known of it.

    facts: settings, test figures, seconds and the torch version. code_low, code_high: (Z,) the range that the middle
    98 % of the training codes take. pictures: (K, *shape) uint8 test examples, empty where they are not this project's.
    """

    name: str
    facts: dict[str, Any]
    weights: dict[str, np.ndarray]
    code_low: np.ndarray
    code_high: np.ndarray
    pictures: np.ndarray

    @property
    def settings(self) -> dict[str, Any]:
        """The flat settings of its run."""
        return self.facts["settings"]


def load_builtin(name: str) -> Builtin:
    """Reads a model from the package. KeyError if there is none of that name."""
    folder = ASSETS / name
    if name not in BUILTIN or not folder.is_dir():
        raise KeyError(name)
    weights = {key: value.astype(np.float32) for key, value in load_file(folder / "weights.safetensors").items()}
    with np.load(folder / "samples.npz", allow_pickle=False) as file:
        return Builtin(name, json.loads((folder / "facts.json").read_text()), weights, file["low"], file["high"], file["pictures"])


def make_builtin(name: str) -> dict[str, Any]:
    """Trains a model by its recipe and writes it into the package; returns its facts. The weights are kept as float16."""
    import tempfile

    import torch

    from aecore import experiment
    from aecore.datasets import load
    from aecore.run_settings import RunSettings
    from aecore.runs import RunStore

    values = dict(BUILTIN[name])
    settings = RunSettings.build(values.pop("data"), values.pop("variant"), **values)
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder) / "runs")
        run = store.create(settings.to_dict(), name)
        for _ in experiment.run(store, run.id):
            pass
        status, weights = store.get(run.id).status, run.weights()
    if status.state != "done":
        raise RuntimeError(f"{name}: {status.message}")
    facts = {
        "settings": settings.to_dict(), "test": status.test, "baselines": status.baselines, "seconds": round(status.seconds, 1),
        "torch": torch.__version__,
    }  # fmt: skip
    _write(ASSETS / name, facts, weights, load(settings.data))
    return facts


def _write(folder: Path, facts: dict[str, Any], weights: dict[str, np.ndarray], data: Any) -> None:
    from aecore.datasets import DATASETS
    from aecore.numpy_forward import apply, layers_of

    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.astype(np.float16) for key, value in weights.items()}, folder / "weights.safetensors")
    codes = apply(layers_of("encoder", weights, facts["settings"]), data.train.x.reshape(len(data.train), -1))
    low, high = np.quantile(codes, [0.01, 0.99], axis=0).astype(np.float32)
    is_ours = DATASETS[facts["settings"]["data"]].licence.endswith("made by this project")
    pictures = (data.test.x[: SHOWN if is_ours else 0] * 255).round().astype(np.uint8)
    np.savez_compressed(folder / "samples.npz", low=low, high=high, pictures=pictures)
    (folder / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
