"""What is loaded after the first page has been served: libraries, the worker pool, data sets that are drawn.

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
"""Between the first page and the heavy imports, so that the browser's own requests are answered first."""

PAUSE_SECONDS = 0.02
"""Between two modules that are imported ahead, so that visitors are answered in between."""

_served = threading.Event()
_stopped = threading.Event()
log = logging.getLogger("autoencoder-explorer")


def start() -> None:
    """Begins to wait for the first page."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def page_served() -> None:
    """Told at the end of every script run; only the first matters."""
    _served.set()


def stop() -> None:
    """At the server's end: workers write their checkpoints and leave."""
    from ui.app.services import services

    _stopped.set()
    _served.set()
    services.close()


def _warm_up() -> None:
    _served.wait()
    if _stopped.wait(REST_SECONDS):
        return
    from ui.app.services import services

    try:
        services.jobs.open()
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


def _import_screens() -> None:
    """Imports what the pages need at their first visit."""
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
    """Has the drawn data sets drawn by another process, which lets all others go first, where none are kept yet."""
    from aecore.datasets.drawn import NAMES
    from aecore.paths import drawn_folder

    if not all(any(drawn_folder().glob(f"{name}-*.npy")) for name in NAMES):
        subprocess.run([sys.executable, "-m", "aecore.datasets.drawn"], stdin=subprocess.DEVNULL, check=False)
