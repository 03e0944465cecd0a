"""Each page of a home with many runs: how long a rerun takes, beside a home with none.

A visitor without a browser opens a page and asks for it again, as a control does: the median of the answers after the
first, and the processor time of the server for each, which other programs disturb less. The runs have ended in the
usual ways; nine of ten are networks, the others recommenders and models of words.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from safetensors.torch import save_file

from aecore.datasets import card
from aecore.experiment.settings import RunSettings
from aecore.runs.snapshots import append_progress
from aecore.runs.store import RunStore
from aecore.variants import VARIANTS
from tests.benchmarks.browser import ROOT, WARM_SECONDS, server
from tests.benchmarks.crowd import Guest
from tests.benchmarks.pages import cpu_seconds

COUNTS = (0, 600, 5000)
RERUNS = 10
REST_SECONDS = 0.4
"""Between two reruns, so that what a rerun has left to do does not fall on the next."""

STATES = ("done",) * 14 + ("stopped", "paused", "interrupted", "diverged", "failed", "done")
RECORDS = 12


def make_runs(store: RunStore, count: int, seed: int = 0) -> None:
    """Puts `count` runs that have ended into the store, as a trainer leaves them, the first the oldest."""
    chance, now = random.Random(seed), time.time()
    kinds = [
        (settings, _weights(settings, store.folder.parent / f"{index}")) for index, settings in enumerate(_settings())
    ]
    for number in range(count):
        settings, weights = kinds[number % len(kinds)]
        run = store.create(settings, f"Run {number + 1:,} of {settings['data']}")
        for step in range(1, RECORDS + 1):
            append_progress(run.folder, _record(step, chance.random()))
        if weights:
            os.link(weights, run.folder / "weights.safetensors")  # the same file, which takes its place once
        state = STATES[number // len(kinds) % len(STATES)]
        test = {"mse": chance.random() / 20} if state in ("done", "stopped") and run.is_autoencoder else None
        created = now - 600.0 * (count - number)
        store.update(run.id, state=state, created=created, seconds=9.5, device="CPU", test=test, parameters=39_760)


def _settings() -> list[dict[str, Any]]:
    networks = [
        RunSettings.build(data, variant, latent_size=size).to_dict()
        for data, variant, size in itertools.product(
            ("digits", "shapes", "mnist"), ("undercomplete", "sparse-l1", "variational"), (4, 16)
        )
    ]
    return [*networks, {"kind": "recommender", "data": "ml-latest-small", "model": "mult-vae"},
            {"kind": "words", "data": "films"}]  # fmt: skip


def _weights(values: dict[str, Any], folder: Path) -> Path | None:
    """The weights of a network that has learned nothing; None for other models."""
    if "kind" in values:
        return None
    settings = RunSettings.from_dict(values)
    network = VARIANTS[settings.variant].build(
        settings.model, card(settings.data).shape, torch.Generator().manual_seed(0)
    )
    folder.mkdir(parents=True)
    save_file(network.state_dict(), folder / "weights.safetensors")
    return folder / "weights.safetensors"


def _record(step: int, value: float) -> dict[str, Any]:
    return {
        "step": 20 * step, "epoch": float(step), "share": step / RECORDS, "train": {"reconstruction": value},
        "validation": {"reconstruction": value}, "validation_mse": value, "learning_rate": 0.001,
        "samples_per_second": 9000.0, "seconds": step * 0.8, "time": 1.7e9 + step,
    }  # fmt: skip


async def reruns(address: str, pid: int, page: str, count: int) -> tuple[float, float]:
    """A page after its first view: median milliseconds of an answer, and the server's processor time for each."""
    guest, times = Guest(address, page), []
    await guest.join()
    await asyncio.sleep(REST_SECONDS)
    before = cpu_seconds(pid)
    for _ in range(count):
        times.append(await guest.ask())
        await asyncio.sleep(REST_SECONDS)
    spent = cpu_seconds(pid) - before
    await guest.leave()
    return 1000 * statistics.median(times), 1000 * spent / count


def measure(count: int, pages: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Page -> milliseconds of a rerun on a home with `count` runs, and those of the processor."""
    with TemporaryDirectory() as home:
        make_runs(RunStore(Path(home) / "runs"), count)
        with server(home) as (address, pid, _begin):
            for page in pages:  # every page once: imports, data sets that are drawn
                asyncio.run(reruns(address, pid, page, 1))
            time.sleep(WARM_SECONDS)
            found = {page: asyncio.run(reruns(address, pid, page, RERUNS)) for page in pages}
    print(json.dumps({"runs": count, "pages": {page: [*map(round, each)] for page, each in found.items()}}), flush=True)
    return found


def section(pages: Sequence[str] = ()) -> str:
    """The end of the report: a row for each page, or each of these, with the milliseconds of a rerun and those of the
    processor.
    """
    pages = pages or _pages()
    columns = [measure(count, pages) for count in COUNTS]
    rows = "\n".join(
        f"| {page} | {' | '.join(f'{column[page][0]:.0f} / {column[page][1]:.0f}' for column in columns)} |"
        for page in pages
    )
    assert __doc__
    return f"""
## Many runs

{__doc__.split(chr(10), 2)[2].strip()} Milliseconds / those of the processor.

| page | {" | ".join(f"{count:,} runs" for count in COUNTS)} |
| --- |{" --- |" * len(COUNTS)}
{rows}
"""


def _pages() -> list[str]:
    return sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


if __name__ == "__main__":
    print(section(sys.argv[1:]))
