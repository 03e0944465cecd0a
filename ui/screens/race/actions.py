"""What the buttons of a race do: start all lanes, pause, stop or continue all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from aecore.experiment.comparison import Comparison
from aecore.runs.store import Run, RunError
from ui.app.services import board, store, visitor
from ui.screens.race.link import keep_race, keep_runs
from ui.widgets.run_actions import told


@told
def start(race: Comparison, names: Sequence[str]) -> None:
    """Creates a run for each lane and queues all of them, or none."""
    settings = race.settings()
    board().check_room(visitor(), len(settings))
    runs = [store().create(each.to_dict(), name) for each, name in zip(settings, names, strict=True)]
    keep_race(race)
    keep_runs([run.id for run in runs])
    for run in runs:
        board().submit(run.id, visitor())


@told
def pause_all(run_ids: Sequence[str]) -> None:
    """Those that wait leave the queue, those that train leave a checkpoint; all can go on."""
    _each(run_ids, lambda run_id: board().wish(run_id, "pause"))


@told
def stop_all(run_ids: Sequence[str]) -> None:
    """Those that train end here and are measured; those that wait leave the queue."""
    _each(run_ids, lambda run_id: board().wish(run_id, "stop"))


@told
def continue_all(run_ids: Sequence[str]) -> None:
    """All that can go on now do so from their last checkpoints, or none: since the button was drawn others may have paused."""
    resting = [run.id for run in map(store().get, run_ids) if can_go_on(run)]
    board().check_room(visitor(), len(resting))
    for run_id in resting:
        board().submit(run_id, visitor())


def can_go_on(run: Run) -> bool:
    """Whether a lane has stopped on the way and can be taken up again."""
    return run.status.is_resumable and run.status.state != "diverged" and not run.problem


def _each(run_ids: Sequence[str], act: Callable[[str], None]) -> None:
    """Waiting ones first, so that none of them begins when a worker is freed."""
    for run_id in sorted(run_ids, key=lambda run_id: board().place(run_id) < 0):
        with suppress(RunError):  # it has ended meanwhile, or belongs to a command line
            act(run_id)
