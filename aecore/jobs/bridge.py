"""The bridge to a Ray cluster: `python -m aecore.jobs.bridge HOME ADDRESS`, a process that takes jobs as a worker does
and has the nodes run them. It alone imports Ray, which ends a process that loses the head of its cluster.

It reads, a JSON object a line, {"waiting": [[number, noun, is_short, persons, name], ...]}, all jobs of the server that
wait for their turns, {"job": number, "kind", "arguments", "wanted": as above} and {"cancel": number}. It writes
{"ready": true, "slots": jobs at a time, "nodes": how many} now and again, {"turns": numbers of jobs that may begin,
"places": [[number, how many come first], ...], "servers": how many share the line}, {"job", "share", "doing"} and
{"job", "error"} as a worker, and {"lost": a sentence, "is_final"} before it ends because there is no cluster.

Where the head cannot be reached for `PATIENCE` seconds, the cluster counts as lost.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from aecore.jobs.errands import Errands
from aecore.jobs.line import THERE, Line, Turns, Wanted
from aecore.jobs.node import versions
from aecore.jobs.places import nodes, short, slots

PATIENCE = 45
"""Seconds; a network may be away for less."""

LOOK_SECONDS, COUNT_SECONDS, BEAT_SECONDS = 0.2, 2.0, 5.0
"""How often turns are asked for and requests are looked for in the folders of runs, the nodes are counted, and leases
of jobs are renewed.
"""

ANSWER_SECONDS = 5.0
"""For which the line may be busy."""

NAMESPACE = "autoencoder-explorer"
log = logging.getLogger(__name__)
_pipe: IO[str] = sys.stdout
_speaking = threading.Lock()


def say(**values: object) -> None:
    """Writes one line to the pipe."""
    with _speaking, suppress(BrokenPipeError):
        print(json.dumps(values), file=_pipe, flush=True)


class SharedLine:
    """The line of all servers of this cluster, as this one speaks to it; one of its own where it stays away."""

    def __init__(self) -> None:
        self.server = uuid.uuid4().hex
        self._actor: Any = None
        self._had_one = False
        self._own: Line | None = None
        self._missed = 0.0

    def report(self, wanted: Sequence[Wanted], slots: int) -> Turns | None:
        """See `Line`; None while there is no answer, but may be one soon."""
        import ray

        if self._own:
            return self._own.report(self.server, wanted, slots)
        try:
            self._actor = self._actor or self._find()
            found: Turns = ray.get(self._actor.report.remote(self.server, wanted, slots), timeout=ANSWER_SECONDS)
        except (ray.exceptions.RayError, ValueError) as error:  # its node was lost, say
            log.warning("the line of the cluster does not answer: %s", short(error))
            if not isinstance(error, ray.exceptions.GetTimeoutError):  # Ray ends an actor to which nobody holds on
                self._actor = None
            self._missed = self._missed or time.monotonic()
            if time.monotonic() - self._missed > PATIENCE:
                self._own = Line(THERE)
            return None
        self._missed = 0.0
        return found

    def leave(self) -> None:
        """Says that this server ends, and waits a moment until that is heard."""
        import ray

        with suppress(Exception):
            ray.get(self._actor.leave.remote(self.server), timeout=1.0)

    def _find(self) -> Any:
        """The actor, begun on this node where there is none."""
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here: Any = "DEFAULT"
        with suppress(Exception):  # a client (ray://) is on no node
            here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=True)
        actor: Any = ray.remote(Line).options(
            name=f"line of {versions()}", namespace=NAMESPACE, get_if_exists=True, num_cpus=0, scheduling_strategy=here
        ).remote(THERE, is_new=not self._had_one)  # fmt: skip
        self._had_one = True
        return actor


class Bridge:
    """What a server wants of the cluster: jobs that wait for their turns, and those under way."""

    def __init__(self, home: Path, line: SharedLine) -> None:
        self.errands, self.line = Errands(home, self._pass_on), line
        self.stirred = threading.Event()
        self.slots = 0
        self._lock = threading.Lock()
        self._waiting: dict[int, Wanted] = {}
        self._begun: dict[int, Wanted] = {}
        self._told: object = None

    def hear(self, command: dict[str, Any]) -> None:
        """Does what the server says."""
        if "waiting" in command:
            self._waiting = {each[0]: _wanted(each) for each in command["waiting"]}
            self.stirred.set()
        elif "cancel" in command:
            self.errands.cancel(command["cancel"])
        else:
            with self._lock:
                self._begun[command["job"]] = _wanted(command["wanted"], is_running=True)
                self.errands.begin(command["job"], command["kind"], command["arguments"])

    def _pass_on(self, **values: object) -> None:
        """Tells the server what a job says; where one has ended, it is another's turn at once."""
        say(**values)
        if "error" in values:
            self.stirred.set()

    @property
    def waits(self) -> bool:
        """Whether a job waits for its turn here."""
        return bool(self._waiting)

    def take_turns(self) -> None:
        """Asks the line whose turn it is, and tells the server where that is news."""
        with self._lock:  # what begins meanwhile belongs to both or to none
            under_way = set(self.errands.under_way)
            self._begun = {number: each for number, each in self._begun.items() if number in under_way}
            waiting = [each for number, each in self._waiting.items() if number not in under_way]
            wanted = [*self._begun.values(), *waiting]
        turns = self.line.report(wanted, self.slots)
        if turns is None:
            return
        self.errands.places.dismiss_idle(turns.seats)
        told = {
            "turns": sorted(set(turns.granted) - under_way), "places": sorted(turns.places.items()),
            "servers": turns.servers,
        }  # fmt: skip
        if told != self._told:
            self._told = told
            say(**told)


