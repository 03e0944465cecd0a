"""`services`: the object through which pages access runs and jobs. Tests replace its `parts`, and nothing else."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from aecore.jobs.kinds import READING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.reading import Reader, WorkerReader
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore
from ui.app.audience import Audience


@dataclass(frozen=True)
class Parts:
    """The singletons of this server."""

    store: RunStore
    jobs: Jobs
    reader: Reader
    is_live: bool = True
    """False in tests that control the jobs."""


class Services:
    """Runs and jobs of this server, created on first use, and the current visitor.

    They live as long as the process; in a Streamlit cache, clearing it would leave a second
    pool of workers.
    """

    def __init__(self) -> None:
        self.parts: Parts | None = None
        self._audience = Audience()
        self._lock = threading.Lock()

    @property
    def store(self) -> RunStore:
        """The runs of this machine."""
        return self._parts().store

    @property
    def jobs(self) -> Jobs:
        """The background jobs: trainings, analyses, downloads. The workers start at the first use."""
        parts = self._parts()
        if parts.is_live:
            parts.jobs.open()
        return parts.jobs

    @property
    def reader(self) -> Reader:
        """What reads the files that people bring, in a process with limits."""
        parts = self._parts()
        if parts.is_live:
            parts.jobs.open()
        return parts.reader

    def prepare(self) -> None:
        """Starts the workers, and processes that wait for files to read."""
        self.jobs.open()
        self.jobs.executor.prepare(READING)

    def visitor(self) -> str:
        """A secret name of this browser session; the queue is fair between visitors."""
        return st.session_state.setdefault("_visitor", secrets.token_urlsafe(9))

    def refresh_seconds(self, what: str, shortest: float, now: float | None = None) -> float:
        """Seconds between two refreshes of what the current visitor watches: more where many watch the same."""
        return self._audience.interval(what, self.visitor(), shortest, now)

    def progress_log(self, run_id: str) -> ProgressLog:
        """The records of a run, shared by everyone who watches it: each line is parsed once."""
        return _progress_log(str(self.store.path(run_id)))

    def close(self) -> None:
        """Ends the workers, which write their checkpoints."""
        if self.parts:
            self.parts.jobs.close()

    def _parts(self) -> Parts:
        with self._lock:
            if self.parts is None:
                store = RunStore()
                home = store.folder.parent
                jobs = Jobs(store, LocalExecutor(home))
                self.parts = Parts(store, jobs, WorkerReader(jobs, home))
            return self.parts


@st.cache_resource(max_entries=64, show_spinner=False)
def _progress_log(folder: str) -> ProgressLog:
    return ProgressLog(Path(folder) / "progress.jsonl")


services = Services()
