"""`run`: trains a run and keeps its folder up to date, in any process.

`train_network` joins data, model, training loop and disk.
"""

from __future__ import annotations

import errno
import logging
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

import torch
from filelock import Timeout

from aecore.datasets import DataError, Dataset, load
from aecore.datasets.selection import without_class
from aecore.diagnostics.records import cut_insides
from aecore.experiment.checkpoints import RESUME, save_checkpoint
from aecore.experiment.recorder import Recorder
from aecore.experiment.settings import RunSettings
from aecore.paths import names_only
from aecore.progress import Progress, TrainingDiverged
from aecore.runs.requests import Requests
from aecore.runs.snapshots import append_progress, cut_snapshots
from aecore.runs.status import ENDED
from aecore.runs.store import Run, RunError, RunStore
from aecore.settings import SettingsError
from aecore.training.loop import fit

log = logging.getLogger(__name__)

LOCK_SECONDS = 1.0
"""How long a trainer waits for the run's lock: checking whether a run is held takes the lock for a moment."""


class FinishedError(RunError):
    """The run has been trained and tested; nothing of it is touched."""


Trainer = Callable[[RunStore, Run], Generator[Progress, str | None, None]]
"""Trains a run, keeping its folder up to date; takes "pause" and "stop" by `send`."""


def run(
    store: RunStore, run_id: str, trainer: Trainer | None = None, *, is_queued: bool = False
) -> Generator[Progress, str | None, None]:
    """Trains a run of the store from its start or its last checkpoint, keeping its folder up to date.

    Yields each Progress record; `send("pause")`, or such a request in the folder, leaves a checkpoint and returns,
    "stop" ends the training early and finishes the run properly. Closing the generator leaves it interrupted. Errors
    are written into the status, not raised; RunError only if another process trains this very run, or it has ended.
    trainer: for kinds other than autoencoders. is_queued: it is trained only if it still waits.
    """
    store.get(run_id)  # refuses a deleted run, before the lock would make its folder again
    try:
        with store.lock(run_id).acquire(timeout=LOCK_SECONDS, poll_interval=0.02):
            try:
                before = store.get(run_id).status
                if is_queued and before.state != "queued":
                    return
                if before.state in ENDED:
                    raise FinishedError(f"Run '{store.get(run_id).name}' has been trained to its end already.")
                found = _prepared(store, run_id)
                yield from _answering(
                    trainer or train_network, store, found, Requests(found.folder, before, found.status)
                )
            except (GeneratorExit, KeyboardInterrupt):
                store.update(
                    run_id, state="interrupted", message="Training was interrupted; continue from the last checkpoint."
                )
                raise
            except TrainingDiverged as error:
                store.update(run_id, state="diverged", message=str(error), finished=time.time())
            except FinishedError:
                raise
            except (SettingsError, DataError, RunError) as error:
                _fail(store, run_id, str(error))
            except Exception as error:
                log.exception("run %s failed", run_id)
                _keep_traceback(store.path(run_id))
                _fail(store, run_id, _sentence(error, store.path(run_id)))
    except Timeout:
        raise RunError(f"Run {run_id} is being trained by another process.") from None


def _prepared(store: RunStore, run_id: str) -> Run:
    found = store.get(run_id)
    if found.problem:
        raise RunError(found.problem)
    return store.update(run_id, state="preparing", message="", started=time.time())


def _answering(
    trainer: Trainer, store: RunStore, found: Run, requests: Requests
) -> Generator[Progress, str | None, None]:
    """Passes requests to the trainer, whether sent or found in the folder."""
    with closing(trainer(store, found)) as training:
        request: str | None = None
        while True:
            try:
                progress = training.send(request)
            except StopIteration:
                requests.clear()
                return
            request = (yield progress) or requests.poll()


def train_network(store: RunStore, found: Run) -> Generator[Progress, str | None, None]:
    """The trainer of autoencoders."""
    if not found.is_autoencoder:
        raise RunError(f"Run '{found.name}' trains no autoencoder but a model of the kind '{found.kind[:40]}'.")
    settings = RunSettings.from_dict(found.settings)
    data = without_class(_load(settings.data), settings.selection.leave_out)
    settings.check_shape(data.shape)
    recorder = Recorder.prepare(store, found, settings, data)
    if recorder.state.step == 0:
        recorder.snapshot()
        recorder.look_inside()
    for cut in (cut_snapshots, cut_insides):
        cut(found.folder, recorder.state.step)
    store.update(found.id, state="training", **recorder.facts())
    x, held_out = (recorder.to_device(part.x) for part in (data.train, data.validation))
    request = None
    for progress in fit(recorder.state, x, held_out, settings.training, recorder.corrupt):
        append_progress(found.folder, {**progress.to_dict(), "time": time.time()})
        recorder.keep(progress)
        try:
            request = yield progress
        except GeneratorExit:  # the server has ended, or Ctrl-C: the state is consistent at every yield
            save_checkpoint(found.folder, recorder.state)
            raise
        if request:
            break
    save_checkpoint(found.folder, recorder.state)
    recorder.snapshot()
    recorder.look_inside()
    if request == "pause":
        store.update(found.id, state="paused", seconds=recorder.state.seconds)
        return
    test = recorder.finish()
    ended = {"state": "stopped" if request == "stop" else "done", "finished": time.time()}
    store.update(found.id, **ended, seconds=recorder.state.seconds, test=test, baselines=recorder.baselines)
    (found.folder / RESUME).unlink(missing_ok=True)


@lru_cache(maxsize=2)
def _load(name: str) -> Dataset:
    return load(name)


def _keep_traceback(folder: Path) -> None:
    with suppress(OSError):
        (folder / "error.log").write_text(traceback.format_exc())


def _fail(store: RunStore, run_id: str, message: str) -> None:
    try:
        store.update(run_id, state="failed", message=message, finished=time.time())
    except OSError:  # the disk is too full even for that: with its lock released, the run will count as interrupted
        log.exception("run %s failed and could not say so: %s", run_id, message)


def _sentence(error: Exception, folder: Path) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            f"The disk is full: the folder {folder.name} could not be written. Free some space, then continue from "
            "the last checkpoint."
        )
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "out of memory" in str(error):
        return "There is not enough memory for this network; make its layers or the batch smaller."
    return f"Training failed: {names_only(str(error))}. The details are in error.log of the run's folder."
