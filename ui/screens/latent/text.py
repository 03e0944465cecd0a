"""Sentences on the figures of a map: its kNN accuracy, and classes that overlap."""

from __future__ import annotations

from collections.abc import Sequence

from ui.widgets.wording import percent

ALIKE = 0.01
"""A smaller difference of two kNN accuracies is not worth a word."""

Overlap = tuple[str, str, int, float]
"""Two classes, the rank of their overlap among all pairs, from 1, and the overlap."""


def knn_words(code: float, on_map: float) -> str:
    """What it means that the kNN accuracy on the map is larger or smaller than in the code; both in [0, 1]."""
    if abs(on_map - code) < ALIKE:
        return "Neighbours on the map tell the class about as well as neighbours in the code."
    if on_map < code:
        return "The map has lost some of what tells the classes apart in the code."
    return (
        "Here the map tells the classes apart better than the code it was made from. That is no new information: by "
        "pulling neighbours together it can leave stray points of other classes outside."
    )


def overlap_words(found: Sequence[Overlap], pairs: int, first: int) -> str:
    """How far pairs that are said to overlap do, among all pairs of classes; `first` pairs are on show."""
    if not found:
        return ""
    listed = "; ".join(f"**{a} and {b}** rank {rank} of {pairs} ({percent(share)})" for a, b, rank, share in found)
    if pairs <= first:
        return f"Measured here: {listed}."
    hits = sum(rank <= first for _, _, rank, _ in found)
    if len(found) == 1:
        verdict = f"So it is {'' if hits else 'not '}among the first {first}."
    elif hits == len(found):
        verdict = f"So all {hits} are among the first {first}."
    else:
        verdict = f"So {hits or 'none'} of these {len(found)} {'is' if hits < 2 else 'are'} among the first {first}."
    return f"Measured here: {listed}. {verdict}"
