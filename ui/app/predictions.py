"""All predictions, found by their ids and pages, and their truths, each computed once."""

from __future__ import annotations

import threading
from collections import defaultdict
from functools import cache, lru_cache
from importlib import import_module
from urllib.parse import parse_qs

from aecore.predictions.schema import Given, Prediction, Truth
from aecore.runs.store import Run, RunError
from ui.app.address import Refused
from ui.app.links import RUN, RUNS
from ui.app.places import TITLES, page_file
from ui.app.services import services

SCREENS = "ui.screens"

_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)


@cache
def predictions_of(page: str) -> tuple[Prediction, ...]:
    """The predictions of a page, by the name of its file; those of most pages are none."""
    if page not in TITLES or not (page_file(page).parents[1] / "ui" / "screens" / page / "predictions.py").is_file():
        return ()
    found: tuple[Prediction, ...] = import_module(f"{SCREENS}.{page}.predictions").PREDICTIONS
    return found


def prediction(id: str) -> Prediction:
    """The prediction of this id. KeyError if there is none."""
    for each in predictions_of(id.partition("-")[0]):
        if each.id == id:
            return each
    raise KeyError(id)


def truth_of(asked: Prediction, query: str = "") -> Truth:
    """What is the case. query: the address of the page, without "?", for those that depend on its runs.

    NotYetError if it is not known yet.
    """
    if asked.is_of_runs:
        return asked.truth(Given(_runs_in(query), services.everyones.path))
    with _locks[asked.id]:  # a class asks at once
        return _computed(asked.id)


@lru_cache(maxsize=256)
def _computed(id: str) -> Truth:
    asked = prediction(id)
    return asked.truth(Given())


def _runs_in(query: str) -> tuple[Run, ...]:
    """The runs of an address that are there."""
    texts, runs = parse_qs(query, max_num_fields=200), []
    for param in (RUN, RUNS):
        try:
            value = param.kind.read(texts[param.name]) if param.name in texts else ()
        except Refused:
            continue
        for id in (value,) if isinstance(value, str) else value:
            try:
                runs.append(services.everyones.get(id))
            except RunError:
                continue
    return tuple(runs)
