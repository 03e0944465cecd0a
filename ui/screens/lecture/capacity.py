"""How many people this server holds: its own answers a second, measured now, against a machine where a class was."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ui.screens.lecture.facts import Facts

REFERENCE = Path(__file__).with_name("reference.json")
"""Written by `make load`."""

PROBE = Path(__file__).with_name("probe.py")
PAGE = "train"
"""The page that is asked for: as dear as those that `make load` visits are on average."""

SECONDS = 3.0
"""For which answers are counted."""

LONGEST = 60.0
"""Seconds after which a measurement is given up; a server that has just begun loads much for its first pages."""

EASY_MS, SLOW_MS = 200.0, 1000.0
"""Nineteen of twenty answers within so many milliseconds: nobody notices, and nobody is annoyed."""

_one_at_a_time = threading.Lock()


class NotMeasured(Exception):
    """The measurement has not worked, or was stopped; the message says why."""


@dataclass(frozen=True)
class Crowd:
    """Rows of docs/load.md. p95: milliseconds within which nineteen of twenty answers came, while networks trained or
    not; megabytes: a visitor.
    """

    visitors: int
    p95: float
    megabytes: float


@dataclass(frozen=True)
class Reference:
    """What `make load` found. most: answers a second of a server that is full; probe: answers a second to the one
    visitor of the probe.
    """

    written: str
    cores: int
    think_seconds: float
    most: float
    probe: float
    crowds: tuple[Crowd, ...]


@dataclass(frozen=True)
class Estimate:
    """easy: people who use controls at the same time and hardly wait; crowded: those who sometimes wait; both with the
    seconds within which nineteen of twenty answers come. share: this server's speed over that of the reference; most:
    answers a second.
    """

    easy: int
    easy_seconds: float
    crowded: int
    crowded_seconds: float
    share: float
    most: float


@cache
def reference() -> Reference:
    """What was measured with this version of the app."""
    values = json.loads(REFERENCE.read_text(encoding="utf-8"))
    crowds = tuple(Crowd(**each) for each in values.pop("crowds"))
    return Reference(**values, crowds=crowds)


def estimate(rate: float, known: Reference) -> Estimate:
    """What a server holds that answers the probe `rate` times a second. Rounded down."""
    share = rate / known.probe
    easy, crowded = (_largest(known, longest) for longest in (EASY_MS, SLOW_MS))
    return Estimate(
        rounded_down(easy.visitors * share), easy.p95 / 1000 / share,
        rounded_down(crowded.visitors * share), crowded.p95 / 1000 / share, share, known.most * share,
    )  # fmt: skip


def _largest(known: Reference, longest: float) -> Crowd:
    """The largest crowd that got its answers within so many milliseconds; the smallest of all if none did."""
    in_time = [each for each in known.crowds if each.p95 <= longest]
    return (
        max(in_time, key=lambda each: each.visitors) if in_time else min(known.crowds, key=lambda each: each.visitors)
    )


def rounded_down(count: float) -> int:
    """A number of people without false precision: whole ones up to 10, then fives, then tens from 100 on."""
    step = 1 if count < 10 else 5 if count < 100 else 10
    return int(count // step * step)


def measured(facts: Facts, stop: threading.Event, clock: Callable[[], float] = time.monotonic) -> float:
    """Answers a second of this server to one visitor, counted in another process. NotMeasured, with a sentence."""
    if not _one_at_a_time.acquire(blocking=False):
        raise NotMeasured("another check is measuring this server just now")
    try:
        return _measured(facts, stop, clock)
    finally:
        _one_at_a_time.release()


def _measured(facts: Facts, stop: threading.Event, clock: Callable[[], float]) -> float:
    wanted = {"address": facts.here, "page": PAGE, "cookies": facts.cookies, "seconds": SECONDS}
    process = subprocess.Popen(
        [sys.executable, "-P", str(PROBE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    end = clock() + LONGEST
    wants: str | None = json.dumps(wanted)
    try:
        while True:
            try:
                said, wrong = process.communicate(wants, timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                wants = None
                if stop.is_set() or clock() > end:
                    raise NotMeasured(
                        "you stopped it" if stop.is_set() else f"the server took longer than {LONGEST:.0f} s"
                    ) from None
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise NotMeasured(f"the server took no visitor ({wrong.strip().splitlines()[-1][:200] if wrong else ''})")
    values = json.loads(said)
    return float(values["answers"]) / float(values["seconds"])
