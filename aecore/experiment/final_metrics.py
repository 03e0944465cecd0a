"""The final metrics of a run on the test set, evaluated once when it has ended,
and the baselines of denoising.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from aecore.datasets import Dataset, Examples
from aecore.metrics.baselines import PcaCode
from aecore.probing.probes import Part, ProbeError, linear_probe, subset
from aecore.training.evaluation import Corrupt, corrupted, evaluate
from aecore.variants.base import Autoencoder

PROBED = 5000
MOST_CLASSES = 100
BATCH = 2000


@torch.inference_mode()
def final_scores(
    model: Autoencoder, data: Dataset, corrupt: Corrupt | None, device: torch.device
) -> tuple[dict[str, float], np.ndarray]:
    """Evaluates the test set once: its scores, and the codes of its examples (N, Z) float32.

    The model is in evaluation mode afterwards.

    mse: mean squared error per pixel. squared_error: the sum over an example's pixels, mean over the examples.
    probe: accuracy of logistic regression on the codes, learned from and tuned on `PROBED` examples at most,
    where there are classes.
    """
    x = torch.from_numpy(data.test.x).to(device)
    terms, mse = evaluate(model, x, corrupt)
    model.eval()
    codes = codes_of(model, x)
    scores = {
        "mse": mse,
        "squared_error": mse * data.inputs,
        **{f"loss_{name}": value for name, value in terms.items()},
    }
    if corrupt:
        scores |= _denoising(model, x, corrupt)
    return scores | _probe(model, data, codes, device), codes


def denoising_baselines(data: Dataset, pca: PcaCode | None, corrupt: Corrupt) -> dict[str, float]:
    """Mean squared error per pixel of corrupted validation and test pictures: as they are, and projected by PCA."""
    scores: dict[str, float] = {}
    for part, examples in (("validation", data.validation), ("test", data.test)):
        clean = torch.from_numpy(examples.x)
        noisy = corrupted(clean, corrupt)
        scores[f"damaged_{part}"] = float((noisy - clean).square().mean())
        if pca:
            denoised = torch.from_numpy(pca.reconstruct(noisy.numpy()))
            scores[f"pca_damaged_{part}"] = float((denoised - clean).square().mean())
    return scores


def _denoising(model: Autoencoder, x: Tensor, corrupt: Corrupt) -> dict[str, float]:
    """Mean squared error per pixel of the corrupted pictures themselves, and of their reconstructions."""
    noisy = corrupted(x, corrupt)
    denoised = torch.cat([model(part).float() for part in noisy.split(BATCH)])
    return {"mse_damaged": float((noisy - x).square().mean()), "mse_denoised": float((denoised - x).square().mean())}


def _probe(model: Autoencoder, data: Dataset, test_codes: np.ndarray, device: torch.device) -> dict[str, float]:
    labels, classes = data.test.labels, len(data.classes)
    if labels is None or classes > MOST_CLASSES:
        return {}
    parts: list[Examples] = [part.take(subset(part.labels, PROBED)) for part in (data.train, data.validation)]
    learned, checked = (Part(codes_of(model, torch.from_numpy(part.x).to(device)), part.labels) for part in parts)
    try:
        return {"probe": linear_probe(learned, checked, Part(test_codes, labels), classes).accuracy}
    except ProbeError:
        return {}


@torch.inference_mode()
def codes_of(model: Autoencoder, x: Tensor) -> np.ndarray:
    """x (N, *shape) on the model's device -> (N, Z) float32; the model must be in evaluation mode."""
    return torch.cat([model.encode(part).float().cpu() for part in x.split(BATCH)]).numpy()
