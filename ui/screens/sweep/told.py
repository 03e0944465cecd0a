"""What is told before a sweep starts: how many runs, about how long they take, and what they take of the quota."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aecore.experiment.settings import RunSettings
from aecore.experiment.sweep import Sweep
from aecore.experiment.sweep_results import seconds_for
from aecore.limits import in_gb
from ui.app.allowance import runs_left
from ui.app.services import services


def told_before(sweep: Sweep, settings: Sequence[RunSettings]) -> str:
    """All of it, in sentences."""
    return f"{_how_many(settings)} {_how_long(sweep, settings)} {_quota(settings)}"


def _how_many(settings: Sequence[RunSettings]) -> str:
    count, size = len(settings), services.jobs.size
    at_once = f"{size} train at a time on this machine" if size != 1 else "one trains at a time on this machine"
    return f"{count:,} run{'s' * (count != 1)}; {at_once}, and others who use it take turns with you."


def _how_long(sweep: Sweep, settings: Sequence[RunSettings]) -> str:
    known = seconds_for(services.store.list(), sweep.data, sweep.variant)
    if not known:
        return "How long they take is not known: nothing has been trained on this data here yet."
    pace, count = known
    seconds = pace * sum(each.training.epochs for each in settings) / max(1, services.jobs.size)
    earlier = f"{count:,} earlier run{'s' * (count != 1)} on this data"
    most = "At most about" if sweep.halving else "About"
    return f"{most} {in_words(seconds)} together, by {earlier}; larger networks take longer."


def in_words(seconds: float) -> str:
    """'40 seconds', '3 minutes', '2 hours'."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * size:
            count = round(seconds / size)
            return f"{count:,} {unit}{'s' * (count != 1)}"
    return f"{max(1, round(seconds))} second{'s' * (max(1, round(seconds)) != 1)}"


def _quota(settings: Sequence[RunSettings]) -> str:
    from aecore.experiment.size import size_of  # needs torch

    taken = f"Their weights and checkpoints take at most {in_gb(sum(size_of(each).disk_bytes for each in settings))}"
    pending = services.sweeps.to_begin()
    left = max(0.0, runs_left() - pending)
    if math.isinf(left):
        return f"{taken}; how many runs you keep is not limited here."
    promised = f", besides {pending:,} that other sweeps of yours have yet to begin" if pending else ""
    return f"{taken}, and they are {len(settings):,} of the {left:,.0f} runs that you may still keep here{promised}."
