"""Garbage in small bites: what is new is looked through often, everything only when nobody waits for it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from tests.waiting import until
from ui.app import collector as module
from ui.app.collector import BITE_SECONDS, QUIET_SECONDS, WHOLE_SECONDS, Collector, start


class Circle:
    """An object that refers to itself, which only a collection lets go."""

    def __init__(self) -> None:
        self.itself = self


class Clock:
    """A clock that a test sets, and the last rerun on it."""

    def __init__(self) -> None:
        self.now = self.rerun = 1000.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collector(clock: Clock) -> Iterator[Collector]:
    usual = gc.get_threshold()
    made = Collector(lambda: clock.rerun, lambda: clock.now)
    made.begin()
    yield made
    made.end()
    gc.set_threshold(*usual)


@pytest.fixture
def nothing_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """When is what counts, not what is found, which takes long in a large process."""
    monkeypatch.setattr(module, "gc", Mock(get_threshold=gc.get_threshold))


def circle() -> weakref.ref[Circle]:
    """A circle to which nothing refers any more."""
    return weakref.ref(Circle())


def go_on(collector: Collector, clock: Clock, seconds: float, *, busy: bool = True) -> str:
    """A step so many seconds later, during which somebody asks or nobody does."""
    clock.now += seconds
    if busy:
        clock.rerun = clock.now
    return collector.step()


def test_what_is_new_is_collected_by_the_next_bite(collector: Collector, clock: Clock) -> None:
    gone = circle()
    assert go_on(collector, clock, BITE_SECONDS) == "bite"
    assert gone() is None


def test_what_a_bite_has_left_is_not_looked_through_again_until_everything_is(
    collector: Collector, clock: Clock
) -> None:
    kept = Circle()
    there = weakref.ref(kept)
    go_on(collector, clock, BITE_SECONDS)
    frozen = gc.get_freeze_count()
    del kept
    assert go_on(collector, clock, BITE_SECONDS) == "bite"
    assert there() is not None
    assert gc.get_freeze_count() >= frozen // 2  # the rest of the program is there still
    assert go_on(collector, clock, QUIET_SECONDS, busy=False) == "whole"
    assert there() is None


@pytest.mark.usefixtures("nothing_looked_through")
def test_everything_is_looked_through_once_nobody_asks_and_not_again_before_somebody_has(
    collector: Collector, clock: Clock
) -> None:
    steps = [go_on(collector, clock, BITE_SECONDS)]
    steps += [go_on(collector, clock, BITE_SECONDS, busy=False) for _ in range(3)]
    steps += [go_on(collector, clock, BITE_SECONDS), go_on(collector, clock, QUIET_SECONDS, busy=False)]
    assert steps == ["bite", "whole", "bite", "bite", "bite", "whole"]


@pytest.mark.usefixtures("nothing_looked_through")
def test_visitors_who_never_pause_do_not_keep_garbage_for_ever(collector: Collector, clock: Clock) -> None:
    steps = [go_on(collector, clock, BITE_SECONDS) for _ in range(2 * int(WHOLE_SECONDS / BITE_SECONDS) + 2)]
    assert steps.count("whole") == 2


def test_python_looks_through_everything_by_itself_only_before_and_after(clock: Clock) -> None:
    usual = gc.get_threshold()
    collector = Collector(lambda: clock.rerun, lambda: clock.now)
    collector.begin()
    try:
        assert gc.get_threshold()[:2] == usual[:2]
        assert gc.get_threshold()[2] > 10**6
        assert gc.isenabled()
    finally:
        collector.end()
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0


def test_a_server_collects_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BITE_SECONDS", 0.01)
    usual = gc.get_threshold()
    end = start(lambda: 0.0)
    try:
        gone = circle()
        until(lambda: gone() is None, "the circle is collected")
    finally:
        end()
    assert gc.get_threshold() == usual
