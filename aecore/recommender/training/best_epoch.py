"""The best epoch: a network keeps the weights with which it did best on validation data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from aecore.progress import Progress
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender, is_measured

RANKING, STARS = "NDCG@10", "RMSE"


@dataclass(frozen=True)
class Kept:
    """Which epoch of a network was kept.

    phase: the part of a hybrid; "" for a model of its own. epochs: how many it was trained. figure, value: the
    validation metric that decided, and what it was. measured: how many epochs were compared.
    """

    phase: str
    epoch: int
    epochs: int
    figure: str
    value: float
    measured: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


class BestEpoch:
    """Follows a training, and keeps a copy of the weights of its best epoch.

    NDCG@10 decides for a network that ranks, RMSE for one that predicts stars. A hybrid keeps the best epoch of each
    of its networks in turn: the one with which it ranked best together with those before.
    """

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self._phase: str | None = None
        self._arrays: dict[str, np.ndarray] | None = None
        self._best: Kept | None = None
        self._measured = 0

    def begin(self, model: Recommender, progress: Progress) -> Recommender:
        """The model, in which the part whose training is over has its best weights; for every record, first of all."""
        if self._phase is not None and progress.phase != self._phase:
            model = self.finish(model)
        self._phase = progress.phase
        return model

    def follows(self, model: Recommender, progress: Progress) -> bool:
        """Whether what is in training is a network whose best epoch is kept."""
        return _part(model, progress.phase).keeps_best_epoch

    def is_due(self, model: Recommender, progress: Progress) -> bool:
        """Whether this epoch is one of those that are compared."""
        epochs = _part(model, progress.phase).settings.epochs if self.follows(model, progress) else 0
        return bool(epochs) and is_measured(round(progress.epoch), epochs)

    def compare(self, model: Recommender, progress: Progress) -> None:
        """Copies the weights if the validation metric of this record is the best so far."""
        part = _part(model, progress.phase)
        figure = STARS if MODELS[part.name].predicts_stars else RANKING
        if figure not in progress.validation:
            return
        value, sign = progress.validation[figure], -1 if figure == STARS else 1
        self._measured += 1
        if self._best is None or sign * value > sign * self._best.value:
            self._arrays = {name: np.array(array) for name, array in part.arrays().items()}
            epoch = round(progress.epoch)
            self._best = Kept(progress.phase, epoch, part.settings.epochs, figure, value, self._measured)

    def finish(self, model: Recommender) -> Recommender:
        """The model with the best weights of the part trained last, if it was measured at all."""
        arrays, best, phase = self._arrays, self._best, self._phase or ""
        self._arrays, self._best, measured, self._measured = None, None, self._measured, 0
        if arrays is None or best is None:
            return model
        self.kept.append(Kept(**asdict(best) | {"measured": measured}))
        part = _part(model, phase)
        again = type(part).from_arrays(part.settings, arrays)
        again.device = part.device
        if not phase:
            return again
        model.parts[phase] = again  # type: ignore[attr-defined]  # a model of phases has parts
        return model


def _part(model: Recommender, phase: str) -> Recommender:
    """The part of a hybrid in training, or the model itself."""
    return model.parts[phase] if phase else model  # type: ignore[attr-defined]
