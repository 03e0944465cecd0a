"""A further process in the training of a recommender: `python -m aecore.recommender.training.rank FOLDER RANK COUNT
THREADS`, started by `aecore.recommender.training.parallel`.

FOLDER holds what is trained (`write_task`). It writes {"ready": true}, then reads {"place": where all meet}, and trains
until the first process closes the pipe. It writes {"error": a sentence} if it fails. It keeps nothing: all processes
have the same weights, and the first one keeps them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import numpy as np

from aecore.files import read_json, write_json
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.ranks import Ranks, RanksError
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.training.meeting import HERE, joined, open_store

LOST = 3
"""The exit status of a process that lost the others; its own fault or not, the connections to it are then closed."""

LONG_SECONDS = 3600.0
"""How long it waits for the first process, which measures between epochs; where that one ends, so does this."""

ARRAYS = ("indptr", "films", "stars", "user_ids", "movie_ids")
"""Of the ratings."""

TASK = "task.json"
Task = tuple[dict[str, Any], dict[str, np.ndarray]]
"""The name of the model with its settings, and the arrays of the ratings."""


def write_task(folder: Path, model: Recommender, ratings: Ratings) -> None:
    """Writes down what is trained, on which ratings."""
    write_json(folder / TASK, {"model": model.name, "settings": model.settings.to_dict()})
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(ratings, name))


def read_task(folder: Path) -> Task:
    """What `write_task` wrote; the arrays stay on the disk until they are read, and in memory once for all."""
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS}
    return read_json(folder / TASK), arrays


def train_along(task: Task, ranks: Ranks) -> None:
    """Takes this process's share in all steps of a training. RanksError if the others are lost."""
    from aecore.recommender.models import MODELS

    about, arrays = task
    kind = MODELS[about["model"]].model_class
    model = kind(kind.settings_class.from_dict(about["settings"]))
    model.ranks = ranks
    for _ in model.fit(Ratings(times=None, **arrays)):
        pass


def main() -> None:
    """Trains along, and waits for the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of libraries goes into the log
    folder, rank, count, threads = Path(sys.argv[1]), *(int(each) for each in sys.argv[2:5])
    heard: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=listen, args=(heard,), daemon=True).start()
    from aecore.jobs.worker import sentence_of

    try:
        import torch

        torch.set_num_threads(threads)
        task = read_task(folder)
        say(pipe, ready=True)
        store, ranks = open_store(heard.get()["place"], count, LONG_SECONDS), Ranks(rank, count)
        with joined(store, ranks, HERE, LONG_SECONDS):
            train_along(task, ranks)
            threading.Event().wait()  # the first one may still wait for what is on its way; it ends this process
    except RanksError:
        os._exit(LOST)
    except Exception as error:
        say(pipe, error=sentence_of(error, f"process {rank + 1} of {count}"))
        os._exit(1)


def listen(heard: SimpleQueue[dict[str, Any]]) -> None:
    """Passes on what the first process says; ends this one with it."""
    for line in sys.stdin:
        heard.put(json.loads(line))
    os._exit(0)


def say(pipe: IO[str], **values: object) -> None:
    """Writes one line to the first process."""
    try:
        print(json.dumps(values), file=pipe, flush=True)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
