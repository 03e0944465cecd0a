"""A worker process: `python -m aecore.jobs.worker HOME NICE` runs one job after another,
of any kind, on commands from a pipe.

It reads {"job": number, "kind", "arguments"} and {"cancel": number}. It writes {"ready": true}, {"job": number,
"share", "doing"} for each step and {"job": number, "error": "" or a sentence} at the end, one JSON object a line.
`--warm` loads torch first. `--memory=BYTES` loads what reads uploads, and limits the memory of the process; one that
has kept much of it, or has taken more where the system sets no limit, says {"leaves": true} with the end of the job,
and ends.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

KEPT_SHARE = 1 / 8
"""Share of its memory limit that a process may keep after a job; one that keeps more is replaced."""

_pipe: IO[str] = sys.stdout
_saying = threading.Lock()


def step_back(usually: int) -> None:
    """Lowers the priority of this process to `AECORE_NICE`, if that is a number from 0 to 19, or to `usually`."""
    asked = os.environ.get("AECORE_NICE", "").strip()
    if hasattr(os, "nice"):
        os.nice(int(asked) if re.fullmatch(r"1?[0-9]", asked, re.ASCII) else usually)


def go_first() -> None:
    """Has the kernel end this process rather than the server where memory runs out: a training can be resumed."""
    with suppress(OSError):  # no Linux
        Path("/proc/self/oom_score_adj").write_text("500")


def main() -> None:
    """Runs jobs until the pipe closes.

    A training then writes a checkpoint; any other job ends at once, with its results so far stored.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _pipe
    _pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of libraries goes into the log
    home = Path(sys.argv[1])
    step_back(int(sys.argv[2]))
    go_first()
    os.environ["AECORE_HOME"] = str(home)
    memory_bytes = next((int(each[9:]) for each in sys.argv if each.startswith("--memory=")), 0)
    if "--warm" in sys.argv:
        warm_up()
    else:
        os.environ["OMP_NUM_THREADS"] = "1"  # read by torch and by numpy's algebra when a job imports them
    from aecore.jobs.kinds import begin
    from aecore.jobs.memory import limit_memory, resident_memory, watch_memory
    from aecore.runs.store import RunStore

    store, commands = RunStore(home / "runs"), Commands()
    if memory_bytes:
        from aecore.jobs.reading import load_parsers

        load_parsers()
        if not limit_memory(memory_bytes):
            watch_memory(memory_bytes, commands.end_for_memory)
    threading.Thread(target=commands.read, args=(sys.stdin,), daemon=True).start()
    say(ready=True)
    leaves = False
    while not leaves and (job := commands.next_job()):
        error = _run(lambda job=job: begin(store, job["kind"], job["arguments"]), commands)
        leaves = bool(memory_bytes) and resident_memory() > KEPT_SHARE * memory_bytes
        say(job=job["job"], error=error, **({"leaves": True} if leaves else {}))
    sys.stderr.flush()
    os._exit(0)  # everything is on disk; tearing torch down would delay the server's end by a second or more


class Commands:
    """Commands from the pipe that are still to be done."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._cancelled: set[int] = set()
        self.current: dict[str, Any] = {}
        self.is_over = False

    def read(self, lines: Iterable[str]) -> None:
        """Reads commands until the pipe closes; runs in a thread of its own."""
        try:
            for line in lines:
                command = json.loads(line)
                if "cancel" in command:
                    self._cancelled.add(command["cancel"])
                else:
                    self._jobs.put(command)
        finally:  # the server has ended, or sent an invalid command: exit, so that it starts another worker
            self.is_over = True
            if self.current and not self.is_training:
                os._exit(0)
            self._jobs.put({})

    @property
    def is_training(self) -> bool:
        """Whether a run is being trained, which writes a checkpoint when it is closed."""
        from aecore.jobs.kinds import KINDS, TRAINING

        return KINDS[self.current["kind"]].policy is TRAINING

    @property
    def is_unwanted(self) -> bool:
        """Whether the current job has been cancelled."""
        return self.is_over or self.current["job"] in self._cancelled

    def end_for_memory(self) -> None:
        """Ends this process, and with it the current job with a sentence; from another thread than the job's."""
        from aecore.jobs.memory import too_much_memory

        if self.current:
            say(job=self.current["job"], error=too_much_memory(), leaves=True)
        os._exit(0)

    def next_job(self) -> dict[str, Any]:
        """Waits for the next job; {} when the pipe has closed."""
        self.current = {}
        job = self._jobs.get()
        self.current = {} if self.is_over else job
        return self.current


def _run(begin: Any, commands: Commands) -> str:
    """Runs a job; returns "", or a sentence that says why it failed."""
    number = commands.current["job"]
    try:
        with closing(begin()) as steps:
            for step in steps:
                if hasattr(step, "doing"):
                    say(job=number, share=step.share, doing=step.doing)
                if commands.is_unwanted:
                    break
    except Exception as error:
        return sentence_of(error, commands.current)
    return ""


def sentence_of(error: Exception, *job: object) -> str:
    """Why a job failed; what is no fault of what was asked goes into the log."""
    import logging

    if isinstance(error, ValueError):  # RunError, DataError, SettingsError and ProbeError hold sentences
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this many examples; ask for fewer."
    if isinstance(error, OSError):
        return f"The disk refused: {error.strerror or error}. Free some space and try again."
    logging.error("job %s failed", job, exc_info=error)
    return "It failed unexpectedly; the server's log has the details."


def warm_up() -> None:
    """Imports what every training needs, takes a dummy step and limits torch to one thread."""
    import scipy.optimize  # noqa: F401  the probe at the end
    import torch

    from aecore.experiment import runner  # noqa: F401
    from aecore.training.devices import keep_memory
    from aecore.training.step import make_optimizer

    keep_memory()
    torch.set_num_threads(1)
    layer = torch.nn.Linear(8, 8)
    optimizer = make_optimizer("adam", layer, 0.001, 0.0)
    layer(torch.zeros(4, 8)).sum().backward()
    optimizer.step()


def say(**values: object) -> None:
    """Writes one line to the pipe."""
    try:
        with _saying:
            print(json.dumps(values), file=_pipe, flush=True)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
