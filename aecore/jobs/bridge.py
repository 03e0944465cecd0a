"""The bridge to a Ray cluster: `python -m aecore.jobs.bridge HOME ADDRESS`, a process that takes jobs as a worker does
and has the nodes run them. It alone imports Ray, which ends a process that loses the head of its cluster.

It reads, a JSON object a line, {"waiting": [[number, noun, is_short, persons, name], ...]}, all jobs of the server that
wait for their turns, {"job": number, "kind", "arguments", "wanted": as above} and {"cancel": number}. It writes
{"ready": true, "slots": jobs at a time, "nodes": how many, "refused": sentences about others} now and again, {"turns":
numbers of jobs that may begin, "places": [[number, how many come first], ...], "servers": how many share the line},
{"job", "share", "doing"} and {"job", "error"} as a worker, and {"lost": a sentence, "is_final"} before it ends because
there is no cluster.
Where the head cannot be reached for `PATIENCE` seconds, or no node can run jobs for so long, the cluster counts as
lost.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from aecore.jobs.errands import Errands
from aecore.jobs.line import Wanted
from aecore.jobs.losses import short
from aecore.jobs.nodes import Refusals, nodes, slots
from aecore.jobs.shared_line import NAMESPACE, PATIENCE, SharedLine

KNOCK_SECONDS, JOIN_SECONDS = 10.0, 120.0
"""How long it waits for somebody to listen at the address, and for Ray to have joined the cluster there."""

LOOK_SECONDS, COUNT_SECONDS, BEAT_SECONDS = 0.2, 2.0, 5.0
"""How often turns are asked for and requests are looked for in the folders of runs, the nodes are counted, and leases
of jobs are renewed.
"""

log = logging.getLogger(__name__)
_pipe: IO[str] = sys.stdout
_speaking = threading.Lock()


def say(**values: object) -> None:
    """Writes one line to the pipe."""
    with _speaking, suppress(BrokenPipeError):
        print(json.dumps(values), file=_pipe, flush=True)


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
    joining = threading.Timer(JOIN_SECONDS, _lose, [f"The cluster at {address} did not let this server join."])
    joining.daemon = True
    joining.start()
    try:
        knock(address)
        join_cluster(address)
    except ImportError:
        _lose("The extra [cluster] is not installed: pip install 'autoencoder-explorer[cluster]'.", is_final=True)
    except Exception as error:
        log.exception("no cluster at %s", address)
        _lose(f"No cluster answers at {address} ({getattr(error, 'strerror', None) or short(error)}).")
    joining.cancel()
    bridge = Bridge(home, SharedLine())
    for work in (_read, _look):
        threading.Thread(target=work, args=(bridge,), name=work.__name__, daemon=True).start()
    count, counted, beaten = Count(bridge.errands.places.refusals), 0.0, 0.0
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
            bridge.slots = count.look()
            why = count.lost(address)
            if why and not bridge.errands.places.leaving:  # else a run might go on here while it still trains there
                _lose(why)
        if is_time or is_news or bridge.waits:
            bridge.take_turns()
        bridge.stirred.wait(LOOK_SECONDS)


class Count:
    """How large the cluster is, as the server is told."""

    def __init__(self, refusals: Refusals) -> None:
        self.refusals = refusals
        self._told: object = None
        self._empty_since = 0.0

    def look(self) -> int:
        """How many jobs may run at a time; tells the server where that has changed."""
        refused = dict(self.refusals.of)
        count = slots(refused)
        told = {"slots": count, "nodes": len({each["NodeID"] for each in nodes()} - refused.keys()),
                "refused": sorted(refused.values())}  # fmt: skip
        if told != self._told:
            self._told = told
            say(ready=True, **told)
        self._empty_since = 0.0 if count else self._empty_since or time.monotonic()
        return count

    def lost(self, address: str) -> str:
        """Why the cluster counts as lost: no node has been able to run jobs for long; "" while it does not."""
        if not self._empty_since or time.monotonic() - self._empty_since < PATIENCE:
            return ""
        return " ".join(sorted(self.refusals.of.values())) or f"No node of the cluster at {address} can run jobs."


def knock(address: str) -> None:
    """OSError if nothing listens at host:port or ray://host:port; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_SECONDS).close()


def join_cluster(address: str) -> None:
    """Joins the cluster at this address, or begins one of this machine for `local`."""
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


def _look(bridge: Bridge) -> None:
    """Asks nodes for their versions; whatever goes wrong there, they are asked again."""
    while True:
        try:
            bridge.errands.places.refusals.look()
        except Exception as error:
            log.warning("the nodes could not be asked: %s", short(error))
        time.sleep(COUNT_SECONDS)


def _lose(sentence: str, *, is_final: bool = False) -> None:
    say(lost=sentence, is_final=is_final)
    os._exit(3)


if __name__ == "__main__":
    main()
