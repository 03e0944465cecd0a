"""NumPy arrays as tensors on the training device, and back: shared memory on the CPU, copies on a GPU."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


def resident(array: np.ndarray, device: str) -> Tensor:
    """The array as a tensor on this device; on the CPU the two share memory."""
    import torch

    return torch.from_numpy(array).to(device, non_blocking=True)


def put_rows(whole: Tensor, places: Tensor, rows: Tensor) -> None:
    """whole[places] = rows, (n, ...), by NumPy on the CPU: on one thread that takes two thirds of the time."""
    if whole.device.type == "cpu":
        whole.numpy()[places.numpy()] = rows.detach().numpy()
    else:
        whole.index_copy_(0, places, rows)


def bring_back(pairs: Iterable[tuple[Tensor, np.ndarray]]) -> None:
    """Copies tensors back into the arrays they were made from, unless they share memory."""
    for tensor, array in pairs:
        if array.size and tensor.data_ptr() != array.ctypes.data:
            array[...] = tensor.detach().cpu().numpy()
