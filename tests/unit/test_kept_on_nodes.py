"""Analyses on a node go on from what is known at home, and what they find comes home beside what others have found.

A seat is what a node runs; here it is in this process, and its parcels go the way that they go through a cluster.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aecore.analyses import noise_sweep
from aecore.analyses.feature_results import results_of
from aecore.jobs import parcels
from aecore.jobs.kinds import ANALYSIS, KINDS, MAP, begin
from aecore.jobs.node import Event, Seat
from aecore.jobs.parcels import bring_home, pack, roots_of
from aecore.latent.code_set import code_set
from aecore.latent.maps import MapRequest, read_map
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import Run, RunStore
from aecore.stores.results import Kind, ResultCache, Slot
from tests.small_runs import finish, make

TSNE = json.dumps({"perplexity": 5.0, "iterations": 500})

ARGUMENTS: dict[str, list[Any]] = {
    "features": ["RUN", "logistic", 100],
    "generation": [["RUN"], 4],
    "packings": [["RUN"], "digits", "digits"],
    "sweep": [["RUN"], "digits", "masking"],
    "epochs": ["RUN", "pca"],
    "map": ["RUN", "", 100, "tsne", 2, TSNE, ""],
    "perplexities": ["RUN", "test", 60, 0],
}
FITTED_ANEW = "cache/results/pca/"
"""Seconds of work; what it depends on is known only where the data are."""


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    for name, less in (("LEVELS", (0.2, 0.7)), ("PICTURES", 40)):
        monkeypatch.setattr(noise_sweep, name, less)
    monkeypatch.setenv("AECORE_DRAWN", str(home / "cache" / "drawn"))  # a seat sets it where nobody has
    return RunStore()


@pytest.fixture
def run(store: RunStore) -> Run:
    return finish(store, make(store))


def arguments_of(kind: str, run: Run) -> list[Any]:
    named = json.dumps(ARGUMENTS[kind]).replace("RUN", run.id)
    return list(json.loads(named))


def on_a_node(store: RunStore, kind: str, arguments: list[Any], seat: Seat | None = None) -> Iterator[Event]:
    """Has a seat do a job, and brings home what it writes, event by event."""
    files, seat = pack(store.folder.parent, roots_of(store, kind, arguments)), seat or Seat()
    for event in seat.run(kind, arguments, files):
        seat.beat(time.monotonic())
        bring_home(store, event.changes)
        yield event


def test_this_test_knows_every_kind_of_analysis() -> None:
    assert set(ARGUMENTS) == {name for name, kind in KINDS.items() if kind.policy in (ANALYSIS, MAP)}


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_what_is_known_at_home_is_not_computed_again_on_a_node(store: RunStore, run: Run, kind: str) -> None:
    arguments = arguments_of(kind, run)
    for _ in begin(store, kind, arguments):
        pass
    assert list(ResultCache(store.folder.parent).folder.glob("*/*.npz"))
    events = list(on_a_node(store, kind, arguments))
    assert [each.error for each in events if each.error] == []
    written = [change.path for each in events for change in each.changes]
    assert [path for path in written if not path.startswith(FITTED_ANEW)] == []


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sweep", "packings"])
def test_an_analysis_that_is_stopped_on_a_node_goes_on_on_the_next(store: RunStore, run: Run, kind: str) -> None:
    arguments, seat, first = arguments_of(kind, run), Seat(), set()
    for event in on_a_node(store, kind, arguments, seat):
        first |= {change.path for change in event.changes}
        if len(first) > 1:
            seat.cancel()
    events = list(on_a_node(store, kind, arguments))
    assert events[-1].error == ""
    then = {change.path for each in events for change in each.changes}
    assert then
    assert not first & then, "what was found before is not computed again"
    assert [each for each in begin(store, kind, arguments) if each.share > 0] == [], "nothing is missing now"


def test_a_map_that_is_stopped_on_a_node_goes_on_from_its_last_picture(store: RunStore, run: Run) -> None:
    steps_of_all = 3000  # it is asked to stop while it goes on, and hears it a little later
    settings = json.dumps({"perplexity": 5.0, "iterations": steps_of_all})
    arguments, request = [run.id, "", 100, "tsne", 2, settings, ""], MapRequest("tsne", 2, settings)

    def step() -> int:
        known = read_map(code_set(store, find_trained_model(store, run.id), "", 100), request)
        return known.step if known else 0

    seat, steps = Seat(), []
    for event in on_a_node(store, "map", arguments, seat):
        if step() > 100:
            seat.cancel()
        assert not event.error
    stopped_at = step()
    assert 100 < stopped_at < steps_of_all
    for event in on_a_node(store, "map", arguments):
        steps += [step()] if event.changes else []
    assert steps == sorted(steps)
    assert steps[0] > stopped_at
    assert steps[-1] == steps_of_all


def test_two_analyses_of_one_model_on_two_nodes_lose_nothing_of_each_other(store: RunStore, run: Run) -> None:
    events = on_a_node(store, "features", [run.id, "logistic", 100])
    next(events)  # it has its parcel
    for _ in on_a_node(store, "features", [run.id, "svm", 100]):
        pass
    found = results_of(store, find_trained_model(store, run.id))
    assert found.is_complete("svm", 100)
    for _ in events:
        pass
    found = results_of(store, find_trained_model(store, run.id))
    assert found.is_complete("logistic", 100)
    assert found.is_complete("svm", 100)


def test_no_more_results_travel_than_fit_into_a_parcel_and_the_first_named_come_first(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ResultCache(store.folder.parent)
    slots: list[Slot] = [cache.slot(Kind("test"), number) for number in range(4)]
    for slot, size in zip(slots, (100, 9000, 100, 100), strict=True):
        slot.write(x=np.random.default_rng(0).random(size))
    monkeypatch.setattr(parcels, "cached", lambda *_: [each.path for each in slots])
    room = sum(slots[number].path.stat().st_size for number in (0, 2))
    monkeypatch.setattr(parcels, "MOST_CACHED_BYTES", room)
    taken = roots_of(store, "sweep", [])
    assert taken == sorted(slots[number].path.relative_to(store.folder.parent).as_posix() for number in (0, 2))


def test_an_analysis_of_a_model_that_is_gone_takes_nothing_along_and_says_itself_what_is_wrong(store: RunStore) -> None:
    (event,) = on_a_node(store, "sweep", [["gone"], "digits", "masking"])
    assert "'gone' is neither the id of a run nor a built-in model" in event.error
