"""The bridge to a Ray cluster: `python -m aecore.jobs.bridge HOME ADDRESS`, a process that takes jobs as a worker does
and has the nodes run them. It alone imports Ray, which ends a process that loses the head of its cluster.

It reads {"job": number, "kind", "arguments"} and {"cancel": number}, a JSON object a line. It writes {"ready": true,
"slots": jobs at a time, "nodes": how many} now and again, {"job", "share", "doing"} and {"job", "error"} as a worker,
and {"lost": a sentence} before it ends because there is no cluster.

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
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from filelock import Timeout

from aecore.jobs.node import LEASE_SECONDS, Seat, versions, versions_of
from aecore.jobs.parcels import bring_home, data_of, is_training, pack, roots_of
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.store import RunStore

PATIENCE = 45
"""Seconds; a network may be away for less."""

MOVES = 3
"""How often a run goes on on another node after its own was lost, without anybody's click."""

LOOK_SECONDS, COUNT_SECONDS, BEAT_SECONDS = 0.2, 2.0, 5.0
"""How often requests are looked for in the folders of runs; how often the nodes are counted; how often the lease of a
job is renewed.
"""

CLOSE_SECONDS = 8.0
GPU_SHARE = 0.25
"""Of a GPU, which a training takes: so many share one."""

IDLE_SECONDS = 120.0
"""A seat without work is given back to the cluster."""

log = logging.getLogger(__name__)
_pipe: IO[str] = sys.stdout
_speaking = threading.Lock()


def say(**values: object) -> None:
    """Writes one line to the pipe."""
    with _speaking, suppress(BrokenPipeError):
        print(json.dumps(values), file=_pipe, flush=True)


class NoSeatError(RuntimeError):
    """No node can run the job; the message says why."""


@dataclass(eq=False)
class Place:
    """An actor on a node. title: of the node, as people are told."""

    actor: Any
    title: str
    has_gpu: bool
    node: str
    idle_since: float = 0.0


@dataclass(eq=False)
class Errand:
    """A job under way. run: the id of the run in training, or ""."""

    number: int
    kind: str
    arguments: list[Any]
    run: str = ""
    place: Place | None = None
    is_unwanted: bool = False


