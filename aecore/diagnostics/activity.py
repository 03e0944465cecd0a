"""Computes the diagnostics of a network: active units, explained variance of data and OOD inputs,
filters of each layer, unit contributions, the encoder's Jacobian.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from aecore.diagnostics.records import THRESHOLDS, Inside
from aecore.variants.base import Autoencoder

SAMPLE = 256
"""Validation examples in the sample."""

LARGEST_SIDE = 1100
"""Jacobians with more rows and columns than this are left out: their singular values take seconds."""

ROWS = 256
"""Rows of a Jacobian that are computed at once."""

SHOWN, PICTURES, TOP, FILTERS, CONTRIBUTING = 6, 8, 8, 24, 24
FEW = 32
"""Examples over which gradients are averaged."""

MOST_WORK = 2_000_000
"""Entries of all Jacobians of one step; large networks use fewer examples."""


@torch.no_grad()
def look_inside(
    model: Autoencoder, sample: Tensor, pictures: Tensor, ood_inputs: Mapping[str, Tensor], step: int, epoch: float
) -> Inside:
    """The diagnostics at `step`. sample (N, *shape): held-out examples; pictures (K, *shape): those shown;
    ood_inputs: kind -> (M, *shape).
    """
    model.eval()
    z = model.encode(sample).float()
    is_active = torch.stack([z.abs() > threshold for threshold in THRESHOLDS]).float()
    divergence = model.divergences(sample)
    kinds = {"data": sample, **ood_inputs}
    answers = {name: model(x).float() for name, x in kinds.items()}
    shown = min(SHOWN, *map(len, kinds.values()))
    layers = layer_filters(model, sample[:FEW])
    units, contributions = unit_contributions(model, z)
    top = top_activations(model, model.encode(pictures[:PICTURES]).float(), z.median(0).values)
    values = {
        "active": is_active.mean(1), "active_units": is_active.sum(2).mean(1), "variance": z.var(0, correction=0),
        "divergence": torch.zeros(0) if divergence is None else divergence,
        "explained": torch.stack([explained_variance(x, answers[name]) for name, x in kinds.items()]),
        "filters": torch.cat(layers) if layers else torch.zeros(0, *model.shape),
        "contribution_units": units, "contributions": contributions,
        "top_units": top[0], "top_values": top[1], "top_contributions": top[2],
        "singular": singular_values(model, sample),
    }  # fmt: skip
    model.train()
    return Inside(
        step, epoch, kinds=np.array(list(kinds)), layer_sizes=np.array([len(each) for each in layers], int),
        shown_in=_bytes([x[:shown] for x in kinds.values()]), shown_out=_bytes([y[:shown] for y in answers.values()]),
        **{name: _array(value) for name, value in values.items()},
    )  # fmt: skip


def explained_variance(x: Tensor, y: Tensor) -> Tensor:
    """1 - sum |x - y|^2 / sum |x - mean|^2 of inputs x and reconstructions y, both (N, *shape): scalar, 1 at best."""
    return 1 - (x - y).square().sum() / (x - x.mean(0)).square().sum().clamp(min=1e-12)


def layer_filters(model: Autoencoder, x: Tensor) -> list[Tensor]:
    """The filter of each unit: the mean gradient of its weighted sum with respect to x (N, *shape),
    (U, *shape) for each layer.

    The first FILTERS units of every dense and convolutional layer of the encoder; of a feature map its
    central unit. For the first dense layer these are its weights, for the next ones the product of the
    weights along the active paths.
    """
    seen: list[Tensor] = []
    layers = [layer for layer in model.encoder.modules() if isinstance(layer, nn.Linear | nn.Conv2d)]
    hooks = [layer.register_forward_hook(lambda _layer, _inputs, out: seen.append(out)) for layer in layers]
    try:
        with torch.inference_mode(False), torch.enable_grad():
            x = x.detach().clone().requires_grad_()
            model.encode(x)
            return [_mean_gradients(out, x) for out in seen]
    finally:
        for hook in hooks:
            hook.remove()


def _mean_gradients(out: Tensor, x: Tensor) -> Tensor:
    if out.ndim == 4:
        out = out[:, :, out.shape[2] // 2, out.shape[3] // 2]
    sums = out[:, :FILTERS].sum(0)
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0].mean(0) for each in sums])


def unit_contributions(model: Autoencoder, z: Tensor) -> tuple[Tensor, Tensor]:
    """The CONTRIBUTING units of the codes z (N, Z) with the largest variance, and the contribution of each:
    decode(mean + its deviation) - decode(mean).
    """
    mean, deviation = z.mean(0), z.std(0, correction=0)
    units = deviation.argsort(dim=0, descending=True, stable=True)[:CONTRIBUTING]
    moved = mean.repeat(len(units), 1)
    moved[torch.arange(len(units)), units] += deviation[units]
    return units, (model.decode(moved) - model.decode(mean[None])).float()


def top_activations(model: Autoencoder, z: Tensor, rest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The top activations of each code of z (Q, Z): its units farthest from `rest` (Z,), their values,
    and their contributions: decode(z) - decode(z with that unit at rest).

    (Q, P), (Q, P) and (Q, P, *shape), the farthest first.
    """
    units = (z - rest).abs().argsort(dim=1, descending=True, stable=True)[:, :TOP]
    at_rest = z[:, None].repeat(1, units.shape[1], 1).scatter(2, units[..., None], rest[units][..., None])
    without = model.decode(at_rest.flatten(0, 1)).unflatten(0, units.shape)
    return units, z.gather(1, units), (model.decode(z)[:, None] - without).float()


