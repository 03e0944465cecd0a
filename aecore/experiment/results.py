"""The result of a run, in the figures by which runs are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecore.datasets import DataError, card
from aecore.experiment.settings import RunSettings
from aecore.runs.store import Run
from aecore.settings import SettingsError


@dataclass(frozen=True)
class Result:
    """The main figures of a run; None where unknown.

    share: how much of the training is done, 0 to 1. mse: mean squared error per pixel, of the test examples once
    `is_measured`, of the validation examples until then. squared_error: the same summed over an example's pixels.
    pca: the mse of PCA with as many components as units of the code are active, on the same examples; None where
    that is the identity. probe: test accuracy of a linear probe on the codes. seconds: spent training.
    code_size: numbers in the code. device: on what and where it trains or was trained; "" while it waits.
    """

    run_id: str
    name: str
    state: str
    share: float
    is_measured: bool
    mse: float | None
    squared_error: float | None
    pca: float | None
    probe: float | None
    seconds: float | None
    parameters: int | None
    code_size: int | None
    device: str = ""

    @property
    def probe_error(self) -> float | None:
        """Share of the test examples that the probe gets wrong."""
        return None if self.probe is None else 1 - self.probe

    @property
    def excess(self) -> float | None:
        """How far the error lies above PCA's, as a share of it: -0.25 is a quarter below."""
        return None if self.mse is None or not self.pca or self.pca < 1e-7 else self.mse / self.pca - 1


def result_of(run: Run, records: Sequence[dict[str, Any]]) -> Result:
    """The result of a run with these progress records, ended or not."""
    status, last = run.status, records[-1] if records else {}
    test, base = status.test or {}, status.baselines or {}
    is_measured = "mse" in test
    held_out = next((r["validation_mse"] for r in reversed(records) if r.get("validation_mse") is not None), None)
    mse = test["mse"] if is_measured else held_out
    code_size, inputs = _sizes(run)
    return Result(
        run.id, run.name, status.state, 1.0 if is_measured else _share(run, last), is_measured, mse,
        squared_error=None if mse is None or inputs is None else mse * inputs,
        pca=base.get("pca_test" if is_measured else "pca_validation"),
        probe=test.get("probe"), seconds=last.get("seconds"), parameters=status.parameters or None, code_size=code_size,
        device="" if status.state in ("queued", "preparing") else status.device,
    )  # fmt: skip


def _share(run: Run, last: dict[str, Any]) -> float:
    epochs = run.settings.get("epochs")
    done = last.get("share") or (last.get("epoch", 0.0) / epochs if isinstance(epochs, int) and epochs > 0 else 0.0)
    return min(1.0, done)


def _sizes(run: Run) -> tuple[int | None, int | None]:
    """Numbers in the code and in an example; None if the settings cannot be read or the data are missing."""
    try:
        settings = RunSettings.from_dict(run.settings)
        shape = card(settings.data).shape
    except (SettingsError, DataError):
        return None, None
    return settings.model.code_size(shape), math.prod(shape)