@dataclass(eq=False)
class Places:
    """The seats that are taken from the cluster, and those of them that are free. refused: node -> why not there."""

    free: list[Place] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, wants_gpu: bool) -> Place:
        """A free seat, or a new one. NoSeatError if every node is refused."""
        with self._lock:
            fitting = [each for each in self.free if each.has_gpu == wants_gpu]
            if fitting:
                self.free.remove(fitting[-1])
                return fitting[-1]
        return self._new(wants_gpu)

    def give_back(self, place: Place) -> None:
        """The seat is free again."""
        place.idle_since = time.monotonic()
        with self._lock:
            self.free.append(place)

    def dismiss_idle(self) -> None:
        """Gives seats back to the cluster that had no work for long."""
        import ray

        with self._lock:
            old = [each for each in self.free if time.monotonic() - each.idle_since > IDLE_SECONDS]
            self.free = [each for each in self.free if each not in old]
        for each in old:
            ray.kill(each.actor)

    def _new(self, wants_gpu: bool) -> Place:
        """A new seat, on a node that is not refused. It is asked for its versions before it gets any work."""
        import ray

        problem = "No node of the cluster answers."
        for tries in range(len(ray.nodes()) + 1):
            actor: Any = ray.remote(Seat).options(**self._options(wants_gpu, tries)).remote()
            node = ""
            try:
                about: dict[str, str] = ray.get(actor.about.remote())
                node, problem = about["node"], _difference(about)
                if not problem:
                    ray.get(actor.warm.remote())
                    return Place(actor, _title(about["host"], node), wants_gpu, node)
            except ray.exceptions.RayError as error:  # the package is not there, or another, or the node is gone
                node = node or _node_of(actor)
                problem = f"A node of the cluster cannot run this version of the app ({_short(error)})."
            log.error(problem)
            if node:
                self.refused[node] = problem
            ray.kill(actor)
        raise NoSeatError(problem)

    def _options(self, wants_gpu: bool, tries: int) -> dict[str, Any]:
        """What a seat takes, and where: anywhere, or, once nodes are refused, on the others in turn."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there: Any = "SPREAD"
        if self.refused:
            good = [
                each["NodeID"]
                for each in nodes()
                if each["NodeID"] not in self.refused and each["Resources"].get("GPU" if wants_gpu else "CPU")
            ]
            if not good:
                raise NoSeatError(next(iter(self.refused.values())))
            there = NodeAffinitySchedulingStrategy(good[tries % len(good)], soft=False)
        gpu = {"num_gpus": GPU_SHARE} if wants_gpu else {}
        return {"num_cpus": 1, "max_concurrency": 2, "scheduling_strategy": there} | gpu


def _difference(about: dict[str, str]) -> str:
    """Why a node with these versions cannot take part; "" if it can."""
    if versions_of(about) == versions():
        return ""
    return (
        f"The node {about['host']} has version {versions_of(about)} of this app, and this server {versions()}: install "
        "the same there."
    )


def _let_go(place: Place) -> None:
    """Sees to it that a seat works no longer: it is ended, or cannot be reached for so long that it ends by itself."""
    import ray

    with suppress(Exception):
        ray.kill(place.actor)
    end = time.monotonic() + LEASE_SECONDS
    while time.monotonic() < end and any(each["NodeID"] == place.node for each in nodes()):
        try:
            ray.get(place.actor.about.remote(), timeout=1.0)
        except ray.exceptions.ActorDiedError:
            return
        except ray.exceptions.RayError:
            time.sleep(0.2)


def _node_of(actor: Any) -> str:
    from ray.util.state import get_actor

    with suppress(Exception):
        return str(get_actor(actor._actor_id.hex()).node_id)
    return ""


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[-1][:200]


def _title(host: str, node: str) -> str:
    """The name of a node: of its machine, and the beginning of its id where several nodes share one."""
    here = [each for each in nodes() if each["NodeManagerHostname"] == host]
    return f"node {host}" if len(here) < 2 else f"node {host}-{node[:4]}"


def nodes() -> list[dict[str, Any]]:
    """The nodes that are alive."""
    import ray

    return [each for each in ray.nodes() if each["Alive"]]


def slots() -> int:
    """How many jobs may run at a time: one for each processor core of the cluster."""
    return int(sum(each["Resources"].get("CPU", 0) for each in nodes()))


class Bridge:
    """Runs jobs on the cluster, each in a thread that waits for what its seat sends."""

    def __init__(self, home: Path) -> None:
        self.store, self.places = RunStore(home / "runs"), Places()
        self.errands: dict[int, Errand] = {}
        self._shipped: dict[tuple[str, str], Any] = {}

    def begin(self, number: int, kind: str, arguments: list[Any]) -> None:
        """Starts a job."""
        errand = Errand(number, kind, arguments, str(arguments[0]) if is_training(kind) else "")
        self.errands[number] = errand
        threading.Thread(target=self._do, args=(errand,), name=f"job-{number}", daemon=True).start()

    def cancel(self, number: int) -> None:
        """Ends a job soon; its results so far are brought home."""
        if errand := self.errands.get(number):
            errand.is_unwanted = True
            if errand.place:
                errand.place.actor.cancel.remote()

    def close(self) -> None:
        """Lets trainings write their checkpoints, and brings these home."""
        for number in list(self.errands):
            self.cancel(number)
        end = time.monotonic() + CLOSE_SECONDS
        while self.errands and time.monotonic() < end:
            time.sleep(0.05)

    def pass_on(self) -> None:
        """Passes what is asked of runs in training on to where they train."""
        for errand in list(self.errands.values()):
            path = self.store.folder / errand.run / REQUEST
            if errand.run and errand.place and path.is_file():
                with suppress(OSError):
                    data = path.read_bytes()
                    path.unlink(missing_ok=True)
                    errand.place.actor.ask.remote(f"runs/{errand.run}/{REQUEST}", data)

    def renew(self) -> None:
        """Renews the leases of all jobs under way."""
        for errand in list(self.errands.values()):
            if errand.place:
                errand.place.actor.beat.remote()

    def _do(self, errand: Errand) -> None:
        error = "It failed unexpectedly; the server's log has the details."
        try:
            with ExitStack() as held:
                if errand.run:
                    held.enter_context(self.store.lock(errand.run).acquire(timeout=1.0))
                error = self._with_moves(errand)
        except Timeout:
            error = f"Run {errand.run} is being trained by another process."
        except Exception:
            log.exception("job %s failed", errand)
        del self.errands[errand.number]
        say(job=errand.number, error=error)

    def _with_moves(self, errand: Errand) -> str:
        """Runs a job; a training goes on on another node if its own is lost. Returns "" or why it failed."""
        import ray

        for moves in range(MOVES + 1):
            try:
                errand.place = self.places.take(self._wants_gpu(errand))
            except NoSeatError as error:
                return self._failed(errand, str(error))
            try:
                error = self._there(errand, errand.place)
            except ray.exceptions.OutOfMemoryError:
                return self._failed(
                    errand, f"{errand.place.title.capitalize()} ran out of memory; make the layers or the batch "
                    "smaller, or train on a larger node."
                )  # fmt: skip
            except ray.exceptions.RayError as problem:
                log.warning("job %s lost its node: %s", errand.number, _short(problem))
                where = errand.place.title.capitalize()
                _let_go(errand.place)
                errand.place = None
                if not errand.run:
                    return f"{where} of the cluster was lost. Try again."
                if moves == MOVES or errand.is_unwanted:
                    return self._interrupted(
                        errand, f"{where} was lost, as {MOVES} before it; continue from the last checkpoint."
                    )
                self.store.update(
                    errand.run, state="queued", message=f"{where} was lost: it goes on from its last checkpoint."
                )
            else:
                self.places.give_back(errand.place)
                return error
        raise AssertionError

    def _there(self, errand: Errand, place: Place) -> str:
        """Runs a job at a seat and brings home what it writes; returns "" or why it failed."""
        import ray

        roots, error = roots_of(self.store, errand.kind, errand.arguments), ""
        wanted = data_of(self.store, errand.kind, roots, errand.arguments)
        if wanted and (lacking := ray.get(place.actor.lacking.remote(wanted))):
            for path in lacking:
                ray.get(place.actor.take.remote(self._shipment(path, wanted[path][1])))
        files = pack(self.store.folder.parent, roots)
        started = place.actor.run.options(num_returns="streaming").remote(errand.kind, errand.arguments, files)
        for reference in started:
            event = ray.get(reference)
            bring_home(self.store, event.changes, errand.run, place.title)
            if event.share is not None:
                say(job=errand.number, share=event.share, doing=event.doing)
            error = event.error
            if errand.is_unwanted:
                place.actor.cancel.remote()
        return error

    def _shipment(self, path: str, sha: str) -> Any:
        """A file of the data folder in the object store, where it is put once."""
        import ray

        from aecore.paths import data_folder

        if (path, sha) not in self._shipped:
            self._shipped[path, sha] = ray.put({path: (data_folder() / path).read_bytes()})
        return self._shipped[path, sha]

    def _wants_gpu(self, errand: Errand) -> bool:
        """Whether a training goes to a GPU: it asks for one, or for what there is."""
        if not errand.run:
            return False
        device = self.store.get(errand.run).settings.get("device", "auto")
        has_gpu = any(each["Resources"].get("GPU") for each in nodes())
        return device == "cuda" or (device == "auto" and has_gpu)

    def _failed(self, errand: Errand, sentence: str) -> str:
        if errand.run:
            self.store.update(errand.run, state="failed", message=sentence, finished=time.time())
        return sentence

    def _interrupted(self, errand: Errand, sentence: str) -> str:
        self.store.update(errand.run, state="interrupted", message=sentence, finished=time.time())
        return sentence


def main() -> None:
    """Joins the cluster and runs jobs until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _pipe
    _pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of libraries goes into the log
    home, address = Path(sys.argv[1]), sys.argv[2]
    os.environ["AECORE_HOME"] = str(home)
    os.environ.setdefault("RAY_gcs_rpc_server_reconnect_timeout_s", str(PATIENCE))
    try:
        _join(address)
    except ImportError:
        _lose("The extra [cluster] is not installed: pip install 'autoencoder-explorer[cluster]'.")
    except Exception as error:
        log.exception("no cluster at %s", address)
        _lose(f"No cluster answers at {address} ({_short(error)}).")
    bridge = Bridge(home)
    threading.Thread(target=_read, args=(bridge,), name="commands", daemon=True).start()
    told, counted, beaten = (0, 0), 0.0, 0.0
    while True:
        bridge.pass_on()
        if time.monotonic() - beaten > BEAT_SECONDS:
            beaten = time.monotonic()
            bridge.renew()
        if time.monotonic() - counted > COUNT_SECONDS:
            counted = time.monotonic()
            bridge.places.dismiss_idle()
            if (now := (slots(), len(nodes()))) != told:
                told = now
                say(ready=True, slots=now[0], nodes=now[1])
        time.sleep(LOOK_SECONDS)


def _join(address: str) -> None:
    import ray

    where = {} if address == "local" else {"address": address}
    ray.init(
        **where, log_to_driver=True, logging_level=logging.WARNING, namespace="autoencoder-explorer",
        **({"include_dashboard": False} if address == "local" else {}),
    )  # fmt: skip


def _read(bridge: Bridge) -> None:
    """Reads commands until the pipe closes."""
    try:
        for line in sys.stdin:
            command = json.loads(line)
            if "cancel" in command:
                bridge.cancel(command["cancel"])
            else:
                bridge.begin(command["job"], command["kind"], command["arguments"])
    finally:
        bridge.close()
        os._exit(0)


def _lose(sentence: str) -> None:
    say(lost=sentence)
    os._exit(3)


if __name__ == "__main__":
    main()
