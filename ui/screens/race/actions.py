"""Actions on a comparison: start, pause, stop or continue all entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from aecore.experiment.comparison import Comparison, shared_knobs
from aecore.experiment.replicates import seeds_from
from aecore.experiment.settings import RunSettings
from aecore.runs.store import Run, RunError
from ui.app.allowance import check_resume, check_room
from ui.app.services import services
from ui.screens.race.link import MOST_THRICE, THRICE, keep_race, keep_runs
from ui.widgets.run_actions import told


@told
def start(race: Comparison, names: Sequence[str]) -> None:
    """Creates a run for each entry, or one from each of three seeds, and queues all of them, or none."""
    if THRICE.read() and len(race.entries) <= MOST_THRICE:
        races = [replace(race, seed=seed) for seed in seeds_from(race.seed, int(shared_knobs()["seed"].high or 0))]
        settings = [(each, f"{name} · seed {one.seed}") for one in races for each, name in _named(one, names)]
    else:
        settings = _named(race, names)
    check_room(len(settings), [each for each, _ in settings])
    runs = [services.store.create(each.to_dict(), name) for each, name in settings]
    keep_race(race)
    keep_runs([run.id for run in runs])
    for run in runs:
        services.jobs.train(run.id, services.visitor())


def _named(race: Comparison, names: Sequence[str]) -> list[tuple[RunSettings, str]]:
    return list(zip(race.settings(), names, strict=True))


@told
def pause_all(run_ids: Sequence[str]) -> None:
    """Pauses all: waiting ones leave the queue, training ones write a checkpoint; all can be resumed."""
    _each(run_ids, lambda run_id: services.jobs.pause(run_id))


@told
def stop_all(run_ids: Sequence[str]) -> None:
    """Stops all: training ones end here and are measured; waiting ones leave the queue."""
    _each(run_ids, lambda run_id: services.jobs.stop(run_id))


@told
def continue_all(run_ids: Sequence[str]) -> None:
    """Resumes all that can be resumed now, or none if the queue has no room:
    others may have paused since the button was drawn.
    """
    resting = [run.id for run in map(services.store.get, run_ids) if can_go_on(run)]
    services.jobs.check_room_for_runs(services.visitor(), len(resting))
    check_resume()
    for run_id in resting:
        services.jobs.train(run_id, services.visitor())


def can_go_on(run: Run) -> bool:
    """Whether an entry is unfinished and can be resumed."""
    return run.status.is_resumable and run.status.state != "diverged" and not run.problem


def _each(run_ids: Sequence[str], act: Callable[[str], None]) -> None:
    """Calls `act` on each, waiting ones first, so that none of them starts when a worker becomes free."""
    for run_id in sorted(run_ids, key=lambda run_id: services.jobs.place_of_run(run_id) < 0):
        with suppress(RunError):  # it has ended meanwhile, or is trained by a command line
            act(run_id)
