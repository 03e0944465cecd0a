"""On a CUDA GPU: samples per second of plain and replayed steps, and the share of the card's own
matrix-product ceiling.

`python -m tests.benchmarks.gpu` measures and writes docs/gpu.md; `make bench` does so where there is a GPU.
"""

from __future__ import annotations

import time
from pathlib import Path

import torch
from torch import nn

from aecore.training.devices import precision_context
from aecore.training.loop import TrainingSettings, begin
from aecore.training.step import PlainStep, make_step
from aecore.variants import VARIANTS
from tests.benchmarks import throughput

REPORT = Path(__file__).resolve().parents[2] / "docs" / "gpu.md"
STEPS = 300


def write_report() -> bool:
    """Writes docs/gpu.md; False, and nothing written, where there is no GPU."""
    measured = table()
    if measured:
        made = f"Made by `python -m tests.benchmarks.gpu` on {time.strftime('%Y-%m-%d')}, PyTorch {torch.__version__}."
        REPORT.write_text(
            f"# On a GPU\n\n{made}\n\nThe network of the first table is 784-1000-500-250-30, mirrored; "
            f"cross-entropy, bfloat16 products.\n\n{measured}"
        )
    return bool(measured)


def table() -> str:
    """A Markdown table; empty where there is no GPU."""
    if not torch.cuda.is_available():
        return ""
    ceiling = _ceiling()
    rows = []
    for batch in (128, 4096):
        for kind in ("plain", "graphed"):
            rate, operations = _rate(batch, kind)
            rows.append(f"| {kind}, batch {batch} | {rate:,.0f} | {rate * operations / ceiling:.1%} |")
    head = (
        f"On {torch.cuda.get_device_name()}, whose matrix products reach {ceiling / 1e12:,.0f} "
        "TFLOP/s in bfloat16 here:\n\n"
    )
    steps = (
        head + "| step | samples per second | share of that ceiling |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )
    return steps + "\n" + _loops()


def _loops() -> str:
    """The loops of `throughput` on this card: what a worker reaches with everything that a run records."""
    rates = {loop: throughput.measure(loop, repeats=2) for loop in ("bare-full", "app-full", "bare-fast", "app-fast")}
    names = {"bare-full": "plain steps, float32", "app-full": "**through the app**, float32"}
    names |= {"bare-fast": "plain steps, bfloat16 products", "app-fast": "**through the app**, bfloat16 products"}
    rows = "\n".join(
        f"| {names[loop]} | {rate:,.0f} | {rate / rates['bare-' + loop[-4:]]:.2f} |" for loop, rate in rates.items()
    )
    head = f"784-400-20-400-784, batch {throughput.BATCH}, as above; the app replays graphs:\n\n"
    return head + f"| loop | samples per second | against plain steps |\n| --- | --- | --- |\n{rows}\n"


def _rate(batch: int, kind: str) -> tuple[float, float]:
    """Samples per second of one kind of step, and the matrix-product operations that a sample takes."""
    variant = VARIANTS["undercomplete"]
    settings = variant.settings_class().replace(widths=(1000, 500, 250), latent_size=30, loss="bce")
    model = variant.build(settings, (1, 28, 28), torch.Generator().manual_seed(0))
    training = TrainingSettings(device="cuda", batch_size=batch)
    state = begin(model, training)
    x = torch.rand(60_000, 1, 28, 28, device="cuda")
    with precision_context(training.precision, state.device) as is_fast:
        plain = PlainStep(state.model, state.optimizer, state.rng, None, is_fast)
        step = plain if kind == "plain" else make_step(plain, batch)
        for index in range(STEPS + 20):
            if index == 20:
                torch.cuda.synchronize()
                begun = time.perf_counter()
            order = torch.randint(len(x), (batch,), device="cuda")
            step(x.index_select(0, order), 0.001)
        torch.cuda.synchronize()
    weights = sum(layer.weight.numel() for layer in model.modules() if isinstance(layer, nn.Linear))
    return STEPS * batch / (time.perf_counter() - begun), 6.0 * weights  # forward, and two products backward


def _ceiling(size: int = 8192, repeats: int = 30) -> float:
    """Operations per second of a large bfloat16 product, measured on random numbers."""
    a, b = (torch.randn(size, size, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    for _ in range(5):
        a @ b
    torch.cuda.synchronize()
    begun = time.perf_counter()
    for _ in range(repeats):
        a @ b
    torch.cuda.synchronize()
    return repeats * 2 * size**3 / (time.perf_counter() - begun)


if __name__ == "__main__":
    print(f"Written: {REPORT}" if write_report() else "No CUDA GPU on this machine: nothing was measured.")
