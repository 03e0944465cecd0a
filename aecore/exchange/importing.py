"""Makes a run of a Hugging Face-style folder again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from aecore.datasets import card, is_ready, load
from aecore.datasets.selection import without_class
from aecore.exchange.huggingface import CURVES, RECOMMENDER_TYPE
from aecore.exchange.places import open_place
from aecore.exchange.reading import Found, read_autoencoder, read_config
from aecore.exchange.recommender_reading import FoundRecommender, read_recommender, write_recommender
from aecore.experiment.settings import RunSettings
from aecore.experiment.size import size_of
from aecore.files import replacing, write_npz
from aecore.limits import limits_for
from aecore.runs.snapshots import last_record
from aecore.runs.store import Run, RunStore
from aecore.runs.usage import check_host

RUN_WEIGHTS = "weights.safetensors"
NO_CURVES = f"The folder holds no {CURVES}, so its page shows no curves."


@dataclass(frozen=True)
class Imported:
    """The new run. lacks: what the folder or this machine lacked for it, a sentence each."""

    run: Run
    lacks: tuple[str, ...]


def import_run(store: RunStore, place: Path, name: str = "") -> Imported:
    """A new run, for the host, with the weights, settings, figures and curves of a folder or a ZIP of one.

    ExchangeError, SettingsError, DataError or QuotaError, in a sentence, if it cannot be used; nothing is made then.
    """
    read, names = open_place(place)
    values, limits = read_config(read, place), limits_for(store.folder.parent, is_host=True)
    if values["model_type"] == RECOMMENDER_TYPE:
        return _recommender(store, read_recommender(values, read, names, limits), name)
    found = read_autoencoder(values, read, names, limits)
    settings = RunSettings.from_dict(found.settings)
    check_host(store, size_of(settings).disk_bytes)
    return _made(store, found, name, lambda run: _filled(store, run, found, settings))


def _made(
    store: RunStore, found: Found | FoundRecommender, name: str, fill: Callable[[Run], tuple[str, ...]]
) -> Imported:
    """A new run, as `fill` has filled its folder; none if it fails. fill: says what was lacking for it."""
    run = store.create(found.settings, name or found.name)
    try:
        with store.lock(run.id):  # as its trainer would, so that no server takes it for one that waits or was cut off
            store.update(run.id, state="preparing")
            lacks = fill(run)
            facts = {key: value for key, value in vars(found.status).items() if key not in ("name", "created", "owner")}
            return Imported(store.update(run.id, **facts), lacks)
    except BaseException:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise


def _recommender(store: RunStore, found: FoundRecommender, name: str) -> Imported:
    def fill(run: Run) -> tuple[str, ...]:
        write_recommender(found, run.folder)
        return found.lacks if found.curves else (*found.lacks, NO_CURVES)

    check_host(store, found.bytes)
    return _made(store, found, name, fill)


def _filled(store: RunStore, run: Run, found: Found, settings: RunSettings) -> tuple[str, ...]:
    for file, content in {RUN_WEIGHTS: found.weights, CURVES: found.curves}.items():
        if content:
            with replacing(run.folder / file) as temporary:
                temporary.write_bytes(content)
    lacks: list[str] = []
    if not found.curves:
        lacks.append(NO_CURVES)
    if is_ready(settings.data):
        _look(store, run, settings)
    else:
        lacks.append(
            f"{card(settings.data).title} is not on this machine, so its page shows no reconstructions. "
            f"`python -m aecore data fetch {settings.data}` brings it; then import the folder again."
        )
    return tuple(lacks)


def _look(store: RunStore, run: Run, settings: RunSettings) -> None:
    """Writes what a training leaves besides the weights: reconstructions, a look inside, the codes of the test set."""
    from aecore.experiment.checkpoints import load_weights
    from aecore.experiment.final_metrics import codes_of
    from aecore.experiment.recorder import Recorder

    settings = replace(settings, training=settings.training.replace(device="auto"))  # its own may be of another machine
    data = without_class(load(settings.data), settings.selection.leave_out)
    recorder = Recorder.prepare(store, run, settings, data)
    state, last = recorder.state, last_record(run.folder) or {}
    labels = [phase.label for phase in state.phases]
    state.enter(labels.index(last["phase"]) if last.get("phase") in labels else len(labels) - 1)
    load_weights(run.folder, state.model)
    state.step = last.get("step", 1)
    recorder.snapshot()
    recorder.look_inside()
    codes = codes_of(state.model.eval(), recorder.to_device(data.test.x))
    write_npz(run.folder / "latents.npz", codes=codes, part=np.array("test"))
