"""The nodes of a Ray cluster: which are there, what they are called, and which cannot take part."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from aecore.jobs.losses import short
from aecore.jobs.node import Seat, versions, versions_of

AGAIN_SECONDS = 60.0
"""After which a node that was refused is asked again: its version may be another by then."""

ANSWER_SECONDS = 60.0
"""For which a node is waited for that is asked for its version."""

log = logging.getLogger(__name__)


def nodes() -> list[dict[str, Any]]:
    """The nodes that are alive."""
    import ray

    return [each for each in ray.nodes() if each["Alive"]]


def has_gpu() -> bool:
    """Whether a node has a GPU."""
    return any(each["Resources"].get("GPU") for each in nodes())


def slots(refused: Any = ()) -> int:
    """How many jobs may run at a time: one for each processor core of the nodes that are not refused."""
    return int(sum(each["Resources"].get("CPU", 0) for each in nodes() if each["NodeID"] not in refused))


def title_of(host: str, node: str) -> str:
    """The name of a node: of its machine, and the beginning of its id where several nodes share one."""
    here = [each for each in nodes() if each["NodeManagerHostname"] == host]
    return f"node {host}" if len(here) < 2 else f"node {host}-{node[:4]}"


def difference(about: dict[str, str]) -> str:
    """Why a node with these versions cannot take part; "" if it can."""
    if versions_of(about) == versions():
        return ""
    return (
        f"The {title_of(about['host'], about['node'])} has version {versions_of(about)} of this app, and this server "
        f"{versions()}: install the same there."
    )


@dataclass(eq=False)
class Refusals:
    """Which nodes cannot take part. of: the id of a node -> why, as a sentence."""

    of: dict[str, str] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def note(self, node: str, problem: str) -> None:
        """Notes whether a node can take part: `problem` is why not, or ""."""
        self._asked[node] = time.monotonic()
        if problem:
            log.error(problem)
            self.of[node] = problem
        else:
            self.of.pop(node, None)

    def look(self) -> None:
        """Asks the nodes that are new, and now and again those that are refused, for their versions; forgets those that
        are gone.
        """
        here = {each["NodeID"]: each for each in nodes() if each["Resources"].get("CPU")}
        for node in [*self._asked]:
            if node not in here:
                self._asked.pop(node)
                self.of.pop(node, None)
        for node, about in here.items():
            asked = self._asked.get(node)
            if asked is None or (node in self.of and time.monotonic() - asked > AGAIN_SECONDS):
                self._ask(node, about["NodeManagerHostname"])

    def _ask(self, node: str, host: str) -> None:
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there = NodeAffinitySchedulingStrategy(node, soft=False)
        actor: Any = ray.remote(Seat).options(num_cpus=0, scheduling_strategy=there).remote()
        problem = self.of.get(node, "")
        try:
            problem = difference(ray.get(actor.about.remote(), timeout=ANSWER_SECONDS))
        except ray.exceptions.GetTimeoutError:  # it has much to do
            log.warning("%s does not answer", title_of(host, node))
        except ray.exceptions.RayError as error:
            if node in {each["NodeID"] for each in nodes()}:
                name = title_of(host, node)
                problem = f"The {name} cannot run this version of the app ({short(error)})."
        self.note(node, problem)
        ray.kill(actor)
