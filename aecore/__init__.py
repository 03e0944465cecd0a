"""Autoencoders: data, corruptions, variants, training, runs. Imports neither Streamlit nor Plotly.

The public names for a notebook stand here and are imported on first access:
`import aecore` alone does not import torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aecore.corruption import CORRUPTIONS
    from aecore.datasets import load
    from aecore.experiment.runner import run
    from aecore.experiment.settings import RunSettings
    from aecore.pretrained.notebook import train
    from aecore.pretrained.trained_models import find_trained_model
    from aecore.runs.store import RunStore
    from aecore.training.loop import TrainingSettings, begin, fit
    from aecore.variants import VARIANTS

__version__ = "0.1.0"

__all__ = [
    "CORRUPTIONS",
    "VARIANTS",
    "RunSettings",
    "RunStore",
    "TrainingSettings",
    "begin",
    "find_trained_model",
    "fit",
    "load",
    "run",
    "train",
]

HOMES = {
    "CORRUPTIONS": "aecore.corruption",
    "VARIANTS": "aecore.variants",
    "RunSettings": "aecore.experiment.settings",
    "RunStore": "aecore.runs.store",
    "TrainingSettings": "aecore.training.loop",
    "begin": "aecore.training.loop",
    "find_trained_model": "aecore.pretrained.trained_models",
    "fit": "aecore.training.loop",
    "load": "aecore.datasets",
    "run": "aecore.experiment.runner",
    "train": "aecore.pretrained.notebook",
}
"""Public name -> the module that defines it."""


def __getattr__(name: str) -> Any:
    """Imports a public name on first access and caches it (PEP 562)."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The names that completion offers, including public names not yet imported."""
    return sorted({*globals(), *__all__})
