"""Ray as the bridge uses it, with nodes that are only said to be there, and seats that are objects of this process."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from types import SimpleNamespace
from typing import Any

import pytest

from aecore.jobs.node import Seat, version

ray: Any = pytest.importorskip("ray", reason="the extra [cluster] is not installed")


def node(name: str, cores: float = 2, gpus: float = 0, **more: Any) -> dict[str, Any]:
    """A row of the table of nodes."""
    resources = {"CPU": cores} | ({"GPU": gpus} if gpus else {})
    about = {"NodeID": name, "NodeManagerHostname": name, "Alive": True, "Resources": resources}
    return about | {"NodeManagerAddress": "127.0.0.1", "NodeManagerPort": 1} | more


class Actor:
    """An object whose methods are called as those of an actor. hears: whether it answers at all."""

    def __init__(self, inner: Any, options: dict[str, Any]) -> None:
        self.inner, self.options, self.dies, self.hears = inner, options, False, True

    def __getattr__(self, name: str) -> Any:
        return Method(self, name)


class Method:
    """A method of an actor, called in a thread."""

    def __init__(self, actor: Actor, name: str) -> None:
        self.actor, self.name = actor, name

    def remote(self, *args: Any) -> Future[Any]:
        """The answer to come."""
        answer: Future[Any] = Future()
        threading.Thread(target=self._call, args=(answer, *args), daemon=True).start()
        return answer

    def _call(self, answer: Future[Any], *args: Any) -> None:
        try:
            if self.actor.dies:
                raise ray.exceptions.ActorDiedError
            if self.actor.hears:
                found = getattr(self.actor.inner, self.name)(*args)
                if self.actor.dies:
                    raise ray.exceptions.ActorDiedError
                answer.set_result(found)
        except Exception as error:
            answer.set_exception(error)


class FakeRay:
    """table: of nodes. actors: all that were made. make: what an actor is, from its options. killed: those ended."""

    def __init__(self, *table: dict[str, Any]) -> None:
        self.table, self.available = list(table), {"CPU": 8.0}
        self.actors: list[Actor] = []
        self.killed: list[Any] = []
        self.make: Callable[[dict[str, Any]], Any] = lambda options: seat_on(node_of(options) or self.table[0])
        self.made: Callable[[Actor], None] = lambda actor: None

    def nodes(self) -> list[dict[str, Any]]:
        return self.table

    def available_resources(self) -> dict[str, float]:
        return self.available

    def remote(self, what: Any) -> Any:
        """As the decorator: `.options(...).remote(...)` makes an actor, or calls a function."""
        fake = self

        class Made:
            def options(self, **options: Any) -> Made:
                self.given = options
                return self

            def remote(self, *args: Any) -> Any:
                if what is not Seat:
                    return Method(Actor(_Function(what), {}), "call").remote(*args)
                actor = Actor(fake.make(self.given), self.given)
                fake.actors.append(actor)
                fake.made(actor)
                return actor

        return Made()

    def get(self, asked: Any, timeout: float | None = None) -> Any:
        try:
            return asked.result(timeout)
        except TimeoutError:
            raise ray.exceptions.GetTimeoutError from None

    def wait(self, asked: list[Any], timeout: float | None = None) -> tuple[list[Any], list[Any]]:
        done, waiting = wait(asked, min(timeout or 0, 0.05))
        return list(done), list(waiting)

    def kill(self, actor: Any) -> None:
        self.killed.append(actor)


class _Function:
    def __init__(self, function: Any) -> None:
        self.call = function


class _Elsewhere(Seat):
    """A seat that says that it is on another node."""

    where: dict[str, Any]
    other: dict[str, str]

    def about(self) -> dict[str, str]:
        here = {"version": version(), "python": platform.python_version(), "pid": str(os.getpid())}
        return here | {"node": self.where["NodeID"], "host": self.where["NodeManagerHostname"]} | self.other

    def warm(self) -> bool:
        return True


def seat_on(where: dict[str, Any], **other: str) -> Seat:
    """A seat of this process that says it is on that node; other: what else it says of itself."""
    seat = _Elsewhere()
    seat.where, seat.other = where, other
    return seat


def node_of(options: dict[str, Any]) -> dict[str, Any] | None:
    """The node that an actor is to be on; None for any."""
    there = options["scheduling_strategy"]
    return None if isinstance(there, str) else node(str(there.node_id))


@pytest.fixture
def fake_ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    """Two nodes of two cores each."""
    fake = FakeRay(node("one"), node("two"))
    for name in ("nodes", "available_resources", "remote", "get", "wait", "kill"):
        monkeypatch.setattr(ray, name, getattr(fake, name))
    strategies = "ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy"
    monkeypatch.setattr(strategies, lambda node_id, soft: SimpleNamespace(node_id=node_id))
    return fake
