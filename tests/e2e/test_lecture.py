"""The Lecture page in browsers: the check list of a host, a phone that opens its address, and the sheet on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from aecore.limits import LECTURE
from aecore.rooms.store import Rooms
from aecore.tours.shelf import Shelf
from tests.components.bare import PHONE
from tests.e2e.screen import go, press
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until
from ui.app.host_key import new_key
from ui.app.identity import HOST, SHARED
from ui.app.network import ADDRESS
from ui.screens.lecture.checking import PHONE as PHONE_LINE
from ui.screens.lecture.checking import QUESTIONS

PAGES = re.compile(rb"/Type /Page\b")


@pytest.fixture(scope="module")
def lecture_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a lecture on which every browser is somebody else. Its address for others means this machine, too,
    but does not look so.
    """
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("lecture")
        server = Server(home)
        for name, value in ((SHARED, "1"), (LECTURE, "1"), (ADDRESS, f"http://0.0.0.0:{server.port}")):
            patch.setenv(name, value)
        patch.setenv("AECORE_HOME", str(home))
        server.start()
        yield server
        server.sweep()


@pytest.fixture
def host(lecture_server: Server, new_page: NewPage, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The browser of the host, who has come in by the host's link."""
    monkeypatch.setenv("AECORE_HOME", str(lecture_server.home))
    page = new_page()
    go(page, f"{lecture_server.url}/host/{new_key()}", "Room")
    expect(page.get_by_text("This browser is the host's")).to_be_visible()
    return page


def line(page: Page, question: str) -> str:
    """What stands at a question of the check list."""
    return page.locator(f".st-key-lecture-line-{QUESTIONS.index(question)}").inner_text()


@pytest.mark.long
def test_a_host_checks_and_a_phone_that_scans_the_code_turns_its_line_green(
    lecture_server: Server, host: Page, new_context: Callable[..., BrowserContext]
) -> None:
    go(host, f"{lecture_server.url}/lecture?part=Check+list", "Lecture")
    press(host, "Check now")
    shown = host.locator(".st-key-lecture-phone")
    expect(shown).to_contain_text("/lecture/hello/")
    path = re.search(r"/lecture/hello/[\w-]+", shown.inner_text().replace("\u2060", ""))
    assert path is not None
    phone = new_context(**PHONE, extra_http_headers={"X-Forwarded-For": "192.168.1.33"}).new_page()
    phone.goto(f"{lecture_server.url}{path[0]}")
    expect(phone.get_by_role("heading", name="It works")).to_be_visible()
    found = host.locator(f".st-key-lecture-line-{QUESTIONS.index(PHONE_LINE)}")
    expect(found).to_contain_text("Another device has opened this")
    expect(found.locator(".stMarkdownBadge")).to_have_text("ok")
    expect(shown).to_have_count(0)
    expect(host.get_by_role("button", name="Check now")).to_be_visible(timeout=TRAINING * 1000)
    assert "where this computer has just reached itself" in line(host, QUESTIONS[0])
    assert re.search(r"About \d+, if all of them", line(host, QUESTIONS[-1])), line(host, QUESTIONS[-1])
    phone.get_by_role("link", name="Open the app").click()
    expect(phone.get_by_role("heading", name="Autoencoder Explorer", level=1)).to_be_visible()


@pytest.mark.long
def test_the_sheet_has_the_room_and_every_tour_and_fits_on_two_pages(lecture_server: Server, host: Page) -> None:
    press(host, "Open a room")
    expect(host.locator(".room-code .code")).to_be_visible()
    code = Rooms(lecture_server.home).of_person(HOST.tag)
    go(host, f"{lecture_server.url}/lecture?part=Printable+sheet", "Lecture")
    expect(host.get_by_text(f"of your room {code}")).to_be_visible()
    with host.context.expect_page() as opened:
        host.get_by_role("link", name="Open the sheet").click()
    sheet = opened.value
    expect(sheet.locator(".code")).to_have_text(code)
    titles = [tour.title for tour in Shelf(lecture_server.home).lessons()]
    assert sheet.locator(".tour b").all_inner_texts() == titles
    assert sheet.locator(".tour svg").count() == len(titles)
    sheet.emulate_media(media="print")
    for kind, width in (("A4", 188), ("Letter", 194)):  # millimetres between the margins
        assert 1 <= len(PAGES.findall(sheet.pdf(format=kind))) <= 2
        sheet.set_viewport_size({"width": round(width * 96 / 25.4), "height": 1000})
        until(lambda: sheet.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off")
        assert sheet.get_by_role("button", name="Print").is_hidden()
    sheet.emulate_media(media="screen")
    sheet.set_viewport_size({"width": 390, "height": 844})
    until(lambda: sheet.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a phone shows all of it")
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.reload()
    assert asked == [sheet.url], "it is one file"


def test_strangers_get_the_sheet_without_the_room(lecture_server: Server, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    go(page, f"{lecture_server.url}/lecture?part=Check+list", "Lecture")
    expect(page.get_by_text("Only the host of this server can run the check list")).to_be_visible()
    expect(page.get_by_role("button", name="Check now")).to_have_count(0)
    page.goto(f"{lecture_server.url}/lecture/sheet")
    expect(page.get_by_role("heading", name="Tours")).to_be_visible()
    expect(page.locator(".code")).to_have_count(0)
