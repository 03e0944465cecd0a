"""Maps of code sets: an analysis job that computes one and stores its intermediate states,
so that a map can be watched, stopped and resumed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.jobs.kinds import JobProgress
from aecore.latent.code_set import MAP, PARTS, CodeError, CodeSet, code_set, codes_slot, refuse_unusable
from aecore.latent.methods import METHODS, Picture
from aecore.latent.preservation import Preservation, measure
from aecore.latent.selections import read_selection
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from aecore.settings import Settings
from aecore.stores.results import Kind, Result, ResultCache, Slot

PRESERVATION = Kind("preservation")
KEEP_SECONDS = 0.2
"""Least time between two stored states."""

DRAWN = 0.9
"""Share of an analysis's progress that goes into the map; the rest measures its preservation."""

SEVERAL = (5.0, 15.0, 30.0, 50.0, 100.0)
"""Perplexities that are compared."""

COMPARED = 2000
"""Points of each map in that comparison."""


@dataclass(frozen=True)
class MapRequest:
    """Request for a map of a code set.

    settings: of the method, as JSON; only: name of a stored selection of its points, "" for all.
    """

    method: str = "tsne"
    dims: int = 2
    settings: str = "{}"
    only: str = ""

    def built(self) -> Settings:
        """SettingsError or CodeError, in a sentence, for unknown settings or an unknown method."""
        if self.method not in METHODS:
            raise CodeError(f"There is no map '{self.method[:20]}'; choose one of {', '.join(METHODS)}.")
        if self.dims not in (2, 3):
            raise CodeError(f"A map has 2 or 3 dimensions, not {self.dims}.")
        return METHODS[self.method].settings.from_dict(json.loads(self.settings))

    def facts(self) -> list[object]:
        """Everything that the map of a code set depends on."""
        return [self.method, self.dims, self.built().to_dict(), self.only]


