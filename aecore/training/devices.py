"""Devices and precision: CUDA, MPS or CPU; float32 or bfloat16 matrix products."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from aecore.settings import SettingsError

MALLOPT = {"trim threshold": (-1, 2**31 - 1), "mmap threshold": (-3, 2**30)}
"""glibc's mallopt codes (malloc.h), by which freed memory is kept for reuse instead of being returned page by page."""


def available_devices() -> tuple[str, ...]:
    """The devices of this machine, the fastest first."""
    gpus = [("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available())]
    return (*(name for name, is_there in gpus if is_there), "cpu")


def pick_device(chosen: str) -> torch.device:
    """The device asked for, or the fastest for 'auto'. SettingsError if it is not available."""
    devices = available_devices()
    if chosen == "auto":
        return torch.device(devices[0])
    if chosen not in devices:
        raise SettingsError(f"device is '{chosen}', but this machine has only {', '.join(devices)}; choose 'auto'.")
    return torch.device(chosen)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether this device multiplies bfloat16 matrices in hardware."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return False


@cache
def has_exact_medium(device: torch.device) -> bool:
    """Whether the "medium" setting still gives float32's accuracy here, as it does on processors without AMX.

    There it only moves the products from MKL to oneDNN, which was measured to be twice as fast on some.
    """
    if device.type != "cpu":
        return False
    rng = torch.Generator().manual_seed(0)
    a, b = (torch.randn(shape, generator=rng) for shape in ((128, 784), (784, 400)))
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    product = (a @ b).double()
    torch.set_float32_matmul_precision(before)
    exact = a.double() @ b.double()
    return float((product - exact).norm() / exact.norm()) < 2e-6


@contextmanager
def precision_context(precision: str, device: torch.device) -> Iterator[bool]:
    """Inside, matrix products follow the setting; yields whether steps are to be taken in bfloat16.

    Weights stay float32.
    """
    is_fast = precision == "fast" or (precision == "auto" and has_fast_bfloat16(device))
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium" if is_fast or has_exact_medium(device) else "highest")
    try:
        yield is_fast
    finally:
        torch.set_float32_matmul_precision(before)


def keep_memory() -> bool:
    """Makes glibc's allocator keep its pages (True if it does):
    every training step reuses the same blocks.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(code, value) == 1 for code, value in MALLOPT.values())


def device_name(device: torch.device) -> str:
    """The display name of a device, for instance 'NVIDIA H100' or 'CPU'."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else {"mps": "Apple GPU"}.get(device.type, "CPU")
