"""Errands: jobs that the bridge has the nodes of a cluster do, each in a thread that waits for what its seat sends."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import Timeout

from aecore.files import read_json
from aecore.jobs.losses import is_loss, short, told
from aecore.jobs.parcels import bring_home, data_of, is_training, pack, roots_of
from aecore.jobs.places import CalledOffError, NoSeatError, Place, Places
from aecore.jobs.shipments import Shipments, is_brought
from aecore.jobs.worker import sentence_of
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.requests import training_of
from aecore.runs.store import RunError, RunStore

MOVES = 3
"""How often a run goes on on another node after its own was lost, without anybody's click."""

TRIES = 10
"""How many seats may be lost before a job has begun at one."""

CLOSE_SECONDS, PATIENT_SECONDS = 8.0, 10.0
"""How long trainings have to write their checkpoints at the end, and a run waits for a seat before it says so."""

WAITED = "It was taken out while it waited for a place on the cluster."
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Errand:
    """A job under way. run: the id of the run in training, or "". place: where it is, None between two.

    before: when the run's training had begun before this one, of which its trainer there knows. asked: what has been
    passed on to a seat: the seat, the bytes of the request, and the answer to come.
    """

    number: int
    kind: str
    arguments: list[Any]
    run: str = ""
    place: Place | None = None
    is_unwanted: bool = False
    has_begun: bool = False
    waits_since: float = 0.0
    before: float = 0.0
    asked: tuple[Place, bytes, Any] | None = None


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
            if place := errand.place:
                with suppress(Exception):  # the seat was lost: that ends it, too
                    place.actor.cancel.remote()

    def close(self) -> None:
        """Lets trainings write their checkpoints, and brings these home."""
        end = time.monotonic() + CLOSE_SECONDS
        for number in list(self.under_way):
            self.cancel(number)
        while self.under_way and time.monotonic() < end:
            time.sleep(0.05)

    def pass_on(self) -> None:
        """Passes what is asked of runs in training on to where they train, until their trainers have taken it."""
        self._for_each(self._pass_on)

    def renew(self) -> None:
        """Renews the leases of all jobs under way."""
        self.shipments.forget_old()
        self._for_each(self._renew)

    def _for_each(self, do: Callable[[Errand, Place], None]) -> None:
        """What fails for one job harms no other."""
        for errand in list(self.under_way.values()):
            if place := errand.place:  # its thread may take it away meanwhile
                try:
                    do(errand, place)
                except Exception as problem:
                    log.warning("job %s at %s: %s", errand.number, place.title, short(problem))

    def _renew(self, _: Errand, place: Place) -> None:
        if place.renewed:
            place.renewed = time.monotonic()
            place.actor.beat.remote(place.renewed)

    def _pass_on(self, errand: Errand, place: Place) -> None:
        import ray

        path = self._request(errand)
        if errand.asked and errand.asked[0] is place:
            _, data, answer = errand.asked
            if not ray.wait([answer], timeout=0)[0]:
                return
            errand.asked = None
            if ray.get(answer) and path.read_bytes() == data:
                path.unlink()
        elif errand.run and path.is_file():
            data = path.read_bytes()
            asked = {"action": json.loads(data)["action"], "training": f"after {errand.before}"}
            answer = place.actor.ask.remote(f"runs/{errand.run}/{REQUEST}", json.dumps(asked).encode())
            errand.asked = (place, data, answer)

    def _request(self, errand: Errand) -> Path:
        return self.store.folder / errand.run / REQUEST

    def _do(self, errand: Errand) -> None:
        error = ""
        try:
            with self._held(errand):
                error = self._with_moves(errand)
        except Timeout:
            error = f"Run {errand.run} is being trained by another process."
        except Exception as problem:
            error = self._ended(errand, sentence_of(problem, errand.kind, errand.arguments), "interrupted")
        finally:
            self.under_way.pop(errand.number, None)
            self.say(job=errand.number, error=error)

    @contextmanager
    def _held(self, errand: Errand) -> Iterator[None]:
        """Holds the lock of the run. What was asked of an earlier training is forgotten, and at the end all of it."""
        if not errand.run:
            yield
            return
        self.store.get(errand.run)  # refuses a deleted run, before the lock would make its folder again
        with self.store.lock(errand.run).acquire(timeout=1.0):
            now = training_of(self.store.get(errand.run).status)
            with suppress(OSError, ValueError, KeyError, TypeError):
                if read_json(self._request(errand))["training"] != now:
                    self._request(errand).unlink()
            try:
                yield
            finally:
                with suppress(OSError):
                    self._request(errand).unlink(missing_ok=True)

    def _with_moves(self, errand: Errand) -> str:
        """Runs a job; a training goes on on another node if its own is lost. Returns "" or why it failed."""
        moves = 0
        for _ in range(MOVES + TRIES):
            errand.waits_since = time.monotonic()
            try:
                place = self.places.take(self._device(errand), lambda: self._is_called_off(errand))
            except NoSeatError as error:
                return self._ended(errand, str(error))
            except CalledOffError:
                return self._called_off(errand)
            try:
                errand.place, errand.has_begun = place, False
                error = self._there(errand, place)
            except Exception as problem:
                errand.place = None  # first: its lease is not renewed any more
                moves += errand.has_begun
                sentence, state = self._lost(errand, place, problem, moves)
                place.renewed = place.renewed if errand.run else 0.0  # only a run waits until nothing works there
                self.places.give_up(place)
                if sentence:
                    return self._ended(errand, sentence, state)
            else:
                errand.place = None
                self.places.give_back(place)
                return error
        return self._ended(errand, "The nodes of the cluster are lost again and again. Try again later.", "interrupted")

    def _lost(self, errand: Errand, place: Place, problem: Exception, moves: int) -> tuple[str, str]:
        """What is said of a job whose seat is given up, and the state of its run; "" if it goes on elsewhere."""
        if not is_loss(problem):
            log.error("job %s failed at %s: %s", errand.number, place.title, short(problem))
            return told(problem, place.title, errand.kind, errand.arguments)
        log.warning("job %s lost its node: %s", errand.number, short(problem))
        where = place.title[:1].upper() + place.title[1:]
        if not errand.run:
            return (f"{where} of the cluster was lost. Try again." if errand.has_begun else ""), "failed"
        if moves > MOVES or errand.is_unwanted:
            before = f", as {moves - 1} before it" if moves > 1 else ""
            return f"{where} was lost{before}; continue from the last checkpoint.", "interrupted"
        message = f"{where} was lost: it goes on from its last checkpoint." if errand.has_begun else ""
        with suppress(RunError, OSError):
            self.store.update(errand.run, state="queued", message=message)
        return "", ""

    def _there(self, errand: Errand, place: Place) -> str:
        """Runs a job at a seat and brings home what it writes; returns "" or why it failed."""
        import ray

        roots, error = roots_of(self.store, errand.kind, errand.arguments), ""
        wanted = data_of(self.store, errand.kind, roots, errand.arguments)
        if wanted and (lacking := ray.get(place.actor.lacking.remote(wanted))):
            for path in lacking:
                ray.get(place.actor.take.remote(self.shipments.of_data(path, wanted[path][1])))
        if errand.run:
            errand.before = self.store.get(errand.run).status.started
        brought = [self.shipments.of_brought(root) for root in roots if is_brought(root)]
        files = pack(self.store.folder.parent, [root for root in roots if not is_brought(root)])
        ray.get(place.actor.greet.remote(time.monotonic()))
        place.renewed = time.monotonic()
        ray.get(place.actor.begin.remote(errand.kind, errand.arguments, files, place.renewed, *brought))
        errand.has_begun, is_over = True, False
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

    def _device(self, errand: Errand) -> str:
        """The device that a training asks for; all else takes a core."""
        return str(self.store.get(errand.run).settings.get("device", "auto")) if errand.run else "cpu"

    def _is_called_off(self, errand: Errand) -> bool:
        """Whether a job that waits for a seat is not wanted any more; says of a run that it waits."""
        waited = time.monotonic() - errand.waits_since
        if errand.run and waited > PATIENT_SECONDS:
            errand.waits_since = float("inf")
            sought = "a GPU" if self._device(errand) == "cuda" else "a place"
            with suppress(RunError, OSError):
                self.store.update(errand.run, message=f"It waits for {sought} on the cluster.")
        return errand.is_unwanted or (bool(errand.run) and self._request(errand).is_file())

    def _called_off(self, errand: Errand) -> str:
        """Ends a job that never had a seat. A run of which nothing was asked is left waiting, for the next server."""
        if errand.run and self._request(errand).is_file():
            with suppress(RunError, OSError):
                self.store.update(errand.run, state="paused", message=WAITED)
        return ""

    def _ended(self, errand: Errand, sentence: str, state: str = "failed") -> str:
        if errand.run:
            with suppress(RunError, OSError):  # it has been deleted, or the disk is too full even for that
                self.store.update(errand.run, state=state, message=sentence, finished=time.time())
        return sentence
