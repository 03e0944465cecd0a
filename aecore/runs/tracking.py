"""Where finished runs are logged by themselves, and what a run's folder says of that."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from aecore.files import BrokenFileError, read_json, write_json


@dataclass(frozen=True)
class Tracker:
    """An experiment tracker. variable: says where finished runs are logged; file: what a run's folder says of that."""

    title: str
    variable: str
    file: str


MLFLOW, TENSORBOARD = "mlflow", "tensorboard"

TRACKERS = {
    MLFLOW: Tracker("MLflow", "AECORE_MLFLOW", "tracker.json"),
    TENSORBOARD: Tracker("TensorBoard", "AECORE_TENSORBOARD", "tensorboard.json"),
}
"""The variables hold the address of an MLflow server, or a folder, and a folder: every finished run is logged there.
They are variables, so that only who starts the server can say.
"""

EXPERIMENT = "AECORE_MLFLOW_EXPERIMENT"
USUAL_EXPERIMENT = "Autoencoder Explorer"
STATES = ("waiting", "logged", "failed")


@dataclass(frozen=True)
class Tracked:
    """Whether a run has been logged to a tracker. message: where to, or why not. time: seconds since 1970."""

    state: str
    message: str = ""
    time: float = 0.0


def address_of(tracker: str, environment: Mapping[str, str] | None = None) -> str:
    """Where finished runs are to be logged by a tracker of TRACKERS; "" for nowhere."""
    return (os.environ if environment is None else environment).get(TRACKERS[tracker].variable, "").strip()


def trackers_in_use() -> list[str]:
    """The trackers to which finished runs are to be logged."""
    return [each for each in TRACKERS if address_of(each)]


def experiment_name(environment: Mapping[str, str] | None = None) -> str:
    """The experiment of MLflow that gets them."""
    return (os.environ if environment is None else environment).get(EXPERIMENT, "").strip() or USUAL_EXPERIMENT


def tracked(folder: Path, tracker: str = MLFLOW) -> Tracked | None:
    """What a run's folder says; None if it was never to be logged there."""
    try:
        values = read_json(folder / TRACKERS[tracker].file)
        found = Tracked(str(values["state"]), str(values["message"]), float(values["time"]))
    except (OSError, BrokenFileError, KeyError, TypeError, ValueError):
        return None
    return found if found.state in STATES else None


def note(folder: Path, state: str, message: str = "", tracker: str = MLFLOW) -> None:
    """Writes it into a run's folder, if that is still there, and not elsewhere behind a link."""
    if folder.is_dir() and not folder.is_symlink():
        write_json(folder / TRACKERS[tracker].file, asdict(Tracked(state, message, time.time())))


def without_password(text: str) -> str:
    """A text without names and passwords in its addresses."""
    return re.sub(r"//[^/@\s]*@", "//", text)
