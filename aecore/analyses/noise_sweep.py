"""Noise sweeps: denoising by networks and by classical denoisers over all levels of a corruption."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS, best_strength, denoised, fit_components
from aecore.corruption.chain import CorruptionStep, apply
from aecore.datasets import Dataset, load
from aecore.jobs.kinds import JobProgress
from aecore.metrics.image_similarity import ImageSimilarity, image_similarity
from aecore.pretrained.trained_models import TrainedModel, find_trained_model
from aecore.runs.store import RunStore
from aecore.stores.results import Kind, ResultCache, Slot

LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
PICTURES, TUNED_ON = 300, 64
"""Test pictures to denoise, and validation pictures on which the strength of each classical denoiser is chosen at
each level.
"""

LEARNED_FROM = 10_000
"""Training pictures to which PCA is fitted."""

BAND = (0.25, 0.75)
SWEEP = Kind("sweep")

MEASURES = ("mse", "psnr", "ssim")


@dataclass(frozen=True)
class Curve:
    """Image similarity that one method reaches: for each of MEASURES the mean over the pictures and the
    ends of the band at each of LEVELS, (L,).
    """

    mean: dict[str, list[float]]
    low: dict[str, list[float]]
    high: dict[str, list[float]]
    strengths: list[float]


def sweep(store: RunStore, names: Sequence[str], data: str, corruption: str) -> Iterator[JobProgress]:
    """Computes the missing curves of the networks `names` and of all CLASSICAL_DENOISERS,
    and stores each as soon as it is complete.

    Networks come first. All methods see the same corrupted versions of the first PICTURES test pictures; classical
    denoisers use the strength that is best on validation pictures with the same corruption. RunError, DataError or
    SettingsError if a run or a data set is missing.
    """
    trained_models = [find_trained_model(store, name) for name in names]
    missing: list[TrainedModel | str] = [
        each for each in (*trained_models, *CLASSICAL_DENOISERS) if read_curve(store, each, data, corruption) is None
    ]
    if not missing:
        return
    yield JobProgress(0.0, "Loading the pictures")
    whole = load(data)
    pca = fit_components(whole.train.x[:LEARNED_FROM]) if "pca" in missing else None
    for index, each in enumerate(missing):
        points: list[tuple[ImageSimilarity, float]] = []
        for number, (point, strength) in enumerate(_points(each, whole, corruption, pca), 1):
            points.append((point, strength))
            share = (index + number / len(LEVELS)) / len(missing)
            yield JobProgress(
                share,
                f"{CLASSICAL_DENOISERS[each].title if isinstance(each, str) else 'network ' + each.id} at strength "
                f"{LEVELS[number - 1]:g}",
            )
        _slot(store, each, data, corruption).write(asdict(_curve(points)))


def cached(store: RunStore, names: Sequence[str], data: str, corruption: str) -> list[Path]:
    """The stored curves that a sweep does not compute again. RunError if a run is missing."""
    methods = (*(find_trained_model(store, name) for name in names), *CLASSICAL_DENOISERS)
    return [_slot(store, each, data, corruption).path for each in methods]


def read_curve(store: RunStore, method: TrainedModel | str, data: str, corruption: str) -> Curve | None:
    """The stored curve of a network, or of a classical denoiser by its name; None if it has not been computed."""
    return _slot(store, method, data, corruption).read_as(lambda found: Curve(**found.values))


def network_curve(trained_model: TrainedModel, data: Dataset, corruption: str) -> Curve:
    """The curve of one network, computed now and not stored."""
    return _curve(list(_points(trained_model, data, corruption, None)))


def _points(
    method: TrainedModel | str, data: Dataset, corruption: str, pca: Any
) -> Iterator[tuple[ImageSimilarity, float]]:
    """Image similarity at each level, and the strength that was chosen."""
    clean, tuned_on = data.test.x[:PICTURES], data.validation.x[:TUNED_ON]
    denoise = None if isinstance(method, str) else _answers(method)
    for level in LEVELS:
        noisy = apply(clean, [CorruptionStep(corruption, level)], 0)
        if denoise:
            yield image_similarity(clean, denoise(noisy)), 0.0
        else:
            strength = best_strength(method, tuned_on, apply(tuned_on, [CorruptionStep(corruption, level)], 1), pca)
            yield image_similarity(clean, denoised(method, noisy, strength, pca)), strength


def _answers(trained_model: TrainedModel) -> Callable[[np.ndarray], np.ndarray]:
    import torch

    network = trained_model.network()

    def answer(x: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network(torch.from_numpy(x)).float().numpy()

    return answer


def _curve(points: list[tuple[ImageSimilarity, float]]) -> Curve:
    columns: dict[str, np.ndarray] = {
        name: np.stack([getattr(point, name) for point, _ in points]) for name in MEASURES
    }
    low, high = (
        {name: np.nan_to_num(np.quantile(values, end, axis=1)).tolist() for name, values in columns.items()}
        for end in BAND
    )
    mean = {name: np.nan_to_num(values.mean(1)).tolist() for name, values in columns.items()}
    return Curve(mean, low, high, [strength for _, strength in points])


def _slot(store: RunStore, method: TrainedModel | str, data: str, corruption: str) -> Slot:
    inputs = () if isinstance(method, str) else (method.fingerprint,)
    settings = [method if isinstance(method, str) else method.id, data, corruption, PICTURES, LEVELS]
    return ResultCache(store.folder.parent).slot(SWEEP, settings, inputs)
