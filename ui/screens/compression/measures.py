"""Results of every compression method, read from the cache of the analysis (aecore.analyses.compression)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from aecore.analyses.compression import compression_methods, read_compressed
from aecore.analyses.rate_distortion import Compressed
from aecore.jobs.queue import Request
from aecore.pretrained.trained_models import TrainedModel
from ui.app.services import services


@dataclass(frozen=True)
class Measured:
    """Compressed forms of the same pictures, as far as measured.

    networks: title -> one for each form. own: the same for test pictures of the networks' own data, where others are
    sent. pca: of every size; files: of every format, counted in every way; raw: the pixels. known: number of methods
    measured, of `total`.
    """

    networks: dict[str, list[Compressed]] = field(default_factory=dict)
    own: dict[str, list[Compressed]] = field(default_factory=dict)
    pca: list[Compressed] = field(default_factory=list)
    files: list[Compressed] = field(default_factory=list)
    raw: list[Compressed] = field(default_factory=list)
    known: int = 0
    total: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether all methods have been measured."""
        return self.known == self.total

    @property
    def pictures(self) -> np.ndarray:
        """(K, C, H, W) uint8: the first pictures that are sent."""
        return self.raw[0].pictures

    def learned(self, forms: tuple[str, ...]) -> list[Compressed]:
        """Codes of networks and of PCA in one of these forms."""
        return [each for each in chain(*self.networks.values(), self.pca) if each.form in forms]

    def files_counted(self, way: str) -> list[Compressed]:
        """Picture files, counted in this way."""
        return [each for each in self.files if each.form == way]


def request_for(trained_models: Mapping[str, TrainedModel], data: str, sent: str) -> Request:
    """The request that measures all methods."""
    return ("packings", tuple(each.id for each in trained_models.values()), data, sent)


def measured(trained_models: Mapping[str, TrainedModel], data: str, sent: str) -> Measured:
    """The results for pictures of `sent`, compressed by models trained on `data`.

    trained_models: title -> network. DataError if a data set is missing.
    """
    wanted = compression_methods(list(trained_models.values()), data, sent)
    found = {each: ways for each in wanted if (ways := read_compressed(services.store, each))}
    titles = {each.id: title for title, each in trained_models.items()}

    def of(kind: str) -> list[Compressed]:
        return [way for each, ways in found.items() if each.kind == kind for way in ways]

    def networks(is_sent: bool) -> dict[str, list[Compressed]]:
        """title -> forms of each network for the pictures sent, or for test pictures of its own data."""
        mine = [each for each in found if each.kind == "network" and (each.sent == sent) is is_sent]
        return {titles[each.name]: [replace(way, name=titles[each.name]) for way in found[each]] for each in mine}

    return Measured(networks(True), networks(False), of("pca"), of("files"), of("raw"), len(found), len(wanted))
