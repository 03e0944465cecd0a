"""Code sets and their maps for the pages: cached per server, and computed by a worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.latent.atlas import Mosaic, mosaic_of, write_atlas
from aecore.latent.code_set import ATLAS, CodeSet, code_set, examples
from aecore.latent.maps import Map, MapRequest, draw_now, map_slot, read_preservation
from aecore.latent.preservation import Preservation
from aecore.pretrained.trained_models import TrainedModel
from aecore.stores.results import ResultCache
from ui.app.services import services
from ui.widgets.source_pictures import dataset

SIZES = (500, 1000, 2500, 5000, 10_000)


@dataclass(frozen=True)
class Atlas:
    """The mosaic of a code set's pictures."""

    address: str
    mosaic: Mosaic


def codes_of(found: TrainedModel, part: str = "", most: int = SIZES[-1]) -> CodeSet:
    """The codes of a network's examples. DataError, RunError or CodeError, in a sentence, if there are none."""
    return _codes(found.id, found.fingerprint, part, most, found)


def pictures(found: CodeSet) -> np.ndarray:
    """The examples of a code set, (N, *shape)."""
    return _pictures(found.key, found)


def atlas(found: CodeSet) -> Atlas | None:
    """The mosaic, written on first use; None if the examples are no pictures."""
    shape = dataset(found.data).shape
    if len(shape) != 3 or shape[0] not in (1, 3):
        return None
    path = ResultCache(found.home).at(ATLAS, found.key).beside(".webp")
    if not path.exists():
        write_atlas(pictures(found), path)
    return Atlas(f"/latent-map/{found.key}/atlas.webp", mosaic_of((len(found), *shape)))


def positions_address(found: CodeSet, request: MapRequest) -> str:
    """The address from which the browser fetches a map."""
    return f"/latent-map/{found.key}/{map_slot(found, request).key}/positions.bin"


def map_now(found: CodeSet, request: MapRequest) -> Map:
    """The current state of the map; a slow one begins as PCA."""
    return draw_now(found, request)


def preservation_of(found: CodeSet, request: MapRequest) -> Preservation | None:
    """The neighbourhood preservation of the finished map, once measured."""
    return read_preservation(found, request)


@st.cache_resource(max_entries=12, show_spinner="Encoding")
def _codes(id: str, fingerprint: str, part: str, most: int, _found: TrainedModel) -> CodeSet:
    return code_set(services.store, _found, part, most, data=dataset(_found.data))


@st.cache_resource(max_entries=4, show_spinner=False)
def _pictures(key: str, _found: CodeSet) -> np.ndarray:
    return examples(dataset(_found.data), _found)
