"""The built-in trained models; aecore/pretrained/recipes.py holds their settings."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file, save_file

from aecore.datasets import DATASETS, card, load
from aecore.datasets.selection import without_class
from aecore.pretrained.recipes import BUILTIN

if TYPE_CHECKING:
    from aecore.experiment.settings import RunSettings
    from aecore.runs.status import Status
    from aecore.variants.base import Autoencoder

ASSETS = Path(__file__).with_name("assets")
SHOWN = 16
"""Pictures stored with a model, where this project drew them."""

MIDDLE = (0.01, 0.99)
"""Quantiles of the training codes that bound a slider of the code."""

LARGEST = float(np.finfo(np.float16).max)
"""Counters beyond half precision are clipped to its largest number."""


@dataclass(frozen=True)
class Builtin:
    """A built-in model and its facts.

    facts: settings, test figures, processor seconds and the torch version. weights: float32 by name, of the network's
    state. code_low, code_high: (Z,) the range that the middle 98 % of the training codes take. pictures: (K, *shape)
    uint8 test examples, empty where they are not this project's.
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
    """Reads a model from the package, without torch. KeyError if there is none of that name."""
    known, folder = facts(name), ASSETS / name
    weights = {key: value.astype(np.float32) for key, value in load_file(folder / "weights.safetensors").items()}
    with np.load(folder / "samples.npz", allow_pickle=False) as file:
        return Builtin(name, known, weights, file["low"], file["high"], file["pictures"])


def facts(name: str) -> dict[str, Any]:
    """Settings, test figures and cost of a built-in model. KeyError if there is none of that name."""
    if name not in BUILTIN or not (ASSETS / name).is_dir():
        raise KeyError(name)
    path = ASSETS / name / "facts.json"
    return {
        key: dict(value) if isinstance(value, dict) else value
        for key, value in _facts_in(path, path.stat().st_mtime_ns).items()
    }


@lru_cache(maxsize=128)
def _facts_in(path: Path, changed: int) -> dict[str, Any]:
    """Of a file that was changed last at that time: pages ask for them several times whenever they run."""
    return json.loads(path.read_text())


def settings(name: str) -> RunSettings:
    """The settings of a built-in model, as of a run. KeyError if there is none of that name."""
    from aecore.experiment.settings import RunSettings

    recipe = dict(BUILTIN[name])
    return RunSettings.build(recipe.pop("data"), recipe.pop("variant"), **recipe)


def model(name: str) -> Autoencoder:
    """The trained network on the CPU, float32, in evaluation mode. KeyError if there is none of that name."""
    return _network(settings(name), load_builtin(name).weights)


def make_builtin(name: str) -> dict[str, Any]:
    """Trains a model by its recipe and writes it into the package; returns its facts.

    The weights are stored as float16.
    """
    import torch

    chosen = settings(name)
    status, weights, seconds = _trained(chosen, name)
    found = {
        "settings": chosen.to_dict(), "test": status.test, "baselines": status.baselines,
        "seconds": round(seconds, 1), "torch": torch.__version__,
    }  # fmt: skip
    weights = {key: np.clip(value, -LARGEST, LARGEST).astype(np.float16) for key, value in weights.items()}
    data = without_class(load(chosen.data), chosen.selection.leave_out)
    codes = _codes(_network(chosen, weights), data.train.x)
    low, high = np.quantile(codes, MIDDLE, axis=0).astype(np.float32)
    is_ours = DATASETS[chosen.data].licence.endswith("made by this project")
    pictures = (data.test.x[: SHOWN if is_ours else 0] * 255).round().astype(np.uint8)
    folder = ASSETS / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "weights.safetensors")
    np.savez_compressed(folder / "samples.npz", low=low, high=high, pictures=pictures)
    (folder / "facts.json").write_text(json.dumps(found, indent=1) + "\n")
    return found


def _trained(chosen: RunSettings, name: str) -> tuple[Status, dict[str, np.ndarray], float]:
    """How the run ended, its weights, and the processor's seconds up to its last step.

    RuntimeError if it failed.
    """
    from aecore.experiment import runner
    from aecore.runs.store import RunStore

    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder) / "runs")
        run = store.create(chosen.to_dict(), name)
        before = after = time.process_time()
        for _ in runner.run(store, run.id):
            after = time.process_time()
        status, weights = store.get(run.id).status, run.weights()
    if status.state != "done":
        raise RuntimeError(f"{name}: {status.message}")
    return status, weights, after - before


def _network(chosen: RunSettings, weights: dict[str, np.ndarray]) -> Autoencoder:
    import torch

    from aecore.variants import VARIANTS

    network = VARIANTS[chosen.variant].build(chosen.model, card(chosen.data).shape, torch.Generator().manual_seed(0))
    network.load_state_dict({key: torch.from_numpy(value.astype(np.float32)) for key, value in weights.items()})
    return network.eval()


def _codes(network: Autoencoder, x: np.ndarray) -> np.ndarray:
    """(N, *shape) -> (N, Z)."""
    import torch

    with torch.inference_mode():
        return torch.cat([network.encode(part) for part in torch.from_numpy(x).split(2000)]).numpy()
