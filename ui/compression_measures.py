"""Measures every way of packing, once for all visitors, with progress on screen: a changed setting goes on where this one stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
import streamlit as st

from aecore.baselines import PcaCode, fit_pca
from aecore.codes import Source
from aecore.compression import PCA_SIZES, SENT, Packed, network_codec, pack_codes, pack_files, pca_codec, raw
from aecore.datasets import card
from aecore.folders import home_folder
from aecore.picture_files import FORMATS, resized
from ui.networks import network
from ui.noise_pictures import dataset
from ui.pictures import as_bytes


@dataclass(frozen=True)
class Measured:
    """Every way of packing the same pictures. networks: title -> one for each form; pca: of every size; files: of every kind, in every way."""

    pictures: np.ndarray
    networks: dict[str, list[Packed]] = field(default_factory=dict)
    pca: list[Packed] = field(default_factory=list)
    files: list[Packed] = field(default_factory=list)
    raw: list[Packed] = field(default_factory=list)

    def learned(self, forms: tuple[str, ...]) -> list[Packed]:
        """Codes of networks and of PCA whose numbers are sent in one of these forms."""
        return [each for each in chain(*self.networks.values(), self.pca) if each.form in forms]

    def files_counted(self, way: str) -> list[Packed]:
        """Picture files, counted in this way."""
        return [each for each in self.files if each.form == way]


KNOWN = 0.05
"""Seconds: a step that took less was known already, and says nothing of how long the next will take."""

Step = tuple[str, Callable[[], None]]


def measure(sources: dict[str, Source], data: str, sent: str) -> Measured:
    """Pictures of `sent`, packed by what learned from `data`. DataError or RunError if something cannot be read."""
    with st.spinner("Opening the pictures"):
        pictures = sent_pictures(data, sent)
        dataset(data)
    found, place = Measured(pictures, raw=[raw(pictures)]), st.empty()
    steps, seconds = list(_steps(found, sources, data, sent)), 0.0
    with st.spinner("Sending the pictures in every way"):
        for index, (text, step) in enumerate(steps):
            if seconds > KNOWN:
                place.progress(index / len(steps), text)
            start = time.monotonic()
            step()
            seconds = time.monotonic() - start
    place.empty()
    return found


def on_own_pictures(sources: dict[str, Source], data: str) -> dict[str, list[Packed]]:
    """title -> how each network packs the pictures that it knows."""
    with st.spinner("Sending pictures that the networks know, for comparison"):
        return {title: _network(title, found, data, data) for title, found in sources.items()}


def _steps(found: Measured, sources: dict[str, Source], data: str, sent: str) -> Iterator[Step]:
    for name, how in FORMATS.items():
        for quality in how.qualities:
            yield f"Writing {how.title} files", lambda name=name, quality=quality: found.files.extend(_files(data, sent, name, quality))
    for title, each in sources.items():
        yield (
            f"Sending codes of network {title}",
            lambda title=title, each=each: found.networks.update({title: _network(title, each, data, sent)}),
        )
    yield "Fitting PCA", lambda: _pca_fit(data) and None
    for size in PCA_SIZES:
        if size <= np.prod(card(data).shape):
            yield f"Sending PCA codes of {size}", lambda size=size: found.pca.extend(_pca(data, sent, size))


@st.cache_data(max_entries=12, show_spinner=False)
def sent_pictures(data: str, sent: str) -> np.ndarray:
    """(N, C, H, W) uint8: the first test pictures of `sent`, in 256 shades as any picture file has them, in the shape of `data`."""
    pictures = as_bytes(dataset(sent).test.x[:SENT])
    return pictures if sent == data else resized(pictures, tuple(card(data).shape))


def _network(title: str, found: Source, data: str, sent: str) -> list[Packed]:
    return [replace(each, name=title) for each in _by_network(found.id, found.seal, data, sent, found)]


@st.cache_data(max_entries=120, show_spinner=False)
def _by_network(id: str, seal: str, data: str, sent: str, _found: Source) -> list[Packed]:
    return pack_codes(network_codec(id, network(_found)), dataset(data).train.x, sent_pictures(data, sent))


@st.cache_data(max_entries=120, show_spinner=False)
def _pca(data: str, sent: str, size: int) -> list[Packed]:
    return pack_codes(pca_codec(_pca_fit(data), size), dataset(data).train.x, sent_pictures(data, sent))


@st.cache_resource(max_entries=4, show_spinner=False)
def _pca_fit(data: str) -> PcaCode:
    return fit_pca(dataset(data), PCA_SIZES[-1], home_folder() / "cache")


@st.cache_data(max_entries=300, show_spinner=False)
def _files(data: str, sent: str, name: str, quality: int | None) -> list[Packed]:
    return pack_files(name, quality, sent_pictures(data, sent))
