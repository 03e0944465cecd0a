"""Limits: how much of this machine one network, one person and all of them together may take.

Variables of the environment set them for everybody. Unless set, they are wide for the
host, whose machine it is, and narrow for visitors.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aecore.machine import disk_bytes, memory_bytes

log = logging.getLogger(__name__)

GB = 10**9
FREE_BYTES = GB
"""Bytes that stay free on the disk, or a twentieth of a small one: nothing new is begun with less."""

SHARED = "AECORE_SHARED"
"""Whether several people use this server: 1 or 0; where it is 0, everybody is host."""

LECTURE = "AECORE_LECTURE"
"""1 where the server was started for a lecture: it lets other machines in, and visitors get less of it each."""

MOST_WEIGHTS = "AECORE_MOST_WEIGHTS"
TRAINING_GB = "AECORE_TRAINING_GB"
MOST_RUNS = "AECORE_MOST_RUNS"
PERSON_GB = "AECORE_PERSON_GB"
HOME_GB = "AECORE_HOME_GB"
TRASH_DAYS = "AECORE_TRASH_DAYS"
CACHE_GB = "AECORE_CACHE_GB"
VARIABLES = (MOST_WEIGHTS, TRAINING_GB, MOST_RUNS, PERSON_GB, HOME_GB, TRASH_DAYS, CACHE_GB)

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Limits:
    """What may be taken; infinity where nothing is limited.

    weights: of one network. training_bytes: memory of one training. runs: of one person, without deleted ones.
    person_bytes: of one person's runs on the disk, with deleted ones. home_bytes: of everything in the home.
    """

    weights: float
    training_bytes: float
    runs: float
    person_bytes: float
    home_bytes: float


def limits_for(home: Path, *, is_host: bool, environment: Environment | None = None) -> Limits:
    """The limits of the host or of a visitor. home: the folder of runs and uploads, whose disk counts."""
    given = os.environ if environment is None else environment
    usual = _of_host() if is_host else _of_visitors(home, is_lecture=is_lecture(given))
    return Limits(
        _number(given, MOST_WEIGHTS, usual.weights),
        _number(given, TRAINING_GB, usual.training_bytes / GB) * GB,
        _number(given, MOST_RUNS, usual.runs),
        _number(given, PERSON_GB, usual.person_bytes / GB) * GB,
        _number(given, HOME_GB, usual.home_bytes / GB) * GB,
    )


def trash_days(*, is_visitors: bool, environment: Environment | None = None) -> float:
    """Days after which what was deleted is removed for good; infinity where it stays until its owner removes it."""
    given = os.environ if environment is None else environment
    return _number(given, TRASH_DAYS, 30.0 if is_visitors and not are_all_hosts(given) else math.inf)


def are_all_hosts(environment: Environment) -> bool:
    """Whether nobody is a visitor."""
    return environment.get(SHARED, "").strip().lower() in ("0", "no", "false", "off")


def is_lecture(environment: Environment) -> bool:
    """Whether the server was started for a lecture."""
    return environment.get(LECTURE, "").strip() not in ("", "0")


def kept_free(home: Path) -> float:
    """Bytes that stay free on the disk of the home; 0 where its size is not known."""
    return min(FREE_BYTES, disk_bytes(home)[0] / 20)


def cache_bytes(environment: Environment | None = None) -> float:
    """Bytes of computed results that are kept."""
    return _number(os.environ if environment is None else environment, CACHE_GB, 4.0) * GB


def in_gb(count: float) -> str:
    """Bytes in words: 1.3 GB, 40 MB, 0.2 MB."""
    if count >= GB / 10:
        return f"{count / GB:,.1f} GB"
    return f"{count / 1e6:,.0f} MB" if count >= 1e7 or not count else f"{count / 1e6:,.1f} MB"


def _of_host() -> Limits:
    return Limits(math.inf, memory_bytes(unknown=math.inf) / 2, math.inf, math.inf, math.inf)


def _of_visitors(home: Path, *, is_lecture: bool) -> Limits:
    if is_lecture:  # a hundred at once
        return Limits(2e6, min(GB / 2, memory_bytes() / 8), 40, GB / 5, disk_bytes(home)[0] / 2)
    return Limits(20e6, min(2 * GB, memory_bytes() / 4), 300, 2 * GB, disk_bytes(home)[0] / 2)


def _number(environment: Environment, name: str, usual: float) -> float:
    """The number of a variable; `usual` where it is not set or no number of at least 0, of which the log tells."""
    text = environment.get(name, "").strip()
    if not text:
        return usual
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not number >= 0:
        log.warning("%s is '%s', which is no number of at least 0; it is ignored", name, text[:40])
        return usual
    return number
