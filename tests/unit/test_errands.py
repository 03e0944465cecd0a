"""Errands of the bridge, on seats of this process: nothing asked is lost, and what is said of a loss is true."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from aecore.jobs import errands, places
from aecore.jobs.errands import MOVES, Errand, Errands
from aecore.jobs.places import NoSeatError, Place
from aecore.runs.requests import FILE as REQUEST
from aecore.runs.requests import ask
from aecore.runs.store import Run, RunStore
from tests.fake_ray import Actor, FakeRay, fake_ray, ray
from tests.small_runs import finish, has_same_weights, make, state, until

__all__ = ["fake_ray"]
LONG = {"epochs": 2000}


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setattr(places, "let_go", lambda place: setattr(place.actor, "dies", True))
    monkeypatch.setattr(places, "LOOK_SECONDS", 0.01)
    monkeypatch.setenv("AECORE_HOME", str(home))  # a seat changes it
    return RunStore()


@pytest.fixture
def said() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def made(store: RunStore, said: list[dict[str, Any]], fake_ray: FakeRay) -> Iterator[Errands]:
    found = Errands(store.folder.parent, lambda **values: said.append(values))
    yield found
    found.close()


def begin(made: Errands, run: Run) -> None:
    made.begin(7, "autoencoder", [run.id])


def through(made: Errands, run: Run, store: RunStore, wanted: str) -> None:
    """Passes requests on, as the bridge does, until the run is in that state."""

    def is_there() -> bool:
        made.pass_on()
        return state(store, run) == wanted and not made.under_way

    until(is_there)


def lose(actor: Actor) -> None:
    """The seat does no more, and cannot be reached."""
    actor.dies = True
    actor.inner.cancel()


@pytest.mark.parametrize("action", ["pause", "stop"])
def test_what_is_asked_before_the_run_has_begun_at_its_seat_is_not_lost(
    store: RunStore, made: Errands, fake_ray: FakeRay, action: Any
) -> None:
    gate, run = threading.Event(), make(store, **LONG)

    def holds_back(actor: Actor) -> None:
        begin_there = actor.inner.begin
        actor.inner.begin = lambda *args: (gate.wait(30), begin_there(*args))

    fake_ray.made = holds_back
    begin(made, run)
    until(lambda: made.under_way[7].place and made.under_way[7].place.renewed)
    ask(store, run.id, action)
    for _ in range(20):
        made.pass_on()
        time.sleep(0.01)
    assert (run.folder / REQUEST).is_file(), "nobody has taken it yet"
    gate.set()
    through(made, run, store, {"pause": "paused", "stop": "stopped"}[action])
    assert not (run.folder / REQUEST).exists()


def test_what_is_asked_of_a_run_whose_node_is_lost_is_heard_by_the_next_one(
    store: RunStore, made: Errands, fake_ray: FakeRay
) -> None:
    run = make(store, **LONG)
    begin(made, run)
    until(lambda: state(store, run) == "training")
    fake_ray.actors[0].inner.ask = lambda *_: False
    ask(store, run.id, "pause")
    made.pass_on()
    lose(fake_ray.actors[0])
    through(made, run, store, "paused")


def test_a_request_to_an_earlier_training_is_not_passed_on(store: RunStore, made: Errands) -> None:
    run = make(store)
    (run.folder / REQUEST).write_text('{"action": "pause", "training": "12.5"}')
    begin(made, run)
    through(made, run, store, "done")


def test_a_seat_that_is_taken_away_meanwhile_harms_no_other_job(made: Errands) -> None:
    class Vanishing(Errand):
        looks = 0

        @property  # type: ignore[override]
        def place(self) -> Place | None:
            self.looks += 1
            return Place(Mock(), "node one", False, "one", renewed=1.0) if self.looks == 1 else None

        @place.setter
        def place(self, value: Place | None) -> None:
            self.looks = 0

    broken = Place(Mock(), "node two", False, "two", renewed=1.0)
    broken.actor.beat.remote.side_effect = ConnectionError("gone")
    good = Place(Mock(), "node three", False, "three", renewed=1.0)
    made.under_way = {
        1: Vanishing(1, "map", []), 2: Errand(2, "map", [], place=broken), 3: Errand(3, "map", [], place=good)
    }  # fmt: skip
    made.renew()
    made.pass_on()
    made.cancel(2)
    assert good.actor.beat.remote.call_count == 1
    made.under_way = {}


@pytest.mark.parametrize("action", ["pause", "stop"])
def test_a_run_that_waits_for_a_seat_can_be_taken_out(
    store: RunStore, made: Errands, fake_ray: FakeRay, action: Any
) -> None:
    fake_ray.made = lambda actor: setattr(actor, "hears", False)
    run = make(store)
    begin(made, run)
    until(lambda: fake_ray.actors and store.is_held(run.id))
    ask(store, run.id, action)
    through(made, run, store, "paused")
    assert store.get(run.id).status.message == errands.WAITED
    assert fake_ray.killed == fake_ray.actors
    assert made.places.at_work == 0
    store.delete(run.id)


def test_a_run_that_waits_for_a_seat_is_told_to_and_waits_on_when_the_server_ends(
    store: RunStore, made: Errands, fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "PATIENT_SECONDS", 0.0)
    fake_ray.made = lambda actor: setattr(actor, "hears", False)
    run = make(store)
    begin(made, run)
    until(lambda: store.get(run.id).status.message == "It waits for a place on the cluster.")
    made.close()
    assert (state(store, run), made.under_way) == ("queued", {})


def test_a_run_goes_on_elsewhere_three_times_and_no_more(
    store: RunStore, made: Errands, fake_ray: FakeRay, said: list[dict[str, Any]]
) -> None:
    run = make(store, **LONG)
    begin(made, run)
    for count in range(1, MOVES + 2):
        until(lambda count=count: len(fake_ray.actors) == count and state(store, run) == "training")
        lose(fake_ray.actors[-1])
        if count <= MOVES:
            until(lambda: store.get(run.id).status.message == "Node one was lost: it goes on from its last checkpoint.")
    until(lambda: not made.under_way)
    message = "Node one was lost, as 3 before it; continue from the last checkpoint."
    assert (state(store, run), store.get(run.id).status.message) == ("interrupted", message)
    assert said[-1] == {"job": 7, "error": message}


def test_a_run_that_went_on_elsewhere_ends_as_if_nothing_had_happened(
    store: RunStore, made: Errands, fake_ray: FakeRay
) -> None:
    run = make(store, epochs=60)
    begin(made, run)
    until(lambda: state(store, run) == "training" and store.get(run.id).has_weights)
    lose(fake_ray.actors[0])
    through(made, run, store, "done")
    assert has_same_weights(store.get(run.id), finish(store, make(store, epochs=60)))


def test_seats_that_are_lost_before_the_run_begins_there_do_not_count(
    store: RunStore, made: Errands, fake_ray: FakeRay
) -> None:
    def breaks(actor: Actor) -> None:
        if len(fake_ray.actors) <= MOVES + 2:
            actor.inner.greet = Mock(side_effect=ray.exceptions.ActorDiedError)

    fake_ray.made = breaks
    run = make(store)
    begin(made, run)
    through(made, run, store, "done")
    assert len(fake_ray.actors) == MOVES + 3


def test_free_seats_of_a_node_that_is_gone_are_not_handed_out(made: Errands, fake_ray: FakeRay) -> None:
    seats = [Place(Actor(Mock(), {}), "node two", False, "two") for _ in range(4)]
    made.places.free = list(seats)
    fake_ray.table[1]["Alive"] = False
    taken = made.places.take("cpu")
    assert taken.node == "one"
    assert made.places.free == []
    assert fake_ray.killed == [each.actor for each in seats]


full = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (ray.exceptions.RayTaskError("take", "", full), "On node one: The disk refused: No space left on device."),
        (
            ray.exceptions.RayTaskError("take", "", full).as_instanceof_cause(),
            "On node one: The disk refused: No space",
        ),
        (ray.exceptions.ObjectStoreFullError("full"), "The object store of the cluster, through which data reach"),
        (ray.exceptions.RaySystemError("strange things"), "The cluster refused: System error: strange things"),
        (full, "The disk refused: No space left on device."),
        (ConnectionError("Ray client has disconnected"), "The connection to the cluster broke off. Try again."),
    ],
)
def test_what_is_no_loss_of_a_node_ends_the_run_with_what_it_was(
    store: RunStore, made: Errands, fake_ray: FakeRay, problem: Exception, sentence: str
) -> None:
    fake_ray.made = lambda actor: setattr(actor.inner, "greet", Mock(side_effect=problem))
    run = make(store)
    begin(made, run)
    through(made, run, store, "interrupted")
    assert store.get(run.id).status.message.startswith(sentence)
    assert len(fake_ray.actors) == 1, "it has not gone from node to node"
    assert made.places.at_work == 0


def test_a_node_out_of_memory_ends_the_run_with_a_sentence(store: RunStore, made: Errands, fake_ray: FakeRay) -> None:
    fake_ray.made = lambda actor: setattr(
        actor.inner, "events", Mock(side_effect=ray.exceptions.OutOfMemoryError("too much"))
    )
    run = make(store)
    begin(made, run)
    through(made, run, store, "failed")
    assert store.get(run.id).status.message == "Node one ran out of memory; make the layers or the batch smaller."


def test_a_lost_seat_is_renewed_no_longer_while_it_is_let_go(
    store: RunStore, made: Errands, fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[float, float]] = []

    def let_go(place: Place) -> None:
        before = place.renewed
        made.renew()
        seen.append((before, place.renewed))

    monkeypatch.setattr(places, "let_go", let_go)
    run = make(store, **LONG)
    begin(made, run)
    until(lambda: state(store, run) == "training")
    made.renew()
    lose(fake_ray.actors[0])
    until(lambda: len(fake_ray.actors) == 2)
    ((before, after),) = seen
    assert before == after > 0
    made.cancel(7)
    until(lambda: not made.under_way)


def test_an_analysis_whose_node_is_lost_says_so_at_once(made: Errands, fake_ray: FakeRay) -> None:
    let_go = Mock()
    made.places.give_up = let_go  # type: ignore[method-assign]
    errand = Errand(7, "map", ["digits"])
    errand.has_begun = True
    made._there = Mock(side_effect=lambda errand, _: setattr(errand, "has_begun", True) or _raise())  # type: ignore[method-assign]
    made._do(errand)
    assert let_go.call_args[0][0].renewed == 0.0


def _raise() -> None:
    raise ray.exceptions.ActorDiedError


def test_the_folder_of_a_deleted_run_is_not_made_again(
    store: RunStore, made: Errands, said: list[dict[str, Any]]
) -> None:
    run = make(store)
    store.delete(run.id)
    begin(made, run)
    until(lambda: not made.under_way)
    assert not run.folder.exists()
    assert "There is no run" in said[-1]["error"]


def test_a_disk_that_is_full_at_home_ends_a_run_there_too(
    store: RunStore, made: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "bring_home", Mock(side_effect=full))
    gone = Mock()
    monkeypatch.setattr(places, "let_go", gone)
    run = make(store)
    begin(made, run)
    through(made, run, store, "interrupted")
    assert gone.call_count == 1
    assert "The disk refused: No space left" in store.get(run.id).status.message


def test_data_are_put_into_the_object_store_once_and_leave_it(
    made: Errands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aecore.jobs import shipments

    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    (tmp_path / "data.gz").write_bytes(b"abc")
    put = Mock(side_effect=lambda value: object())
    monkeypatch.setattr(ray, "put", put)
    first = made.shipments.of_data("data.gz", "sha")
    made.renew()
    assert made.shipments.of_data("data.gz", "sha") is first
    monkeypatch.setattr(shipments, "KEPT_SECONDS", -1.0)
    made.renew()
    assert made.shipments.of_data("data.gz", "sha") is not first
    assert put.call_args_list == [(({"data.gz": b"abc"},),)] * 2


def test_a_training_that_needs_a_gpu_is_refused_where_none_is(store: RunStore, made: Errands) -> None:
    run = make(store, device="cuda")
    begin(made, run)
    through(made, run, store, "failed")
    assert store.get(run.id).status.message == "No node of the cluster has a GPU; choose 'auto' as the device."
    with pytest.raises(NoSeatError):
        made.places.take("cuda")
