"""What one core, one machine and ten machines carry: `python -m tests.benchmarks.carried` writes that table of
docs/scale.md from the measurements in docs/load.md and docs/scale.md. What was not measured is computed, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
LOAD, SCALE = DOCS / "load.md", DOCS / "scale.md"
BEGIN, END = "<!-- carried -->\n", "<!-- end of carried -->\n"

CORES, SERVERS, MACHINES = 16, 4, 10
"""Of the machines that are computed: cores of each, servers on the first of them, and how many."""


@dataclass(frozen=True)
class Measured:
    """visitors: of two servers together on two cores, `p95` milliseconds, while `training` runs train. pool, cluster:
    short runs a minute for each core. epochs: of these.
    """

    visitors: int
    p95: int
    training: int
    pool: float
    cluster: float
    epochs: int


def measured(load: str, scale: str) -> Measured:
    """What the two documents say. ValueError if they do not say it."""
    crowd = re.search(r"\| (\d+) visitors of two servers, (\d+) runs train \| \d+ / (\d+) \|", load)
    by_pool = r"- (\d+) runs of (\d+) epochs on the digits: ([\d.]+) s by the pool of (\d+) processes, "
    runs = re.search(by_pool + r"([\d.]+) s by the cluster", scale)
    if crowd is None or runs is None:
        raise ValueError("docs/load.md or docs/scale.md says no longer what is computed with")
    count, cores = int(runs[1]), int(runs[4])
    pool, cluster = (60 * count / float(seconds) / cores for seconds in (runs[3], runs[5]))
    return Measured(int(crowd[1]), int(crowd[3]), int(crowd[2]), pool, cluster, int(runs[2]))


def table(found: Measured) -> str:
    """The rows, and the formula."""
    each = found.visitors // 2
    rows = [
        ("one core, for pages alone", f"{each}", "–", "–", "measured, as half of the third row"),
        ("one core, for trainings alone", "–", "1", f"{found.pool:.0f}", "measured"),
        (
            "one machine of 2 cores: two servers and the pool of one", f"{found.visitors}", f"{found.training}",
            f"{2 * found.pool:.0f}", f"measured; 95th percentile {found.p95} ms; the rate with nobody on the pages",
        ),
        _computed(found, 1, f"one machine of {CORES} cores: {SERVERS} servers and a cluster"),
        _computed(found, MACHINES, f"{MACHINES} machines of {CORES} cores: {SERVERS} servers on one, a cluster on all"),
    ]  # fmt: skip
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"""Visitors are those of [A class on one server](load.md), who think for five seconds between two presses;
runs are short ones, of {found.epochs} epochs on the digits.

| | visitors | runs at a time | runs a minute | |
|---|---|---|---|---|
{lines}

Computed means: {each} visitors for each server, which is a process of about one core; one training for each core that
no server needs; {found.cluster:.0f} runs a minute for each of these. Servers of one home need its disk (above), so they
stand on one machine. Whether the head and one disk keep up with {MACHINES * CORES - SERVERS} trainings has not been
measured.
"""


def _computed(found: Measured, machines: int, title: str) -> tuple[str, ...]:
    trainings = machines * CORES - SERVERS
    return (title, f"{found.visitors // 2 * SERVERS}", f"{trainings}", f"{trainings * found.cluster:,.0f}", "computed")


def written(scale: str) -> str:
    """The document with the table as the measurements give it."""
    begin, end = scale.index(BEGIN) + len(BEGIN), scale.index(END)
    return scale[:begin] + table(measured(LOAD.read_text(), scale)) + scale[end:]


def main() -> None:
    """Writes the table."""
    SCALE.write_text(written(SCALE.read_text()))


if __name__ == "__main__":
    main()
