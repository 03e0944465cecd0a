"""All predictions, found by their ids and pages, and their truths, each computed once."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from functools import lru_cache
from urllib.parse import parse_qs

from aecore.predictions.schema import Given, NotYetError, Prediction, Truth
from aecore.runs.store import Run, RunError
from ui.app.address import Refused
from ui.app.links import RUN, RUNS
from ui.app.places import part_of_screen
from ui.app.services import services

log = logging.getLogger("autoencoder-explorer")

_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)


class UnknownPredictionError(KeyError):
    """There is no prediction of this id."""

    def __str__(self) -> str:
        return "There is no such prediction."


class NoTruthError(RuntimeError):
    """A truth that could not be computed; the message says so, and the log why."""

    def __str__(self) -> str:
        return "The truth could not be computed."


def predictions_of(page: str) -> tuple[Prediction, ...]:
    """The predictions of a page, by the name of its file; those of most pages are none."""
    found: tuple[Prediction, ...] = getattr(part_of_screen(page, "predictions"), "PREDICTIONS", ())
    return found


def prediction(id: str) -> Prediction:
    """The prediction of this id. UnknownPredictionError if there is none."""
    for each in predictions_of(id.partition("-")[0]):
        if each.id == id:
            return each
    raise UnknownPredictionError(id)


def truth_of(asked: Prediction, query: str = "") -> Truth:
    """What is the case. query: the address of the page, without "?", for those that depend on its runs.

    NotYetError if it is not known yet, NoTruthError if it cannot be computed.
    """
    try:
        if asked.is_of_runs:
            return asked.truth(Given(_runs_in(query), services.everyones.path))
        with _locks[asked.id]:  # a class asks at once
            return _computed(asked.id)
    except NotYetError:
        raise
    except Exception as error:  # a truth that cannot be computed harms nothing else
        log.exception("the truth of %s cannot be computed", asked.id)
        raise NoTruthError from error


@lru_cache(maxsize=256)
def _computed(id: str) -> Truth:
    return prediction(id).truth(Given())


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
