"""What experiment trackers are told of a run: settings, curves, figures, pictures and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from aecore import __version__
from aecore.exchange import check_finished
from aecore.runs.snapshots import ProgressLog, Snapshot, read_snapshot, snapshot_steps
from aecore.runs.store import Run

PICTURES = "reconstructions"
SMALLEST = 24
"""Pixels: smaller examples are enlarged to at least this."""

GAP = 8
"""Black pixels after the numbers of each stage."""

_FOREIGN = re.compile(r"[^\w\-./ ]", re.ASCII)
"""Signs that MLflow refuses in names."""


@dataclass(frozen=True)
class Point:
    """One number of a curve. step: of training, over all its phases. time: seconds since 1970."""

    name: str
    value: float
    step: int
    time: float


@dataclass(frozen=True)
class Picture:
    """Reconstructions at a step: (height, width) or (height, width, 3) uint8."""

    pixels: np.ndarray
    step: int
    time: float


class Account:
    """A finished run as trackers see it. ExchangeError if it is not finished or cannot be read."""

    def __init__(self, run: Run) -> None:
        check_finished(run)
        self.run = run

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The progress of its training."""
        return ProgressLog(self.run.folder / "progress.jsonl").read()

    @cached_property
    def phases(self) -> list[str]:
        """Its training phases in order; one without a name where there is only one."""
        return list(dict.fromkeys(record.get("phase", "") for record in self.records))

    @property
    def last_step(self) -> int:
        """Steps taken."""
        return self.records[-1]["step"] if self.records else 0

    @property
    def ended(self) -> float:
        """When its training ended, in seconds since 1970."""
        return self.run.status.finished or self.run.status.created

    def params(self) -> dict[str, Any]:
        """Its settings by flat names (`layers.0.width`), each a number, a truth value or a text."""
        return dict(_flat("", self.run.settings))

    def tags(self) -> dict[str, str]:
        """What else is known of the run."""
        status = self.run.status
        return {
            "aecore.run": self.run.id, "aecore.version": __version__, "aecore.kind": self.run.kind,
            "aecore.state": status.state, "aecore.device": status.device,
            "aecore.restarted_from": status.restarted_from,
        }  # fmt: skip

    def points(self) -> Iterator[Point]:
        """Every recorded curve, and the final figures at its last step."""
        for record in self.records:
            time = record.get("time") or self.run.status.started + (record.get("seconds") or 0.0)
            for name, value in self._numbers(record).items():
                yield Point(name, float(value), record["step"], time)
        for name, value in self.figures().items():
            yield Point(name, value, self.last_step, self.ended)

    def _numbers(self, record: dict[str, Any]) -> dict[str, float]:
        """The numbers of one record by the names of their curves. The losses of each phase have names of their own,
        since they are sums of other terms.
        """
        phase = record.get("phase", "")
        within = f"{phase}/" if len(self.phases) > 1 else ""
        found: dict[str, Any] = {}
        for part in ("train", "validation"):
            found |= {f"{part}/{within}{label}": value for label, value in record[part].items()}
            if record[part] and self.run.is_autoencoder:
                found[f"{part}/{within}loss"] = sum(record[part].values())
        found |= {
            "validation/mse": record.get("validation_mse"), "progress/epoch": record["epoch"],
            "progress/learning rate": record.get("learning_rate"),
            "progress/samples per second": record.get("samples_per_second"), "progress/seconds": record.get("seconds"),
            "progress/phase": self.phases.index(phase) if within else None,
        }  # fmt: skip
        return {plain(name): value for name, value in found.items() if value is not None}

    def figures(self) -> dict[str, float]:
        """Its final figures on the test set, the baselines, and what it took."""
        status = self.run.status
        found = {
            **{f"test/{name}": value for name, value in (status.test or {}).items()},
            **{f"baseline/{name}": value for name, value in (status.baselines or {}).items()},
            "size/weights and biases": status.parameters, "size/training seconds": status.seconds,
        }  # fmt: skip
        return {plain(name): float(value) for name, value in found.items()}

    def pictures(self) -> Iterator[Picture]:
        """Reconstructions at each snapshot."""
        for step in snapshot_steps(self.run.folder):
            snapshot = read_snapshot(self.run.folder, step)
            if snapshot is not None and len(snapshot.originals):
                yield Picture(sheet(snapshot), step, self._time_of(step))

    def _time_of(self, step: int) -> float:
        later = (record.get("time") for record in self.records if record["step"] >= step)
        return next(later, None) or self.ended

    def words(self) -> str:
        """Markdown that says what the run is and what its pictures show."""
        phases = f" Its training phases, by number: {', '.join(self.phases)}." if len(self.phases) > 1 else ""
        return (
            f"Run {self.run.id} of Autoencoder Explorer {__version__}.{phases} Steps are steps of training, a batch "
            f"each. Rows of the pictures called {PICTURES}: test examples, the corrupted examples where there is a "
            "corruption, the network's reconstructions, and those of PCA where it applies."
        )


def sheet(snapshot: Snapshot) -> np.ndarray:
    """The examples of a snapshot, a row for each stage: (height, width) or (height, width, 3) uint8.

    Rows of numbers are strips of grey pixels, one below another, their stages side by side.
    """
    is_corrupted = not np.array_equal(snapshot.noisy, snapshot.originals)
    stages = [snapshot.originals, *([snapshot.noisy] if is_corrupted else []), snapshot.reconstructions]
    if snapshot.pca.shape == snapshot.originals.shape:
        stages.append(snapshot.pca)
    if snapshot.originals.ndim != 4:
        strips = [
            np.pad(stage.reshape(len(stage), 1, -1).repeat(SMALLEST, axis=2), ((0, 0), (0, 0), (0, 8)))
            for stage in stages
        ]
        return np.concatenate(strips, axis=2).reshape(len(stages[0]), -1).repeat(SMALLEST // 2, axis=0)
    rows = [np.concatenate(list(stage), axis=2) for stage in stages]
    whole = np.concatenate(rows, axis=1)  # (channels, height, width)
    factor = max(1, -(-SMALLEST // snapshot.originals.shape[-1]))
    whole = whole.repeat(factor, axis=1).repeat(factor, axis=2)
    return whole[0] if len(whole) == 1 else whole.transpose(1, 2, 0)


def png(pixels: np.ndarray) -> bytes:
    """The picture as a PNG."""
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
    return file.getvalue()


def plain(name: str) -> str:
    """A name without signs that trackers refuse."""
    return _FOREIGN.sub("_", name.replace("@", " at "))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), each)
    elif isinstance(value, list | tuple) and any(isinstance(each, dict) for each in value):
        for place, each in enumerate(value):
            yield from _flat(f"{prefix}.{place}", each)
    else:
        yield plain(prefix), value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
