"""Actions on sweeps: start, pause, stop, continue, delete and restore one."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.experiment.sweep import Sweep, as_text, halving_numbers, plan, sweep_name
from ui.app.allowance import check_resume, check_room
from ui.app.services import services
from ui.screens.sweep.link import keep_space, keep_sweep
from ui.widgets.deleted import note_deleted
from ui.widgets.run_actions import told


@told
def start(sweep: Sweep) -> None:
    """Writes the sweep down, if there is room for all of its runs; the queue then begins them a few at a time."""
    settings = sweep.settings()
    check_room(len(settings) + services.sweeps.to_begin(), settings, is_sweep=True)
    begun = services.sweeps.begin(as_text(sweep), sweep_name(sweep), plan(sweep), halving_numbers(sweep))
    keep_space(sweep)
    keep_sweep(begun.id)


@told
def pause(sweep_id: str) -> None:
    """Pauses a sweep with all of its runs."""
    services.sweeps.pause(sweep_id)


@told
def stop(sweep_id: str) -> None:
    """Stops a sweep; what trains is measured."""
    services.sweeps.stop(sweep_id)


@told
def resume(sweep_id: str) -> None:
    """Goes on with a sweep."""
    check_resume()
    services.sweeps.resume(sweep_id)


@told
def delete(sweep_id: str) -> None:
    """Moves a sweep and its runs to the trash."""
    services.sweeps.delete(sweep_id)
    keep_sweep("")
    note_deleted("sweeps", [sweep_id])


@told
def restore(sweep_ids: Sequence[str]) -> None:
    """Brings deleted sweeps back, with their runs, and shows the last of them."""
    for sweep_id in sweep_ids:
        services.sweeps.restore(sweep_id)
        keep_sweep(sweep_id)
