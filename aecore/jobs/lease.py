"""Letting go of a seat so that its run may go on elsewhere: no run is trained twice at once, whatever was lost.

A seat trains for as long as its lease lasts, which the bridge renews. So a run whose seat cannot be reached goes on
once its process has surely ended, or its lease has.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecore.jobs.node import LEASE_SECONDS

if TYPE_CHECKING:
    from aecore.jobs.places import Place

MARGIN_SECONDS = 3.0
"""For the step of a training after which a seat looks at its lease, or for its process to end after its node's."""

LOOK_SECONDS, ANSWER_SECONDS = 0.5, 10.0
"""How often it is looked whether a seat has ended, and how long its node has for an answer."""


def let_go(place: Place) -> None:
    """Returns once nothing works at this seat: its process has ended, or its lease."""
    import ray

    with suppress(Exception):
        ray.kill(place.actor)
    while time.monotonic() < place.renewed + LEASE_SECONDS + MARGIN_SECONDS and not _has_ended(place):
        time.sleep(LOOK_SECONDS)


def _has_ended(place: Place) -> bool:
    """Whether the process of a seat has surely ended: its node says so, or the machine of its node that this is gone.

    The head alone cannot say it: to the head, a node that cannot be reached is as dead as one that has ended.
    """
    import ray

    with suppress(Exception):
        about = next(each for each in ray.nodes() if each["NodeID"] == place.node)
        if _is_refused(about["NodeManagerAddress"], about["NodeManagerPort"]):
            time.sleep(MARGIN_SECONDS)  # the processes of a node end a second after it
            return True
        return bool(about["Alive"]) and not _runs_there(place)
    return False


def _runs_there(place: Place) -> bool:
    """Asks the node of a seat whether its process is still there."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    there = NodeAffinitySchedulingStrategy(place.node, soft=False)
    asked: Any = ray.remote(_is_process).options(num_cpus=0, max_retries=0, scheduling_strategy=there)
    return bool(ray.get(asked.remote(place.pid), timeout=ANSWER_SECONDS))


def _is_process(pid: int) -> bool:
    """Whether there is such a process here; True where that cannot be told."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    with suppress(OSError, IndexError):  # Linux: one that has ended may wait to be noticed
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return True


def _is_refused(host: str, port: int) -> bool:
    """Whether a machine answers that nobody listens at this port, as it does when the process there has ended."""
    try:
        socket.create_connection((host, port), ANSWER_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
