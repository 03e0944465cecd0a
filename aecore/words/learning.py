"""`learn`: trains both ways on all texts, then cross-validates; stores each result at once."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

import numpy as np

from aecore.datasets.base import DataError
from aecore.progress import Progress, TrainingDiverged
from aecore.runs.store import RunStore
from aecore.settings import SettingsError
from aecore.words.bags import vocabulary
from aecore.words.embedding import Embedding
from aecore.words.results import (
    ALL,
    Place,
    Results,
    Training,
    place_of,
    read_embedding,
    read_map,
    read_results,
    write_embedding,
    write_map,
    write_results,
)  # fmt: skip
from aecore.words.scores import folds
from aecore.words.settings import WordSettings
from aecore.words.text_store import find_texts
from aecore.words.ways import WAYS, Corpus

WRITE_SECONDS = 0.25
FEWEST_ON_MAP = 30
"""Fewest points for t-SNE."""

TITLES = {"autoencoder": "autoencoder", "labels": "with labels"}


def learn(store: RunStore, key: str, chosen: WordSettings) -> Generator[Progress, None, None]:
    """Trains the missing networks, some twenty small ones, each a phase. A record's epoch is that of its network.

    DataError or SettingsError if the texts cannot be learned from.
    """
    home, begun = store.folder.parent, time.monotonic()
    texts = find_texts(home, key)
    known = vocabulary(texts.texts, chosen.least_texts, chosen.most_share)
    if chosen.embedding_size >= len(known.words):
        raise SettingsError(
            f"The embedding size is {chosen.embedding_size}, but there are only {len(known.words)} words: a code "
            f"must be smaller than what goes into it. Choose at most {len(known.words) - 1}."
        )
    corpus = Corpus(known.bags(texts.texts), np.array(texts.labels), len(texts.classes))
    place = place_of(home, key, chosen)
    results = read_results(place) or Results(
        known.words, known.found, tuple(folds(corpus.labels, chosen.word_seed).tolist())
    )
    work = [(way, ALL) for way in WAYS] + [(way, str(fold)) for fold in range(max(results.folds) + 1) for way in WAYS]
    missing = [(way, name) for way, name in work if not _is_known(results, place, way, name)]
    for index, (way, name) in enumerate(missing, len(work) - len(missing)):
        for epoch, loss in _train(results, place, corpus, chosen, way, name):
            seconds, done = time.monotonic() - begun, index + epoch / chosen.word_epochs
            yield Progress(
                round(done * chosen.word_epochs), epoch, seconds, 0.0, chosen.word_rate, {}, {"loss": loss},
                share=0.95 * done / len(work), phase=_doing(results, way, name),
            )  # fmt: skip
    for way in WAYS:
        if read_map(place, way) is None:
            yield Progress(
                len(work) * chosen.word_epochs, chosen.word_epochs, time.monotonic() - begun, 0.0, chosen.word_rate, {},
                share=0.96, phase=f"Drawing the map, {TITLES[way]}",
            )  # fmt: skip
            _draw(place, corpus, way)
    results.is_complete = True
    write_results(place, results)


def _is_known(results: Results, place: Place, way: str, name: str) -> bool:
    training = results.trainings.get(way, {}).get(name)
    return training is not None and training.is_done and (name != ALL or read_embedding(place, way) is not None)


def _doing(results: Results, way: str, name: str) -> str:
    if name == ALL:
        return f"Learning from all texts, {TITLES[way]}"
    learner = {"autoencoder": "the autoencoder learns", "labels": "the network with labels learns"}[way]
    return f"Testing, {int(name) + 1} of {max(results.folds) + 1}: {learner} without some texts"


def _train(
    results: Results, place: Place, corpus: Corpus, settings: WordSettings, way: str, name: str
) -> Iterator[tuple[int, float]]:
    """One training; yields epochs done and loss, about as often as results are written."""
    learn, watch = _parts(corpus, np.array(results.folds), name)
    training = results.trainings.setdefault(way, {})[name] = Training(len(watch.labels))
    begun = written = time.monotonic()
    embedding: Embedding | None = None
    try:
        for moment in WAYS[way](learn, watch, settings):
            training.loss.append(round(moment.loss, 6))
            embedding = moment.embedding or embedding
            if moment.probabilities is not None:
                _note(training, moment.epoch, moment.probabilities, watch.labels)
            if time.monotonic() - written > WRITE_SECONDS:
                write_results(place, results)
                written = time.monotonic()
                yield moment.epoch, moment.loss
    except TrainingDiverged as error:
        raise DataError(
            f"The steps were too large: {str(error).split(': with', 1)[0].lower()}. Choose a smaller learning rate."
        ) from error
    training.seconds, training.is_done = time.monotonic() - begun, True
    if name == ALL:
        assert embedding is not None
        write_embedding(place, way, embedding)
    write_results(place, results)
    yield settings.word_epochs, training.loss[-1]


def _parts(corpus: Corpus, assigned: np.ndarray, name: str) -> tuple[Corpus, Corpus]:
    """The training texts and the validation texts: the same ones, or those of a fold,
    with the vocabulary of the others.
    """
    if name == ALL:
        return corpus, corpus
    is_out = assigned == int(name)
    learn, out = corpus.take(np.flatnonzero(~is_out)), corpus.take(np.flatnonzero(is_out))
    return learn, Corpus(out.bags * learn.bags.any(0), out.labels, out.classes)


def _note(training: Training, epoch: int, probabilities: np.ndarray, labels: np.ndarray) -> None:
    found = probabilities.argmax(1)
    training.looked.append(epoch)
    training.right.append(int((found == labels).sum()))
    training.found = found.tolist()
    training.sure = [round(float(each), 4) for each in probabilities.max(1)]


def _draw(place: Place, corpus: Corpus, way: str) -> None:
    """t-SNE maps of words and of texts, if there are enough points."""
    embedding = read_embedding(place, way)
    assert embedding is not None
    sets = {"words": embedding.vectors, "texts": embedding.codes(corpus.bags)}
    write_map(place, way, {name: tsne(each) for name, each in sets.items() if len(each) >= FEWEST_ON_MAP})


def tsne(vectors: np.ndarray) -> np.ndarray:
    """(N, Z) -> (N, 2): vectors of length 1, so that distances follow the angles (van der Maaten & Hinton
    2008), by scikit-learn.
    """
    from sklearn.manifold import TSNE

    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return (
        TSNE(perplexity=min(20.0, len(units) / 4), init="pca", random_state=0, n_jobs=1)
        .fit_transform(units)
        .astype(np.float32)
    )
