"""`make load`: how the server holds a class. Writes docs/load.md, and the reference of the check list on Lecture.

A second process plays the visitors (`crowd`): each joins, thinks for five seconds on average, uses a control of its
page, and waits until the answer has been sent. Counts and times are bounded: every row takes half a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.browser import ROOT, server
from tests.benchmarks.crowd import Row, crowd, start_training, watchers
from tests.benchmarks.room_crowd import MOVES, follow, sentence
from ui.screens.lecture.capacity import PAGE, PROBE, REFERENCE
from ui.screens.lecture.capacity import SECONDS as SECONDS_OF_PROBE

REPORT = ROOT / "docs" / "load.md"
ROW = re.compile(r"\| (\d+) visitors, [^|]+ \| \d+ / (\d+) \| ([\d.]+) \| [^|]+ \| (-?[\d.]+) \|")
"""A row of visitors of one server: their number, the 95th percentile, answers a second, MB a visitor."""

PROBES = 5
"""Measurements of one visitor alone, as the check list makes one."""

SECONDS, THINK, SPREAD = 20.0, 5.0, 10.0
WARM_SECONDS = 15.0
RUNS = 2
"""Trainings beside the visitors."""

EPOCHS = 500
"""Of each training: more than it gets through while it is measured."""


Server = tuple[str, int]
"""Address and process id."""


async def measure(first: Server, second: Server, counts: tuple[int, ...], watching: int) -> list[str]:
    """The rows of the table; both servers have one home, and the second is asked last."""
    address, pid = first
    for each, _ in (first, second):
        await crowd([each], 5, seconds=5, think=1, spread=1)  # every page once
    await asyncio.sleep(WARM_SECONDS)
    rows = []
    for count in counts:
        rows.append(await _row(f"{count} visitors, nothing trains", [first], count))
        print(rows[-1], flush=True)
    runs = [await start_training(address, "mnist", EPOCHS) for _ in range(RUNS)]
    if not all(runs):
        raise RuntimeError("no training could be started")
    await asyncio.sleep(WARM_SECONDS)
    for count in counts:
        rows.append(await _row(f"{count} visitors, {RUNS} runs train", [first], count))
        print(rows[-1], flush=True)
    rows.append(await _row(f"{counts[-1]} visitors of two servers, {RUNS} runs train", [first, second], counts[-1]))
    print(rows[-1], flush=True)
    before = memory_of(pid)
    row = await watchers(address, watching, runs[0], seconds=SECONDS)
    rows.append(line(f"{watching} watch one of {RUNS} runs that train", row, (memory_of(pid) - before) / watching))
    print(rows[-1], flush=True)
    return rows


async def measure_room(first: Server, home: Path, count: int) -> list[str]:
    """Sentences on a room: alone, and while everybody in it also uses the pages."""
    address = first[0]
    alone = sentence(await follow(address, home, count), count)
    print(alone, flush=True)
    busy = asyncio.create_task(crowd([address], count, seconds=60, think=THINK, spread=SPREAD))
    await asyncio.sleep(SPREAD)
    beside = f"While as many use the pages: {sentence(await follow(address, home, count), count)}"
    await busy
    print(beside, flush=True)
    return [alone, beside]


async def _row(title: str, servers: Sequence[Server], count: int) -> str:
    addresses, pids = zip(*servers, strict=True)
    before = sum(map(memory_of, pids))
    row = await crowd(addresses, count, seconds=SECONDS, think=THINK, spread=SPREAD, seed=count)
    return line(title, row, (sum(map(memory_of, pids)) - before) / count)


def line(title: str, row: Row, memory: float) -> str:
    """A line of the table; memory in MB per visitor."""
    answers, joins = (_median_and_p95(times) for times in (row.answers, row.joins))
    rate = len(row.answers) / row.seconds if row.seconds else 0
    return f"| {title} | {answers} | {rate:.1f} | {joins} | {memory:.2f} | {len(row.errors)} |"


def _median_and_p95(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "–"
    return f"{1000 * statistics.median(seconds):.0f} / {1000 * statistics.quantiles(seconds, n=20)[-1]:.0f}"


def memory_of(pid: int) -> float:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def probe_rate(address: str) -> float:
    """Answers a second to one visitor without a browser: the median of several measurements of the check list's."""
    wanted = json.dumps({"address": address, "page": PAGE, "cookies": "", "seconds": SECONDS_OF_PROBE})
    command, found = [sys.executable, "-P", str(PROBE)], []
    for _ in range(PROBES):
        values = json.loads(subprocess.run(command, input=wanted, capture_output=True, text=True, check=True).stdout)
        found.append(values["answers"] / values["seconds"])
    return statistics.median(found)


