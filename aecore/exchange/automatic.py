"""Logs finished runs where `AECORE_MLFLOW` and `AECORE_TENSORBOARD` say, in a worker or at the end of `aecore train`.
What fails is told in the run's folder and in the log, and harms nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from aecore.exchange.mlflow_log import AlreadyLoggedError, BusyError, log_to_mlflow
from aecore.exchange.tensorboard import run_folder, write_tensorboard
from aecore.jobs.kinds import JobProgress
from aecore.runs.store import Run, RunError, RunStore
from aecore.runs.tracking import (
    MLFLOW,
    TENSORBOARD,
    TRACKERS,
    address_of,
    experiment_name,
    note,
    tracked,
    trackers_in_use,
)

log = logging.getLogger(__name__)


def log_run(store: RunStore, run_id: str) -> Iterator[JobProgress]:
    """The job: logs one run wherever it has not been logged yet. It never fails."""
    wanted = [each for each in trackers_in_use() if not _is_logged(store.folder / run_id, each)]
    for index, tracker in enumerate(wanted):
        yield JobProgress(index / len(wanted), f"Logging it to {TRACKERS[tracker].title}.")
        log_finished(store, run_id, tracker)


def log_finished(store: RunStore, run_id: str, *trackers: str) -> tuple[bool, str]:
    """Logs one run to these trackers, or to all in use; whether it is there now, and a sentence for each."""
    try:
        run = store.get(run_id)
    except RunError as error:  # deleted meanwhile
        return False, str(error)
    found = [_logged(run, each) for each in trackers or trackers_in_use()]
    return all(is_there for is_there, _ in found), " ".join(sentence for _, sentence in found)


def _logged(run: Run, tracker: str) -> tuple[bool, str]:
    title = TRACKERS[tracker].title
    try:
        return True, (_to_mlflow if tracker == MLFLOW else _to_tensorboard)(run)
    except BusyError as error:
        return False, str(error)
    except AlreadyLoggedError as error:
        _note(run.folder, "logged", f"{title}, experiment '{experiment_name()}'", tracker)
        return True, str(error)
    except ValueError as error:  # all of these hold sentences
        sentence = str(error)
    except Exception as error:
        log.exception("run %s could not be logged to %s", run.id, title)
        sentence = f"Logging failed unexpectedly ({type(error).__name__}); the log has the details."
    log.warning("run %s was not logged to %s: %s", run.id, title, sentence)
    _note(run.folder, "failed", sentence, tracker)
    return False, sentence


def _to_mlflow(run: Run) -> str:
    found = log_to_mlflow(run, address_of(MLFLOW), experiment_name())
    return f"Logged to MLflow, experiment '{found.experiment}', as run {found.mlflow_run}."


def _to_tensorboard(run: Run) -> str:
    """What was there of the run is replaced."""
    write_tensorboard(run, Path(address_of(TENSORBOARD)).expanduser())
    _note(run.folder, "logged", f"TensorBoard, as {run_folder(run)}", TENSORBOARD)
    return f"Logged to TensorBoard, as {run_folder(run)}."


def _is_logged(folder: Path, tracker: str) -> bool:
    found = tracked(folder, tracker)
    return found is not None and found.state == "logged"


def _note(folder: Path, state: str, message: str, tracker: str) -> None:
    with suppress(OSError):
        note(folder, state, message, tracker)
