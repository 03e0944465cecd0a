"""From texts to numbers: words, a vocabulary, and for each text the words that occur in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aecore.datasets.base import DataError

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""Letters and digits, with an apostrophe inside: "don't" is one word."""

MOST_WORDS = 2000
"""Most words in a vocabulary; rarer ones are left out."""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in their order."""
    return [word.replace("’", "'") for word in WORD.findall(text.lower())]


@dataclass(frozen=True)
class Vocabulary:
    """The V known words by the alphabet. found: number of different words before any was left out."""

    words: tuple[str, ...]
    found: int

    def counts(self, texts: Sequence[str]) -> np.ndarray:
        """(N, V) int64: how often each word occurs in each text."""
        index = {word: i for i, word in enumerate(self.words)}
        table = np.zeros((len(texts), len(self.words)), np.int64)
        for row, text in enumerate(texts):
            for word in words_of(text):
                if word in index:
                    table[row, index[word]] += 1
        return table

    def bags(self, texts: Sequence[str]) -> np.ndarray:
        """(N, V) float32: 1 where a word occurs in a text, else 0. The input and the target of a network."""
        return np.minimum(self.counts(texts), 1).astype(np.float32)

    def one_hot(self, text: str) -> tuple[list[str], np.ndarray]:
        """The known words of a text in their order, and a row (V,) for each, with a single 1: (L, V) float32."""
        index = {word: i for i, word in enumerate(self.words)}
        known = [word for word in words_of(text) if word in index]
        return known, np.eye(len(self.words), dtype=np.float32)[[index[word] for word in known]]


def vocabulary(
    texts: Sequence[str], least_texts: int = 1, most_share: float = 1.0, most: int = MOST_WORDS
) -> Vocabulary:
    """Words that occur in at least `least_texts` texts and in at most a share `most_share` of them;
    of these the `most` most frequent.

    DataError if fewer than three words are left.
    """
    occurs = Counter(word for text in texts for word in set(words_of(text)))
    kept = [word for word, count in occurs.items() if least_texts <= count <= max(1, most_share * len(texts))]
    kept = sorted(kept, key=lambda word: (-occurs[word], word))[:most]
    if len(kept) < 3:
        raise DataError(
            f"Of {len(occurs):,} different words, {len(kept)} are left: the others occur in fewer than {least_texts} "
            f"or in more than {most_share:.0%} of the texts. Allow rarer or more frequent words."
        )
    return Vocabulary(tuple(sorted(kept)), len(occurs))
