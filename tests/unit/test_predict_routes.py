"""The card of a prediction tells a guess and gets the truth; a room is asked by its host alone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aecore.predictions.guesses import FOLDER, Guesses
from aecore.predictions.schema import Choice, Given, Prediction, Truth
from aecore.rooms.store import Rooms
from ui.app import places, posted, predict_routes, predictions, room_routes
from ui.app.attempts import Attempts
from ui.app.identity import SHARED, Person, cookie_name, signed
from ui.app.room_hub import Hub, message_of
from ui.app.services import services

LECTURER, ANN = Person("lecturer"), Person("ann")
ASKED, WRONG, RIGHT = "synapses-all-plus", 0, 3
OF_RUNS = "train-curve"


@pytest.fixture(autouse=True)
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("AECORE_HOME", str(tmp_path))
    monkeypatch.setenv(SHARED, "1")
    monkeypatch.setattr(services, "parts", None)
    monkeypatch.setattr(posted, "HASTE", Attempts(most=40, most_of_all=1000, seconds=10))
    monkeypatch.setattr(room_routes, "HUB", Hub(lambda: services.rooms, 0.02))
    yield services.rooms
    services.parts = None


def client(person: Person | None = ANN) -> TestClient:
    cookies = {cookie_name(): signed(person.id)} if person else {}
    routes = [*predict_routes.PREDICT_ROUTES, *room_routes.ROOM_ROUTES]
    return TestClient(Starlette(routes=routes), base_url="http://class.test", cookies=cookies)


@pytest.mark.parametrize(("guess", "verdict"), [(WRONG, "off"), (RIGHT, "right")])
def test_a_guess_is_kept_and_answered_with_the_truth(guess: int, verdict: str, tmp_path: Path) -> None:
    answer = client().post(f"/predictions/{ASKED}/guess", json={"guess": guess, "query": ""}).json()
    assert (answer["value"], answer["verdict"]) == (RIGHT, verdict)
    assert answer["text"].startswith("**0** of 4")
    assert answer["misconception"] == predictions.prediction(ASKED).misconception
    assert Guesses(tmp_path).of(ANN.tag).guesses[ASKED].guess == guess


def test_looking_keeps_nothing(tmp_path: Path) -> None:
    assert client().post(f"/predictions/{ASKED}/truth", json={"query": ""}).json()["verdict"] is None
    assert not (tmp_path / FOLDER).exists()


def test_what_depends_on_a_run_says_what_is_to_be_done() -> None:
    for query in ("", "run=nothing-here", "run=" + "x" * 9000):
        answer = client().post(f"/predictions/{OF_RUNS}/truth", json={"query": query}).json()
        assert set(answer) == {"notYet"}


def test_the_wish_to_be_asked_is_kept(tmp_path: Path) -> None:
    for wish in (True, False):
        assert client().post("/predictions/all/ask", json={"isAsked": wish}).status_code == 200
        assert Guesses(tmp_path).of(ANN.tag).is_asked is wish


def test_who_has_no_cookie_gets_the_truth_but_no_file(tmp_path: Path) -> None:
    answer = client(None).post(f"/predictions/{ASKED}/guess", json={"guess": RIGHT}).json()
    assert (answer["verdict"], "keeps no cookies" in answer["notKept"]) == ("right", True)
    assert client(None).post("/predictions/all/ask", json={"isAsked": True}).status_code == 403
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{ASKED}/guess", {"guess": 4}, 409),
        (f"{ASKED}/guess", {"guess": "0"}, 409),
        (f"{ASKED}/guess", {}, 409),
        (f"{ASKED}/guess", [], 400),
        (f"{ASKED}/truth", {"guess": [1]}, 409),
        (f"{ASKED}/delete", {}, 404),
        ("synapses-none/truth", {}, 404),
        ("none/truth", {}, 404),
        ("os-path/truth", {}, 404),
        ("..%2Fx/truth", {}, 404),
        ("all/truth", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(path: str, body: Any, status: int, tmp_path: Path) -> None:
    answer = client().post(f"/predictions/{path}", json=body)
    assert answer.status_code == status
    assert "\n" not in answer.text.strip()
    assert not (tmp_path / FOLDER).exists()


def test_another_site_may_not_ask() -> None:
    answer = client().post(f"/predictions/{ASKED}/truth", json={}, headers={"Origin": "http://evil.test"})
    assert answer.status_code == 403


def test_a_class_that_asks_at_once_has_the_truth_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []

    def truth(given: Given) -> Truth:
        computed.append(given)
        time.sleep(0.1)  # long enough for all to have come
        return Truth(0, "So it is.")

    asked = Prediction("synapses-slow", "synapses", "?", Choice(("a", "b")), {}, "", "", truth)
    monkeypatch.setattr(predictions, "predictions_of", lambda page: (asked,))
    together = threading.Barrier(8)
    threads = [threading.Thread(target=lambda: (together.wait(), predictions.truth_of(asked))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(computed) == 1


def test_a_truth_that_cannot_be_computed_is_a_sentence(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(given: Given) -> Truth:
        raise ZeroDivisionError

    asked = Prediction("synapses-broken", "synapses", "?", Choice(("a", "b")), {}, "", "", broken)
    monkeypatch.setattr(predictions, "predictions_of", lambda page: (asked,))
    answer = client().post("/predictions/synapses-broken/truth", json={})
    assert (answer.status_code, answer.text) == (409, "The truth could not be computed.")
    code = rooms.open(LECTURER.tag).code
    poll = rooms.floor.ask_prediction(code, LECTURER.tag, asked)
    answer = client(LECTURER).post(f"/rooms/{code}/uncover", json={"poll": poll, "query": ""})
    assert (answer.status_code, answer.text) == (409, "The truth could not be computed.")
    assert rooms.floor.polls(code)[0].is_open


def test_a_stranger_cannot_fill_the_memory_with_names_of_pages() -> None:
    before = places._part.cache_info().currsize
    for number in range(20):
        assert client().post(f"/predictions/page{number}-x/truth", json={}).status_code == 404
    assert places._part.cache_info().currsize == before


def test_a_guess_that_cannot_be_kept_is_answered_all_the_same(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / f"{ANN.tag}.json").write_text('{"format": 9}')
    answer = client().post(f"/predictions/{ASKED}/guess", json={"guess": RIGHT}).json()
    assert (answer["verdict"], "later version" in answer["notKept"]) == ("right", True)


def test_a_room_is_asked_and_told_by_its_host_alone(rooms: Rooms, tmp_path: Path) -> None:
    code = rooms.open(LECTURER.tag).code
    rooms.join(code, ANN.tag, "Ann")
    assert client(ANN).post(f"/rooms/{code}/predict", json={"prediction": ASKED}).status_code == 409
    assert client(LECTURER).post(f"/rooms/{code}/predict", json={"prediction": "synapses-none"}).status_code == 404
    assert client(LECTURER).post(f"/rooms/{code}/predict", json={"prediction": ASKED}).status_code == 204
    (poll,) = rooms.floor.polls(code)
    assert (poll.prediction, poll.question) == (ASKED, predictions.prediction(ASKED).ask)
    assert client(ANN).post(f"/rooms/{code}/vote", json={"poll": poll.id, "guess": WRONG}).status_code == 204
    assert client(ANN).post(f"/rooms/{code}/vote", json={"poll": poll.id, "guess": 9}).status_code == 409
    uncover = {"poll": poll.id, "query": ""}
    assert client(ANN).post(f"/rooms/{code}/uncover", json=uncover).status_code == 409
    assert client(LECTURER).post(f"/rooms/{code}/uncover", json=uncover).status_code == 204
    (poll,) = rooms.floor.polls(code)
    assert poll.truth is not None
    assert (poll.truth.value, poll.is_open, poll.guesses) == (RIGHT, False, (WRONG,))
    assert Guesses(tmp_path).of(ANN.tag).guesses[ASKED].guess == WRONG, "a vote is a guess"
    told = message_of(rooms.views(code, [ANN.tag])[ANN.tag], ANN.tag)["poll"]["truth"]
    assert (told["verdict"], told["misconception"]) == ("off", predictions.prediction(ASKED).misconception)


def test_a_poll_about_a_run_is_uncovered_only_when_the_run_is_there(rooms: Rooms) -> None:
    code = rooms.open(LECTURER.tag).code
    poll = rooms.floor.ask_prediction(code, LECTURER.tag, predictions.prediction(OF_RUNS))
    answer = client(LECTURER).post(f"/rooms/{code}/uncover", json={"poll": poll, "query": "data=Digits"})
    assert (answer.status_code, "press **Train**" in answer.text) == (409, True)
    assert rooms.floor.polls(code)[0].is_open
    written = rooms.floor.ask_poll(code, LECTURER.tag, "Copy?", ["Yes", "No"])
    assert client(LECTURER).post(f"/rooms/{code}/uncover", json={"poll": written, "query": ""}).status_code == 409


def test_everything_that_a_browser_gets_is_json(rooms: Rooms) -> None:
    code = rooms.open(LECTURER.tag).code
    curve = predictions.prediction("steps-curve")
    poll = rooms.floor.ask_prediction(code, LECTURER.tag, curve)
    rooms.floor.uncover(code, LECTURER.tag, poll, curve.truth(Given()))
    for view in rooms.views(code, [LECTURER.tag]).values():
        message = json.loads(json.dumps(message_of(view, LECTURER.tag)))
        assert message["poll"]["truth"]["value"][0] == 100.0
