"""A stranger posts every message that a page of this server may post, in its true shape: nothing of others changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from aecore.corruption.chain import CorruptionStep
from aecore.latent.code_set import CODES
from aecore.pretrained.builtin import load_builtin
from aecore.rooms.store import Rooms
from aecore.runs.store import RunStore
from aecore.stores.results import ResultCache
from tests.room_posts import BODIES
from tests.small_runs import make
from tests.small_uploads import upload_rows
from ui.app import check_routes, posted, predict_routes, room_routes, tour_routes
from ui.app.attempts import Attempts
from ui.app.checks import questions_of
from ui.app.identity import SHARED, Person, cookie_name, signed
from ui.app.room_hub import Hub
from ui.app.routes import ROUTES
from ui.app.services import services
from ui.screens.noise.rows_route import View, address_of

HOST, ANN, EVE = Person("lecturer"), Person("ann"), Person("eve")
ASKED = "synapses-all-plus"
TOUR = "what"


@dataclass(frozen=True)
class Post:
    """A message. body: JSON, or bytes as they are; status: how it is answered."""

    path: str
    body: dict[str, Any] | bytes
    status: int


@pytest.fixture
def rooms(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv(SHARED, "1")
    monkeypatch.setattr(services, "parts", None)
    monkeypatch.setattr(posted, "HASTE", Attempts(most=1000, most_of_all=1000, seconds=10))
    monkeypatch.setattr(room_routes, "HUB", Hub(lambda: services.rooms, 0.02))
    yield services.rooms
    services.parts = None


@pytest.fixture
def step() -> str:
    """A step of the tour that asks a question."""
    return next(each.id for each in services.shelf.get(TOUR).steps if each.question is not None)


@pytest.fixture
def posts(rooms: Rooms, home: Path, step: str) -> list[Post]:
    """Every message that is taken, after others have done everything that could be changed by it."""
    code = rooms.open(HOST.tag).code
    rooms.join(code, ANN.tag, "Ann")
    rooms.floor.ask_poll(code, HOST.tag, "Copy?", ["Yes", "No"])
    rooms.floor.ask(code, ANN.tag, "Why?")
    question = next(iter(questions_of("home")))
    for notes, about, at in ((services.progress, TOUR, step), (services.checked, "home", question)):
        notes.answer(ANN.tag, about, at, 0)
    services.guesses.note(ANN.tag, ASKED, 0)
    make(RunStore(home / "runs"), "Ann's", owner=ANN.owner)
    upload_rows(home, owner=ANN.owner)
    size = len(load_builtin("digits").code_low)
    codes = ResultCache(home).slot(CODES, "of Ann")
    codes.write({"source": "digits"}, codes=np.random.default_rng(0).normal(size=(20, size)).astype(np.float32))
    pictures = View(np.zeros((2, 1, 8, 8), np.float32), (CorruptionStep("masking", 0.5),), 0, {}, has_differences=False)
    answers = {
        "at": {"step": step, "query": ""}, "answer": {"step": step, "choice": 1}, "finish": {},
    }  # fmt: skip
    return [
        *(Post(f"/rooms/{code}/{action}", body, 403) for action, body in BODIES.items()),
        *(Post(f"/tours/{TOUR}/{action}", body, 204) for action, body in answers.items()),
        Post("/checks/home/answer", {"question": question, "choice": 1}, 204), Post("/checks/home/again", {}, 204),
        Post(f"/predictions/{ASKED}/guess", {"guess": 1, "query": ""}, 200),
        Post(f"/predictions/{ASKED}/truth", {"query": ""}, 200), Post("/predictions/all/ask", {"isAsked": True}, 200),
        Post(f"/latent-map/{codes.key}/decode", np.zeros(size, "<f4").tobytes(), 200),
        Post(address_of(pictures, "tab"), np.float32([0.25]).tobytes(), 200),
    ]  # fmt: skip


def files(home: Path) -> dict[Path, bytes]:
    """All files, without those of SQLite: what is in them is asked of the rooms."""
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and ".sqlite" not in path.name}


def said(rooms: Rooms) -> list[object]:
    """All that is known of the open rooms."""
    return [
        [rooms.get(code), rooms.members(code), rooms.floor.polls(code), rooms.floor.questions(code), rooms.runs(code)]
        for code in rooms.versions()
    ]


def test_nothing_of_others_changes(posts: list[Post], rooms: Rooms, home: Path) -> None:
    client = TestClient(Starlette(routes=ROUTES), base_url="http://class.test", cookies={cookie_name(): signed(EVE.id)})
    before, rooms_before = files(home), said(rooms)
    for each in posts:
        kind = {"content": each.body} if isinstance(each.body, bytes) else {"json": each.body}
        assert client.post(each.path, **kind).status_code == each.status, each.path  # type: ignore[arg-type]
        assert said(rooms) == rooms_before, each.path
    after = files(home)
    assert {path: after.get(path) for path in before} == before
    new = {path for path in after.keys() - before.keys() if not path.name.endswith(".lock")}
    assert {path.stem for path in new} == {EVE.tag}, "what she has answered is hers"


def test_every_message_that_is_taken_is_posted_here(posts: list[Post]) -> None:
    actions = {
        "/rooms/{code}/{action}": set(room_routes.ACTIONS), "/tours/{tour}/{action}": set(tour_routes.ACTIONS),
        "/checks/{page}/{action}": set(check_routes.ACTIONS),
        "/predictions/{prediction}/{action}": set(predict_routes.ACTIONS),
        "/latent-map/{codes}/decode": {"decode"}, "/noise-rows/{view}/{tab}": {"tab"},
    }  # fmt: skip
    taken = {each.path for each in ROUTES if isinstance(each, Route) and "POST" in (each.methods or ())}
    assert taken == set(actions)
    tried: dict[str, set[str]] = {path: set() for path in actions}
    for post in posts:
        (route,) = (path for path in actions if path.split("/")[1] == post.path.split("/")[1])
        tried[route].add(post.path.rpartition("/")[2])
    assert tried == actions
