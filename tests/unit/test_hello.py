"""The address that a phone opens: who has opened it is noted, and nobody finds it without its code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from aecore.stores.personal import PersonalError
from tests.unit.test_rooms import Clock
from ui.app.password import PASSWORD, Password
from ui.screens.lecture.hello import FOLDER, MOST, SECONDS, Hellos, hello, hello_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hellos(home: Path, clock: Clock) -> Hellos:
    return Hellos(home, clock)


def test_each_address_is_noted_once_and_in_order(hellos: Hellos, clock: Clock) -> None:
    token = hellos.new()
    assert hellos.openings(token) == []
    for where in ("10.0.0.9", "10.0.0.10", "10.0.0.9"):
        clock.now += 1
        assert hellos.note(token, where)
    assert [(each.where, each.at - 1_000_000) for each in hellos.openings(token) or []] == [
        ("10.0.0.9", 1), ("10.0.0.10", 2),
    ]  # fmt: skip


def test_codes_are_unguessable_and_end(hellos: Hellos, clock: Clock, home: Path) -> None:
    tokens = {hellos.new() for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 16
    token = tokens.pop()
    assert not hellos.note("x" * 16, "10.0.0.9")
    for wrong in ("", "../../x", "a/b", "é"):
        with pytest.raises(PersonalError):
            hellos.note(wrong, "10.0.0.9")
    clock.now += SECONDS
    assert hellos.openings(token) is None
    assert not hellos.note(token, "10.0.0.9")
    hellos.new()
    assert len(list((home / FOLDER).glob("*.json"))) == 1, "old ones are gone"


def test_a_list_has_an_end(hellos: Hellos) -> None:
    token = hellos.new()
    for number in range(MOST + 5):
        assert hellos.note(token, f"10.0.1.{number}")
    assert len(hellos.openings(token) or []) == MOST


def test_phones_that_come_at_once_are_all_noted(hellos: Hellos) -> None:
    token = hellos.new()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: hellos.note(token, f"10.0.1.{number}"), range(16)))
    assert len(hellos.openings(token) or []) == 16


def app(peer: str = "10.0.0.8", **environment: str) -> TestClient:
    gate = Middleware(Password, environment=environment)
    routes = [Route("/lecture/hello/{token}", hello)]
    return TestClient(Starlette(routes=routes, middleware=[gate]), client=(peer, 50_000))


def test_the_page_says_that_it_works_and_notes_the_address(home: Path) -> None:
    hellos = Hellos(home)
    token = hellos.new()
    for peer in ("10.0.0.8", "127.0.0.1"):
        answer = app(peer).get(hello_path(token), headers={"X-Forwarded-For": "10.0.0.9"})
        assert (answer.status_code, "It works" in answer.text) == (200, True)
        assert answer.headers["cache-control"] == "no-store"
    found = [each.where for each in hellos.openings(token) or []]
    assert found == ["10.0.0.8", "10.0.0.9"], "only a proxy of this machine says where somebody else is"


def test_a_wrong_code_is_no_page_and_makes_no_file(home: Path) -> None:
    for wrong in ("x" * 16, "%2e%2e", "a%00b", "é"):
        answer = app().get(f"/lecture/hello/{wrong}")
        assert (answer.status_code, "too old" in answer.text) == (404, True)
    assert not (home / FOLDER).exists()


def test_a_password_stands_before_it_and_leads_on_to_it(home: Path) -> None:
    token = Hellos(home).new()
    client = app(**{PASSWORD: "bottleneck"})
    form = client.get(hello_path(token), headers={"accept": "text/html"})
    assert (form.status_code, hello_path(token) in form.text) == (401, True)
    assert Hellos(home).openings(token) == []
    answer = client.post("/enter", data={"password": "bottleneck", "next": hello_path(token)})
    assert "It works" in answer.text
    assert len(Hellos(home).openings(token) or []) == 1


def test_it_leads_to_the_app_under_its_own_path(home: Path) -> None:
    token = Hellos(home).new()
    inner = Starlette(routes=[Route("/lecture/hello/{token}", hello)])
    client = TestClient(Starlette(routes=[Mount("/lab", app=inner)]))
    assert 'href="/lab/"' in client.get(f"/lab{hello_path(token)}").text
