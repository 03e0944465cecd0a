"""`train`: one call that trains a network in a notebook, with a loss curve that grows while it learns."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from typing import Any

from aecore.datasets import card
from aecore.experiment.runner import run
from aecore.experiment.settings import RunSettings
from aecore.experiment.size import check_size, size_of
from aecore.limits import limits_for
from aecore.pretrained.curve_svg import curve_svg
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.progress import Progress
from aecore.runs.store import RunError, RunStore
from aecore.runs.usage import check_host

REFRESH_SECONDS = 0.25

Watch = Callable[[list[Progress]], None]


def train(
    data: str, variant: str = "undercomplete", *, store: RunStore | None = None, watch: bool = True, **settings: Any
) -> TrainedModel:
    """Trains a network and returns it, ready to encode, decode and reconstruct; the run is stored with all others.

    data, variant: as in `load` and `VARIANTS`. settings: any of `RunSettings`, such as latent_size=2, epochs=20; others
    take the data's defaults. watch: draws the loss while it learns, in a notebook as a picture,
    elsewhere as a line of text on standard error. Interrupting it (the notebook's stop button, Ctrl-C) leaves a run
    that the list of runs can continue. SettingsError or DataError before it is stored; RunError if training fails.
    """
    chosen = RunSettings.build(data, variant, **settings)
    shape = card(data).shape
    chosen.check_shape(shape)
    store = store or RunStore()
    check_size(chosen, limits_for(store.folder.parent, is_host=True))
    check_host(store, size_of(chosen).disk_bytes)
    found = store.create(chosen.to_dict(), chosen.describe(shape))
    show = _watcher(found.name) if watch else None
    records: list[Progress] = []
    last = 0.0
    with closing(run(store, found.id)) as training:
        for progress in training:
            records.append(progress)
            if show and time.monotonic() - last > REFRESH_SECONDS:
                show(records)
                last = time.monotonic()
    if show and records:
        show(records)
    ended = store.get(found.id)
    if ended.status.state != "done":
        raise RunError(ended.status.message or f"Run '{ended.name}' is {ended.status.state}.")
    return find_trained_model(store, found.id)


def _watcher(name: str) -> Watch:
    """A picture that is replaced in place where IPython shows pictures; a line of text elsewhere."""
    if _is_notebook():
        screen = import_module("IPython.display")  # available, as this runs in it
        handle = screen.display(screen.HTML(""), display_id=True)
        return lambda records: handle.update(screen.HTML(curve_svg(name, records)))

    def line(records: list[Progress]) -> None:
        each = records[-1]
        loss = sum(each.train.values())
        print(f"\r{name}: epoch {each.epoch:.1f}, training loss {loss:.5g}", end="", file=sys.stderr, flush=True)
        if each.share >= 1.0:
            print(file=sys.stderr)

    return line


def _is_notebook() -> bool:
    """Whether this runs in IPython with a front end that shows pictures."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and shell.__class__.__name__ != "TerminalInteractiveShell"
