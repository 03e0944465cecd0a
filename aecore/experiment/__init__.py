"""Experiments: the settings of a run, presets and comparisons, and `run`,
which joins data, model, training and disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aecore.experiment.runner import run

__all__ = ["run"]


def __getattr__(name: str) -> Any:
    """Imports a public name on first access, because it imports torch."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aecore.experiment import runner

    return getattr(runner, name)
