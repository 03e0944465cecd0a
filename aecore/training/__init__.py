"""Training: the loop, one step of it, devices and precision, evaluation, and the likelihood of variational models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aecore.training.loop import TrainingSettings, TrainingState, begin, fit

__all__ = ["TrainingSettings", "TrainingState", "begin", "fit"]


def __getattr__(name: str) -> Any:
    """Imports a public name on first access, because it imports torch."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aecore.training import loop

    return getattr(loop, name)
