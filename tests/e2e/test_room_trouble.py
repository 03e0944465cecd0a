"""A room in which something goes wrong: the server is killed, a lid is closed, the disk refuses."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from aecore.rooms.state import Poll
from aecore.rooms.store import Rooms
from tests.e2e.network import Network, network_to
from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_room import PHONE, at, bar, join, open_room
from tests.e2e.visitors import NewPage
from tests.waiting import until

LOST = "Connection lost; trying again."
MARK = "window.wasNeverLoadedAnew"
"""A variable of the page that goes with it."""

pytestmark = pytest.mark.long


def ask(host: Page, question: str = "Will it copy the noise?") -> None:
    """The host asks everybody, on the Room page, for the first time in this room."""
    pick(host, "Polls")
    host.get_by_role("textbox", name="Question").fill(question)
    host.get_by_role("textbox", name="Choices, one per line").fill("Yes\nNo")
    press(host, "Ask everybody")


def polls(server: Server, code: str) -> list[Poll]:
    """The polls of the room as they are on disk."""
    rooms = Rooms(server.home)
    try:
        return rooms.floor.polls(code)
    finally:
        rooms.close()


def choice(page: Page, name: str) -> Locator:
    """A choice of the poll in the bar."""
    return bar(page).locator(".choice", has_text=name)


def go_on(page: Page, name: str) -> None:
    """To another page by the menu, without loading anything anew."""
    page.locator('[data-testid="stSidebarNavLink"]').filter(has_text=name).first.click()


def test_a_room_goes_on_after_its_server_was_killed(own_class: Server, new_page: NewPage) -> None:
    server, host, ann, bob = own_class, new_page(), new_page(**PHONE), new_page()
    code = open_room(host, server)
    join(ann, server, code, "Ann")
    join(bob, server, code, "Bob")
    ask(host)
    choice(ann, "No").tap()
    expect(choice(ann, "No")).to_have_attribute("aria-pressed", "true")
    expect(choice(bob, "Yes")).to_be_enabled()
    for page in (host, ann, bob):
        page.evaluate(f"{MARK} = true")
    server.kill()
    for page in (host, ann, bob):
        expect(bar(page).get_by_text(LOST)).to_be_visible()
    choice(bob, "Yes").click()
    expect(bar(bob).locator(".say")).to_have_text("The server does not answer. Try again in a moment.")
    server.start()
    for page in (host, ann, bob):
        expect(bar(page).get_by_text(LOST)).to_be_hidden()
    (poll,) = polls(server, code)
    assert (poll.is_open, poll.counts) == (True, (0, 1))
    expect(choice(ann, "No")).to_have_attribute("aria-pressed", "true")
    choice(bob, "Yes").click()
    expect(choice(ann, "Yes")).to_contain_text("1 · 50 %")
    choice(ann, "No").tap()
    choice(ann, "Yes").tap()
    expect(choice(bob, "Yes")).to_contain_text("2 · 100 %")
    (poll,) = polls(server, code)
    assert poll.counts == (2, 0), "each has one vote"
    go_on(host, "Training, step by step")
    for page in (host, ann, bob):
        expect(page.get_by_role("heading", name="Training, step by step", level=1)).to_be_visible()
        assert page.evaluate(MARK), "nobody had to load the page anew"


@pytest.fixture
def behind(own_class: Server) -> Iterator[Network]:
    """A way of its own to the server."""
    with network_to(own_class.port) as network:
        yield network


def test_a_lid_that_was_closed_for_ten_minutes_opens_where_the_host_is(
    own_class: Server, behind: Network, new_page: NewPage, new_context: Callable[..., BrowserContext]
) -> None:
    server, host = own_class, new_page()
    context = new_context(**PHONE)
    ann = context.new_page()
    ann.clock.install()
    code = open_room(host, server)
    go(ann, f"{behind.url}/room?code={code}", "Room")
    ann.get_by_role("textbox", name="Your name").fill("Ann")
    press(ann, "Join")
    expect(bar(ann).get_by_text(code)).to_be_visible()
    go_on(host, "Pooling")
    expect(ann.get_by_role("heading", name="Pooling", level=1)).to_be_visible()
    wait_idle(ann)
    ann.evaluate(f"{MARK} = true")
    behind.die()
    context.set_offline(True)
    go_on(host, "Room")
    ask(host)
    press(host, "Close this poll")
    go_on(host, "Training, step by step")
    until(lambda: "/steps" in at(host), "the host has gone on")
    go_on(host, "Synapses")
    expect(host.get_by_role("heading", name="Synapses", level=1)).to_be_visible()
    wait_idle(host)
    assert "/pooling" in at(ann)
    ann.clock.fast_forward(600_000)
    behind.come_back()
    context.set_offline(False)
    ann.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ann.get_by_role("heading", name="Synapses", level=1)).to_be_visible()
    assert ann.evaluate(MARK), "the page was not loaded anew"
    wait_idle(ann)
    until(lambda: told_of_the_poll(ann), "the poll and its end are told")


def told_of_the_poll(page: Page) -> bool:
    """Whether the sheet says how the poll ended; a move that comes just now closes it, and then it is opened again."""
    if not bar(page).locator(".sheet").is_visible():
        bar(page).get_by_role("button", name="Poll").tap()
    return bar(page).get_by_text("0 votes, closed").is_visible()


@contextmanager
def nothing_written(server: Server) -> Iterator[None]:
    """The system refuses whatever the server writes to a file, as on a full disk."""
    assert server.process is not None
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_a_full_disk_is_said_in_a_sentence_and_the_room_recovers(own_class: Server, new_page: NewPage) -> None:
    server, host, ann = own_class, new_page(), new_page(**PHONE)
    code = open_room(host, server)
    join(ann, server, code, "Ann")
    ask(host)
    expect(choice(ann, "Yes")).to_be_enabled()
    bar(ann).get_by_role("button", name="Questions").tap()
    question, say = bar(ann).get_by_label("Your question"), bar(ann).locator(".say")
    with nothing_written(server):
        question.fill("Is it full?")
        bar(ann).get_by_role("button", name="Ask", exact=True).tap()
        expect(say).to_contain_text("Check that the home folder can be written.")
        expect(question).to_have_value("Is it full?")
        press(host, "Close this poll")
        expect(host.get_by_text("Check that the home folder can be written.")).to_be_visible()
        go_on(host, "Pooling")
        expect(host.get_by_role("heading", name="Pooling", level=1)).to_be_visible()
        wait_idle(host)
        assert "/room" in at(ann), "nobody follows, and nobody is in trouble"
        go_on(host, "Room")
        expect(host.get_by_text("Will it copy the noise?").first).to_be_visible()
    bar(ann).get_by_role("button", name="Ask", exact=True).tap()
    expect(bar(ann).get_by_text("Is it full?", exact=True)).to_be_visible()
    expect(question).to_have_value("")
    bar(ann).get_by_role("button", name="Poll").tap()
    choice(ann, "No").tap()
    expect(host.locator(".poll b").nth(1)).to_have_text("1 · 100 %")
    go_on(host, "Synapses")
    expect(ann.get_by_role("heading", name="Synapses", level=1)).to_be_visible()
    (poll,) = polls(server, code)
    assert (poll.is_open, poll.counts) == (True, (0, 1))
