"""Pages while 200 runs wait: `python -m tests.benchmarks.queued` writes that part of docs/scale.md.

Two servers with homes of their own, in which as many runs train as the machine has places for. In one of them 200
other runs wait in the queue, in the other the same 200 rest: they are there, and wait for nothing. Both have the same
visitors without browsers, one after the other in short turns, while the other server and its trainings are stopped, so
that a fast or a busy minute hits both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.benchmarks.browser import WARM_SECONDS, server
from tests.benchmarks.crowd import MIX, Guest
from tests.benchmarks.pages import cpu_seconds

WAITING, OWNERS = 200, 40
"""Runs in the queue, and the people whose they are."""

ROUNDS, SECONDS, THINK = 5, 20.0, 1.0
"""Turns of each server; seconds of each, and seconds that a visitor thinks, on average."""

OF_EACH = 2
"""Visitors of each kind."""

SETTLE_SECONDS = 2.0
"""After a server goes on: what has waited in it meanwhile is done then."""

GOAL = 1.2
OWN, HOSTS, ONE = "Runs of one who has five", "Runs of the host", "Train with one of the runs"
PAGES = {OWN: ("runs", ""), HOSTS: ("runs", ""), ONE: ("train", "run={run}")}
"""Kinds of visitors besides those of the usual pages -> their page, and what its address says."""

TEXT = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- queue -->\n", "<!-- end of queue -->\n"


@dataclass
class Side:
    """A server and its home: who visits, the seconds of each answer, by round and kind of visitor, and the processor's
    for each, by round.
    """

    name: str
    home: Path
    cookies: dict[str, str]
    run: str
    address: str = ""
    pid: int = 0
    rounds: list[dict[str, list[float]]] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def usual(self, number: int | None = None) -> list[float]:
        """Answers of the usual pages and of Runs, in one round or in all."""
        rounds = self.rounds if number is None else [self.rounds[number]]
        return [each for found in rounds for kind, times in found.items() if kind != ONE for each in times]

    def of(self, kind: str) -> list[float]:
        """Answers of one kind of visitor."""
        return [each for found in self.rounds for each in found[kind]]


def main() -> None:
    """Measures, and writes the part of the document between its marks; --try prints only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--waiting", type=int, default=WAITING)
    parser.add_argument("--try", action="store_true", dest="is_trial", help="do not write the document")
    chosen = parser.parse_args()
    os.environ["AECORE_SHARED"] = "1"  # each is somebody else
    with ExitStack() as opened:
        sides = []
        for name in ("waiting", "resting"):
            home = opened.enter_context(TemporaryDirectory())
            side = make_home(name, Path(home), chosen.waiting)
            side.address, side.pid, _ = opened.enter_context(server(home))
            sides.append(side)
        measure(sides, chosen.rounds)
    told = lines(sides, chosen.waiting)
    print(told)
    if not chosen.is_trial:
        text = TEXT.read_text()
        begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
        TEXT.write_text(text[:begin] + told + text[end:])


def make_home(name: str, home: Path, waiting: int) -> Side:
    """A home with runs that wait, or rest, and as many that train as may."""
    from aecore.experiment.settings import RunSettings
    from aecore.jobs.kinds import TRAININGS
    from aecore.runs.store import RunStore
    from ui.app import host_key, identity
    from ui.app.identity import Person, signed
    from ui.app.secret import secret

    os.environ["AECORE_HOME"] = str(home)  # cookies are signed with the secret of the home
    store = RunStore(home / "runs")
    people = [Person(f"owner-{number}") for number in range(OWNERS)]
    run = None
    for number in range(TRAININGS + waiting):
        settings = RunSettings.build("digits", "undercomplete", epochs=2000, batch_size=8, seed=number)
        owner = people[number % OWNERS].tag
        run = store.create(settings.to_dict(), f"Run {number + 1}", owner=owner)
        if name == "resting" and number >= TRAININGS:
            store.update(run.id, state="paused")
    assert run is not None
    own = f"{identity.cookie_name()}={signed(people[(TRAININGS + waiting - 1) % OWNERS].id)}"
    key = host_key.Signer(secret(), salt=host_key.COOKIE).sign(host_key._print_of(host_key.host_key()[0])).decode()
    return Side(name, home, {OWN: own, HOSTS: f"{host_key.cookie_name()}={key}", ONE: own}, run.id)


