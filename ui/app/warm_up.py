"""Loads libraries, the worker pool and drawn data sets after the first page has been served.

A page never waits for what it does not need.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import subprocess
import sys
import threading

REST_SECONDS = 1.0
"""Pause between the first page and the heavy imports, so that the browser's own requests are served first."""

PAUSE_SECONDS = 0.02
"""Pause between two imports, in which requests are served."""

_served = threading.Event()
_stopped = threading.Event()
log = logging.getLogger("autoencoder-explorer")


def start() -> None:
    """Starts waiting for the first page."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def page_served() -> None:
    """Notes the end of a script run; only the first matters."""
    _served.set()


def stop() -> None:
    """Ends the workers, which write their checkpoints."""
    from ui.app.services import services

    _stopped.set()
    _served.set()
    services.close()


def _warm_up() -> None:
    _go_on_with_waiting_runs()
    _served.wait()
    if _stopped.wait(REST_SECONDS):
        return
    from ui.app.services import services

    try:
        services.prepare()
        import pandas  # noqa: F401  for every table
        import scipy.ndimage
        import scipy.optimize  # noqa: F401

        import aecore.training.loop  # noqa: F401  torch, for the pages that look at models
        from ui.components.chart import prepared_library

        prepared_library()
        _draw_ahead()
        _import_screens()
    except Exception:
        log.exception("what is loaded after the first page could not be loaded")


def _go_on_with_waiting_runs() -> None:
    """Starts the workers at once where an earlier server has left runs that wait or were cut off, or a sweep."""
    from aecore.runs.status import ACTIVE
    from aecore.runs.sweeps import SweepStore
    from ui.app.services import services

    try:
        is_waiting = any(run.status.state in ACTIVE for run in services.store.list())
        if is_waiting or any(sweep.is_running for sweep in SweepStore(services.store.folder.parent).list()):
            services.jobs.open()
    except Exception:
        log.exception("the runs of an earlier server could not be looked through")


def _import_screens() -> None:
    """Imports the modules that pages need at their first visit."""
    import ui.screens

    for each in pkgutil.walk_packages(ui.screens.__path__, "ui.screens."):
        if _stopped.wait(PAUSE_SECONDS):
            return
        importlib.import_module(each.name)
    import sklearn.linear_model
    import sklearn.mixture  # noqa: F401

    from aecore.variants import VARIANTS

    for variant in VARIANTS.values():
        variant.settings_class  # noqa: B018  which imports its module


def _draw_ahead() -> None:
    """Draws missing data sets in another process at low priority."""
    from aecore.datasets.drawn import NAMES
    from aecore.paths import drawn_folder

    if not all(any(drawn_folder().glob(f"{name}-*.npy")) for name in NAMES):
        subprocess.run([sys.executable, "-m", "aecore.datasets.drawn"], stdin=subprocess.DEVNULL, check=False)
