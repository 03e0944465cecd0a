"""The line of all servers of a cluster, as the bridge of one of them speaks to it."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aecore.jobs.line import THERE, Line, Turns, Wanted
from aecore.jobs.losses import short
from aecore.jobs.node import versions

NAMESPACE = "autoencoder-explorer"

PATIENCE = 45
"""Seconds; a network may be away for less."""

ANSWER_SECONDS = 5.0
"""For which the line may be busy."""

AGAIN_SECONDS = 60.0
"""After which a server with a line of its own looks again for that of all servers."""

log = logging.getLogger(__name__)


class SharedLine:
    """The line of all servers of this cluster, as this one speaks to it; one of its own while it stays away."""

    def __init__(self) -> None:
        self.server = uuid.uuid4().hex
        self._actor: Any = None
        self._had_one = False
        self._own: Line | None = None
        self._missed = self._looked = 0.0

    def report(self, wanted: Sequence[Wanted], slots: int) -> Turns | None:
        """See `Line`; None while there is no answer, but may be one soon."""
        import ray

        if self._own and time.monotonic() - self._looked < AGAIN_SECONDS:
            return self._own.report(self.server, wanted, slots)
        self._looked = time.monotonic()
        try:
            self._actor = self._actor or self._find()
            found: Turns = ray.get(self._actor.report.remote(self.server, wanted, slots), timeout=ANSWER_SECONDS)
        except (ray.exceptions.RayError, ValueError) as error:  # its node was lost, say
            log.warning("the line of the cluster does not answer: %s", short(error))
            self._missed = self._missed or time.monotonic()
            if not isinstance(error, ray.exceptions.GetTimeoutError):  # a line that begins ends with its last handle
                self._actor = None
            if time.monotonic() - self._missed > PATIENCE:
                self._own = self._own or Line(THERE)
            return self._own.report(self.server, wanted, slots) if self._own else None
        self._missed, self._own = 0.0, None
        return found

    def leave(self) -> None:
        """Says that this server ends, and waits a moment until that is heard."""
        import ray

        with suppress(Exception):
            ray.get(self._actor.leave.remote(self.server), timeout=1.0)

    def _find(self) -> Any:
        """The actor, begun on this node where there is none."""
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here: Any = "DEFAULT"
        with suppress(Exception):  # a client (ray://) is on no node
            here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=True)
        actor: Any = ray.remote(Line).options(
            name=f"line of {versions()}", namespace=NAMESPACE, get_if_exists=True, num_cpus=0, scheduling_strategy=here
        ).remote(THERE, is_new=not self._had_one)  # fmt: skip
        self._had_one = True
        return actor