@dataclass(frozen=True)
class Map:
    """A map, finished or not.

    positions: (K, dims) float32 of the points `members` (K,) of the code set; step of how many.
    """

    positions: np.ndarray
    members: np.ndarray
    step: int
    of: int
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether the map is finished."""
        return self.step >= self.of


def map_slot(found: CodeSet, request: MapRequest) -> Slot:
    """The cache slot of this map."""
    return _slot(found.home, MAP, found.key, request)


def cached(
    store: RunStore, name: str, part: str, most: int, method: str, dims: int, settings: str, only: str
) -> list[Path]:
    """The results from which `draw` goes on, the codes last. RunError, SettingsError or CodeError as it has them."""
    return _cached(store, name, part, most, [MapRequest(method, dims, settings, only)])


def cached_comparison(store: RunStore, name: str, part: str, most: int, seed: int) -> list[Path]:
    """The same of `compare`."""
    return _cached(store, name, part, min(most, COMPARED), [_at_perplexity(each, seed) for each in SEVERAL])


def _cached(store: RunStore, name: str, part: str, most: int, requests: list[MapRequest]) -> list[Path]:
    trained_model = find_trained_model(store, name)
    parts = [part] if part else list(PARTS)  # which one "" stands for, only the data can tell
    codes = [codes_slot(store, trained_model, trained_model.data, each, most) for each in parts]
    maps = [
        _slot(store.folder.parent, kind, each.key, request).path
        for each in codes for request in requests for kind in (MAP, PRESERVATION)
    ]  # fmt: skip
    return [*maps, *(each.path for each in codes)]


def read_map(found: CodeSet, request: MapRequest) -> Map | None:
    """The newest state of a map; None if there is none."""
    kept = map_slot(found, request).read()
    return _map(found, request, kept) if kept else None


def read_preservation(found: CodeSet, request: MapRequest) -> Preservation | None:
    """Neighbourhood preservation of the finished map; None if it has not been measured."""
    return _preservation_slot(found, request).read_as(lambda kept: Preservation.from_arrays(kept.arrays))


def draw_now(found: CodeSet, request: MapRequest) -> Map:
    """An instant map, or the initial state of a slower one, which is PCA."""
    known = read_map(found, request)
    if known:
        return known
    settings, chosen = request.built(), members(found, request)
    codes = found.codes[chosen]
    refuse_unusable(codes)
    method = METHODS[request.method]
    if method.is_instant:
        _keep(found, request, next(method.draw(codes, settings, request.dims, {})), 0.0)
    else:
        method.check(codes, settings)
        _keep(
            found, request, Picture(next(METHODS["pca"].draw(codes, settings, request.dims, {})).positions, 0, 1), 0.0
        )
    return read_map(found, request)  # type: ignore[return-value]  # it has just been drawn


def draw(
    store: RunStore, name: str, part: str, most: int, method: str, dims: int, settings: str, only: str
) -> Iterator[JobProgress]:
    """An analysis job: computes the map of a model's codes, from its last stored state,
    then measures its neighbourhood preservation.
    """
    yield JobProgress(0.0, "Reading the codes")
    found, request = (
        code_set(store, find_trained_model(store, name), part, most),
        MapRequest(method, dims, settings, only),
    )
    yield from _draw(found, request)


def compare(store: RunStore, name: str, part: str, most: int, seed: int) -> Iterator[JobProgress]:
    """An analysis job: t-SNE of the same codes at SEVERAL perplexities; of at most COMPARED points, evenly drawn."""
    yield JobProgress(0.0, "Reading the codes")
    found = code_set(store, find_trained_model(store, name), part, min(most, COMPARED))
    requests = comparison(found, seed)
    for index, request in enumerate(requests):
        for step in _draw(found, request):
            yield JobProgress((index + step.share) / len(requests), f"Perplexity {SEVERAL[index]:g}: {step.doing}")


def comparison(found: CodeSet, seed: int = 0) -> list[MapRequest]:
    """The maps that are compared: those of SEVERAL for which there are enough points.

    CodeError if there are not enough for any.
    """
    possible = [perplexity for perplexity in SEVERAL if 3 * perplexity + 1 <= len(found)]
    if not possible:
        raise CodeError(
            f"{len(found)} points are too few to compare perplexities; at least {int(3 * SEVERAL[0]) + 1} are needed."
        )
    return [_at_perplexity(perplexity, seed) for perplexity in possible]


def _at_perplexity(perplexity: float, seed: int) -> MapRequest:
    return MapRequest("tsne", 2, json.dumps({"perplexity": perplexity, "seed": seed}))


def members(found: CodeSet, request: MapRequest) -> np.ndarray:
    """The points of a map, (K,) indices into its code set. CodeError if the selection is not stored here."""
    return read_selection(found, request.only) if request.only else np.arange(len(found))


def _draw(found: CodeSet, request: MapRequest) -> Iterator[JobProgress]:
    settings, chosen = request.built(), members(found, request)
    codes = found.codes[chosen]
    refuse_unusable(codes)
    title = METHODS[request.method].title
    known = read_map(found, request)
    if known is None or not known.is_done:
        memory = _memory(found, request) if known and known.step else {}
        before, kept = time.process_time() - (known.seconds if memory else 0.0), 0.0
        yield JobProgress(0.02, f"{title}: looking for neighbours")
        for picture in METHODS[request.method].draw(codes, settings, request.dims, memory):
            is_last = picture.step >= picture.of
            if is_last or time.monotonic() - kept > KEEP_SECONDS:
                _keep(found, request, picture, time.process_time() - before)
                kept = time.monotonic()
                yield JobProgress(
                    DRAWN * picture.step / picture.of, f"{title}: step {picture.step:,} of {picture.of:,}"
                )
    if read_preservation(found, request) is None:
        yield JobProgress(DRAWN, "Measuring what the map keeps")
        done = read_map(found, request)
        assert done is not None
        labels = None if found.labels is None else found.labels[chosen]
        _preservation_slot(found, request).write(
            **measure(codes, done.positions, labels, len(found.classes)).to_arrays()
        )


def _map(found: CodeSet, request: MapRequest, kept: Result) -> Map | None:
    try:
        values, positions = kept.values, kept.arrays["positions"]
        facts = int(values["step"]), int(values["of"]), float(values["seconds"])
    except (KeyError, TypeError, ValueError):
        return None
    return Map(positions, members(found, request), *facts)


def _preservation_slot(found: CodeSet, request: MapRequest) -> Slot:
    return _slot(found.home, PRESERVATION, found.key, request)


def _slot(home: Path, kind: Kind, codes: str, request: MapRequest) -> Slot:
    return ResultCache(home).slot(kind, request.facts(), [codes])


def _keep(found: CodeSet, request: MapRequest, picture: Picture, seconds: float) -> None:
    memory = {f"memory_{name}": array for name, array in picture.memory.items()}
    values = {"step": int(picture.step), "of": int(picture.of), "seconds": float(seconds)}
    map_slot(found, request).write(values, positions=picture.positions, **memory)


def _memory(found: CodeSet, request: MapRequest) -> dict[str, np.ndarray]:
    """The arrays from which the method resumes; empty if they cannot be read."""
    kept = map_slot(found, request).read()
    if kept is None:
        return {}
    memory = {name.removeprefix("memory_"): array for name, array in kept.arrays.items() if name.startswith("memory_")}
    return {"positions": kept.arrays["positions"], "step": np.array(kept.values["step"]), **memory} if memory else {}
