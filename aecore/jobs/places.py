"""Seats on the nodes of a Ray cluster: taken for a job, kept for the next, given back when there is none."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aecore.jobs.node import LEASE_SECONDS, Seat, versions, versions_of

GPU_SHARE = 0.25
"""Of a GPU, which a training takes: so many share one."""

IDLE_SECONDS = 120.0
"""A seat without work is given back to the cluster."""

log = logging.getLogger(__name__)


class NoSeatError(RuntimeError):
    """No node can run the job; the message says why."""


@dataclass(eq=False)
class Place:
    """An actor on a node. title: of the node, as people are told."""

    actor: Any
    title: str
    has_gpu: bool
    node: str
    idle_since: float = 0.0


@dataclass(eq=False)
class Places:
    """The seats that are taken from the cluster: those that are free, and how many are at work, or on their way to it.

    refused: node -> why not there.
    """

    free: list[Place] = field(default_factory=list)
    at_work: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, wants_gpu: bool) -> Place:
        """A free seat, or a new one. NoSeatError if every node is refused."""
        with self._lock:
            self.at_work += 1
            fitting = [each for each in self.free if each.has_gpu == wants_gpu]
            if fitting:
                self.free.remove(fitting[-1])
                return fitting[-1]
        try:
            return self._new(wants_gpu)
        except BaseException:
            with self._lock:
                self.at_work -= 1
            raise

    def give_back(self, place: Place) -> None:
        """The seat is free again."""
        place.idle_since = time.monotonic()
        with self._lock:
            self.at_work -= 1
            self.free.append(place)

    def give_up(self, place: Place) -> None:
        """The seat is lost: sees to it that it works no longer."""
        with self._lock:
            self.at_work -= 1
        let_go(place)

    def dismiss_idle(self, most: int | None = None) -> None:
        """Gives seats back to the cluster that had no work for long, and free ones while there are more than `most`
        seats in all: others need them.
        """
        import ray

        with self._lock:
            kept = [each for each in self.free if time.monotonic() - each.idle_since <= IDLE_SECONDS]
            spare = 0 if most is None else max(0, min(len(kept), self.at_work + len(kept) - most))
            kept = kept[spare:]
            old, self.free = [each for each in self.free if each not in kept], kept
        for each in old:
            ray.kill(each.actor)

    def _new(self, wants_gpu: bool) -> Place:
        """A new seat, on a node that is not refused. It is asked for its versions before it gets any work."""
        import ray

        problem = "No node of the cluster answers."
        for tries in range(len(ray.nodes()) + 1):
            actor: Any = ray.remote(Seat).options(**self._options(wants_gpu, tries)).remote()
            node = ""
            try:
                about: dict[str, str] = ray.get(actor.about.remote())
                node, problem = about["node"], difference(about)
                if not problem:
                    ray.get(actor.warm.remote())
                    return Place(actor, title_of(about["host"], node), wants_gpu, node)
            except ray.exceptions.RayError as error:  # the package is not there, or another, or the node is gone
                node = node or _node_of(actor)
                problem = f"A node of the cluster cannot run this version of the app ({short(error)})."
            log.error(problem)
            if node:
                self.refused[node] = problem
            ray.kill(actor)
        raise NoSeatError(problem)

    def _options(self, wants_gpu: bool, tries: int) -> dict[str, Any]:
        """What a seat takes, and where: anywhere, or, once nodes are refused, on the others in turn."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there: Any = "SPREAD"
        if self.refused:
            good = [
                each["NodeID"]
                for each in nodes()
                if each["NodeID"] not in self.refused and each["Resources"].get("GPU" if wants_gpu else "CPU")
            ]
            if not good:
                raise NoSeatError(next(iter(self.refused.values())))
            there = NodeAffinitySchedulingStrategy(good[tries % len(good)], soft=False)
        gpu = {"num_gpus": GPU_SHARE} if wants_gpu else {}
        return {"num_cpus": 1, "max_concurrency": 3, "scheduling_strategy": there} | gpu


def difference(about: dict[str, str]) -> str:
    """Why a node with these versions cannot take part; "" if it can."""
    if versions_of(about) == versions():
        return ""
    return (
        f"The node {about['host']} has version {versions_of(about)} of this app, and this server {versions()}: install "
        "the same there."
    )


def let_go(place: Place) -> None:
    """Sees to it that a seat works no longer: it is ended, or cannot be reached for so long that it ends by itself."""
    import ray

    with suppress(Exception):
        ray.kill(place.actor)
    end = time.monotonic() + LEASE_SECONDS
    while time.monotonic() < end and any(each["NodeID"] == place.node for each in nodes()):
        try:
            ray.get(place.actor.about.remote(), timeout=1.0)
        except ray.exceptions.ActorDiedError:
            return
        except ray.exceptions.RayError:
            time.sleep(0.2)


def _node_of(actor: Any) -> str:
    from ray.util.state import get_actor

    with suppress(Exception):
        return str(get_actor(actor._actor_id.hex()).node_id)
    return ""


def short(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[-1][:200]


def title_of(host: str, node: str) -> str:
    """The name of a node: of its machine, and the beginning of its id where several nodes share one."""
    here = [each for each in nodes() if each["NodeManagerHostname"] == host]
    return f"node {host}" if len(here) < 2 else f"node {host}-{node[:4]}"


def nodes() -> list[dict[str, Any]]:
    """The nodes that are alive."""
    import ray

    return [each for each in ray.nodes() if each["Alive"]]


def slots() -> int:
    """How many jobs may run at a time: one for each processor core of the cluster."""
    return int(sum(each["Resources"].get("CPU", 0) for each in nodes()))