def measure(sides: list[Side], rounds: int) -> None:
    """Lets both have visitors in turns."""
    for side in sides:  # every page once: imports, data sets that are drawn; the queue is taken over
        asyncio.run(visits(side, seconds=5.0, seed=0))
        side.rounds.clear()
        side.spent.clear()
    time.sleep(WARM_SECONDS)
    with ExitStack() as stopped:
        for side in sides:
            stopped.enter_context(resting(side.pid))
        for number in range(rounds):
            for side in sides if number % 2 else sides[::-1]:
                go_on(side.pid)
                time.sleep(SETTLE_SECONDS)
                check(side)
                asyncio.run(visits(side, seconds=SECONDS, seed=number + 1))
                stop(side.pid)
            print(*(f"{side.name} {p95(side.usual(number)):.0f} ms" for side in sides), flush=True)


def check(side: Side) -> None:
    """RuntimeError unless as many runs train as may, and all others still wait or rest."""
    from aecore.jobs.kinds import TRAININGS
    from aecore.runs.store import RunStore

    found = Counter(run.status.state for run in RunStore(side.home / "runs").list())
    others = "queued" if side.name == "waiting" else "paused"
    if found["training"] != TRAININGS or set(found) != {"training", others}:
        raise RuntimeError(f"{side.name}: {dict(found)}")


async def visits(side: Side, *, seconds: float, seed: int) -> None:
    """One turn: some visitors of each kind, for so many seconds after all have come. RuntimeError if one fails."""
    found: dict[str, list[float]] = {kind: [] for kind in (*MIX, OWN, HOSTS, ONE)}
    begin = asyncio.get_running_loop().time() + 3.0

    async def visit(kind: str, number: int) -> None:
        clock, own = asyncio.get_running_loop().time, random.Random(f"{seed} {kind} {number}")
        page, query = PAGES.get(kind, (kind, ""))
        guest = Guest(side.address, page, query.format(run=side.run), cookies=side.cookies.get(kind, ""))
        await guest.join()
        await asyncio.sleep(max(0.0, begin - clock()) + own.uniform(0, THINK))
        while clock() < begin + seconds:
            found[kind].append(await (guest.use(*MIX[kind](own)) if kind in MIX else guest.ask()))
            await asyncio.sleep(own.expovariate(1 / THINK))
        await guest.leave()

    before = cpu_seconds(side.pid)
    await asyncio.gather(*(visit(kind, number) for kind in found for number in range(OF_EACH)))
    side.rounds.append(found)
    side.spent.append((cpu_seconds(side.pid) - before) / sum(map(len, found.values())))


@contextmanager
def resting(pid: int) -> Iterator[None]:
    """A server and all that it has begun do nothing, until the block ends."""
    stop(pid)
    try:
        yield
    finally:
        go_on(pid)


def stop(pid: int) -> None:
    """Stops a server and its workers where they are."""
    for each in _all(pid):
        each.suspend()


def go_on(pid: int) -> None:
    """The opposite of `stop`."""
    for each in _all(pid):
        each.resume()


def _all(pid: int) -> list[Any]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def p95(seconds: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=20)[-1]


def lines(sides: list[Side], waiting: int) -> str:
    """What was measured, as a part of the document."""
    from aecore.jobs.kinds import TRAININGS

    one, other = sides
    ratios = [p95(one.usual(number)) / p95(other.usual(number)) for number in range(len(one.rounds))]
    usual, hosts, watched = (
        [f"{1000 * statistics.median(each):.0f} / {p95(each):.0f} ms" for each in both]
        for both in ((one.usual(), other.usual()), (one.of(HOSTS), other.of(HOSTS)), (one.of(ONE), other.of(ONE)))
    )
    spent = [1000 * statistics.median(side.spent) for side in sides]
    return "\n".join([
        f"Written by `python -m tests.benchmarks.queued` on {time.strftime('%-d %B %Y')} ({os.cpu_count()} processor "
        f"cores; {OF_EACH * len(one.rounds[0])} visitors without browsers, who think for {THINK:.0f} s on average; "
        "median / 95th percentile of their answers):",
        "",
        f"- The usual pages and *Runs* while {TRAININGS} runs train: {usual[0]} with {waiting} waiting, {usual[1]} "
        f"with none waiting. The 95th percentile with them is {statistics.median(ratios):.2f} times that without "
        f"(goal at most {GOAL}; the median of {len(ratios)} rounds, which lie between {min(ratios):.2f} and "
        f"{max(ratios):.2f}).",
        f"- The server's processor works {spent[0]:.0f} ms for each answer, and {spent[1]:.0f} ms with none waiting, "
        "which other programs disturb less.",
        f"- Among these, *Runs* of the host, which lists all of them: {hosts[0]}, with none waiting {hosts[1]}.",
        f"- The page of a run that waits: {watched[0]}, and of one that rests: {watched[1]}.",
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
