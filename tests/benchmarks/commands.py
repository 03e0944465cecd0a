"""The command line: processor seconds of a command in a process of its own, apart from those of importing torch."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 5
LISTED = 200
"""Runs in the home whose list is printed."""

EPOCHS = 5
TRAIN = ("-m", "aecore", "train", "--data", "digits", "--epochs", str(EPOCHS), "--device", "cpu")
LIST = ("-m", "aecore", "runs", "list")
GOALS = {"train": 2.0, "list": 0.7}
"""Processor seconds: of the training apart from torch's import, and of the list."""


def seconds(*arguments: str, home: Path) -> float:
    """Processor seconds, of user and system, that Python takes with these arguments, once."""
    environment = {**os.environ, "AECORE_HOME": str(home)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(rounds: int = ROUNDS, listed: int = LISTED) -> dict[str, float]:
    """Medians over the rounds, each of which does everything once: "train", "torch" (its import alone), "list"."""
    from aecore.runs.store import RunStore
    from tests.benchmarks.many_runs import make_runs

    found: dict[str, list[float]] = {"train": [], "torch": [], "list": []}
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full"
        make_runs(RunStore(full / "runs"), listed)
        for number in range(rounds + 1):
            once = {
                "train": seconds(*TRAIN, home=Path(folder) / f"home-{number}"),
                "torch": seconds("-c", "import torch", home=Path(folder)),
                "list": seconds(*LIST, home=full),
            }
            for name, value in once.items() if number else ():  # the first round fills the caches of the files
                found[name].append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def section() -> str:
    """The part of docs/benchmarks.md."""
    return table(figures())


def table(found: dict[str, float]) -> str:
    """The figures of `figures` in Markdown."""
    apart = found["train"] - found["torch"]
    return f"""
## Command line

Processor seconds, of user and system together, of a command in a process of its own: medians over {ROUNDS} rounds. The
training is `aecore train --data digits --epochs {EPOCHS}` with the defaults, in a new home: PCA, tests and the
classifier of its codes are part of it. `runs list` lists {LISTED} runs.

| what | measured | goal |
| --- | --- | --- |
| `aecore train`, {EPOCHS} epochs of digits, without `import torch` | {apart:.2f} s | below {GOALS["train"]:g} s |
| `import torch` alone | {found["torch"]:.2f} s | |
| `aecore runs list` | {found["list"]:.2f} s | below {GOALS["list"]:g} s |
"""


if __name__ == "__main__":
    print(section())
