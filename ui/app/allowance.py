"""What the current visitor may still take of this server: checked before anything is begun, and told on Runs."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aecore.limits import Limits, in_gb, limits_for
from aecore.machine import disk_bytes
from aecore.runs.run import Run
from aecore.runs.usage import MOST_NEW, Usage, check_person, usage_of, with_brought
from aecore.settings import SettingsError
from ui.app.services import services

if TYPE_CHECKING:
    from aecore.experiment.settings import RunSettings
    from aecore.recommender.training.settings import RecommenderSettings


def limits() -> Limits:
    """The limits of the current visitor."""
    return limits_for(services.housekeeping.home, is_host=services.person().is_host)


def check_room(
    count: int = 1,
    networks: Sequence[RunSettings] = (),
    recommender: RecommenderSettings | None = None,
    new_bytes: int = 0,
    *,
    is_sweep: bool = False,
) -> None:
    """QueueFull, QuotaError or SettingsError, each with the numbers, unless the visitor may begin `count` more runs.

    networks, recommender: the settings of those that train one. new_bytes: what else they will keep on the disk.
    is_sweep: they need no room in the queue now, since they come into it one after another.
    """
    allowed = limits()
    if recommender:
        from aecore.recommender.training import size

        size.check_size(recommender, allowed)
        new_bytes += size.disk_bytes(recommender)
    if networks:
        from aecore.experiment.size import check_size, size_of  # needs torch

        for each in networks:
            check_size(each, allowed)
        new_bytes += sum(size_of(each).disk_bytes for each in networks)
    if not is_sweep:
        services.jobs.check_room_for_runs(services.visitor(), count)
    _check_bytes(allowed, count, new_bytes)


def check_storage(new_bytes: int) -> None:
    """QuotaError, with the numbers, unless there is room for so many bytes that the visitor brings."""
    _check_bytes(limits(), 0, new_bytes)


def check_resume() -> None:
    """QuotaError, with the numbers, unless the disk has room for the checkpoints of a run that goes on."""
    services.check_disk()


def too_large(settings: RunSettings) -> str:
    """Why the visitor may not train so large a network, in a sentence with the numbers; "" if they may."""
    from aecore.experiment.size import check_size  # needs torch

    try:
        check_size(settings, limits())
    except SettingsError as error:
        return str(error)
    return ""


def usage_line() -> str:
    """What the visitor's runs take and may take, in a sentence; for the host, those of everybody."""
    is_host, allowed = services.person().is_host, limits()
    found = _usage(services.may_change if is_host else is_own)
    if is_host:  # whose line counts everybody's, which one person's limit does not bound
        allowed = replace(allowed, runs=math.inf, person_bytes=math.inf)
    kept = _of_at_most(f"{found.runs:,}", allowed.runs, f"{allowed.runs:,.0f}")
    bytes_known = found.run_bytes is not None and found.deleted_bytes is not None
    taken = (found.run_bytes or 0) + (found.deleted_bytes or 0)
    size = _of_at_most(in_gb(taken), allowed.person_bytes, in_gb(allowed.person_bytes))
    trash = f", {in_gb(found.deleted_bytes or 0)} of it in the trash" if found.deleted else ""
    own = with_brought(found, services.housekeeping.home, services.owner())
    if brought := own.brought_bytes + own.brought_trash_bytes:
        trash += f"; what you have brought takes {in_gb(brought)}"
    if own.brought_trash_bytes:
        trash += f", {in_gb(own.brought_trash_bytes)} of it in its trash"
    room = f" The disk has {in_gb(disk_bytes(services.housekeeping.home)[1])} free." if is_host else ""
    where = f", {size} on the disk{trash}." if bytes_known else "; their size is being measured."
    return f"{kept} run{'' if kept == '1' else 's'}{where}{room}"


def _check_bytes(allowed: Limits, count: int, new_bytes: int) -> None:
    is_bounded = allowed.person_bytes < math.inf
    found = _usage(is_own, sys.maxsize if is_bounded else MOST_NEW)  # what is not known would count as nothing
    if is_bounded:
        found = with_brought(found, services.housekeeping.home, services.owner())
    check_person(found, allowed, count, new_bytes)
    services.check_disk(new_bytes)


def _usage(is_counted: Callable[[Run], bool], most_new: int = MOST_NEW) -> Usage:
    return usage_of(services.store, services.housekeeping.sizes, is_counted, most_new)


def is_own(run: Run) -> bool:
    """Whether the current visitor has made it; the host's are those that nobody else has made."""
    person = services.person()
    return run.status.owner == person.tag or (person.is_host and not run.status.owner)


def runs_left() -> float:
    """How many more runs the visitor may keep; infinity where that is not limited."""
    most = limits().runs
    return most if math.isinf(most) else max(0.0, most - _usage(is_own).runs)


def _of_at_most(taken: str, most: float, most_text: str) -> str:
    return taken if math.isinf(most) else f"{taken} of at most {most_text}"
