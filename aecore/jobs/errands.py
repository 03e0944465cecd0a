"""Errands: jobs that the bridge has the nodes of a cluster do, each in a thread that waits for what its seat sends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import Timeout

from aecore.jobs.parcels import bring_home, data_of, is_training, pack, roots_of
from aecore.jobs.places import NoSeatError, Place, Places, nodes, short
from aecore.jobs.shipments import Shipments, is_brought
from aecore.jobs.worker import sentence_of
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.store import RunError, RunStore

MOVES = 3
"""How often a run goes on on another node after its own was lost, without anybody's click."""

CLOSE_SECONDS = 8.0
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Errand:
    """A job under way. run: the id of the run in training, or ""."""

    number: int
    kind: str
    arguments: list[Any]
    run: str = ""
    place: Place | None = None
    is_unwanted: bool = False


class Errands:
    """All jobs under way. say: is told how far a job is, and that it has ended."""

    def __init__(self, home: Path, say: Callable[..., None]) -> None:
        self.store, self.places, self.say = RunStore(home / "runs"), Places(), say
        self.under_way: dict[int, Errand] = {}
        self.shipments = Shipments(home)

    def begin(self, number: int, kind: str, arguments: list[Any]) -> None:
        """Starts a job."""
        errand = Errand(number, kind, arguments, str(arguments[0]) if is_training(kind) else "")
        self.under_way[number] = errand
        threading.Thread(target=self._do, args=(errand,), name=f"job-{number}", daemon=True).start()

    def cancel(self, number: int) -> None:
        """Ends a job soon; its results so far are brought home."""
        if errand := self.under_way.get(number):
            errand.is_unwanted = True
            if errand.place:
                errand.place.actor.cancel.remote()

    def close(self) -> None:
        """Lets trainings write their checkpoints, and brings these home."""
        end = time.monotonic() + CLOSE_SECONDS
        for number in list(self.under_way):
            self.cancel(number)
        while self.under_way and time.monotonic() < end:
            time.sleep(0.05)

    def pass_on(self) -> None:
        """Passes what is asked of runs in training on to where they train."""
        for errand in list(self.under_way.values()):
            path = self.store.folder / errand.run / REQUEST
            if errand.run and errand.place and path.is_file():
                with suppress(OSError):
                    data = path.read_bytes()
                    path.unlink(missing_ok=True)
                    errand.place.actor.ask.remote(f"runs/{errand.run}/{REQUEST}", data)

    def renew(self) -> None:
        """Renews the leases of all jobs under way."""
        for place in [each.place for each in list(self.under_way.values()) if each.place]:
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
                self.places.give_up(errand.place)
        del self.under_way[errand.number]
        self.say(job=errand.number, error=error)

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
                self.places.give_up(errand.place)
                return self._ended(
                    errand,
                    f"{errand.place.title.capitalize()} ran out of memory; make the layers or the batch smaller.",
                )
            except ray.exceptions.RayError as problem:
                log.warning("job %s lost its node: %s", errand.number, short(problem))
                where = errand.place.title.capitalize()
                self.places.give_up(errand.place)
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
                ray.get(place.actor.take.remote(self.shipments.of_data(path, wanted[path][1])))
        brought = [self.shipments.of_brought(root) for root in roots if is_brought(root)]
        files = pack(self.store.folder.parent, [root for root in roots if not is_brought(root)])
        ray.get(place.actor.begin.remote(errand.kind, errand.arguments, files, *brought))
        is_over = False
        while not is_over:  # asked for, since a client (ray://) knows no methods that stream
            events, is_over = ray.get(place.actor.events.remote())
            for event in events:
                bring_home(self.store, event.changes, errand.run, place.title)
                if event.share is not None:
                    self.say(job=errand.number, share=event.share, doing=event.doing)
                error = event.error
            if errand.is_unwanted:
                place.actor.cancel.remote()
        if error and errand.run and self.store.get(errand.run).status.is_active:  # it did not even begin there
            self._ended(errand, error, "interrupted")
        return error

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
