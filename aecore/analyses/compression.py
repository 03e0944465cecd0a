"""Every compression method applied to the same pictures, one after the other;
each result is cached as soon as it is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.analyses.codecs import FORMATS, resized
from aecore.analyses.rate_distortion import (
    FITTED_ON,
    PCA_SIZES,
    SENT,
    Compressed,
    as_shades,
    compress_codes,
    compress_files,
    network_codec,
    pca_codec,
    raw,
)
from aecore.datasets import Dataset, card, load
from aecore.jobs.kinds import JobProgress
from aecore.metrics.baselines import fit_pca
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.runs.store import RunStore
from aecore.stores.results import Kind, Result, ResultCache, Slot

COMPRESSION = Kind("packing")


@dataclass(frozen=True)
class CompressionMethod:
    """A compression method with one setting, and the pictures it is applied to.

    It yields one `Compressed` for each number format or way of counting.

    kind: "raw", "files", "network" or "pca". name: a format of FORMATS, or a network's id. setting: quality or
    code size. data: the training data, whose shape the pictures take. sent: the data set whose
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
        """Describes the measurement for the progress bar."""
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


def compression_methods(trained_models: Sequence[TrainedModel], data: str, sent: str) -> tuple[CompressionMethod, ...]:
    """All methods to measure for pictures of `sent`, compressed by models trained on `data`.

    If `sent` and `data` differ, it includes the networks on test pictures of their own data.
    DataError if there is no such data.
    """
    inputs = int(np.prod(card(data).shape))
    return (
        CompressionMethod("raw", data, sent),
        *(
            CompressionMethod("files", data, sent, name, quality)
            for name, how in FORMATS.items()
            for quality in how.qualities
        ),
        *(
            CompressionMethod("network", data, of, each.id, None, each.fingerprint)
            for of in dict.fromkeys((sent, data))
            for each in trained_models
        ),
        *(CompressionMethod("pca", data, sent, "", size) for size in PCA_SIZES if size <= inputs),
    )


def measure(store: RunStore, names: Sequence[str], data: str, sent: str) -> Iterator[JobProgress]:
    """Measures those of `compression_methods` that are not cached.

    RunError, DataError or SettingsError if a run or a data set is missing.
    """
    trained_models = {name: find_trained_model(store, name) for name in names}
    missing = [
        each
        for each in compression_methods(list(trained_models.values()), data, sent)
        if read_compressed(store, each) is None
    ]
    if not missing:
        return
    yield JobProgress(0.0, "Opening the pictures")
    bench = _Bench(store, trained_models, _load(data))
    for index, each in enumerate(missing):
        yield JobProgress(index / len(missing), each.doing)
        _keep(store, each, bench.compressed(each))
    yield JobProgress(1.0, "Done")


def cached(store: RunStore, names: Sequence[str], data: str, sent: str) -> list[Path]:
    """The results that `measure` does not compute again. RunError or DataError if a run or a data set is missing."""
    trained_models = [find_trained_model(store, name) for name in names]
    return [_slot(store, each).path for each in compression_methods(trained_models, data, sent)]


def read_compressed(store: RunStore, method: CompressionMethod) -> list[Compressed] | None:
    """The cached results of a method; None if it has not been measured."""
    slot = _slot(store, method)
    return _read(slot, slot.stamp())


def sent_pictures(data: str, sent: str) -> np.ndarray:
    """(N, C, H, W) uint8: the first test pictures of `sent`, in the 256 shades of a picture file,
    in the shape of `data`.
    """
    pictures = as_shades(_load(sent).test.x[:SENT])
    return pictures if sent == data else resized(pictures, tuple(card(data).shape))


class _Bench:
    """Loads what compresses pictures on first use."""

    def __init__(self, store: RunStore, trained_models: dict[str, TrainedModel], data: Dataset) -> None:
        self._store, self._trained_models, self._data = store, trained_models, data
        self._pictures: dict[str, np.ndarray] = {}

    def compressed(self, method: CompressionMethod) -> list[Compressed]:
        """Applies one method to its pictures."""
        pictures = self._pictures.setdefault(method.sent, sent_pictures(method.data, method.sent))
        if method.kind == "raw":
            return [raw(pictures)]
        if method.kind == "files":
            return compress_files(method.name, method.setting, pictures)
        if method.kind == "network":
            codec = network_codec(method.name, self._trained_models[method.name].network())
        else:
            codec = pca_codec(fit_pca(self._data, PCA_SIZES[-1], self._store.folder.parent), method.setting or 1)
        return compress_codes(codec, self._data.train.x, pictures)


@lru_cache(maxsize=2)
def _load(name: str) -> Dataset:
    return load(name)


def _keep(store: RunStore, method: CompressionMethod, compressed: Sequence[Compressed]) -> None:
    facts = [{name: value for name, value in asdict(each).items() if name != "pictures"} for each in compressed]
    _slot(store, method).write({"facts": facts}, pictures=np.stack([each.pictures for each in compressed]))


@lru_cache(maxsize=400)
def _read(slot: Slot, stamp: int) -> list[Compressed] | None:
    def build(found: Result) -> list[Compressed]:
        return [
            Compressed(**each, pictures=pictures)
            for each, pictures in zip(found.values["facts"], found.arrays["pictures"], strict=True)
        ]

    return slot.read_as(build) if stamp else None


def _slot(store: RunStore, method: CompressionMethod) -> Slot:
    learned = method.data if method.kind in ("network", "pca") else ""
    settings = [
        method.kind,
        method.name,
        method.setting,
        learned,
        method.sent,
        card(method.data).shape,
        SENT,
        FITTED_ON,
    ]
    return ResultCache(store.folder.parent).slot(COMPRESSION, settings, [method.fingerprint])
