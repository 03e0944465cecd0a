"""Sentences of the Words page, computed from the figures on it."""

from __future__ import annotations

import numpy as np

from aecore.foreign import in_markdown
from aecore.probing.probes import wilson
from aecore.words.results import ALL
from aecore.words.scores import FEW, guessing
from ui.screens.words.found import WAYS, Found
from ui.widgets.wording import percent

HALF_KNOWN = 0.5


def of(right: int, count: int) -> str:
    """As in "6 of 8"."""
    return f"{right:,} of {count:,}"


def what_it_shows(found: Found, way: str) -> list[str]:
    """Conclusions from the figures so far, and their limits."""
    results = found.results
    trained = results.trainings.get(way, {}).get(ALL) if results else None
    if results is None or trained is None or not trained.is_done:
        return []
    answers, _ = results.answers(way)
    asked = answers >= 0
    said = [_by_heart(found, way, trained.right[-1])]
    if not asked.all():
        return said
    right, count = int((answers == found.labels).sum()), len(answers)
    return [*said, _held_out(found, right, count), *_why_below(found, right, count), *_few(right, count)]


def versus(found: Found) -> str:
    """The two ways compared on held-out texts; empty while figures are missing."""
    if found.results is None:
        return ""
    rights = {}
    for way in WAYS:
        answers, _ = found.results.answers(way)
        if (answers < 0).any():
            return ""
        rights[way] = int((answers == found.labels).sum())
    count, alone, told = len(found.labels), rights["autoencoder"], rights["labels"]
    both = f"From the words alone: {of(alone, count)} unseen texts right. From the labels: {of(told, count)}."
    intervals = wilson(alone, count), wilson(told, count)
    if intervals[0][1] < intervals[1][0]:
        return (
            f"{both} A network trained on the labels can arrange the words by what matters for them alone; the "
            "autoencoder has to keep *everything* that texts are made of, whether it concerns the labels or not."
        )
    if intervals[1][1] < intervals[0][0]:
        return f"{both} Here the autoencoder, which saw no label while it learned its embedding, does better."
    return f"{both} With this number of texts, such a difference may be chance."


def knobs_of(found: Found, way: str) -> int:
    """Number of trained weights and biases."""
    words, size, classes = len(found.vocabulary.words), found.settings.embedding_size, len(found.texts.classes)
    reader = size * classes + classes
    return words * size + size + (size * words + words if way == "autoencoder" else 0) + reader


def how_measured(found: Found, way: str) -> str:
    """How the figures were measured."""
    folds = max(found.results.folds) + 1 if found.results else 0
    count = len(found.labels)
    how = (
        f"Each of the {count} texts was left out once"
        if count <= FEW
        else f"The texts were cut into {folds} parts, and each part was left out once"
    )
    classifier = " and a logistic regression on its codes" if way == "autoencoder" else ""
    chosen = (
        " The settings this page opens with were chosen by these very figures of the built-in texts, "
        "so for those they flatter a little."
    )
    averaged = "" if way == "autoencoder" else (
        " A text is the mean of its words' vectors, whatever their order. Laying them end to end, as tutorials "
        "often do, suits only texts of a few words."
    )  # fmt: skip
    return (
        f"{how}; a network{classifier} learned from the others, with the same settings, and was asked about what was "
        "left out. Words new to it were passed over. Guessing: always the most frequent label. Interval: 95 % "
        f"(Wilson). {knobs_of(found, way):,} weights and biases, {count:,} texts.{averaged}{chosen}"
    )


def _by_heart(found: Found, way: str, right: int) -> str:
    count = len(found.labels)
    knobs = knobs_of(found, way)
    if knobs > count:
        return (
            f"**{of(right, count)} right on the texts it learned from** shows little: there are {knobs:,} weights "
            f"and biases for {count:,} texts, enough to memorise them."
        )
    return f"**{of(right, count)} right on the texts it learned from.** What counts is the next figure."


def _held_out(found: Found, right: int, count: int) -> str:
    low, high = wilson(right, count)
    guess = guessing(found.labels)
    conclusion = (
        "clearly more than guessing"
        if low > guess
        else "no better than guessing, as far as these texts can tell"
        if high >= guess
        else "worse than guessing"
    )
    return (
        f"**{of(right, count)} right on texts it had not seen**: {conclusion} ({percent(guess)}). "
        f"95 % interval: {percent(low)} to {percent(high)}."
    )


def _why_below(found: Found, right: int, count: int) -> list[str]:
    known = found.known_elsewhere()
    total = found.bags.sum(1)
    ood_inputs = int((known < HALF_KNOWN * np.maximum(total, 1)).sum())
    said = []
    if ood_inputs >= 0.3 * count:
        said.append(
            f"Why? In {of(ood_inputs, count)} texts, most words occur in no other text. Left out, such a text is "
            "like a foreign language: the network has never met its words."
        )
    if count <= FEW and right / count < guessing(found.labels):
        said.append(
            "And why even *fewer* than by guessing? Leave out a text labelled "
            f"'{in_markdown(found.texts.classes[0])}', and that label becomes rarer among the rest. A network that has "
            "no idea answers with the label it met most often, and is wrong each time."
        )
    return said


def _few(right: int, count: int) -> list[str]:
    if count > FEW:
        return []
    return [f"**What {count} texts can show:** how the parts work together, and what learning by heart looks like. "
            "**What they cannot:** whether a network has understood anything. A single text is "
            f"{percent(1 / count)}; take the film remarks to see words find their places."]  # fmt: skip
