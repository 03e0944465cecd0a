"""The data of the Words page's views: the texts, their bags, and the results so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.words.bags import Vocabulary, vocabulary
from aecore.words.embedding import Embedding
from aecore.words.results import Place, Results, place_of, read_embedding, read_map, read_results
from aecore.words.settings import WordSettings
from aecore.words.texts import Texts
from ui.app.services import services

WAYS = {"autoencoder": "The words alone", "labels": "The labels"}
"""Titles of the ways to learn an embedding: an autoencoder without labels, a classifier with them."""


@dataclass(frozen=True)
class Found:
    """bags (N, V), labels (N,); results None while there are none."""

    key: str
    texts: Texts
    settings: WordSettings
    vocabulary: Vocabulary
    bags: np.ndarray
    labels: np.ndarray
    place: Place
    results: Results | None

    def embedding(self, way: str) -> Embedding | None:
        """The embedding trained on all texts."""
        return read_embedding(self.place, way)

    def maps(self, way: str) -> dict[str, np.ndarray]:
        """The available t-SNE maps."""
        return read_map(self.place, way) or {}

    def shares(self) -> np.ndarray:
        """(V, C): distribution of the texts with a word over the classes,
        as if all classes had equally many texts.
        """
        occurs = np.stack([self.bags[self.labels == label].mean(0) for label in range(len(self.texts.classes))], 1)
        return occurs / np.maximum(occurs.sum(1, keepdims=True), 1e-12)

    def known_elsewhere(self) -> np.ndarray:
        """(N,): number of words of each text that occur in the training texts of the network
        that was tested on it.
        """
        assigned = np.array(self.results.folds) if self.results else np.arange(len(self.labels))
        counts = np.zeros(len(self.labels), np.int64)
        for fold in np.unique(assigned):
            rows = assigned == fold
            counts[rows] = (self.bags[rows] * self.bags[~rows].any(0)).sum(1)
        return counts


def look(key: str, texts: Texts, settings: WordSettings) -> Found:
    """The data and results of these texts and settings. DataError if no words are left."""
    known, bags = _numbers(texts.key, settings.least_texts, settings.most_share, texts)
    place = place_of(services.store.folder.parent, key, settings)
    return Found(key, texts, settings, known, bags, np.array(texts.labels), place, read_results(place))


@st.cache_resource(max_entries=16, show_spinner="Counting words")
def _numbers(key: str, least_texts: int, most_share: float, _texts: Texts) -> tuple[Vocabulary, np.ndarray]:
    known = vocabulary(_texts.texts, least_texts, most_share)
    return known, known.bags(_texts.texts)
