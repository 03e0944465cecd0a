"""Pages while 200 runs wait: `python -m tests.benchmarks.queued` writes that part of docs/scale.md.

Two servers with homes of their own, in which as many runs train as the machine has places for. In one of them 200
other runs wait in the queue, in the other the same 200 rest: they are there, and wait for nothing. Visitors without
browsers have a page of each and ask them in turns, so that a fast or a busy second hits both. Half of each server's
trainings are stopped where they are, so that as many train on the machine as beside one server.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.benchmarks.browser import WARM_SECONDS, server
from tests.benchmarks.crowd import MIX, Guest
from tests.benchmarks.pages import cpu_seconds

WAITING, OWNERS = 200, 40
"""Runs in the queue, and the people whose they are."""

SECONDS, THINK = 240.0, 1.0
"""Of the whole, and seconds that a visitor thinks, on average."""

PARTS = 6
"""Of that time, for each of which a ratio is given too."""

JOIN_SECONDS = 4.0

OF_EACH = 2
"""Visitors of each kind."""

GOAL = 1.2
OWN, HOSTS, ONE = "Runs of one who has five", "Runs of the host", "Train with one of the runs"
PAGES = {OWN: ("runs", ""), HOSTS: ("runs", ""), ONE: ("train", "run={run}")}
"""Kinds of visitors besides those of the usual pages -> their page, and what its address says."""

TEXT = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- queue -->\n", "<!-- end of queue -->\n"


@dataclass
class Side:
    """A server and its home: the cookies and the run of who visits; when each answer was asked for and its seconds, by
    kind of visitor, and the processor's for each.
    """

    name: str
    home: Path
    cookies: dict[str, str]
    run: str
    address: str = ""
    pid: int = 0
    answers: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    spent: float = 0.0

    def usual(self, begin: float = 0.0, end: float = math.inf) -> list[float]:
        """Answers of the usual pages and of Runs that were asked for between two moments."""
        return [
            taken for kind, found in self.answers.items() for at, taken in found if kind != ONE and begin <= at < end
        ]

    def of(self, kind: str) -> list[float]:
        """Answers of one kind of visitor."""
        return [taken for _, taken in self.answers[kind]]


def main() -> None:
    """Measures, and writes the part of the document between its marks; --try prints only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
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
        measure(sides, chosen.seconds)
        told = lines(sides, chosen.waiting, chosen.seconds)
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
        settings = RunSettings.build("digits", "undercomplete", epochs=2000, batch_size=1, seed=number)
        owner = people[number % OWNERS].tag
        run = store.create(settings.to_dict(), f"Run {number + 1}", owner=owner)
        if name == "resting" and number >= TRAININGS:
            store.update(run.id, state="paused")
    assert run is not None
    own = f"{identity.cookie_name()}={signed(people[(TRAININGS + waiting - 1) % OWNERS].id)}"
    key = host_key.Signer(secret(), salt=host_key.COOKIE).sign(host_key._print_of(host_key.host_key()[0])).decode()
    return Side(name, home, {OWN: own, HOSTS: f"{host_key.cookie_name()}={key}", ONE: own}, run.id)


def measure(sides: list[Side], seconds: float) -> None:
    """Lets both have the same visitors."""
    asyncio.run(
        visits(sides, seconds=10.0)
    )  # every page once: imports, data sets that are drawn; the queue is taken over
    time.sleep(WARM_SECONDS)
    for side in sides:
        check(side)
        side.answers.clear()
    with ExitStack() as stopped:
        for side in sides:
            stopped.enter_context(half_stopped(side.pid))
        before = [cpu_seconds(side.pid) for side in sides]
        asyncio.run(visits(sides, seconds=seconds))
        for side, began in zip(sides, before, strict=True):
            side.spent = (cpu_seconds(side.pid) - began) / sum(map(len, side.answers.values()))
    for side in sides:
        check(side)


