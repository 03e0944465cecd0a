"""`train`: trains embeddings as a run, which can be paused, resumed and stopped; each finished network is stored."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict, replace

import numpy as np

from aecore.files import write_json, write_npz
from aecore.progress import Progress
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunStore
from aecore.words.learning import learn
from aecore.words.results import Place, place_of, read_embedding, read_results
from aecore.words.runs import chosen_of
from aecore.words.text_store import find_texts
from aecore.words.ways import WAYS


def train(store: RunStore, found: Run) -> Generator[Progress, str | None, None]:
    """Trains a run, keeping its folder up to date; takes requests as `experiment.run` does."""
    key, settings = chosen_of(found)
    store.update(found.id, state="training", device="CPU")
    begun, earlier, request = time.monotonic(), found.status.seconds, None
    with closing(learn(store, key, settings)) as records:
        for each in records:
            record = replace(each, seconds=earlier + each.seconds)
            append_progress(found.folder, {**record.to_dict(), "time": time.time()})
            if request := (yield record):
                break
    seconds = earlier + time.monotonic() - begun
    if request == "pause":
        store.update(found.id, state="paused", seconds=seconds)
        return
    place = place_of(store.folder.parent, key, settings)
    _take_along(place, found)
    labels = np.array(find_texts(store.folder.parent, key).labels)
    state = "stopped" if request else "done"
    store.update(found.id, state=state, finished=time.time(), seconds=seconds, test=unseen_right(place, labels))


def unseen_right(place: Place, labels: np.ndarray) -> dict[str, float] | None:
    """Way -> accuracy on held-out texts; None while there are no predictions.

    labels: (N,).
    """
    results = read_results(place)
    answers = {way: results.answers(way)[0] for way in WAYS} if results else {}
    asked = {way: found >= 0 for way, found in answers.items() if (found >= 0).any()}
    return {f"{way}_right": float((answers[way] == labels)[rows].mean()) for way, rows in asked.items()} or None


def _take_along(place: Place, found: Run) -> None:
    """Copies figures and embeddings into the folder of a finished run."""
    if (results := read_results(place)) is not None:
        write_json(found.folder / "results.json", asdict(results))
    for way in WAYS:
        if (embedding := read_embedding(place, way)) is not None:
            write_npz(
                found.folder / f"{way}.npz",
                **{name: value for name, value in embedding.__dict__.items() if value is not None},
            )