def _wanted(values: Sequence[Any], *, is_running: bool = False) -> Wanted:
    number, noun, is_short, persons, name = values
    return Wanted(number, noun, is_short, tuple(persons), name, is_running)


def main() -> None:
    """Joins the cluster and runs jobs until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _pipe
    _pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of libraries goes into the log
    home, address = Path(sys.argv[1]), sys.argv[2]
    os.environ["AECORE_HOME"] = str(home)
    os.environ.setdefault("RAY_gcs_rpc_server_reconnect_timeout_s", str(PATIENCE))
    os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")  # a lost cluster is not replaced by one of this machine
    try:
        join_cluster(address)
    except ImportError:
        _lose("The extra [cluster] is not installed: pip install 'autoencoder-explorer[cluster]'.", is_final=True)
    except Exception as error:
        log.exception("no cluster at %s", address)
        _lose(f"No cluster answers at {address} ({short(error)}).")
    bridge = Bridge(home, SharedLine())
    threading.Thread(target=_read, args=(bridge,), name="commands", daemon=True).start()
    told, counted, beaten = (0, 0), 0.0, 0.0
    while True:
        is_news = bridge.stirred.is_set()
        bridge.stirred.clear()
        bridge.errands.pass_on()
        if time.monotonic() - beaten > BEAT_SECONDS:
            beaten = time.monotonic()
            bridge.errands.renew()
        is_time = time.monotonic() - counted > COUNT_SECONDS
        if is_time:
            counted = time.monotonic()
            if (now := (slots(), len(nodes()))) != told:
                told, bridge.slots = now, now[0]
                say(ready=True, slots=now[0], nodes=now[1])
        if is_time or is_news or bridge.waits:
            bridge.take_turns()
        bridge.stirred.wait(LOOK_SECONDS)


def join_cluster(address: str) -> None:
    import ray

    where = {} if address == "local" else {"address": address}
    ray.init(
        **where, log_to_driver=True, logging_level=logging.WARNING, namespace=NAMESPACE,
        **({"include_dashboard": False} if address == "local" else {}),
    )  # fmt: skip


def _read(bridge: Bridge) -> None:
    """Reads commands until the pipe closes."""
    try:
        for line in sys.stdin:
            bridge.hear(json.loads(line))
    finally:
        bridge.errands.close()
        bridge.line.leave()
        os._exit(0)


def _lose(sentence: str, *, is_final: bool = False) -> None:
    say(lost=sentence, is_final=is_final)
    os._exit(3)


if __name__ == "__main__":
    main()
