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
from ui.widgets.run_states import where_trained
from ui.widgets.wording import about


def told_before(sweep: Sweep, settings: Sequence[RunSettings]) -> str:
    """All of it, in sentences."""
    return f"{_how_many(settings)} {_how_long(sweep, settings)} {_quota(settings)}"


def _how_many(settings: Sequence[RunSettings]) -> str:
    count = len(settings)
    return f"{count:,} run{'s' * (count != 1)}. {where_trained()} Others who train take turns with you."


def _how_long(sweep: Sweep, settings: Sequence[RunSettings]) -> str:
    known = seconds_for(services.store.list(), sweep.data, sweep.variant)
    if not known:
        return "How long they take is not known: nothing has been trained on this data here yet."
    pace, count = known
    seconds = pace * sum(each.training.epochs for each in settings) / max(1, services.jobs.size)
    earlier = f"{count:,} earlier run{'s' * (count != 1)} on this data"
    less = ", or less as some are stopped early" if sweep.halving else ""
    return f"Together they take {about(seconds)}{less}, by {earlier}; larger networks take longer."


def _quota(settings: Sequence[RunSettings]) -> str:
    from aecore.experiment.size import size_of  # needs torch

    taken = f"Their weights and checkpoints take at most {in_gb(sum(size_of(each).disk_bytes for each in settings))}"
    pending = services.sweeps.to_begin()
    left = max(0.0, runs_left() - pending)
    if math.isinf(left):
        return f"{taken}; how many runs you keep is not limited here."
    promised = f", besides {pending:,} that other sweeps of yours have yet to begin" if pending else ""
    return f"{taken}, and they are {len(settings):,} of the {left:,.0f} runs that you may still keep here{promised}."
