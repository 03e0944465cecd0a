"""`services`: the one object through which pages reach runs and jobs. A test replaces its `parts`, and nothing else."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore


@dataclass(frozen=True)
class Parts:
    """What this server has one of."""

    store: RunStore
    jobs: Jobs
    is_live: bool = True
    """False where a test decides what runs."""


class Services:
    """Runs and jobs of this server, made when they are first asked for, and who is asking.

    They live as long as the process, not as a Streamlit cache does: one that is cleared would leave a
    second pool of workers.
    """

    def __init__(self) -> None:
        self.parts: Parts | None = None
        self._lock = threading.Lock()

    @property
    def store(self) -> RunStore:
        """The runs of this machine."""
        return self._parts().store

    @property
    def jobs(self) -> Jobs:
        """Everything that takes time: trainings, analyses, downloads. Its workers start with the first use."""
        parts = self._parts()
        if parts.is_live:
            parts.jobs.open()
        return parts.jobs

    def visitor(self) -> str:
        """A name for this browser session, known only to itself; the queue is fair between these."""
        return st.session_state.setdefault("_visitor", secrets.token_urlsafe(9))

    def progress_log(self, run_id: str) -> ProgressLog:
        """The records of a run, shared by everyone who watches it: each line is parsed once."""
        return _progress_log(str(self.store.path(run_id)))

    def close(self) -> None:
        """At the server's end: workers write their checkpoints and leave."""
        if self.parts:
            self.parts.jobs.close()

    def _parts(self) -> Parts:
        with self._lock:
            if self.parts is None:
                store = RunStore()
                self.parts = Parts(store, Jobs(store, LocalExecutor(store.folder.parent)))
            return self.parts


@st.cache_resource(max_entries=64, show_spinner=False)
def _progress_log(folder: str) -> ProgressLog:
    return ProgressLog(Path(folder) / "progress.jsonl")


services = Services()
