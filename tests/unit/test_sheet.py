"""The sheet to print: every address is on it as others must write it, the room's code for its host alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import segno
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from aecore.limits import LECTURE, SHARED
from aecore.rooms.store import Rooms
from aecore.tours.shelf import Shelf
from tests.hostile import NAMES
from ui.app.identity import HOST, Person, cookie_name, signed
from ui.app.network import ADDRESS
from ui.app.qr import qr_in_print
from ui.screens.lecture import sheet as module
from ui.screens.lecture.sheet import PATH, sheet, sheet_page, tour_address

APP = "http://10.0.0.5:8501"
ANN = Person("ann")


class Parts:
    """What the route asks of the services."""

    def __init__(self, home: Path) -> None:
        self.rooms, self.shelf = Rooms(home), Shelf(home)


@pytest.fixture
def parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    for name in (ADDRESS, LECTURE, SHARED):
        monkeypatch.delenv(name, raising=False)
    found = Parts(home)
    monkeypatch.setattr(module, "services", found)
    return found


@pytest.fixture
def client(parts: Parts) -> TestClient:
    routes = [Route(PATH, sheet_page)]
    return TestClient(Starlette(routes=routes), base_url="http://127.0.0.1:8501", client=("127.0.0.1", 50_000))


def test_every_tour_is_on_it_with_its_goal_and_code(parts: Parts) -> None:
    lessons = parts.shelf.lessons()
    page = sheet(APP, lessons, None)
    assert page.count("<svg") == 1 + len(lessons)
    assert "{{" not in page
    for tour in lessons:
        assert tour.title in page
        assert tour.goal in page
        assert f"About {tour.minutes} minutes" in page
        assert qr_in_print(tour_address(APP, tour)) in page
    assert qr_in_print(f"{APP}/") in page
    assert "Nobody else can open" not in page


def test_a_code_holds_the_address_of_the_first_step(parts: Parts) -> None:
    what = parts.shelf.get("what")
    assert tour_address(APP, what) == f"{APP}/?pictures=Digits&tour=what.meet"
    assert tour_address(APP, parts.shelf.get("denoising")).startswith(f"{APP}/noise?data=Digits&damage=masking_0.5&")


def test_nothing_on_it_asks_another_server(parts: Parts) -> None:
    page = sheet(APP, parts.shelf.lessons(), None).replace("<wbr>", "")
    assert not re.search(r"(src|href|url\()\s*=", page.replace("{{", ""))
    assert "http" not in re.sub(r"http://10\.0\.0\.5:8501|http://www\.w3\.org/2000/svg", "", page)


def test_the_codes_are_readable_ones() -> None:
    code = segno.make(f"{APP}/", error="m")
    assert f'viewBox="0 0 {code.symbol_size(border=2)[0]} ' in qr_in_print(f"{APP}/")


def test_this_computers_address_is_no_address_for_others(parts: Parts) -> None:
    assert "Nobody else can open" in sheet("http://127.0.0.1:8501", parts.shelf.lessons(), None)


def test_titles_of_strangers_are_letters(parts: Parts) -> None:
    for name in NAMES:
        room = parts.rooms.open(HOST.tag, name)
        page = sheet(APP, [], room)
        assert "<script" not in page
        assert "<img" not in page
        assert room.code in page


def test_the_host_of_a_room_gets_its_code_and_others_do_not(client: TestClient, parts: Parts) -> None:
    room = parts.rooms.open(HOST.tag, "Tuesday")
    parts.rooms.join(room.code, ANN.tag, "Ann")
    assert room.code in client.get(PATH).text, "who asks for localhost on this machine is the host"
    client.cookies.set(cookie_name(), signed(ANN.id))
    other = client.get(PATH, headers={"Host": "10.0.0.5:8501"})
    assert other.status_code == 200
    assert room.code not in other.text
    parts.rooms.end(room.code, HOST.tag)
    assert room.code not in client.get(PATH).text


@pytest.mark.parametrize(
    ("environment", "headers", "expected"),
    [
        ({}, {"Host": "10.0.0.7:8501"}, "http://10.0.0.7:8501"),
        ({}, {"Host": "class.example.org", "X-Forwarded-Proto": "https"}, "https://class.example.org"),
        ({ADDRESS: "https://named.example.org"}, {}, "https://named.example.org"),
        ({}, {}, "http://127.0.0.1:8501"),
    ],
)
def test_addresses_are_those_that_others_write(
    environment: dict[str, str],
    headers: dict[str, str],
    expected: str,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    answer = client.get(PATH, headers=headers)
    assert f'<p class="address">{expected}</p>' in answer.text.replace("<wbr>", "")
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_breaks_at_its_parts(parts: Parts) -> None:
    page = sheet(APP, [], parts.rooms.open(HOST.tag))
    assert '<p class="address">http://<wbr>10.0.0.5<wbr>:8501<wbr>/room</p>' in page


def test_a_path_before_all_others_is_kept(parts: Parts) -> None:
    inner = Starlette(routes=[Route(PATH, sheet_page)])
    client = TestClient(Starlette(routes=[Mount("/lab", app=inner)]), base_url="http://10.0.0.7:8501")
    assert '<p class="address">http://10.0.0.7:8501/lab</p>' in client.get(f"/lab{PATH}").text.replace("<wbr>", "")
