"""Numpy arrays as tensors on the device of a training, and back: on the processor they are one memory, on a GPU two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


def resident(array: np.ndarray, device: str) -> Tensor:
    """The array on this device; on the processor a change of one is a change of the other."""
    import torch

    return torch.from_numpy(array).to(device, non_blocking=True)


def put_rows(whole: Tensor, places: Tensor, rows: Tensor) -> None:
    """whole[places] = rows, (n, ...), by numpy where it can: on one thread that takes two thirds of the time."""
    if whole.device.type == "cpu":
        whole.numpy()[places.numpy()] = rows.detach().numpy()
    else:
        whole.index_copy_(0, places, rows)


def bring_back(pairs: Iterable[tuple[Tensor, np.ndarray]]) -> None:
    """Copies tensors into the arrays they were made of, where they do not share their memory."""
    for tensor, array in pairs:
        if array.size and tensor.data_ptr() != array.ctypes.data:
            array[...] = tensor.detach().cpu().numpy()
