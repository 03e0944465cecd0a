"""What a cluster costs and gives: `python -m tests.benchmarks.cluster` writes the measured part of docs/scale.md.

A cluster of nodes of one core each, all on this machine, beside the pool of as many processes; they take turns, so that
a fast or a busy minute hits both.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROUNDS, RUNS, NODES = 3, 6, 2
EPOCHS = 150
"""Of a run that takes some seconds."""

TEXT = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"


def main() -> None:
    """Measures, and writes the part of the document between its marks."""
    from ray.cluster_utils import Cluster

    home = Path(tempfile.mkdtemp(prefix="aecore-scale-"))
    os.environ |= {"AECORE_HOME": str(home), "PYTHONPATH": str(TEXT.parents[1])}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(NODES):
        cluster.add_node(num_cpus=1)
    try:
        found = _measured(home, cluster.address)
    finally:
        cluster.shutdown()
    write_measured(_lines(found))


def write_measured(lines: str, mark: str = BEGIN) -> None:
    """Puts the lines into the document, between this mark and the next end."""
    text = TEXT.read_text()
    begin = text.index(mark) + len(mark)
    TEXT.write_text(text[:begin] + lines + text[text.index(END, begin) :])
    print(lines)


def _measured(home: Path, address: str) -> dict[str, Any]:
    from aecore.jobs.cluster import ClusterExecutor
    from aecore.jobs.local import LocalExecutor
    from aecore.jobs.service import Jobs
    from aecore.runs.store import RunStore

    made: dict[str, Callable[[RunStore], Jobs]] = {
        "pool": lambda store: Jobs(store, LocalExecutor(store.folder.parent, {"runs": NODES})),
        "cluster": lambda store: Jobs(store, ClusterExecutor(store.folder.parent, address)),
    }
    with ExitStack() as opened:
        pools: dict[str, tuple[RunStore, Jobs]] = {}
        for name, make in made.items():
            store = RunStore(home / name / "runs")
            jobs = make(store)
            jobs.open()
            opened.callback(jobs.close)
            pools[name] = store, jobs
        for store, jobs in pools.values():
            _until(lambda jobs=jobs: jobs.is_warm())
            _many(store, jobs, NODES)  # every process, and every seat, has loaded what it needs
        seconds: dict[str, list[float]] = {name: [] for name in pools}
        single: dict[str, list[float]] = {name: [] for name in pools}
        for _ in range(ROUNDS):
            for name, pair in pools.items():
                seconds[name].append(_many(*pair, RUNS))
            for name, pair in pools.items():
                single[name].append(_many(*pair, 1))
        delays = {name: _delays(*pair) for name, pair in pools.items()}
    return {"seconds": seconds, "single": single, "delays": delays}


def _many(store: Any, jobs: Any, count: int) -> float:
    """Seconds from the first request until so many equal runs have ended."""
    runs = [_made(store, EPOCHS) for _ in range(count)]
    started = time.perf_counter()
    for run in runs:
        jobs.train(run.id, f"person {run.id}")
    _until(lambda: all(store.get(run.id).status.state == "done" for run in runs))
    return time.perf_counter() - started


def _delays(store: Any, jobs: Any) -> list[float]:
    """Seconds from when a record was made until it can be read here, of one run."""
    from aecore.runs.snapshots import ProgressLog

    run, found, seen = _made(store, 4 * EPOCHS), [], 0
    log = ProgressLog(run.folder / "progress.jsonl")
    jobs.train(run.id, "somebody")
    while store.get(run.id).status.is_active:
        records, now = log.read(), time.time()
        found += [now - each["time"] for each in records[seen:]]
        seen = len(records)
        time.sleep(0.01)
    return found


def _made(store: Any, epochs: int) -> Any:
    from aecore.experiment.settings import RunSettings

    settings = RunSettings.build("digits", "undercomplete", epochs=epochs, latent_size=8)
    return store.create(settings.to_dict(), "Measured")


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 300
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def _lines(found: dict[str, Any]) -> str:
    seconds, single = found["seconds"], found["single"]
    ratios = [pool / cluster for pool, cluster in zip(seconds["pool"], seconds["cluster"], strict=True)]
    more = [cluster - pool for pool, cluster in zip(single["pool"], single["cluster"], strict=True)]
    late = sorted(found["delays"]["cluster"])
    return "\n".join([
        f"Written by `python -m tests.benchmarks.cluster` on {time.strftime('%d %B %Y')} ({os.cpu_count()} processor "
        f"cores; head, {NODES} nodes of one core, server and driver all on this machine):",
        "",
        f"- {RUNS} runs of {EPOCHS} epochs on the digits: {statistics.median(seconds['pool']):.1f} s by the pool of "
        f"{NODES} processes, {statistics.median(seconds['cluster']):.1f} s by the cluster: "
        f"{statistics.median(ratios):.2f} of the pool's throughput (goal 0.9; the median of the rounds).",
        f"- One such run by itself, everything warm: {statistics.median(single['pool']):.1f} s by the pool, "
        f"{statistics.median(more):+.2f} s by the cluster (goal at most 1 s).",
        f"- From a record until it can be read at home: {1000 * statistics.median(late):.0f} ms, 95th percentile "
        f"{1000 * late[int(0.95 * (len(late) - 1))]:.0f} ms (goal 1,500 ms; a look every 10 ms).",
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
