"""t-SNE of 10,000 codes: processor seconds of this app's way and of scikit-learn's,
and how well classes are found by neighbours on either map.

`python -m tests.benchmarks.maps` prints the figures as JSON; it is a process of its own,
so that nothing else adds to its seconds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MODEL, OTHERWISE = "mnist-undercomplete-30", "faces"
"""Whose codes are mapped: those of MNIST's 10,000 test pictures, or of 8,000 drawn faces where MNIST is not here."""

FIRST_SHARE = 0.85
"""Of the finished map's accuracy, what the first picture has to reach."""


def figures() -> dict[str, str]:
    """What the report shows, from a process of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.maps"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        (
            f"t-SNE of {found['points']:,} codes of {found['numbers']} numbers: first picture with {FIRST_SHARE:.0%} "
            "of the finished map's accuracy by neighbours, processor seconds"
        ): f"{found['first']:.1f}",
        (
            "The finished map: processor seconds / accuracy by neighbours (in the codes themselves)"
        ): f"{found['seconds']:.1f} / {found['map']:.2%} ({found['code']:.2%})",
        "scikit-learn's t-SNE of the same codes": f"{found['sk_seconds']:.1f} / {found['sk_map']:.2%}",
        "Processor time, this app's against scikit-learn's": f"{found['seconds'] / found['sk_seconds']:.2f}",
        "A new picture's place on the map, from its code: median": f"{found['place']:.1f} ms",
        "Trust, kept neighbours and mixed classes of that map, processor seconds": f"{found['truth']:.1f}",
    }


def main() -> None:
    """Measures and prints."""
    from sklearn.manifold import TSNE

    from aecore.datasets import is_ready
    from aecore.latent.code_set import code_set
    from aecore.latent.methods import TsneSettings, tsne
    from aecore.latent.neighbours import neighbours, place
    from aecore.latent.preservation import KNN, knn_accuracy, measure
    from aecore.pretrained.trained_models import find_trained_model
    from aecore.runs.store import RunStore

    def votes(positions: np.ndarray) -> float:
        return knn_accuracy(neighbours(positions, KNN)[0], found.labels)

    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder) / "runs")
        found = code_set(
            store,
            find_trained_model(store, MODEL if is_ready("mnist") else OTHERWISE),
            "" if is_ready("mnist") else "all",
        )
    list(tsne(found.codes[:200], TsneSettings(perplexity=5, iterations=260), 2, {}))  # imports
    begin, pictures = time.process_time(), []
    for picture in tsne(found.codes, TsneSettings(), 2, {}):
        pictures.append((time.process_time() - begin, picture.positions))
    mine = votes(pictures[-1][1])
    before = time.process_time()
    measure(found.codes, pictures[-1][1], found.labels, len(found.classes))
    preservation = time.process_time() - before
    times = []
    for index in range(50):
        before = time.perf_counter()
        place(found.codes, pictures[-1][1], found.codes[index : index + 1] + 0.01)
        times.append(1000 * (time.perf_counter() - before))
    before = time.process_time()
    other = TSNE(random_state=0, n_jobs=1).fit_transform(found.codes)
    print(
        json.dumps(
            {
                "points": len(found), "numbers": found.codes.shape[1],
                "first": next(at for at, map_ in pictures if votes(map_) >= FIRST_SHARE * mine),
                "seconds": pictures[-1][0], "map": mine, "code": votes(found.codes),
                "sk_seconds": time.process_time() - before, "sk_map": votes(other),
                "place": statistics.median(times), "truth": preservation,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
