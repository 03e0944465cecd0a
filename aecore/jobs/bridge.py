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
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from filelock import Timeout

from aecore.jobs.parcels import bring_home, data_of, is_training, pack, roots_of
from aecore.jobs.places import NoSeatError, Place, Places, let_go, nodes, short, slots
from aecore.jobs.worker import sentence_of
from aecore.paths import data_folder
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.store import RunError, RunStore

PATIENCE = 45
"""Seconds; a network may be away for less."""

MOVES = 3
"""How often a run goes on on another node after its own was lost, without anybody's click."""

LOOK_SECONDS, COUNT_SECONDS, BEAT_SECONDS = 0.2, 2.0, 5.0
"""How often requests are looked for in the folders of runs, the nodes are counted, and leases of jobs are renewed."""

CLOSE_SECONDS = 8.0
log = logging.getLogger(__name__)
_pipe: IO[str] = sys.stdout
_speaking = threading.Lock()


def say(**values: object) -> None:
    """Writes one line to the pipe."""
    with _speaking, suppress(BrokenPipeError):
        print(json.dumps(values), file=_pipe, flush=True)


@dataclass(eq=False)
class Errand:
    """A job under way. run: the id of the run in training, or ""."""

    number: int
    kind: str
    arguments: list[Any]
    run: str = ""
    place: Place | None = None
    is_unwanted: bool = False


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
        end = time.monotonic() + CLOSE_SECONDS
        for number in list(self.errands):
            self.cancel(number)
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
        for place in [each.place for each in list(self.errands.values()) if each.place]:
            place.actor.beat.remote()

    def _do(self, errand: Errand) -> None:
        try:
            with ExitStack() as held:
                if errand.run:
                    held.enter_context(self.store.lock(errand.run).acquire(timeout=1.0))
                error = self._with_moves(errand)
        except Timeout:
            error = f"Run {errand.run} is being trained by another process."
        except Exception as problem:  # the disk is full here, say: what is going on there has to end, too
            error = self._ended(errand, sentence_of(problem, errand.kind, errand.arguments), "interrupted")
            if errand.place:
                let_go(errand.place)
        del self.errands[errand.number]
        say(job=errand.number, error=error)

    def _with_moves(self, errand: Errand) -> str:
        """Runs a job; a training goes on on another node if its own is lost. Returns "" or why it failed."""
        import ray

        for moves in range(MOVES + 1):
            try:
                errand.place = self.places.take(self._wants_gpu(errand))
            except NoSeatError as error:
                return self._ended(errand, str(error))
            try:
                error = self._there(errand, errand.place)
            except ray.exceptions.OutOfMemoryError:
                return self._ended(
                    errand,
                    f"{errand.place.title.capitalize()} ran out of memory; make the layers or the batch smaller.",
                )
            except ray.exceptions.RayError as problem:
                log.warning("job %s lost its node: %s", errand.number, short(problem))
                where = errand.place.title.capitalize()
                let_go(errand.place)
                errand.place = None
                if not errand.run:
                    return f"{where} of the cluster was lost. Try again."
                if moves == MOVES or errand.is_unwanted:
                    before = f", as {moves} before it" if moves else ""
                    message = f"{where} was lost{before}; continue from the last checkpoint."
                    return self._ended(errand, message, "interrupted")
                message = f"{where} was lost: it goes on from its last checkpoint."
                self.store.update(errand.run, state="queued", message=message)
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
        ray.get(place.actor.begin.remote(errand.kind, errand.arguments, files))
        is_over = False
        while not is_over:  # asked for, since a client (ray://) knows no methods that stream
            events, is_over = ray.get(place.actor.events.remote())
            for event in events:
                bring_home(self.store, event.changes, errand.run, place.title)
                if event.share is not None:
                    say(job=errand.number, share=event.share, doing=event.doing)
                error = event.error
            if errand.is_unwanted:
                place.actor.cancel.remote()
        if error and errand.run and self.store.get(errand.run).status.is_active:  # it did not even begin there
            self._ended(errand, error, "interrupted")
        return error

    def _shipment(self, path: str, sha: str) -> Any:
        """A file of the data folder in the object store, where it is put once."""
        import ray

        if (path, sha) not in self._shipped:
            self._shipped[path, sha] = ray.put({path: (data_folder() / path).read_bytes()})
        return self._shipped[path, sha]

    def _wants_gpu(self, errand: Errand) -> bool:
        """Whether a training goes to a GPU: it asks for one, or for what there is."""
        if not errand.run:
            return False
        device = self.store.get(errand.run).settings.get("device", "auto")
        return device == "cuda" or (device == "auto" and any(each["Resources"].get("GPU") for each in nodes()))

    def _ended(self, errand: Errand, sentence: str, state: str = "failed") -> str:
        if errand.run:
            with suppress(RunError, OSError):  # it has been deleted, or the disk is too full even for that
                self.store.update(errand.run, state=state, message=sentence, finished=time.time())
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
        join_cluster(address)
    except ImportError:
        _lose("The extra [cluster] is not installed: pip install 'autoencoder-explorer[cluster]'.")
    except Exception as error:
        log.exception("no cluster at %s", address)
        _lose(f"No cluster answers at {address} ({short(error)}).")
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


def join_cluster(address: str) -> None:
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
