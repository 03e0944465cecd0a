"""Acts: the stretches of a training, one after another on one time line.

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
    """What is trained, on what, how and for how long.

    label: what people read, empty for a training of one act. task: the module whose parameters learn; it has the
    `loss_terms(noisy, clean, rng)` and `examine(x, rng)` of an autoencoder. feed: (N, *shape) -> the task's own
    examples, computed once when the act begins. is_corrupted: whether the run's corruption damages these examples.
    before, after: called when the act begins (also when a run goes on in the middle of it) and when it is over.
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
        """An act as the training settings ask for it."""
        common = {
            name: getattr(settings, name)
            for name in ("epochs", "learning_rate", "optimiser", "schedule", "weight_decay")
        }
        return cls(task, **{**common, **rest})
