"""Seats on the nodes of a Ray cluster: taken for a job, kept for the next, given back when there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aecore.jobs.lease import let_go
from aecore.jobs.losses import short
from aecore.jobs.node import Seat
from aecore.jobs.nodes import Refusals, difference, has_gpu, nodes, title_of

GPU_SHARE = 0.25
"""Of a GPU, which a training takes: so many share one."""

IDLE_SECONDS = 120.0
"""A seat without work is given back to the cluster."""

GPU_SECONDS = 30.0
"""For which a training that may do without waits for a seat with a GPU, once there seems to be one."""

LOOK_SECONDS = 1.0
"""How often it is looked whether a job that waits for a seat is still wanted."""


class NoSeatError(RuntimeError):
    """No node can run the job; the message says why."""


class CalledOffError(RuntimeError):
    """The job is not wanted any more."""


def _never() -> bool:
    return False


@dataclass(eq=False)
class Place:
    """An actor on a node. title: of the node, as people are told. pid: of its process. renewed: when the lease of the
    job there was last renewed, or 0 while there is none.
    """

    actor: Any
    title: str
    has_gpu: bool
    node: str
    pid: int = 0
    idle_since: float = 0.0
    renewed: float = 0.0


@dataclass(eq=False)
class Places:
    """The seats taken from the cluster: those that are free, and how many are at work, or on their way to it.

    leaving: how many lost ones may work still.
    """

    free: list[Place] = field(default_factory=list)
    at_work: int = 0
    leaving: int = 0
    refusals: Refusals = field(default_factory=Refusals)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, device: str, is_called_off: Callable[[], bool] = _never) -> Place:
        """A free seat, or a new one, waited for until it is called off, which raises CalledOffError.

        device: "cuda" for a seat with a GPU; "auto" for one where a GPU is free, or else without; "cpu" for one
        without. NoSeatError if no node has what it takes.
        """
        self._drop_lost()
        wants_gpu = device != "cpu" and has_gpu()
        if device == "cuda" and not wants_gpu:
            raise NoSeatError("No node of the cluster has a GPU; choose 'auto' as the device.")
        with self._lock:  # at once: a seat that is counted twice would be one too many, and dismissed
            self.at_work += 1
            found = self._fitting(has_gpu=wants_gpu)
        try:
            if found or (wants_gpu and (found := self._gpu(device, is_called_off))):
                return found
            return self._free(has_gpu=False) or self._new(is_called_off, wants_gpu=False)
        except BaseException:
            with self._lock:
                self.at_work -= 1
            raise

    def give_back(self, place: Place) -> None:
        """The seat is free again."""
        place.idle_since, place.renewed = time.monotonic(), 0.0
        with self._lock:
            self.at_work -= 1
            self.free.append(place)

    def give_up(self, place: Place) -> None:
        """The seat is lost: sees to it that it works no longer."""
        with self._lock:
            self.at_work -= 1
            self.leaving += 1
        try:
            let_go(place)
        finally:
            with self._lock:
                self.leaving -= 1

    def dismiss_idle(self, most: int | None = None) -> None:
        """Gives seats back to the cluster that had no work for long, and free ones while there are more than `most`
        seats in all: others need them.
        """
        with self._lock:
            kept = [each for each in self.free if time.monotonic() - each.idle_since <= IDLE_SECONDS]
            spare = 0 if most is None else max(0, min(len(kept), self.at_work + len(kept) - most))
            kept = kept[spare:]
            old, self.free = [each for each in self.free if each not in kept], kept
        _kill(old)

    def _drop_lost(self) -> None:
        """Forgets free seats of nodes that are gone, or refused."""
        good = {each["NodeID"] for each in nodes()} - self.refusals.of.keys()
        with self._lock:
            lost = [each for each in self.free if each.node not in good]
            self.free = [each for each in self.free if each.node in good]
        _kill(lost)

    def _free(self, *, has_gpu: bool) -> Place | None:
        with self._lock:
            return self._fitting(has_gpu=has_gpu)

    def _fitting(self, *, has_gpu: bool) -> Place | None:
        """A free seat, no longer among these; to be called under the lock."""
        fitting = [each for each in self.free if each.has_gpu == has_gpu]
        if fitting:
            self.free.remove(fitting[-1])
        return fitting[-1] if fitting else None

    def _gpu(self, device: str, is_called_off: Callable[[], bool]) -> Place | None:
        """A seat with a GPU; None where none is free for a job that may do without."""
        import ray

        if found := self._free(has_gpu=True):
            return found
        if device == "cuda":
            return self._new(is_called_off, wants_gpu=True)
        if ray.available_resources().get("GPU", 0.0) < GPU_SHARE:
            return None
        end = time.monotonic() + GPU_SECONDS
        with suppress(CalledOffError, NoSeatError):
            return self._new(lambda: is_called_off() or time.monotonic() > end, wants_gpu=True)
        return None

    def _new(self, is_called_off: Callable[[], bool], *, wants_gpu: bool) -> Place:
        """A new seat, on a node that is not refused. It is asked for its versions before it gets any work."""
        import ray

        self._make_room(wants_gpu=wants_gpu)
        problem = "No node of the cluster answers."
        for tries in range(len(ray.nodes()) + 1):
            actor: Any = ray.remote(Seat).options(**self._options(wants_gpu, tries)).remote()
            node = ""
            try:
                about: dict[str, str] = _answer(actor.about.remote(), is_called_off)
                node, problem = about["node"], difference(about)
                if not problem:
                    _answer(actor.warm.remote(), is_called_off)
                    return Place(actor, title_of(about["host"], node), wants_gpu, node, int(about["pid"]))
            except CalledOffError:
                _kill([actor])
                raise
            except ray.exceptions.RayError as error:  # the package is not there, or another, or the node is gone
                node = node or _node_of(actor)
                problem = f"A node of the cluster cannot run this version of the app ({short(error)})."
            if node in {each["NodeID"] for each in nodes()}:
                self.refusals.note(node, problem)
            _kill([actor])
        raise NoSeatError(problem)

    def _make_room(self, *, wants_gpu: bool) -> None:
        """Gives a free seat of the other sort back where all cores are taken."""
        import ray

        if ray.available_resources().get("CPU", 0.0) < 1 and (spare := self._free(has_gpu=not wants_gpu)):
            _kill([spare])

    def _options(self, wants_gpu: bool, tries: int) -> dict[str, Any]:
        """What a seat takes, and where: anywhere, or, once nodes are refused, on the others in turn."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there: Any = "SPREAD"
        if refused := dict(self.refusals.of):
            good = [
                each["NodeID"]
                for each in nodes()
                if each["NodeID"] not in refused and each["Resources"].get("GPU" if wants_gpu else "CPU")
            ]
            if not good:
                raise NoSeatError(next(iter(refused.values())))
            there = NodeAffinitySchedulingStrategy(good[tries % len(good)], soft=False)
        gpu = {"num_gpus": GPU_SHARE} if wants_gpu else {}
        return {"num_cpus": 1, "max_concurrency": 4, "scheduling_strategy": there} | gpu


def _answer(asked: Any, is_called_off: Callable[[], bool]) -> Any:
    """What a seat answers, waited for until it is called off: where no node is left, no answer ever comes."""
    import ray

    while not ray.wait([asked], timeout=LOOK_SECONDS)[0]:
        if is_called_off():
            raise CalledOffError
    return ray.get(asked)


def _kill(those: list[Any]) -> None:
    import ray

    for each in those:
        with suppress(Exception):  # its node is gone, or the cluster
            ray.kill(each.actor if isinstance(each, Place) else each)


def _node_of(actor: Any) -> str:
    from ray.util.state import get_actor

    with suppress(Exception):
        return str(get_actor(actor._actor_id.hex()).node_id)
    return ""
