"""Samples per second of one network in four loops, each in a fresh process with one thread.

The network is 784-400-20-400-784, batch 128, Adam, on MNIST's 55,000 training
pictures where they are there, else on as many random ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

BATCH, EPOCHS = 128, 2
SETTINGS = {
    "widths": [400],
    "latent_size": 20,
    "loss": "bce",
    "batch_size": BATCH,
    "learning_rate": 0.001,
    "schedule": "constant",
}
LOOPS = ("conventional", "bare-full", "app-full", "bare-fast", "app-fast")


def measure(loop: str, repeats: int = 3) -> float:
    """Samples per second of one loop: the best of several fresh processes,
    because other work only ever slows one down.
    """
    command = [sys.executable, "-m", "tests.benchmarks.throughput", loop]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    results = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(repeats)
    ]
    return max(float(result.stdout.splitlines()[-1]) for result in results)


def pictures() -> np.ndarray:
    """(N, 1, 28, 28) uint8: MNIST's training pictures, or noise of the same size."""
    from aecore.datasets import DataError, load

    try:
        return (load("mnist").train.x * 255).round().astype(np.uint8)
    except DataError:
        return np.random.default_rng(0).integers(0, 256, (55_000, 1, 28, 28), dtype=np.uint8)


def conventional() -> float:
    """What tutorials do: a picture and a transform per example, a DataLoader, default Adam, `.item()` every step.

    Each example takes the steps of torchvision's MNIST and ToTensor, which has no build for this torch: a PIL picture,
    an array, a tensor, its axes moved, floats, a division; the label comes along.
    """
    import torch
    from PIL import Image
    from torch.nn import functional as F
    from torch.utils.data import DataLoader, Dataset

    def to_tensor(picture: Image.Image) -> torch.Tensor:
        x = torch.from_numpy(np.array(picture, np.uint8, copy=True))
        x = x.view(picture.size[1], picture.size[0], 1).permute((2, 0, 1)).contiguous()
        return x.to(dtype=torch.get_default_dtype()).div(255)

    class Pictures(Dataset):
        def __init__(self, x: np.ndarray) -> None:
            self.x, self.labels = torch.from_numpy(x), torch.zeros(len(x), dtype=torch.int64)

        def __len__(self) -> int:
            return len(self.x)

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            return to_tensor(Image.fromarray(self.x[index, 0].numpy())), int(self.labels[index])

    torch.set_num_threads(1)
    model = _network()
    loader = DataLoader(Pictures(pictures()), batch_size=BATCH, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    rate = 0.0
    for _ in range(EPOCHS):
        begin, total, count = time.perf_counter(), 0.0, 0
        for x, _label in loader:
            optimizer.zero_grad()
            loss = F.binary_cross_entropy(model(x), x)
            loss.backward()
            total += loss.item()
            optimizer.step()
            count += len(x)
        rate = max(rate, count / (time.perf_counter() - begin))
    return rate


def bare(precision: str) -> float:
    """The training step alone: data resident, order by permutation, fused Adam, nothing recorded, nothing saved."""
    import torch

    from aecore.training.devices import keep_memory, precision_context
    from aecore.training.loop import TrainingSettings, begin

    keep_memory()
    torch.set_num_threads(1)
    state = begin(
        _network(), TrainingSettings(**{key: SETTINGS[key] for key in ("batch_size", "learning_rate", "schedule")})
    )
    x = torch.from_numpy(pictures().astype(np.float32) / 255).to(state.device)
    rate = 0.0
    with precision_context(precision, state.device) as is_fast:
        for _ in range(EPOCHS):
            start, order = time.perf_counter(), torch.randperm(len(x)).to(state.device)
            for first in range(0, len(x), BATCH):
                clean = x.index_select(0, order[first : first + BATCH])
                with torch.autocast(state.device.type, torch.bfloat16, enabled=is_fast):
                    loss = state.model.loss_terms(clean, clean, state.rng)["reconstruction"]
                state.optimizer.zero_grad(set_to_none=True)
                loss.backward()
                state.optimizer.step()
            if state.device.type == "cuda":
                torch.cuda.synchronize()
            rate = max(rate, len(x) / (time.perf_counter() - start))
    return rate


def app(precision: str) -> float:
    """Through queue and worker, with records, validation, snapshots and checkpoints; wall time between records."""
    from aecore.experiment.settings import RunSettings
    from aecore.jobs.local import LocalExecutor
    from aecore.jobs.service import Jobs
    from aecore.runs.store import RunStore

    data = "mnist" if _has_mnist() else "shapes"
    settings = RunSettings.build(data, "undercomplete", **SETTINGS, epochs=EPOCHS + 1, precision=precision)
    with TemporaryDirectory() as folder:
        store = RunStore(Path(folder) / "runs")
        jobs = Jobs(store, LocalExecutor(store.folder.parent, {"runs": 1}))
        jobs.open()
        run = store.create(settings.to_dict(), "benchmark")
        jobs.train(run.id, "benchmark")
        while store.get(run.id).status.is_active:
            time.sleep(0.25)  # about as often as a page looks
        jobs.close()
        ends = [r for r in map(json.loads, (run.folder / "progress.jsonl").read_text().splitlines()) if r["validation"]]
    return max((b["step"] - a["step"]) * BATCH / (b["time"] - a["time"]) for a, b in zip(ends, ends[1:], strict=False))


def _network():
    import torch

    from aecore.variants import VARIANTS

    variant = VARIANTS["undercomplete"]
    settings = variant.settings_class(**{key: SETTINGS[key] for key in ("widths", "latent_size", "loss")})
    return variant.build(settings, (1, 28, 28), torch.Generator().manual_seed(0))


def _has_mnist() -> bool:
    from aecore.datasets import is_ready

    return is_ready("mnist")


if __name__ == "__main__":
    loop, _, kind = sys.argv[1].partition("-")
    print(conventional() if loop == "conventional" else bare(kind) if loop == "bare" else app(kind))
