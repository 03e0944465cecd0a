"""WAYS to learn an embedding: an autoencoder that reconstructs the words of a text,
and a classifier of the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aecore.corruption import CORRUPTIONS
from aecore.nn.layers import dense
from aecore.probing.classifiers import Linear, logistic
from aecore.settings import knob
from aecore.training.loop import TrainingSettings, begin, fit
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder, ModelSettings
from aecore.words.embedding import Embedding, softmax
from aecore.words.settings import WordSettings

PENALTY = 0.001
"""Penalty of the classifier on the autoencoder's codes; there are too few texts to tune it."""

LOOKS = 6
"""How often a classifier is fitted to the codes while the autoencoder learns."""


@dataclass(frozen=True)
class Corpus:
    """bags (N, V) float32 in {0, 1}, labels (N,) int64 below `classes`."""

    bags: np.ndarray
    labels: np.ndarray
    classes: int

    def take(self, rows: np.ndarray) -> Corpus:
        """Some of the texts."""
        return Corpus(self.bags[rows], self.labels[rows], self.classes)


@dataclass(frozen=True)
class Moment:
    """After an epoch: the loss on the validation texts and, where evaluated,
    their class probabilities, (M, C).
    """

    epoch: int
    loss: float
    embedding: Embedding | None
    probabilities: np.ndarray | None


Way = Callable[[Corpus, Corpus, WordSettings], Iterator[Moment]]
"""Trains on the first corpus and validates on the second; the last moment has an embedding."""


