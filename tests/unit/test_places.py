"""Places on a cluster: which nodes take part, and which seat a job gets, with tables of nodes that are only said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aecore.jobs import nodes, places
from aecore.jobs.node import versions
from aecore.jobs.nodes import Refusals, slots
from aecore.jobs.places import CalledOffError, NoSeatError, Places
from tests.clusters import clustered
from tests.fake_ray import FakeRay, fake_ray, node, node_of, ray, seat_on

__all__ = ["fake_ray"]


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LOOK_SECONDS", 0.01)


def mixed(fake_ray: FakeRay, old: str = "0.0.7") -> None:
    """Node two has another version."""

    def made(options: dict[str, Any]) -> Any:
        where = node_of(options) or fake_ray.table[len(fake_ray.actors) % 2]
        return seat_on(where, **({"version": old} if where["NodeID"] == "two" else {}))

    fake_ray.make = made


def test_a_node_with_another_version_is_refused_and_left_out(fake_ray: FakeRay) -> None:
    mixed(fake_ray)
    found = Refusals()
    found.look()
    assert list(found.of) == ["two"]
    assert found.of["two"].startswith("The node two has version 0.0.7, Python 3.")
    assert found.of["two"].endswith(f" of this app, and this server {versions()}: install the same there.")
    assert (slots(), slots(found.of)) == (4, 2)
    assert {each.options["num_cpus"] for each in fake_ray.actors} == {0}
    assert fake_ray.killed == fake_ray.actors


def test_a_refused_node_is_asked_again_after_a_while_and_new_ones_at_once(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed(fake_ray)
    found = Refusals()
    found.look()
    fake_ray.make = lambda options: seat_on(node_of(options) or node("one"))
    found.look()
    assert list(found.of) == ["two"], "it has just been asked"
    fake_ray.table.append(node("three"))
    found.look()
    assert len(fake_ray.actors) == 3
    monkeypatch.setattr(nodes, "AGAIN_SECONDS", -1.0)
    found.look()
    assert found.of == {}
    assert len(fake_ray.actors) == 4, "those that take part are not asked again"


def test_a_refused_node_that_is_gone_is_forgotten(fake_ray: FakeRay) -> None:
    mixed(fake_ray)
    found = Refusals()
    found.look()
    fake_ray.table[1]["Alive"] = False
    found.look()
    assert found.of == {}


def test_a_node_that_cannot_begin_a_seat_is_refused_with_what_it_said(fake_ray: FakeRay) -> None:
    def broken(_: dict[str, Any]) -> Any:
        seat = seat_on(node("one"))
        seat.about = lambda: (_ for _ in ()).throw(ray.exceptions.RayTaskError("about", "no aecore", ImportError()))  # type: ignore[method-assign]
        return seat

    fake_ray.make = broken
    found = Refusals()
    found.look()
    assert found.of["two"] == "The node two cannot run this version of the app (no aecore)."


def test_no_seat_is_taken_on_a_refused_node(fake_ray: FakeRay) -> None:
    mixed(fake_ray)
    found = Places()
    assert [found.take("cpu").node for _ in range(3)] == ["one"] * 3
    assert list(found.refusals.of) == ["two"]
    fake_ray.table[0]["Alive"] = False
    with pytest.raises(NoSeatError, match=r"has version 0.0.7"):
        found.take("cpu")
    assert found.at_work == 3


def test_a_free_seat_that_is_being_taken_is_not_one_too_many(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Places()
    seat = found.take("auto")
    found.give_back(seat)

    def look_meanwhile() -> bool:
        found.dismiss_idle(1)  # as the bridge does several times a second, while a job asks about GPUs
        return False

    monkeypatch.setattr(places, "has_gpu", look_meanwhile)
    assert found.take("auto") is seat, "else each job of a cluster begins a process of its own"
    assert (found.at_work, found.free) == (1, [])


def gpu_cluster(fake_ray: FakeRay, free: float) -> Places:
    fake_ray.table[:] = [node("small", 2), node("large", 16, 1)]
    fake_ray.available |= {"GPU": free}
    fake_ray.make = lambda options: seat_on(node_of(options) or fake_ray.table["num_gpus" in options])
    return Places()


def test_a_training_takes_a_share_of_a_gpu_where_one_is_free_and_a_core_where_not(fake_ray: FakeRay) -> None:
    found = gpu_cluster(fake_ray, 1.0)
    first = found.take("auto")
    assert (first.has_gpu, first.node) == (True, "large")
    assert fake_ray.actors[0].options["num_gpus"] == places.GPU_SHARE
    fake_ray.available["GPU"] = 0.0
    assert not found.take("auto").has_gpu, "all shares are taken"
    assert not found.take("cpu").has_gpu
    assert "num_gpus" not in fake_ray.actors[-1].options
    assert slots() == 18, "so each core has a turn"
    found.give_back(first)
    assert found.take("auto") is first


def test_a_training_that_may_do_without_does_not_wait_for_a_gpu_for_long(
    fake_ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "GPU_SECONDS", 0.0)
    found = gpu_cluster(fake_ray, 1.0)
    fake_ray.made = lambda actor: setattr(actor, "hears", "num_gpus" not in actor.options)
    assert not found.take("auto").has_gpu
    looks: list[int] = []
    with pytest.raises(CalledOffError):
        found.take("cuda", lambda: looks.append(1) or len(looks) > 3)  # type: ignore[func-returns-value]
    assert (len(looks), found.at_work) == (4, 1)


def test_a_free_seat_of_the_other_sort_makes_room_where_all_cores_are_taken(fake_ray: FakeRay) -> None:
    found = gpu_cluster(fake_ray, 1.0)
    core = found.take("cpu")
    found.give_back(core)
    assert found.take("auto").has_gpu
    assert found.free == [core], "there was room"
    fake_ray.available["CPU"] = 0.0
    assert found.take("auto").has_gpu
    assert found.free == []
    assert fake_ray.killed == [core.actor]


FIVE_SEATS = """import json, sys
from aecore.jobs.bridge import join_cluster
from aecore.jobs.places import Places
join_cluster(sys.argv[1])
places = Places()
places.refusals.look()
seats = [places.take("auto") for _ in range(5)]
print(json.dumps({"seats": [[each.has_gpu, each.node] for each in seats], "refused": places.refusals.of}))"""


@pytest.mark.long
@pytest.mark.timeout(600)
def test_on_a_cluster_four_trainings_share_a_gpu_and_the_next_takes_a_core(tmp_path: Path) -> None:
    with clustered(tmp_path / "nodes", 1) as cluster:
        large = cluster.add_node(num_cpus=4, num_gpus=1)
        done = subprocess.run(
            [sys.executable, "-c", FIVE_SEATS, cluster.address], stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    assert [has_gpu for has_gpu, _ in found["seats"]] == [True] * 4 + [False]
    assert {node for has_gpu, node in found["seats"] if has_gpu} == {large.node_id}
    assert found["seats"][4][1] != large.node_id
    assert found["refused"] == {}
