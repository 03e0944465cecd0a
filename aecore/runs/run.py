"""Run: one run as found on disk."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from aecore.paths import names_only
from aecore.runs.status import Status, read_values, status_from

RUN_ID = re.compile(r"[0-9a-z]{12}")
AUTOENCODER, RECOMMENDER, WORDS, NEWER = "autoencoder", "recommender", "words", "newer films"
"""The `kind` in a run's settings (aecore.jobs.kinds.KINDS); those of autoencoders name none."""


class RunError(ValueError):
    """A run that is missing or cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Run:
    """One run as found on disk. `problem` says what is wrong with the folder, if anything."""

    id: str
    folder: Path
    settings: dict[str, Any]
    status: Status
    problem: str = ""

    def __repr__(self) -> str:
        """Its variant and progress, on one line."""
        what = " of ".join(str(self.settings[name]) for name in ("variant", "data") if name in self.settings)
        error = (self.status.test or {}).get("mse")
        reached = f", test error {error:.5f} per pixel" if isinstance(error, float) else ""
        return f"<Run {self.id} '{self.name}': {what or self.kind}, {self.status.state}{reached}>"

    @property
    def name(self) -> str:
        """Its name."""
        return clean_name(self.status.name) or self.id

    @property
    def kind(self) -> str:
        """What it trains: an autoencoder, a recommender or embeddings of words."""
        return str(self.settings.get("kind", AUTOENCODER))

    @property
    def is_recommender(self) -> bool:
        """Whether it trains a recommender, which learns from ratings, rather than a network of pictures."""
        return self.kind in (RECOMMENDER, NEWER)

    @property
    def is_autoencoder(self) -> bool:
        """Whether it trains a network of pictures or of rows of numbers, as most runs do."""
        return self.kind == AUTOENCODER

    @property
    def has_weights(self) -> bool:
        """Whether it has saved weights."""
        return (self.folder / "weights.safetensors").exists()

    def weights(self) -> dict[str, np.ndarray]:
        """Name -> array of the newest checkpoint. RunError if there is none or it is broken."""
        try:
            return load_file(self.folder / "weights.safetensors")
        except (OSError, SafetensorError) as error:
            why = names_only(str(error))
            raise RunError(f"The weights of run '{self.name}' cannot be read ({why}); train it again.") from None


def read_run(folder: Path) -> Run:
    """The run of a folder; one that was edited by hand names its problem."""
    run_id = folder.name
    settings, problem = read_values(folder / "settings.json")
    values, problem_too = read_values(folder / "status.json")
    problem = problem or problem_too
    try:
        status = status_from(values)
    except (TypeError, ValueError):
        status = Status(state="failed")
        problem = problem or f"status.json of run {run_id} has been changed by hand and cannot be understood."
    if problem:
        status = replace(status, state="failed", message=problem)
    return Run(run_id, folder, settings, status, problem)


def clean_name(name: str) -> str:
    """A name on one line, without control characters, of at most 120 characters."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:120]
