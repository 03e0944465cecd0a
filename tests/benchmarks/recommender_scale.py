"""One epoch of Mult-VAE on generated ratings of MovieLens 32M's shape:
`python -m tests.benchmarks.recommender_scale [share ...]`.

200,948 users, 87,585 films, 32,000,204 ratings; a share of 0.01 takes a hundredth of the users, with as many
ratings each, and all films. Counts per user are log-normal with at least 20, films are chosen with Zipf-like
chances: as in MovieLens, most ratings are of few.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

from aecore.recommender.models.mult_vae import MultVae, MultVaeSettings
from aecore.recommender.ratings.table import Ratings

USERS, FILMS, RATINGS = 200_948, 87_585, 32_000_204
SHARES = (1 / 64, 1 / 16, 1 / 4, 1)


def generated(share: float, seed: int = 0, films_count: int = FILMS) -> Ratings:
    """Ratings of a share of the users, over all films, or so many."""
    rng = np.random.default_rng(seed)
    users = max(2, round(USERS * share))
    wide = np.exp(rng.normal(0, 1.1, users))
    counts = 20 + wide * ((RATINGS * share - 20 * users) / wide.sum())
    chances = np.cumsum(1 / (np.arange(films_count) + 60.0) ** 1.25)
    rows = np.repeat(np.arange(users, dtype=np.int32), np.round(counts * 1.2).astype(np.int64))
    films = np.searchsorted(chances, rng.random(len(rows)) * chances[-1]).astype(np.int64)
    keys = np.unique(rows * np.int64(films_count) + films)
    keys = keys[np.sort(rng.permutation(len(keys))[: round(RATINGS * share)])] if len(keys) > RATINGS * share else keys
    rows, films = np.divmod(keys, films_count)
    stars = (rng.integers(1, 11, len(keys)) / 2).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=users))]).astype(np.int64)
    return Ratings(indptr, films.astype(np.int32), stars, None, np.arange(users), np.arange(films_count))


def measure(share: float) -> dict[str, float]:
    """Seconds of the second epoch (the first also imports torch), peak memory in GB,
    and milliseconds to score one user.
    """
    ratings = generated(share)
    model = MultVae(MultVaeSettings(hidden_size=200, latent_size=100, epochs=2, batch_size=500))
    training = model.fit(ratings)
    next(training)
    wall, cpu = time.perf_counter(), time.process_time()
    next(training)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    del training
    one = ratings.take_users(np.array([0]))
    times = []
    for _ in range(9):
        started = time.process_time()
        model.score(one)
        times.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {
        "ratings": len(ratings),
        "users": ratings.users,
        "wall": wall,
        "cpu": cpu,
        "gigabytes": peak,
        "score_ms": 1000 * sorted(times)[4],
    }


def table() -> str:
    """Table lines, one per share, each measured in a process of its own."""
    lines = []
    for share in SHARES:
        command = [sys.executable, "-m", "tests.benchmarks.recommender_scale", str(share)]
        each = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        cells = (
            f"{each['ratings']:,.0f}",
            f"{each['users']:,.0f}",
            f"{each['wall']:.1f}",
            f"{each['cpu']:.1f}",
            f"{1e6 * each['cpu'] / each['ratings']:.1f}",
        )
        lines.append(f"| {' | '.join(cells)} | {each['gigabytes']:.1f} | {each['score_ms']:.0f} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Prints a line of JSON per share."""
    for share in [float(each) for each in arguments] or SHARES:
        print(json.dumps(measure(share)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
