"""Exported programs, run in this process as a student would run them:
in a folder of their own, with nothing of the project.
"""

from __future__ import annotations

import contextlib
import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from aecore.export import companions, script
from aecore.runs.store import Run

os.environ.setdefault("MPLBACKEND", "Agg")


def run_script(run: Run, folder: Path, *, draws: bool = False) -> dict[str, Any]:
    """Exports the run into `folder` and runs it there; returns what its names stand for at the end.

    draws: the picture too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in companions(run).items():
        (folder / name).write_bytes(content)
    (folder / "exported.py").write_text(script(run), encoding="utf-8")
    return run_file(folder / "exported.py", draws=draws)


def run_file(path: Path, *, draws: bool = False) -> dict[str, Any]:
    """Runs a script in its own folder, and puts back what it changes in PyTorch; writing its picture takes longest."""
    import matplotlib.pyplot as plt

    unwritten = contextlib.nullcontext() if draws else patch("matplotlib.figure.Figure.savefig")
    with _torch_as_before(), contextlib.chdir(path.parent), unwritten:
        names = runpy.run_path(path.name)
    plt.close("all")
    return names


@contextlib.contextmanager
def _torch_as_before() -> Iterator[None]:
    threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_float32_matmul_precision(precision)
