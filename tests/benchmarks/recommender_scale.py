"""One epoch of Mult-VAE on generated ratings of MovieLens 32M's shape: `python -m tests.benchmarks.recommender_scale [share ...]`.

200,948 people, 87,585 films, 32,000,204 ratings; a share of 0.01 takes a hundredth of the people, with as many ratings each, and all
films. Counts per person are log-normal with at least 20, films are chosen with Zipf-like chances: as in MovieLens, most ratings are of few.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from aecore.recommender.models.mult_vae import MultVae, MultVaeSettings
from aecore.recommender.ratings import Ratings

PEOPLE, FILMS, RATINGS = 200_948, 87_585, 32_000_204
SHARES = (1 / 256, 1 / 64, 1 / 16)


def generated(share: float, seed: int = 0) -> Ratings:
    """Ratings of a share of the people, over all films."""
    rng = np.random.default_rng(seed)
    people = max(2, round(PEOPLE * share))
    wide = np.exp(rng.normal(0, 1.1, people))
    counts = 20 + wide * ((RATINGS * share - 20 * people) / wide.sum())
    chances = np.cumsum(1 / (np.arange(FILMS) + 60.0) ** 1.25)
    rows = np.repeat(np.arange(people, dtype=np.int32), np.round(counts * 1.13).astype(np.int64))
    films = np.searchsorted(chances, rng.random(len(rows)) * chances[-1]).astype(np.int64)
    keys = np.unique(rows * np.int64(FILMS) + films)
    keys = keys[np.sort(rng.permutation(len(keys))[: round(RATINGS * share)])] if len(keys) > RATINGS * share else keys
    rows, films = np.divmod(keys, FILMS)
    stars = (rng.integers(1, 11, len(keys)) / 2).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=people))]).astype(np.int64)
    return Ratings(indptr, films.astype(np.int32), stars, None, np.arange(people), np.arange(FILMS))


def measure(share: float) -> dict[str, float]:
    """Seconds of the second epoch (the first also imports torch), peak memory in GB, and milliseconds to score one person."""
    ratings = generated(share)
    model = MultVae(MultVaeSettings(hidden_size=200, latent_size=100, epochs=2, batch_size=500))
    training = model.fit(ratings)
    next(training)
    wall, cpu = time.perf_counter(), time.process_time()
    next(training)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    training.close()
    one = ratings.take_people(np.array([0]))
    times = []
    for _ in range(9):
        started = time.process_time()
        model.score(one)
        times.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"ratings": len(ratings), "people": ratings.people, "wall": wall, "cpu": cpu, "gigabytes": peak, "score_ms": 1000 * sorted(times)[4]}


def main(arguments: list[str]) -> None:
    """A line per share."""
    for share in [float(each) for each in arguments] or SHARES:
        figures = measure(share)
        speed = figures["cpu"] / figures["ratings"] * RATINGS
        print(
            f"{figures['ratings']:,.0f} ratings of {figures['people']:,.0f} people, {FILMS:,} films: {figures['wall']:.1f} s an epoch "
            f"({figures['cpu']:.1f} processor seconds, {speed:.0f} for 32 million), {figures['gigabytes']:.2f} GB, "
            f"one person scored in {figures['score_ms']:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
