"""The questions at the end of a page tell the server what is answered; only who has its cookie gets a file."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aecore.tours.progress import CHECKS, FOLDER, Progress
from ui.app import check_routes
from ui.app.checks import questions_of
from ui.app.identity import Person, cookie_name, signed

ANN, BOB = Person("ann"), Person("bob")
FIRST, SECOND, *_ = questions_of("home")


@pytest.fixture
def checked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Progress:
    kept = Progress(home, folder=CHECKS)
    monkeypatch.setattr(check_routes, "services", SimpleNamespace(checked=kept))
    return kept


@pytest.fixture
def client(checked: Progress) -> TestClient:
    return TestClient(Starlette(routes=check_routes.CHECK_ROUTES), cookies={cookie_name(): signed(ANN.id)})


def answers(checked: Progress, person: Person, page: str = "home") -> dict[str, tuple[int, int]]:
    attempt = checked.last(person.tag, page)
    return dict(attempt.answers) if attempt else {}


def test_the_first_and_the_last_answer_of_each_question_are_kept_for_who_gave_them(
    client: TestClient, checked: Progress, home: Path
) -> None:
    for question, choice in ((FIRST, 0), (FIRST, 2), (SECOND, 1)):
        assert client.post("/checks/home/answer", json={"question": question, "choice": choice}).status_code == 204
    assert answers(Progress(home, folder=CHECKS), ANN) == {FIRST: (0, 2), SECOND: (1, 1)}
    assert answers(checked, ANN, "steps") == {}
    assert answers(checked, BOB) == {}
    assert not (home / FOLDER).exists(), "tours have a folder of their own"


def test_who_answers_again_begins_anew_and_the_earlier_answers_stay_on_disk(
    client: TestClient, checked: Progress
) -> None:
    client.post("/checks/home/answer", json={"question": FIRST, "choice": 0})
    assert client.post("/checks/home/again", json={}).status_code == 204
    assert answers(checked, ANN) == {}
    client.post("/checks/home/answer", json={"question": FIRST, "choice": 2})
    assert [dict(each.answers) for each in checked.of(ANN.tag)["home"]] == [{FIRST: (0, 0)}, {FIRST: (2, 2)}]


def test_who_has_no_cookie_of_this_server_gets_no_file(client: TestClient, home: Path) -> None:
    for cookies in ({}, {cookie_name(): "forged.signature"}):
        client.cookies = cookies
        answer = client.post("/checks/home/answer", json={"question": FIRST, "choice": 0})
        assert (answer.status_code, "keeps no cookies" in answer.text) == (403, True)
    assert not (home / CHECKS).exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("home/answer", {}, 400),
        ("home/answer", [], 400),
        ("home/answer", {"question": "none", "choice": 0}, 400),
        ("home/answer", {"question": [FIRST], "choice": 0}, 400),
        ("home/answer", {"question": FIRST, "choice": 3}, 400),
        ("home/answer", {"question": FIRST, "choice": -1}, 400),
        ("home/answer", {"question": FIRST, "choice": True}, 400),
        ("home/answer", {"question": FIRST}, 400),
        ("home/delete", {}, 404),
        ("glossary/answer", {"question": FIRST, "choice": 0}, 404),
        ("..%2Fhome/answer", {}, 404),
        ("home/answer", {"question": "x" * 20_000, "choice": 0}, 413),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    path: str, body: object, status: int, client: TestClient, home: Path
) -> None:
    assert client.post(f"/checks/{path}", json=body).status_code == status
    assert not (home / CHECKS).exists()


def test_what_cannot_be_kept_is_refused_in_a_sentence(client: TestClient, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / CHECKS).write_text("a file where the folder should be")
    answer = client.post("/checks/home/answer", json={"question": FIRST, "choice": 0})
    assert (answer.status_code, answer.text.startswith("Your progress cannot be kept")) == (409, True)
