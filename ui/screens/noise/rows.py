"""The rows of the Noise lab: clean and corrupted pictures, each network's reconstructions, and differences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from aecore.metrics.image_similarity import ImageSimilarity, image_similarity
from aecore.pretrained.trained_models import TrainedModel
from ui.widgets.kept import Kept
from ui.widgets.networks import reconstruct
from ui.widgets.picture_rows import PER_BLOCK, Row
from ui.widgets.pictures import diverging


@dataclass(frozen=True)
class Answer:
    """One network's reconstructions of the corrupted pictures."""

    title: str
    found: TrainedModel
    pictures: np.ndarray
    image_similarity: ImageSimilarity


Shown = tuple[np.ndarray, ImageSimilarity]

KEPT = 32 << 20
"""Bytes of reconstructions that are kept."""

_kept: Kept[Shown] = Kept(KEPT, lambda shown: shown[0].nbytes + 1024)


def answers(trained_models: Mapping[str, TrainedModel], clean: np.ndarray, noisy: np.ndarray) -> list[Answer]:
    """The reconstructions of each network. trained_models: title -> network. RunError if its weights are unreadable.

    The same pictures are given to the same network once: a class looks at them together, and the page at what its
    slider has just shown.
    """
    marks = _mark(clean), _mark(noisy)

    def made(found: TrainedModel) -> Shown:
        pictures = reconstruct(found, noisy)
        pictures.setflags(write=False)
        return pictures, image_similarity(clean, pictures)

    return [
        Answer(title, each, *_kept.get((each.id, each.fingerprint, *marks), partial(made, each)))
        for title, each in trained_models.items()
    ]


def left_as_they_are(clean: np.ndarray, noisy: np.ndarray) -> ImageSimilarity:
    """How similar the corrupted pictures are to the clean ones."""
    return _kept.get((_mark(clean), _mark(noisy)), lambda: (np.empty(0), image_similarity(clean, noisy)))[1]


def _mark(pictures: np.ndarray) -> str:
    content = np.ascontiguousarray(pictures)
    return f"{content.shape}{content.dtype}{hashlib.sha256(content.data).hexdigest()}"


def rows_of(clean: np.ndarray, noisy: np.ndarray, given: Sequence[Answer], *, has_differences: bool) -> list[Row]:
    """The rows; under the corrupted pictures and the reconstructions the mean PSNR of each block."""
    rows = [Row("Clean", clean), Row("Corrupted", noisy, _notes(left_as_they_are(clean, noisy).psnr))]
    for each in given:
        rows.append(Row(each.title, each.pictures, _notes(each.image_similarity.psnr)))
        if has_differences:
            rows.append(Row("difference from the clean picture", _differences(each.pictures - clean)))
    return rows


def _notes(psnr: np.ndarray) -> list[str]:
    return [f"{psnr[start : start + PER_BLOCK].mean():.1f} dB" for start in range(0, len(psnr), PER_BLOCK)]


def _differences(difference: np.ndarray) -> np.ndarray:
    """(K, C, H, W), all on the same scale: full blue and full orange are a difference of 1."""
    grey = difference.mean(1, keepdims=True)
    scale = np.concatenate(
        [grey, np.ones_like(grey[..., :1])], axis=3
    )  # an extra column sets the scale, and is removed again
    return diverging(scale)[..., :-1]
