"""Logs finished runs where `AECORE_MLFLOW` says, in a worker or at the end of `aecore train`. What fails is told in the
run's folder and in the log, and harms nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from aecore.exchange.mlflow_log import AlreadyLoggedError, BusyError, log_to_mlflow
from aecore.jobs.kinds import JobProgress
from aecore.runs.store import RunError, RunStore
from aecore.runs.tracking import experiment_name, mlflow_address, note

log = logging.getLogger(__name__)


def log_run(store: RunStore, run_id: str) -> Iterator[JobProgress]:
    """The job: logs one run. It never fails."""
    yield JobProgress(0.0, "Logging it to MLflow.")
    log_finished(store, run_id)


def log_finished(store: RunStore, run_id: str) -> tuple[bool, str]:
    """Logs one run, unless it is there already; whether it is there now, and a sentence."""
    try:
        run = store.get(run_id)
    except RunError as error:  # deleted meanwhile
        return False, str(error)
    try:
        found = log_to_mlflow(run, mlflow_address(), experiment_name())
        return True, f"Logged to MLflow, experiment '{found.experiment}', as run {found.mlflow_run}."
    except BusyError as error:
        return False, str(error)
    except AlreadyLoggedError as error:
        _note(run.folder, "logged", f"MLflow, experiment '{experiment_name()}'")
        return True, str(error)
    except ValueError as error:  # all of these hold sentences
        sentence = str(error)
    except Exception as error:
        log.exception("run %s could not be logged to MLflow", run_id)
        sentence = f"Logging failed unexpectedly ({type(error).__name__}); the log has the details."
    log.warning("run %s was not logged to MLflow: %s", run_id, sentence)
    _note(run.folder, "failed", sentence)
    return False, sentence


def _note(folder: Path, state: str, message: str) -> None:
    with suppress(OSError):
        note(folder, state, message)