def reference_of(report: str, probe: float) -> dict[str, Any]:
    """What the check list takes from a report. probe: answers a second of that server to one visitor."""
    rows = [(int(count), float(p95), float(rate), float(mb)) for count, p95, rate, mb in ROW.findall(report)]
    head = re.search(r"on (\d+ \w+ \d+) \((\d+) processor cores", report)
    think = re.search(r"think for ([\d.]+) s", report)
    assert head is not None
    assert think is not None
    crowds = [
        {
            "visitors": count,
            "p95": max(p95 for each, p95, _, _ in rows if each == count),
            "megabytes": max(mb for each, _, _, mb in rows if each == count),
        }
        for count in sorted({count for count, *_ in rows})
    ]
    return {
        "written": head[1], "cores": int(head[2]), "think_seconds": float(think[1]),
        "most": max(rate for _, _, rate, _ in rows), "probe": round(probe, 1), "crowds": crowds,
    }  # fmt: skip


FAULTS = """## When something goes wrong

Each of these is a test with real browsers (`tests/e2e/test_room_trouble.py`, `test_room_strangers.py`), and part of
`make test-long`. The times were measured once, on two cores that had several times more to do, and no test asserts
them.

- **The server is killed and started again** on the same home and port. Every bar says that the connection is lost,
  and 0.4 to 1.8 s after the server answers again all of them are back by themselves. An open poll has its votes, each
  has one vote still, and those who follow go where the host goes, without loading a page anew.
- **A lid is closed for ten minutes**: nothing gets through, and neither side is told. The host goes on twice, opens a
  poll and closes it. 2 to 8 s after the computer wakes the follower is where the host is, without loading the page
  anew.
- **The disk refuses** while a room is open. What somebody presses is refused in a sentence, what they have written
  stays in its field, everybody sees the page and the room as they were, and when there is room again all goes on.
- **A hundred members, some with hostile names and questions** (markup, scripts, formulas, 10,000 letters, signs that
  turn round or hide, stacked accents, the host's own name): everything shows letters, nothing is wider than a
  projector or a phone, no other host is asked for anything, and the host can rename them, mute them and send them
  out.
"""
"""What is tested beside; the figures are of 30 November 2026."""


def _report(rows: list[str], room: list[str]) -> str:
    table = "\n".join(rows)
    return f"""# A class on one server

Written by `make load` on {time.strftime("%-d %B %Y")} ({os.cpu_count()} processor cores, Python \
{platform.python_version()}); machines are noisy, and rows of one run are to be compared.

Visitors without a browser speak Streamlit's protocol from a second process on the same machine. A fifth each is on
Synapses, Steps, Train's form, the Noise lab and Movies. They join within {SPREAD:.0f} s, think for {THINK:.0f} s on
average, use a control, and wait for the whole answer; each row lasts {SECONDS:.0f} s after that. Watchers ask for a
refresh as often as the page tells them to. Times are median / 95th percentile in milliseconds; memory is what the
server has grown by, divided by the visitors.

The goals on two cores are a 95th percentile of 60 ms for 20 visitors, of 150 ms for 100, of 200 ms for 200 on two
servers with one home, and of 250 ms for 100 watchers. Where answers a second stay the same while visitors double, the
server is full: then only cheaper reruns help.

| | answer, ms | answers a second | join, ms | MB a visitor | errors |
|---|---|---|---|---|---|
{table}

## A room

Followers without a browser hold the line on which a browser hears of its room; the host goes somewhere {MOVES}
times, a second apart. The goals: 1,000 ms for the 95th percentile, and less than 1,000 bytes a second while nothing
happens.

{chr(10).join(f"- {each}" for each in room)}

{FAULTS}"""


def main() -> None:
    """Measures and writes the report; --try prints only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, nargs="+", default=[20, 50, 100, 200])
    parser.add_argument("--watchers", type=int, default=100)
    parser.add_argument("--try", action="store_true", dest="is_trial", help="do not write the report")
    parser.add_argument("--room", action="store_true", dest="is_room", help="measure the room only; nothing is written")
    chosen = parser.parse_args()
    os.environ["AECORE_SHARED"] = "1"  # each is somebody else
    with TemporaryDirectory() as home, server(home) as one, server(home) as other:
        os.environ["AECORE_HOME"] = home  # cookies are signed with the secret of the home
        room = asyncio.run(measure_room(one[:2], Path(home), chosen.watchers))
        probe = 0.0 if chosen.is_room else probe_rate(one[0])
        print(f"One visitor alone: {probe:.1f} answers a second", flush=True)
        rows = (
            [] if chosen.is_room else asyncio.run(measure(one[:2], other[:2], tuple(chosen.visitors), chosen.watchers))
        )
    if not chosen.is_trial and not chosen.is_room:
        REPORT.write_text(_report(rows, room))
        REFERENCE.write_text(json.dumps(reference_of(REPORT.read_text(), probe), indent=1) + "\n")
        print(f"Written: {REPORT}, {REFERENCE}")


if __name__ == "__main__":
    main()
