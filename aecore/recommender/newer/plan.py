"""What a training on newer films will take: time, memory and disk, told before it begins, and sized to the machine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import sparse

from aecore.limits import in_gb
from aecore.recommender.newer.settings import EDITION, NewerSettings
from aecore.recommender.ratings.movielens import edition
from aecore.recommender.serving.loaded import one_thread

USERS = (40_000, 20_000, 10_000)
"""From how many users it learns: the first for which the machine has the memory and the time."""

LONGEST_MINUTES = 40.0
"""With a longer training expected, it learns from fewer users."""

MODEL_BYTES, PARTS_BYTES = 60e6, 120e6
"""What a trained recommender takes on the disk, at most; and its parts until all are trained."""

BASE_BYTES, USER_BYTES = 1.2e9, 40e3
"""Memory: of every training, and for each user of it."""

READING_SECONDS, MEASURING_SECONDS, EASE_SECONDS = 12.0, 270.0, 5.0
NETWORK_SECONDS = 3.2e-4
"""Of one network, for one user in one epoch."""

STARS_SECONDS, EIGENVECTORS_SECONDS = 9.2e-5, 22.0
"""Of the Bayesian model: for one user in one epoch, and before the first."""

STANDARD_SECONDS = 0.073
"""What `standard_work` takes on the machine on which all of these were measured: docs/newer_films.md."""


@dataclass(frozen=True)
class Plan:
    """What it will take, and the settings that make it so.

    minutes: of the training, after the download. refusal: why it cannot begin here, as sentences; "" if it can.
    """

    settings: NewerSettings
    minutes: float
    memory_bytes: float
    disk_bytes: float
    refusal: str = ""


def plan_for(memory: float, disk: float, slowness: float, *, is_fetched: bool) -> Plan:
    """The training for a machine.

    memory, disk: bytes that it may take, and that are free. slowness: as `slowness` measures it.
    """
    plans = [_plan(users, slowness, is_fetched=is_fetched) for users in USERS]
    fitting = [each for each in plans if each.memory_bytes <= memory]
    quick = [each for each in fitting if each.minutes <= LONGEST_MINUTES]
    chosen = (quick or fitting[-1:] or plans[-1:])[0]
    if not fitting:
        return replace(
            chosen,
            refusal=f"This machine has too little memory for it: learning from {chosen.settings.people:,} users takes "
            f"about {in_gb(chosen.memory_bytes)}, and a training may have {in_gb(memory)} here.",
        )
    return replace(chosen, refusal=too_little_disk(disk, chosen.disk_bytes))


def too_little_disk(free: float, needed: float = 0) -> str:
    """Why there is too little room, or ""."""
    needed = needed or edition(EDITION).file.size_hint
    if needed <= free:
        return ""
    return f"The disk has too little room for it: {in_gb(needed)} are needed, {in_gb(free)} are free."


def shares_of(settings: NewerSettings, parts: tuple[str, ...]) -> Mapping[str, float]:
    """How much of the training each part is; they sum to 1."""
    seconds = {name: _part_seconds(settings, name) for name in parts}
    total = sum(seconds.values())
    return {name: each / total for name, each in seconds.items()}


def _plan(users: int, slowness: float, *, is_fetched: bool) -> Plan:
    settings = NewerSettings(people=users)
    parts = 3 * _part_seconds(settings, "dae") + _part_seconds(settings, "ease") + _part_seconds(settings, "stars")
    seconds = slowness * (READING_SECONDS + parts + MEASURING_SECONDS)
    download = 0 if is_fetched else edition(EDITION).file.size_hint
    return Plan(settings, seconds / 60, BASE_BYTES + USER_BYTES * users, download + MODEL_BYTES + PARTS_BYTES)


def _part_seconds(settings: NewerSettings, name: str) -> float:
    if name == "ease":
        return EASE_SECONDS
    if name == "stars":
        return EIGENVECTORS_SECONDS + STARS_SECONDS * settings.people * (settings.burn_in + settings.draws)
    return NETWORK_SECONDS * settings.people * settings.epochs


@lru_cache(maxsize=1)
def slowness() -> float:
    """How many times longer this machine takes than the one on which the constants were measured."""
    return max(0.25, min(standard_work() for _ in range(3)) / STANDARD_SECONDS)


def standard_work() -> float:
    """Seconds of one core for products of the kind that a training is made of, however busy the machine is."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((250, 100), np.float32)
    weights = rng.standard_normal((100, 8192), np.float32)
    table = sparse.random(2000, 2000, 0.01, "csr", np.float64, rng=rng)
    factors = rng.standard_normal((2000, 66))
    with one_thread():
        started = time.thread_time()
        for _ in range(8):
            logits = x @ weights
            logits -= np.log(np.exp(logits).sum(1, keepdims=True))
            table @ factors
        return time.thread_time() - started
