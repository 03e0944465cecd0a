"""What the views of the words page look at: the texts, their numbers, and what has been learned from them so far."""

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
"""What an embedding is learned from: an autoencoder sees no label, a classifier is told them."""


@dataclass(frozen=True)
class Found:
    """bags (N, V), labels (N,); results None while nothing is known."""

    key: str
    texts: Texts
    settings: WordSettings
    vocabulary: Vocabulary
    bags: np.ndarray
    labels: np.ndarray
    place: Place
    results: Results | None

    def embedding(self, way: str) -> Embedding | None:
        """What was learned from all texts."""
        return read_embedding(self.place, way)

    def maps(self, way: str) -> dict[str, np.ndarray]:
        """The t-SNE maps there are."""
        return read_map(self.place, way) or {}

    def shares(self) -> np.ndarray:
        """(V, C): of the texts that have a word, the share in each class,
        every class counted as if it had equally many texts.
        """
        occurs = np.stack([self.bags[self.labels == label].mean(0) for label in range(len(self.texts.classes))], 1)
        return occurs / np.maximum(occurs.sum(1, keepdims=True), 1e-12)

    def known_elsewhere(self) -> np.ndarray:
        """(N,): how many words of each text also occur in the texts from which the network that
        was tested on it learned.
        """
        assigned = np.array(self.results.folds) if self.results else np.arange(len(self.labels))
        counts = np.zeros(len(self.labels), np.int64)
        for fold in np.unique(assigned):
            rows = assigned == fold
            counts[rows] = (self.bags[rows] * self.bags[~rows].any(0)).sum(1)
        return counts


def look(key: str, texts: Texts, settings: WordSettings) -> Found:
    """Everything about these texts and settings. DataError if no words are left."""
    known, bags = _numbers(texts.key, settings.least_texts, settings.most_share, texts)
    place = place_of(services.store.folder.parent, key, settings)
    return Found(key, texts, settings, known, bags, np.array(texts.labels), place, read_results(place))


@st.cache_resource(max_entries=16, show_spinner="Counting words")
def _numbers(key: str, least_texts: int, most_share: float, _texts: Texts) -> tuple[Vocabulary, np.ndarray]:
    known = vocabulary(_texts.texts, least_texts, most_share)
    return known, known.bags(_texts.texts)
