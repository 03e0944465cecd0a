"""What two processes gain in the training of a recommender: `python -m tests.benchmarks.parallel_training` writes the
part of docs/scale.md about it.

One process with one thread and two with one thread each train the same network on the same generated ratings. They
take turns, an epoch each, so that a busy minute hits both; the gain is the median over the pairs of epochs.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import torch

from aecore.recommender.models.base import Recommender
from aecore.recommender.models.mult_vae import MultVae, MultVaeSettings
from aecore.recommender.models.stacked import Stacked, StackedSettings
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.training.parallel import Crew
from tests.benchmarks.cluster import write_measured
from tests.benchmarks.recommender_scale import generated

PAIRS, PROCESSES = 7, 2
MARK = "<!-- measured: processes -->\n"

BUSY = (
    " These were busy: two processes then get little more of them than one does, and each message waits until both "
    "have had their turn, so the gain by the clock says little of a free machine."
)


@dataclass(frozen=True)
class Case:
    """A network and its ratings. title: as the document says it."""

    title: str
    ratings: Callable[[], Ratings]
    make: Callable[[], Recommender]


def _mult_vae(batch_size: int) -> Case:
    def make() -> Recommender:
        return MultVae(
            MultVaeSettings(hidden_size=200, latent_size=100, epochs=PAIRS + 1, batch_size=batch_size)
        )  # fmt: skip

    return Case(f"Mult-VAE, {batch_size:,} users a step, all 87,585 films", lambda: generated(1 / 64), make)


def _stacked(batch_size: int) -> Case:
    return Case(
        f"Stacked autoencoder, {batch_size:,} users a step, 3,700 films",
        lambda: generated(1 / 64, films_count=3700),
        lambda: Stacked(StackedSettings(epochs=PAIRS + 1, batch_size=batch_size)),
    )


CASES = (_mult_vae(100), _mult_vae(500), _mult_vae(1500), _stacked(64), _stacked(512))


Seconds = list[tuple[float, float]]
"""Of each epoch: by the clock, and of this process on the processor."""


def measure(case: Case) -> tuple[Seconds, Seconds]:
    """The epochs of one process and of two, but for the first, which loads and warms up."""
    ratings, alone, together = case.ratings(), case.make(), case.make()
    found: tuple[Seconds, Seconds] = ([], [])
    with Crew(PROCESSES).join(together, ratings):
        trainings = alone.fit(ratings), together.fit(ratings)
        for pair in range(PAIRS + 1):
            for training, seconds in zip(trainings, found, strict=True):
                clock, processor = time.perf_counter(), time.process_time()
                next(training)
                if pair:
                    seconds.append((time.perf_counter() - clock, time.process_time() - processor))
    return found


def row(case: Case, alone: Seconds, together: Seconds) -> str:
    """The line of the table."""
    median = statistics.median
    clock = [one[0] / two[0] for one, two in zip(alone, together, strict=True)]
    processor = [one[1] / two[1] for one, two in zip(alone, together, strict=True)]
    return (
        f"| {case.title} | {median(each[0] for each in alone):.2f} s | {median(each[0] for each in together):.2f} s | "
        f"{median(clock):.2f} ({min(clock):.2f} to {max(clock):.2f}) | {median(processor):.2f} |"
    )


def main() -> None:
    """Measures all cases, and writes the part of the document between its marks."""
    torch.set_num_threads(1)
    busy, rows = psutil.cpu_percent(5.0), []
    for case in CASES:
        rows.append(row(case, *measure(case)))
        print(rows[-1], flush=True)
    lines = [
        f"Written by `python -m tests.benchmarks.parallel_training` on {time.strftime('%d %B %Y')} ({os.cpu_count()} "
        f"processor cores, {busy:.0f} % of them busy with other things before it began; one thread a process; 3,140 "
        f"users and 500,000 generated ratings; medians of {PAIRS} epochs of each, in turns):",
        "",
        f"| | one process, an epoch | {PROCESSES} processes | gain | gain in processor time of the first process |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        "The last column is the most that processors without other work could gain: it leaves out what the two wait "
        "for each other and for the message." + (BUSY if busy > 25 else ""),
        "",
    ]
    write_measured("\n".join(lines), MARK)


if __name__ == "__main__":
    main()