def singular_values(model: Autoencoder, sample: Tensor) -> Tensor:
    """Singular values of the encoder's Jacobian ∂z/∂x (Z, D), the largest first:
    the mean over a few examples of the sample.

    The sensitivity of the code along the input directions to which it is most sensitive;
    Rifai et al. 2011, section 5.3. Empty where both sides are larger than LARGEST_SIDE.
    """
    inputs, outputs = sample[0].numel(), model.latent_size
    if min(inputs, outputs) > LARGEST_SIDE:
        return torch.zeros(0)
    count = max(1, min(FEW, MOST_WORK // (inputs * outputs)))
    with torch.inference_mode(False), torch.enable_grad():
        units = torch.arange(outputs, device=sample.device).split(ROWS)
        rows = torch.cat([_slopes(model, sample[:count], part) for part in units])
    matrices = rows.flatten(2).transpose(0, 1).double().cpu()
    gram = matrices @ matrices.mT if outputs < inputs else matrices.mT @ matrices
    return torch.linalg.eigvalsh(gram).clamp(min=0).sqrt().flip(1).mean(0).float()


def _slopes(model: Autoencoder, x: Tensor, units: Tensor) -> Tensor:
    """∂z_k/∂x for some numbers k of the code (K,): (K, B, *shape). The examples are encoded once per unit,
    and a single sum is differentiated: unlike a batch of gradients, this does not import sympy.
    """
    copies = x.detach().repeat(len(units), *(1 for _ in x.shape[1:])).requires_grad_()
    z = model.encode(copies).float().unflatten(0, (len(units), len(x)))
    own = z[torch.arange(len(units), device=x.device), :, units]
    return torch.autograd.grad(own.sum(), copies)[0].unflatten(0, (len(units), len(x)))


def _bytes(stacks: list[Tensor]) -> np.ndarray:
    return torch.stack(stacks).float().clamp(0, 1).mul(255).round().byte().cpu().numpy()


def _array(x: Tensor) -> np.ndarray:
    x = x.detach().cpu()
    return (x.half() if x.ndim > 2 and x.is_floating_point() else x.float() if x.is_floating_point() else x).numpy()
