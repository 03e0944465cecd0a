"""Phases of a training, one after another on one time line.

Most models have one; stacks learn layer by layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn


def _as_they_are(x: Tensor) -> Tensor:
    return x


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Phase:
    """One phase: what is trained, on what, how and for how long.

    label: its displayed name, empty for a training of one phase. task: the module whose parameters learn; it has the
    `loss_terms(noisy, clean, rng)` and `examine(x, rng)` of an autoencoder. feed: (N, *shape) -> the task's own
    examples, computed once when the phase begins. is_corrupted: whether the run's corruption applies to these examples.
    before, after: called when the phase begins (also when a run resumes in the middle of it) and when it ends.
    """

    task: nn.Module
    epochs: int
    learning_rate: float
    optimiser: str = "adam"
    schedule: str = "constant"
    weight_decay: float = 0.0
    label: str = ""
    feed: Callable[[Tensor], Tensor] = _as_they_are
    is_corrupted: bool = True
    before: Callable[[], None] = _nothing
    after: Callable[[], None] = _nothing

    @classmethod
    def of(cls, settings: Any, task: nn.Module, **rest: Any) -> Phase:
        """A phase by the training settings."""
        common = {
            name: getattr(settings, name)
            for name in ("epochs", "learning_rate", "optimiser", "schedule", "weight_decay")
        }
        return cls(task, **{**common, **rest})
