"""Packings: every way of packing the same pictures, measured one after the other,
and each kept as soon as it is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np

from aecore.analyses.codecs import FORMATS, resized
from aecore.analyses.rate_distortion import (
    FITTED_ON,
    PCA_SIZES,
    SENT,
    Packed,
    as_shades,
    network_codec,
    pack_codes,
    pack_files,
    pca_codec,
    raw,
)
from aecore.datasets import Dataset, card, load
from aecore.jobs.kinds import JobProgress
from aecore.metrics.baselines import fit_pca
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.runs.store import RunStore
from aecore.stores.results import Kind, Result, ResultCache, Slot

PACKING = Kind("packing")


@dataclass(frozen=True)
class Packing:
    """One method with one setting, and the pictures it is for.

    What it gives is one `Packed` for each form or way of counting.

    kind: "raw", "files", "network" or "pca". name: a format of FORMATS, or a network's id. setting: quality or
    code size. data: what has been learned from, and whose shape the pictures take. sent: the data set whose
    test pictures are sent.
    """

    kind: str
    data: str
    sent: str
    name: str = ""
    setting: int | None = None
    fingerprint: str = ""

    @property
    def doing(self) -> str:
        """What it takes to measure this, in words."""
        if self.kind == "files":
            return f"Writing {FORMATS[self.name].title} files" + (
                "" if self.setting is None else f" of quality {self.setting}"
            )
        if self.kind == "pca":
            return (
                "Fitting PCA to the training pictures"
                if self.setting == PCA_SIZES[0]
                else f"Sending PCA codes of {self.setting}"
            )
        return f"Sending codes of network {self.name}" if self.kind == "network" else "Counting pixels"


def packings(trained_models: Sequence[TrainedModel], data: str, sent: str) -> tuple[Packing, ...]:
    """Everything to be measured for pictures of `sent`, packed by what learned from `data`.

    Where these are two, it includes how the networks pack the pictures that they know.
    DataError if there is no such data.
    """
    inputs = int(np.prod(card(data).shape))
    return (
        Packing("raw", data, sent),
        *(Packing("files", data, sent, name, quality) for name, how in FORMATS.items() for quality in how.qualities),
        *(
            Packing("network", data, of, each.id, None, each.fingerprint)
            for of in dict.fromkeys((sent, data))
            for each in trained_models
        ),
        *(Packing("pca", data, sent, "", size) for size in PCA_SIZES if size <= inputs),
    )


def measure(store: RunStore, names: Sequence[str], data: str, sent: str) -> Iterator[JobProgress]:
    """Measures what is not known yet of `packings`.

    RunError, DataError or SettingsError if something is not there any more.
    """
    trained_models = {name: find_trained_model(store, name) for name in names}
    missing = [
        each for each in packings(list(trained_models.values()), data, sent) if read_packing(store, each) is None
    ]
    if not missing:
        return
    yield JobProgress(0.0, "Opening the pictures")
    bench = _Bench(store, trained_models, _load(data))
    for index, each in enumerate(missing):
        yield JobProgress(index / len(missing), each.doing)
        _keep(store, each, bench.packed(each))
    yield JobProgress(1.0, "Done")


def read_packing(store: RunStore, packing: Packing) -> list[Packed] | None:
    """What is known of it; None if it has not been measured."""
    slot = _slot(store, packing)
    return _read(slot, slot.stamp())


def sent_pictures(data: str, sent: str) -> np.ndarray:
    """(N, C, H, W) uint8: the first test pictures of `sent`, in 256 shades as any picture file has them,
    in the shape of `data`.
    """
    pictures = as_shades(_load(sent).test.x[:SENT])
    return pictures if sent == data else resized(pictures, tuple(card(data).shape))


class _Bench:
    """What packs pictures, made when it is needed first."""

    def __init__(self, store: RunStore, trained_models: dict[str, TrainedModel], data: Dataset) -> None:
        self._store, self._sources, self._data = store, trained_models, data
        self._pictures: dict[str, np.ndarray] = {}

    def packed(self, packing: Packing) -> list[Packed]:
        """Measures it."""
        pictures = self._pictures.setdefault(packing.sent, sent_pictures(packing.data, packing.sent))
        if packing.kind == "raw":
            return [raw(pictures)]
        if packing.kind == "files":
            return pack_files(packing.name, packing.setting, pictures)
        if packing.kind == "network":
            codec = network_codec(packing.name, self._sources[packing.name].network())
        else:
            codec = pca_codec(fit_pca(self._data, PCA_SIZES[-1], self._store.folder.parent), packing.setting or 1)
        return pack_codes(codec, self._data.train.x, pictures)


@lru_cache(maxsize=2)
def _load(name: str) -> Dataset:
    return load(name)


def _keep(store: RunStore, packing: Packing, packed: Sequence[Packed]) -> None:
    facts = [{name: value for name, value in asdict(each).items() if name != "pictures"} for each in packed]
    _slot(store, packing).write({"facts": facts}, pictures=np.stack([each.pictures for each in packed]))


@lru_cache(maxsize=400)
def _read(slot: Slot, stamp: int) -> list[Packed] | None:
    def build(found: Result) -> list[Packed]:
        return [
            Packed(**each, pictures=pictures)
            for each, pictures in zip(found.values["facts"], found.arrays["pictures"], strict=True)
        ]

    return slot.read_as(build) if stamp else None


def _slot(store: RunStore, packing: Packing) -> Slot:
    learned = packing.data if packing.kind in ("network", "pca") else ""
    settings = [
        packing.kind,
        packing.name,
        packing.setting,
        learned,
        packing.sent,
        card(packing.data).shape,
        SENT,
        FITTED_ON,
    ]
    return ResultCache(store.folder.parent).slot(PACKING, settings, [packing.fingerprint])