def by_autoencoder(learn: Corpus, watch: Corpus, settings: WordSettings) -> Iterator[Moment]:
    """A code z = W x + b of a text's bag x is the sum of its words' columns of W;
    the loss is the cross-entropy of each word. It uses no labels.

    Words are hidden as in a denoising autoencoder (Vincent et al. 2010, sec. 3.3). Labels are used only
    afterwards, when a logistic regression is fitted to the finished codes. SettingsError if the code is not
    smaller than the vocabulary.
    """
    variant = VARIANTS["undercomplete"]
    knobs = variant.settings_class(latent_size=settings.embedding_size, code_activation="linear", loss="bce")  # type: ignore[call-arg]  # settings of this variant
    model = variant.build(knobs, (learn.bags.shape[1],), torch.Generator().manual_seed(settings.word_seed))
    bags = torch.from_numpy(learn.bags)
    model.start_at_mean(bags)
    corrupt = partial(_hide, level=settings.hidden_words) if settings.hidden_words else None
    every = max(1, settings.word_epochs // LOOKS)
    for epoch, loss in _epochs(model, bags, torch.from_numpy(watch.bags), settings, corrupt):
        if epoch % every and epoch < settings.word_epochs:
            yield Moment(epoch, loss, None, None)
            continue
        embedding = _with_classifier(_layers(model), learn)
        yield Moment(epoch, loss, embedding, embedding.probabilities(watch.bags))


def by_labels(learn: Corpus, watch: Corpus, settings: WordSettings) -> Iterator[Moment]:
    """The vectors of a text's words are averaged, and a softmax classifies that mean;
    all weights are trained on the labels.

    Joulin et al. 2016, arXiv:1607.01759, sec. 2: the order of the words is ignored.
    """
    words, rng = learn.bags.shape[1], torch.Generator().manual_seed(settings.word_seed)
    model = LabelledWords(LabelledSettings(settings.embedding_size), words, learn.classes, rng)
    watched, last = torch.from_numpy(watch.bags), settings.word_epochs
    for epoch, loss in _epochs(model, _labelled(learn), _labelled(watch), settings, None):
        with torch.no_grad():
            scores = model.scores(watched).numpy()
        yield Moment(epoch, loss, model.embedding() if epoch == last else None, softmax(scores))


WAYS: dict[str, Way] = {"autoencoder": by_autoencoder, "labels": by_labels}


@dataclass(frozen=True)
class LabelledSettings(ModelSettings):
    """One knob: the size of the embedding."""

    embedding_size: int = knob(8, "How many numbers stand for a word.", low=1, high=256)

    def code_size(self, shape: tuple[int, ...]) -> int:
        """Numbers in the code."""
        return self.embedding_size


class LabelledWords(Autoencoder):
    """A classifier in the shape of an autoencoder, so that the one training loop can train it:
    a row is a bag (V,) and its one-hot label (C,).

    Its input is the first part, its output the second.
    """

    def __init__(self, settings: LabelledSettings, words: int, classes: int, rng: torch.Generator) -> None:
        super().__init__(settings, (words + classes,))
        self.words = words
        self.encoder = dense(words, settings.embedding_size, "linear", rng)
        self.decoder = dense(settings.embedding_size, classes, "linear", rng)

    def scores(self, bags: Tensor) -> Tensor:
        """(B, V) -> (B, C)."""
        return self.decoder(self.encoder(bags / bags.sum(1, keepdim=True).clamp(min=1)))

    def forward(self, x: Tensor) -> Tensor:
        """The row with the predicted label, (B, V + C)."""
        bags = x[:, : self.words]
        return torch.cat([bags, torch.softmax(self.scores(bags), 1)], 1)

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Cross-entropy of the class, mean over the texts."""
        return {"cross-entropy": F.cross_entropy(self.scores(noisy[:, : self.words]), clean[:, self.words :])}

    def embedding(self) -> Embedding:
        """The embedding so far."""
        into, out = cast(nn.Linear, self.encoder), cast(nn.Linear, self.decoder)
        layers = (into.weight.T, into.bias, out.weight, out.bias)
        return Embedding(*(part.detach().numpy().copy() for part in layers), is_mean=True)


def _epochs(
    model: Autoencoder, learn: Tensor, watch: Tensor, settings: WordSettings, corrupt: Callable | None
) -> Iterator[tuple[int, float]]:
    """Trains and yields the loss on the validation rows after each epoch."""
    training = TrainingSettings(
        epochs=settings.word_epochs, batch_size=settings.word_batch, learning_rate=settings.word_rate,
        schedule="constant", seed=settings.word_seed, precision="full", device="cpu",
    )  # fmt: skip
    epoch = 0
    for record in fit(begin(model, training), learn, watch, training, corrupt):
        if record.is_epoch:
            epoch += 1
            yield epoch, sum(record.validation.values())


def _hide(x: Tensor, rng: torch.Generator, level: float) -> Tensor:
    return CORRUPTIONS["masking"].apply(x, level, rng)


def _layers(model: Autoencoder) -> Embedding:
    first, last = model.encoder[0], model.decoder[-2]  # type: ignore[index]  # a Sequential
    vectors, bias, decoder, decoder_bias = (
        part.detach().numpy().copy() for part in (first.weight.T, first.bias, last.weight, last.bias)
    )
    nothing = np.zeros((0, vectors.shape[1]), np.float32)
    return Embedding(vectors, bias, nothing, np.zeros(0, np.float32), decoder, decoder_bias)


def _with_classifier(embedding: Embedding, learn: Corpus) -> Embedding:
    """Logistic regression on the codes, centred and divided by their mean length; both are folded into its weights."""
    codes = embedding.codes(learn.bags)
    mean = codes.mean(0)
    length = float(np.sqrt(((codes - mean) ** 2).sum(1).mean())) or 1.0
    found = logistic((codes - mean) / length, learn.labels)(PENALTY)
    assert isinstance(found, Linear)
    weight = np.zeros((learn.classes, codes.shape[1]))
    offset = np.full(learn.classes, -np.inf)  # a class without texts is never predicted
    weight[found.labels] = found.weight / length
    offset[found.labels] = found.bias - weight[found.labels] @ mean
    return Embedding(embedding.vectors, embedding.bias, weight, offset, embedding.decoder, embedding.decoder_bias)


def _labelled(corpus: Corpus) -> Tensor:
    """Rows of bag and one-hot label, (N, V + C)."""
    return torch.from_numpy(np.concatenate([corpus.bags, np.eye(corpus.classes, dtype=np.float32)[corpus.labels]], 1))
