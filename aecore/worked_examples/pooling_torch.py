"""Pooling and three ways of unpooling on real pictures, with PyTorch's own layers,
and their errors over a whole test set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

BACK = ("switches", "top left", "repeated")
"""The ways of unpooling, in the order of every array here: to the switch, to the window's top left cell,
over the whole window.
"""

CHUNK = 2000


@dataclass(frozen=True)
class Pooled:
    """Pictures (N, 1, H, W) pooled and unpooled, float32.

    values (N, 1, H/2, W/2), switches the same, int64 flat indices into H x W;
    back (3, N, 1, H, W), one for each way of `BACK`.
    """

    values: np.ndarray
    switches: np.ndarray
    back: np.ndarray


@dataclass(frozen=True)
class Losses:
    """The error of each way of `BACK`.

    kernels (3, 3, 3): for each way the 3 x 3 kernel that least squares give on the training pictures. plain (3,) and
    fitted (3,): mean squared error per pixel over the test pictures, without and with it. closest (3,): the share of
    test pictures for which the way, with its kernel, has the smallest error. blank: the error of an empty picture.
    """

    kernels: np.ndarray
    plain: np.ndarray
    fitted: np.ndarray
    closest: np.ndarray
    blank: float


@torch.inference_mode()
def there_and_back(pictures: np.ndarray) -> Pooled:
    """2 x 2 max pooling, stride 2, and the three ways of unpooling. pictures (N, 1, H, W) float32, H and W even."""
    x = torch.from_numpy(np.ascontiguousarray(pictures))
    values, switches = nn.MaxPool2d(2, return_indices=True)(x)
    first = torch.arange(x[0, 0].numel()).reshape(x.shape[2:])[::2, ::2].expand_as(switches)
    unpool, repeat = nn.MaxUnpool2d(2), nn.ConvTranspose2d(1, 1, 2, stride=2, bias=False)
    repeat.weight.data.fill_(1)  # a 2 x 2 kernel of ones, two apart, writes each value over its whole window
    back = torch.stack([unpool(values, switches), unpool(values, first), repeat(values)])
    return Pooled(values.numpy(), switches.numpy(), back.numpy())


@torch.inference_mode()
def deconvolved(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Maps (N, 1, H, W) through a transposed convolution with one 3 x 3 kernel, stride 1,
    padding 1, no bias; same shape.
    """
    layer = nn.ConvTranspose2d(1, 1, 3, padding=1, bias=False)
    layer.weight.data.copy_(torch.from_numpy(kernel)[None, None])
    return layer(torch.from_numpy(maps)).numpy()


def fit_kernel(maps: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """The 3 x 3 kernel with which `deconvolved(maps)` comes closest to the pictures in squared
    error; both (N, 1, H, W).

    Least squares in closed form: the normal equations of the nine shifted maps.
    If the solution is not unique, the smallest.
    """
    height, width = maps.shape[2:]
    gram, target = np.zeros((9, 9)), np.zeros(9)
    for start in range(0, len(maps), CHUNK):
        padded = np.pad(maps[start : start + CHUNK, 0], ((0, 0), (1, 1), (1, 1)))
        shifted = np.stack(
            [padded[:, 2 - r : 2 - r + height, 2 - c : 2 - c + width].ravel() for r in range(3) for c in range(3)]
        )
        gram += shifted @ shifted.T
        target += shifted @ pictures[start : start + CHUNK].ravel()
    return np.linalg.lstsq(gram, target, rcond=None)[0].reshape(3, 3).astype(np.float32)


def losses(train: np.ndarray, test: np.ndarray) -> Losses:
    """Fits one kernel per way of unpooling on `train` and measures all ways on `test`; both (N, 1, H, W) float32."""
    learned = there_and_back(train).back
    kernels = np.stack([fit_kernel(maps, train) for maps in learned])
    plain, fitted, blank = [], [], 0.0
    for start in range(0, len(test), CHUNK):
        chunk = test[start : start + CHUNK]
        back = there_and_back(chunk).back
        blank += float(_mse(chunk).sum())
        plain.append([_mse(maps - chunk) for maps in back])
        fitted.append([_mse(deconvolved(maps, kernel) - chunk) for maps, kernel in zip(back, kernels, strict=True)])
    without, with_kernel = np.concatenate(plain, axis=1), np.concatenate(fitted, axis=1)  # (3, N)
    closest = np.bincount(with_kernel.argmin(0), minlength=len(BACK)) / len(test)
    return Losses(kernels, without.mean(1), with_kernel.mean(1), closest, blank / len(test))


def _mse(difference: np.ndarray) -> np.ndarray:
    """Mean squared error per pixel of each picture, (N, 1, H, W) -> (N,)."""
    return np.square(difference, dtype=np.float64).mean(axis=(1, 2, 3))
