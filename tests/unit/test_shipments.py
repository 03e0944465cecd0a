"""What many jobs take along is put into the object store of the cluster once, and anew where it has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aecore.experiment.settings import RunSettings
from aecore.jobs import shipments
from aecore.jobs.errands import Errand, Errands
from aecore.jobs.node import Seat
from aecore.jobs.parcels import pack, roots_of
from aecore.jobs.places import Place
from aecore.jobs.shipments import Shipments, is_brought
from aecore.runs.store import RunStore
from tests.small_runs import SMALL, state
from tests.small_uploads import upload_rows

Put = Callable[[dict[str, bytes]], int]


@pytest.fixture
def put() -> tuple[list[dict[str, bytes]], Put]:
    """An object store: what was put there, and how; a reference is its number."""
    there: list[dict[str, bytes]] = []

    def into(files: dict[str, bytes]) -> int:
        there.append(files)
        return len(there) - 1

    return there, into


def bring(home: Path, name: str, size: int = 10) -> str:
    folder = home / "uploads" / name
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("{}")
    (folder / "data.npz").write_bytes(b"x" * size)
    return f"uploads/{name}"


def test_what_somebody_has_brought_is_put_there_once_and_anew_when_it_has_changed(
    home: Path, put: tuple[list[dict[str, bytes]], Put]
) -> None:
    there, into = put
    made, root = Shipments(home, into), bring(home, "upload-1")
    assert [made.of_brought(root) for _ in range(3)] == [0, 0, 0]
    assert there == [pack(home, [root])]
    (home / root / "card.json").write_text('{"title": "New"}')
    assert [made.of_brought(root) for _ in range(2)] == [1, 1]
    assert there[1][f"{root}/card.json"] == b'{"title": "New"}'


def test_no_more_stays_there_than_is_allowed_and_the_longest_unused_goes_first(
    home: Path, put: tuple[list[dict[str, bytes]], Put], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipments, "MOST_BROUGHT_BYTES", 2100)
    _, into = put
    made = Shipments(home, into)
    one, two, three = (bring(home, f"upload-{number}", 1000) for number in range(3))
    assert [made.of_brought(root) for root in (one, two, one, three)] == [0, 1, 0, 2]
    assert [made.of_brought(root) for root in (one, three)] == [0, 2], "they are there still"
    assert made.of_brought(two) == 3, "it was unused for longest"


def test_runs_and_results_are_not_what_people_have_brought() -> None:
    assert [root for root in ("uploads/upload-1", "ratings/own-1", "texts/abc") if not is_brought(root)] == []
    others = ("runs/0a1b", "cache/results/sweep/0a.npz", "films-recommender.json", "trash/upload-1")
    assert [root for root in others if is_brought(root)] == []


def test_two_runs_on_one_upload_send_it_once_and_both_learn_from_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = pytest.importorskip("ray", reason="the extra [cluster] is not installed")
    store, data, stored, begun = RunStore(), upload_rows(home), [], []

    class Call:
        """A method of the seat, called at once, as an actor's."""

        def __init__(self, method: Callable[..., Any]) -> None:
            self.method = method

        def remote(self, *arguments: Any) -> Any:
            if self.method.__name__ == "begin":
                begun.append(arguments)
            return self.method(*arguments)

    class Actor:
        def __init__(self) -> None:
            self._seat = Seat()

        def __getattr__(self, name: str) -> Call:
            return Call(getattr(self._seat, name))

    def keep(files: dict[str, bytes]) -> dict[str, bytes]:
        stored.append(files)
        return files

    monkeypatch.setattr(ray, "get", lambda value, **_: value)
    monkeypatch.setenv("AECORE_DRAWN", str(home / "cache" / "drawn"))
    errands = Errands(home, lambda **_: None)
    errands.shipments = Shipments(home, keep)
    for _ in range(2):
        monkeypatch.setenv("AECORE_HOME", str(home))  # a seat is a process of its own, and sets it
        run = store.create(
            RunSettings.build(data, "undercomplete", **SMALL | {"epochs": 1, "latent_size": 3}).to_dict(), "Rows"
        )
        errand = Errand(1, "autoencoder", [run.id], run.id)
        assert errands._there(errand, Place(Actor(), "node one", False, "1")) == ""
        assert state(store, run) == "done", store.get(run.id).status.message
        assert f"uploads/{data}" in roots_of(store, "autoencoder", [run.id])
    assert [sorted({path.split("/")[1] for path in each}) for each in stored] == [[data]]
    for _, _, files, *brought in begun:
        assert not [path for path in files if path.startswith("uploads/")]
        assert brought == stored
