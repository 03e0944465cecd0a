"""The panel of a tour tells the server where a learner stands; only who has a cookie of this server gets a file."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aecore.tours.progress import FOLDER, Progress
from aecore.tours.shelf import Shelf
from ui.app import tour_routes
from ui.app.identity import Person, cookie_name, signed

ANN = Person("ann")
QUESTION, RIGHT = "ask-decoder", 1


@pytest.fixture
def progress(home: Path, monkeypatch: pytest.MonkeyPatch) -> Progress:
    kept = Progress(home)
    monkeypatch.setattr(tour_routes, "services", SimpleNamespace(shelf=Shelf(home), progress=kept))
    return kept


@pytest.fixture
def client(progress: Progress) -> TestClient:
    return TestClient(Starlette(routes=tour_routes.TOUR_ROUTES), cookies={cookie_name(): signed(ANN.id)})


def test_place_answers_and_end_are_kept_for_who_has_sent_them(client: TestClient, progress: Progress) -> None:
    for action, body in (
        ("at", {"step": QUESTION, "query": "tour=what.ask-decoder"}),
        ("answer", {"step": QUESTION, "choice": RIGHT}),
        ("finish", {}),
    ):
        assert client.post(f"/tours/what/{action}", json=body).status_code == 204
    last = progress.last(ANN.tag, "what")
    assert last is not None
    assert (last.step, last.query, last.answers) == (QUESTION, "tour=what.ask-decoder", {QUESTION: (RIGHT, RIGHT)})
    assert last.done is not None


def test_who_has_no_cookie_of_this_server_gets_no_file(client: TestClient, home: Path) -> None:
    for cookies in ({}, {cookie_name(): "forged.signature"}):
        client.cookies = cookies
        answer = client.post("/tours/what/finish", json={})
        assert (answer.status_code, "keeps no cookies" in answer.text) == (403, True)
    assert not (home / FOLDER).exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("what/at", {}, 400),
        ("what/at", {"step": "none"}, 400),
        ("what/at", [], 400),
        ("what/answer", {"step": "meet", "choice": 0}, 400),
        ("what/answer", {"step": QUESTION, "choice": 3}, 400),
        ("what/answer", {"step": QUESTION, "choice": -1}, 400),
        ("what/answer", {"step": QUESTION, "choice": True}, 400),
        ("what/answer", {"step": QUESTION}, 400),
        ("none/finish", {}, 409),
        ("..%2Fwhat/finish", {}, 404),
        ("what/delete", {}, 404),
        ("what/at", {"step": "meet", "query": "x" * 20_000}, 413),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    path: str, body: object, status: int, client: TestClient, home: Path
) -> None:
    assert client.post(f"/tours/{path}", json=body).status_code == status
    assert not (home / FOLDER).exists()