def check(side: Side) -> None:
    """RuntimeError unless as many runs train as may, and all others still wait or rest."""
    from aecore.jobs.kinds import TRAININGS
    from aecore.runs.store import RunStore

    found = Counter(run.status.state for run in RunStore(side.home / "runs").list())
    others = "queued" if side.name == "waiting" else "paused"
    if found["training"] != TRAININGS or set(found) != {"training", others}:
        raise RuntimeError(f"{side.name}: {dict(found)}")


async def visits(sides: list[Side], *, seconds: float) -> None:
    """Some visitors of each kind, each with a page of both servers, for so many seconds. RuntimeError if one fails."""
    clock = asyncio.get_running_loop().time
    begin = clock() + JOIN_SECONDS

    async def visit(kind: str, number: int) -> None:
        page, query = PAGES.get(kind, (kind, ""))
        guests = [
            (side, Guest(side.address, page, query.format(run=side.run), cookies=side.cookies.get(kind, "")))
            for side in sides
        ]
        chance = random.Random(f"{kind} {number}")
        for _, guest in guests:
            await guest.join()
        await asyncio.sleep(max(0.0, begin - clock()) + chance.uniform(0, THINK))
        while clock() < begin + seconds:
            chance.shuffle(guests)
            use = MIX[kind](chance) if kind in MIX else None
            for side, guest in guests:
                asked = clock() - begin
                side.answers[kind].append((asked, await (guest.use(*use) if use else guest.ask())))
                await asyncio.sleep(chance.expovariate(1 / THINK))
        for _, guest in guests:
            await guest.leave()

    await asyncio.gather(*(visit(kind, number) for kind in (*MIX, OWN, HOSTS, ONE) for number in range(OF_EACH)))


@contextmanager
def half_stopped(pid: int) -> Iterator[None]:
    """Half of a server's trainings do nothing, until the block ends."""
    workers = [each for each in psutil.Process(pid).children() if "--warm" in each.cmdline()]
    stopped = workers[: len(workers) // 2]
    for each in stopped:
        each.suspend()
    try:
        yield
    finally:
        for each in stopped:
            each.resume()


def p95(seconds: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=20)[-1]


def lines(sides: list[Side], waiting: int, seconds: float) -> str:
    """What was measured, as a part of the document."""
    from aecore.jobs.kinds import TRAININGS

    one, other = sides
    part = seconds / PARTS
    ratios = [
        p95(one.usual(number * part, (number + 1) * part)) / p95(other.usual(number * part, (number + 1) * part))
        for number in range(PARTS)
    ]
    usual, hosts, watched = (
        [f"{1000 * statistics.median(each):.0f} / {p95(each):.0f} ms" for each in both]
        for both in ((one.usual(), other.usual()), (one.of(HOSTS), other.of(HOSTS)), (one.of(ONE), other.of(ONE)))
    )
    ratio, spent = p95(one.usual()) / p95(other.usual()), [1000 * side.spent for side in sides]
    return "\n".join([
        f"Written by `python -m tests.benchmarks.queued` on {time.strftime('%-d %B %Y')} ({os.cpu_count()} processor "
        f"cores; {OF_EACH * len(one.answers)} visitors without browsers, who think for {THINK:.0f} s on average; "
        "median / 95th percentile of their answers):",
        "",
        f"- The usual pages and *Runs* while {TRAININGS} runs train: {usual[0]} with {waiting} waiting, {usual[1]} "
        f"with none waiting. The 95th percentile with them is {ratio:.2f} times that without "
        f"(goal at most {GOAL}; in parts of {part:.0f} s it lies between {min(ratios):.2f} and {max(ratios):.2f}).",
        f"- The server's processor works {spent[0]:.0f} ms for each answer, and {spent[1]:.0f} ms with none waiting, "
        "which other programs disturb less.",
        f"- Among these, *Runs* of the host, which lists all of them: {hosts[0]}, with none waiting {hosts[1]}.",
        f"- The page of a run that waits: {watched[0]}, and of one that rests: {watched[1]}.",
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
