"""WordSettings: how texts become rows of numbers, and how embeddings are learned from these."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.settings import Settings, knob


@dataclass(frozen=True)
class WordSettings(Settings):
    """Settings of the Words page. Their names are distinct from those of other pages, for the address."""

    embedding_size: int = knob(
        8, "How many numbers stand for a word, and for a text.", label="Embedding size", low=1, high=256, log=True
    )
    word_epochs: int = knob(50, "How often the networks see every text.", label="Epochs", low=1, high=500, log=True)
    word_rate: float = knob(
        0.03, "The size of each step against the gradient.", label="Learning rate", low=1e-4, high=1.0, log=True
    )
    word_batch: int = knob(8, "Texts per step.", label="Batch size", low=1, high=1024, log=True)
    hidden_words: float = knob(
        0.2, "The share of words that are hidden from the autoencoder at each step, "
        "chosen anew every time (masking). It has to guess them from the others.",
        label="Words hidden", low=0.0, high=0.9,
    )  # fmt: skip
    least_texts: int = knob(
        1, "A word must occur in at least this many texts to be in the vocabulary. "
        "Of a word that occurs once, little can be learned.",
        label="Texts a word must occur in", low=1, high=100, log=True,
    )  # fmt: skip
    most_share: float = knob(
        1.0, "Words that occur in a larger share of the texts are left out: 'the' and 'of' say little about a text.",
        label="Share of texts a word may occur in", low=0.05, high=1.0,
    )  # fmt: skip
    word_seed: int = knob(
        0,
        "The start of every random draw: the same seed gives the same result.",
        low=0,
        high=9999,
        advanced=True,
    )
