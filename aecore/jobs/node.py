"""Seat: what runs jobs on a node of a cluster, in a home of its own; the bridge brings home what it writes."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from aecore.jobs.parcels import Change, Files, Mirror, digest, inside, unpack
from aecore.paths import data_folder

LEASE_SECONDS = 60.0
"""A job of which the bridge has not said for so long that it waits for it ends: the run may go on elsewhere."""


WAIT_SECONDS, GATHER_SECONDS = 5.0, 0.2
"""How long the bridge waits for news before it asks again, and for how long news are gathered: each answer costs the
training some of its processor.
"""


@dataclass(frozen=True)
class Event:
    """What a job has done since the last one. error: "" or why it failed, with the last one."""

    changes: list[Change]
    share: float | None = None
    doing: str = ""
    error: str = ""


class Seat:
    """Runs one job after another. Its methods are called from the bridge, while the job has a thread of its own."""

    def __init__(self) -> None:
        self._home: Path | None = None
        self._is_unwanted = threading.Event()
        self._beat = time.monotonic()
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._is_over = threading.Event()

    def about(self) -> dict[str, str]:
        """The versions here, and where this is."""
        return {
            "version": version(), "python": platform.python_version(), "host": socket.gethostname(),
            "node": _node(),
        }  # fmt: skip

    def warm(self) -> bool:
        """Loads what every training needs."""
        from aecore.jobs.worker import warm_up

        warm_up()
        return True

    def lacking(self, files: dict[str, tuple[int, str]]) -> list[str]:
        """Which of these files of the data folder are not here, or are others: path -> bytes and SHA-256."""
        folder, lacking = data_folder(), []
        for path, (size, sha) in files.items():
            here = inside(folder, path)
            if not here.is_file() or here.stat().st_size != size or digest(here, here.stat().st_mtime_ns) != sha:
                lacking.append(path)
        return lacking

    def take(self, files: Files) -> None:
        """Keeps files of the data folder, for all jobs to come."""
        unpack(files, data_folder())

    def begin(self, kind: str, arguments: list[Any], files: Files, *more: Files) -> None:
        """Begins a job whose files these are; `events` tells what becomes of it.

        more: files that other jobs of this node have too; Ray keeps them here.
        """
        files = {path: data for each in (files, *more) for path, data in each.items()}
        self._events, self._is_over = SimpleQueue(), threading.Event()
        threading.Thread(target=self._work, args=(kind, arguments, files), daemon=True).start()

    def events(self) -> tuple[list[Event], bool]:
        """What the job has done since the last call, waited for if there is nothing yet; and whether that is all."""
        try:
            found = [self._events.get(timeout=WAIT_SECONDS)]
        except Empty:
            return [], False
        self._is_over.wait(GATHER_SECONDS)
        while not self._events.empty():
            found.append(self._events.get())
        return [each for each in found if each], found[-1] is None

    def _work(self, kind: str, arguments: list[Any], files: Files) -> None:
        from aecore.jobs.worker import sentence_of

        try:
            for event in self.run(kind, arguments, files):
                self._events.put(event)
        except Exception as problem:  # the disk of the node is full, say
            self._events.put(Event([], error=sentence_of(problem, kind, arguments)))
        self._events.put(None)
        self._is_over.set()

    def run(self, kind: str, arguments: list[Any], files: Files) -> Iterator[Event]:
        """Runs a job whose files these are; yields what it changes. The last event holds its error."""
        self._is_unwanted.clear()
        self.beat()
        home = Path(tempfile.mkdtemp(prefix="aecore-seat-"))
        os.environ["AECORE_HOME"] = str(home)
        os.environ.setdefault("AECORE_DRAWN", str(data_folder() / "drawn"))
        try:
            unpack(files, home)
            self._home = home
            yield from self._run(kind, arguments, home)
        finally:
            self._home = None
            shutil.rmtree(home, ignore_errors=True)

    def _run(self, kind: str, arguments: list[Any], home: Path) -> Iterator[Event]:
        from aecore.jobs.kinds import begin
        from aecore.jobs.worker import sentence_of
        from aecore.runs.store import RunStore

        mirror, error = Mirror(home), ""
        try:
            begun: Any = begin(RunStore(home / "runs"), kind, arguments)
            with closing(begun) as steps:
                for step in steps:
                    said = (step.share, step.doing) if hasattr(step, "doing") else (None, "")
                    changes = mirror.changes()
                    if changes or said[0] is not None:
                        yield Event(changes, *said)
                    if self._is_unwanted.is_set() or time.monotonic() - self._beat > LEASE_SECONDS:
                        break
        except Exception as problem:
            error = sentence_of(problem, kind, arguments)
        yield Event(mirror.changes(), error=error)

    def ask(self, path: str, data: bytes) -> None:
        """Passes on what is asked of the run in training, as the file that its trainer looks for."""
        if home := self._home:
            unpack({path: data}, home)

    def beat(self) -> None:
        """Renews the lease of the job: the bridge still waits for it."""
        self._beat = time.monotonic()

    def cancel(self) -> None:
        """Ends the job after its step; a training leaves a checkpoint."""
        self._is_unwanted.set()


def _node() -> str:
    """The id of the node that this process is on; "" outside a cluster."""
    ray = sys.modules.get("ray")
    return str(ray.get_runtime_context().get_node_id()) if ray else ""


def version() -> str:
    """The version of this package."""
    return str(import_module("aecore").__version__)


def versions() -> str:
    """The version of this package and of Python, as a node must have them."""
    return f"{version()}, Python {sys.version_info[0]}.{sys.version_info[1]}"


def versions_of(about: dict[str, str]) -> str:
    """The same of a node."""
    return f"{about['version']}, Python {'.'.join(about['python'].split('.')[:2])}"
