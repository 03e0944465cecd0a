"""Crew: several processes that train one recommender, on this machine or with the nodes of a Ray cluster.

The first of them is this process, which alone keeps the run: its records, its best epoch and its tests. The others are
started by it, train along (`aecore.recommender.training.rank`), and end with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.ranks import ALONE, Ranks, RanksError
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.training.meeting import HERE, joined, open_store
from aecore.recommender.training.rank import LOST, write_task
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import RunError
from aecore.settings import SettingsError

PATIENCE_SECONDS, START_SECONDS = 180.0, 120.0
"""How long the first process waits for the others in a step, and until they have loaded what they need."""

WHY_SECONDS = 2.0
"""How long it waits to learn why one was lost; on a cluster the head has to notice first."""

RANK, ON_NODES = "aecore.recommender.training.rank", "aecore.recommender.training.on_nodes"


def check_crew(settings: RecommenderSettings, processes: int) -> None:
    """SettingsError if several processes cannot train this recommender together."""
    entry = MODELS[settings.model]
    if processes > 1 and not entry.model_class.is_parallel:
        able = [name for name, each in MODELS.items() if each.model_class.is_parallel]
        raise SettingsError(
            f"{entry.title} is trained by one process: only networks whose rows are users share the users of a step "
            f"between several. Leave processes out, or choose one of {', '.join(able)}."
        )
    if processes > 1 and settings.split.device == "cuda":
        raise SettingsError("Several processes train on processors, not on a GPU: set device to cpu, or leave it out.")


@dataclass(frozen=True)
class Crew:
    """How many processes train together, with how many threads each. cluster: the address of a Ray cluster whose nodes
    run all but the first; "" for this machine. patience: seconds after which one that does not answer is lost.
    """

    processes: int
    threads: int = 1
    cluster: str = ""
    patience: float = PATIENCE_SECONDS

    @contextmanager
    def join(self, model: Recommender, ratings: Ratings) -> Iterator[str]:
        """Starts the others, for the training of this model on these ratings, and ends them; says where they are.

        RunError if one of them is lost.
        """
        with tempfile.TemporaryDirectory(prefix="aecore-crew-") as name:
            folder = Path(name)
            write_task(folder, model, ratings)
            others = self._started(folder)
            try:
                ready = [each.ready() for each in others]
                ip = ready[0].get("ip", HERE)
                place = f"{ip}:0" if self.cluster else f"file:{folder / 'meeting'}"
                store = open_store(place, self.processes, self.patience, is_first=True)
                for each in others:
                    each.tell(place=f"{ip}:{store.port}" if self.cluster else place)
                with joined(store, Ranks(0, self.processes), ip, self.patience) as model.ranks:
                    yield ready[0].get("where", f"{self.processes} processes")
            except RanksError as error:
                raise RunError(why_lost(others, self)) from error
            finally:
                model.ranks = ALONE
                for each in others:
                    each.end()

    def _started(self, folder: Path) -> list[Other]:
        count, threads = str(self.processes), str(self.threads)
        if self.cluster:
            return [Other("The cluster", [ON_NODES, str(folder), count, threads, self.cluster], self)]
        return [
            Other(f"Process {rank + 1} of {count}", [RANK, str(folder), str(rank), count, threads], self)
            for rank in range(1, self.processes)
        ]


@dataclass(eq=False)
class Other:
    """A process that this one has started. title: begins a sentence."""

    title: str
    arguments: list[str]
    crew: Crew
    process: subprocess.Popen[str] = field(init=False)
    error: str = ""
    _heard: SimpleQueue[dict[str, Any]] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, process_group=0,
            env=os.environ | {"OMP_NUM_THREADS": str(self.crew.threads)},
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ready(self) -> dict[str, Any]:
        """What it says when it is ready. RunError if it ends before, or takes too long."""
        try:
            said = self._heard.get(timeout=START_SECONDS)
        except Empty:
            raise RunError(f"{self.title} was not ready after {START_SECONDS:.0f} seconds.") from None
        if "ready" not in said:
            raise RunError(self.lost() or f"{self.title} could not begin.")
        return said

    def tell(self, **values: object) -> None:
        """Sends it a line; that it has ended is noticed later."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):
            self.process.stdin.write(json.dumps(values) + "\n")
            self.process.stdin.flush()

    def lost(self) -> str:
        """Why it takes part no longer, as a sentence; "" if it does, or only lost the others."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)
            self._listener.join(WHY_SECONDS)  # its last words
        if self.error:
            return self.error if self.crew.cluster else f"{self.title} failed. {self.error}"
        if self.process.returncode in (None, LOST):
            return ""
        return f"{self.title} ended before the training did (exit status {self.process.returncode}). Train again."

    def end(self) -> None:
        """Ends it."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(WHY_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            self.error = self.error or said.get("error", "")
            self._heard.put(said)
        self._heard.put({})


def why_lost(others: list[Other], crew: Crew) -> str:
    """Why the training cannot go on, as a sentence."""
    end = time.monotonic() + WHY_SECONDS * (5 if crew.cluster else 1)
    while time.monotonic() < end:
        for each in others:
            if sentence := each.lost():
                return sentence
    return f"Another process of the training did not answer, or not within {crew.patience:.0f} seconds. Train again."
