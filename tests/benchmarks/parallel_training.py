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
"""Pairs of epochs that count for a case: those in which nothing else took much of the processors."""

MOST_PAIRS, MOST_SECONDS = 60, 100.0
"""After which a case is left, with what it has."""

CALM = 0.15
"""The most that other programs may take of the processors meanwhile."""

MARK = "<!-- measured: processes -->\n"


@dataclass(frozen=True)
class Case:
    """A network and its ratings. title: as the document says it."""

    title: str
    ratings: Callable[[], Ratings]
    make: Callable[[], Recommender]


def _mult_vae(batch_size: int) -> Case:
    def make() -> Recommender:
        return MultVae(
            MultVaeSettings(hidden_size=200, latent_size=100, epochs=MOST_PAIRS + 1, batch_size=batch_size)
        )  # fmt: skip

    return Case(f"Mult-VAE, {batch_size:,} users a step, all 87,585 films", lambda: generated(1 / 64), make)


def _stacked(batch_size: int) -> Case:
    return Case(
        f"Stacked autoencoder, {batch_size:,} users a step, 3,700 films",
        lambda: generated(1 / 64, films_count=3700),
        lambda: Stacked(StackedSettings(epochs=MOST_PAIRS + 1, batch_size=batch_size)),
    )


CASES = (_mult_vae(100), _mult_vae(500), _mult_vae(1500), _stacked(64), _stacked(512))


@dataclass(frozen=True)
class Pair:
    """An epoch of one process and one of two. clock, processor: seconds of each, by the clock and of this process on
    the processor. others: the share of the processors that other programs took.
    """

    clock: tuple[float, float]
    processor: tuple[float, float]
    others: float


def measure(case: Case) -> list[Pair]:
    """The pairs but for the first, which loads and warms up."""
    ratings, alone, together = case.ratings(), case.make(), case.make()
    found: list[Pair] = []
    end = time.monotonic() + MOST_SECONDS
    with Crew(PROCESSES).join(together, ratings):
        trainings = alone.fit(ratings), together.fit(ratings)
        while len(calm(found)) < PAIRS and len(found) < MOST_PAIRS and time.monotonic() < end:
            (all_, own), started, seconds = used(), time.perf_counter(), []
            for training in trainings:
                clock, processor = time.perf_counter(), time.process_time()
                next(training)
                seconds.append((time.perf_counter() - clock, time.process_time() - processor))
            (all_now, own_now), passed = used(), (time.perf_counter() - started) * (os.cpu_count() or 1)
            (one, mine), (two, first) = seconds
            found.append(Pair((one, two), (mine, first), max(0.0, all_now - all_ - own_now + own) / passed))
    return found[1:]


def used() -> tuple[float, float]:
    """Seconds that all programs have been on the processors, and this one with those it has started."""
    times = psutil.cpu_times()
    this = psutil.Process()
    own = [each.cpu_times() for each in (this, *this.children(recursive=True))]
    idle = times.idle + getattr(times, "iowait", 0.0)
    twice = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return sum(times) - idle - twice, sum(each.user + each.system for each in own)


def calm(pairs: list[Pair]) -> list[Pair]:
    """Those that other programs have hardly disturbed."""
    return [each for each in pairs if each.others < CALM]


def row(case: Case, pairs: list[Pair]) -> str:
    """The line of the table."""
    median = statistics.median
    taken = calm(pairs) or pairs
    gains = [each.clock[0] / each.clock[1] for each in taken]
    gain = f"{median(gains):.2f} ({min(gains):.2f} to {max(gains):.2f})"
    return (
        f"| {case.title} | {median(each.clock[0] for each in taken):.2f} s | "
        f"{median(each.clock[1] for each in taken):.2f} s | {gain} | "
        f"{median(each.processor[0] / each.processor[1] for each in taken):.2f} | "
        f"{100 * median(each.others for each in taken):.0f} % in {len(taken)} of {len(pairs)} |"
    )


def main() -> None:
    """Measures all cases, and writes the part of the document between its marks."""
    torch.set_num_threads(1)
    rows = []
    for case in CASES:
        rows.append(row(case, measure(case)))
        print(rows[-1], flush=True)
    lines = [
        f"Written by `python -m tests.benchmarks.parallel_training` on {time.strftime('%d %B %Y')} ({os.cpu_count()} "
        "processor cores, one thread a process; 3,140 users and 500,000 generated ratings; medians of epochs of each, "
        "in turns):",
        "",
        f"| | one process, an epoch | {PROCESSES} processes | gain | gain in processor time | taken by others |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        "The gain in processor time is that of the first process, and the most that a free machine could gain: it "
        "leaves out what the two wait for each other and for the message. The last column says how much of the "
        "processors other programs had meanwhile, and in how many pairs of epochs: those with less than "
        f"{100 * CALM:.0f} % where there were any, else all, and then the gain by the clock says little of a free "
        "machine.",
        "",
    ]
    write_measured("\n".join(lines), MARK)


if __name__ == "__main__":
    main()
