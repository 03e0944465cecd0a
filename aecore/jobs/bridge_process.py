"""The process that speaks with a cluster, as the server holds it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from aecore.jobs.kinds import TRAINING
from aecore.jobs.queue import Job, person_of

BridgeProcess = subprocess.Popen[str]


def started(module: str, home: Path, address: str) -> BridgeProcess:
    """Starts it. OSError if the system refuses."""
    return subprocess.Popen(
        [sys.executable, "-m", module, str(home), address],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, process_group=0,
    )  # fmt: skip


def send(bridge: BridgeProcess | None, **message: object) -> None:
    """Sends one command; a bridge that has just died is noticed by the thread that listens to it."""
    assert bridge is not None
    assert bridge.stdin is not None
    with suppress(OSError, ValueError):
        bridge.stdin.write(json.dumps(message) + "\n")
        bridge.stdin.flush()


def wanted(job: Job) -> list[object]:
    """A job as the line is told of it; of a run, one server trains it at a time."""
    persons = list(dict.fromkeys(map(person_of, job.visitors)))
    name = str(job.request[1]) if job.policy is TRAINING else ""
    return [job.number, job.policy.noun, job.is_short, persons, name]
