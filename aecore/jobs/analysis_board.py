"""StudyBoard: studies of trained models one after another, in a process that is started when it is needed and ends when it is not."""

from __future__ import annotations

import atexit
import json
import logging
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aecore.runs.store import RunStore

PER_VISITOR = 3
IDLE_SECONDS = 120.0
"""A process without work waits so long for more: imports take longer than most studies."""

log = logging.getLogger(__name__)

Wish = tuple[Any, ...]
"""A kind of aecore.jobs.kinds.STUDIES, and the study's arguments: texts, numbers and tuples of them."""


class TooManyStudies(ValueError):
    """One visitor has too many waiting; the message says so."""


@dataclass
class Study:
    """One study and how far it is. state: waiting, running, done, failed or stopped."""

    wish: Wish
    visitor: str
    state: str = "waiting"
    share: float = 0.0
    doing: str = ""
    error: str = ""
    started: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """A guess, from what has been done in what time; None while there is little to go by."""
        seconds = time.monotonic() - self.started
        return seconds * (1 - self.share) / self.share if self.state == "running" and self.share > 0.15 and seconds > 2 else None

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")


@dataclass
class StudyBoard:
    """Give it a wish and it will be studied. Whoever wishes the same shares the study. Methods may be called from any thread.

    size: how many processes; with 0, what is queued stays in the queue.
    """

    store: RunStore
    size: int = 1
    idle_seconds: float = IDLE_SECONDS
    _studies: dict[Wish, Study] = field(default_factory=dict)
    _waiting: deque[Study] = field(default_factory=deque)
    _process: subprocess.Popen[str] | None = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        atexit.register(self.close)

    def submit(self, wish: Wish, visitor: str) -> Study:
        """Queues a study, unless it waits or runs already. TooManyStudies if this visitor has too many waiting."""
        with self._changed:
            known = self._studies.get(wish)
            if known and known.is_active:
                return known
            if sum(each.visitor == visitor for each in self._waiting) >= PER_VISITOR:
                raise TooManyStudies(f"You already have {PER_VISITOR} studies waiting. Let one finish, or stop one, then try again.")
            study = self._studies[wish] = Study(wish, visitor)
            self._waiting.append(study)
            if self._thread is None and self.size:
                self._thread = threading.Thread(target=self._work, name="studies", daemon=True)
                self._thread.start()
            self._changed.notify()
            return study

    def study(self, wish: Wish) -> Study | None:
        """The newest study of that wish."""
        return self._studies.get(wish)

    def place(self, study: Study) -> int:
        """How many studies will be done before this one, the running one included."""
        with self._changed:
            is_busy = any(each.state == "running" for each in self._studies.values())
            return self._waiting.index(study) + is_busy if study in self._waiting else 0

    def stop(self, wish: Wish) -> None:
        """Ends it; what it has found so far is kept."""
        with self._changed:
            study = self._studies.get(wish)
            if study is None or not study.is_active:
                return
            was_running, study.state = study.state == "running", "stopped"
            if not was_running:
                self._waiting.remove(study)
            elif self._process:
                self._process.kill()

    def close(self) -> None:
        """At the server's end."""
        with self._changed:
            self._waiting.clear()
            if self._process:
                self._process.kill()

    def _work(self) -> None:
        """The board's only thread: takes studies in turn, and ends with its process when there has been nothing to do for a while."""
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._waiting, timeout=self.idle_seconds):
                    self._thread = None
                    self._end_process()
                    return
                study = self._waiting.popleft()
                study.state, study.doing, study.started = "running", "Starting", time.monotonic()
                process = self._running_process()
            self._follow(study, process)

    def _follow(self, study: Study, process: subprocess.Popen[str]) -> None:
        """Sends the wish and takes down what is told until the study ends, in whatever way."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"kind": study.wish[0], "arguments": study.wish[1:]}) + "\n")
            process.stdin.flush()
        except OSError:
            log.warning("the process for studies is gone")
        for line in process.stdout:
            told = json.loads(line)
            if "error" in told:
                self._end(study, told["error"])
                return
            study.share, study.doing = told["share"], told["doing"]
        process.wait()
        self._end(study, "The process that studied it ended unexpectedly, perhaps because memory ran out. Try again, or ask for less.")

    def _end(self, study: Study, error: str) -> None:
        with self._changed:
            if study.state == "running":  # and not stopped meanwhile
                study.state, study.error = ("failed" if error else "done"), error

    def _running_process(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "aecore.jobs.analysis_worker", str(self.store.folder)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, start_new_session=True)
        return self._process

    def _end_process(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
            self._process.wait()
        self._process = None
