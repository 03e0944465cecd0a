"""A room in several browsers: joined by code, followed, voted in, and trained in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.screen import go, pick, press, train, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until
from ui.app.identity import SHARED

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def class_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which every browser is somebody else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SHARED, "1")
        server = Server(tmp_path_factory.mktemp("class"))
        server.start()
        yield server
        server.stop()


def open_room(page: Page, server: Server) -> str:
    """Opens a room; its code."""
    go(page, f"{server.url}/room", "Room")
    press(page, "Open a room")
    code = page.locator(".room-code .code")
    expect(code).to_be_visible()
    return code.inner_text()


def join(page: Page, server: Server, code: str, name: str) -> None:
    """Joins by the link that the QR code holds."""
    go(page, f"{server.url}/room?code={code}", "Room")
    expect(page.get_by_role("textbox", name="Code")).to_have_value(code)
    page.get_by_role("textbox", name="Your name").fill(name)
    press(page, "Join")
    expect(bar(page).get_by_text(code)).to_be_visible()
    moved = "code => JSON.parse(sessionStorage.getItem(`room-${code}`) ?? '{}').follow?.moves > 0"
    until(lambda: page.evaluate(moved, code), "the tab is where the host is")


def at(page: Page) -> str:
    """The address on show."""
    return str(page.evaluate("location.href"))


def bar(page: Page) -> Locator:
    """The bar at the bottom."""
    return page.locator(".st-key-room-bar")


def test_a_class_follows_its_host_looks_around_and_comes_back(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page(**PHONE)
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    expect(bar(host).get_by_text("1 here")).to_be_visible()
    go(host, f"{class_server.url}/noise?data=digits", "Noise lab")
    expect(ann.get_by_role("heading", name="Noise lab", level=1)).to_be_visible()
    wait_idle(ann)
    host.get_by_text("Show differences").click()
    until(lambda: "differences" in at(host), "the address of the host has it")
    until(lambda: "differences" in at(ann), "what the host switches on is on at those who follow")
    expect(ann.get_by_role("switch", name="Show differences")).to_be_checked()
    bar(ann).get_by_role("button", name="Following").tap()
    go(host, f"{class_server.url}/pooling", "Pooling")
    expect(bar(ann).get_by_text("The host is on Pooling")).to_be_visible()
    assert "/noise" in at(ann)
    bar(ann).get_by_role("button", name="Follow", exact=True).tap()
    expect(ann.get_by_role("heading", name="Pooling", level=1)).to_be_visible()


@pytest.mark.long
def test_what_the_host_does_on_a_page_is_done_at_those_who_follow(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page(**PHONE)
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    go(host, f"{class_server.url}/?pictures=Digits", "Autoencoder Explorer")
    for number in (4, 2):
        host.get_by_role("option", name=f"Picture {number}", exact=True).click()
        chosen = ann.get_by_role("option", name=f"Picture {number}", exact=True)
        expect(chosen).to_have_attribute("aria-selected", "true")
        wait_idle(ann)
        until(lambda number=number: f"picture={number - 1}" in at(ann), "the page keeps the picture of the host")
    go(host, f"{class_server.url}/steps?at=1.1.5", "Training, step by step")
    for moment in ("2.1.1", "3.1.1"):
        host.get_by_role("button", name="Next epoch").click()
        until(lambda moment=moment: f"at={moment}" in at(ann), "the address of the host has come")
        expect(ann.locator(f'.player[data-moment="{moment}"]')).to_be_visible()
        wait_idle(ann)
        until(lambda moment=moment: f"at={moment}" in at(ann), "the page keeps the moment of the host")
    bar(ann).get_by_role("button", name="Following").tap()
    ann.get_by_role("button", name="Next epoch").tap()
    until(lambda: "at=4.1.1" in at(ann), "one's own step counts again")
    host.get_by_role("button", name="To the start").click()
    until(lambda: "at=" not in at(host), "the first moment is not in the address")
    bar(ann).get_by_role("button", name="Follow", exact=True).tap()
    expect(ann.locator('.player[data-moment="1.1.1"]')).to_be_visible()


def test_a_poll_and_a_question_reach_everybody(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page(**PHONE)
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann <b>")
    pick(host, "Polls")
    host.get_by_role("textbox", name="Question").fill("Will it copy the noise?")
    host.get_by_role("textbox", name="Choices, one per line").fill("Yes\nNo")
    press(host, "Ask everybody")
    choice = bar(ann).get_by_role("button", name="No")
    expect(choice).to_be_visible()
    expect(bar(ann).get_by_text("You see them once you have voted")).to_be_visible()
    choice.tap()
    expect(bar(ann).get_by_text("1 · 100 %")).to_be_visible()
    expect(host.locator(".poll b").nth(1)).to_have_text("1 · 100 %")
    bar(ann).get_by_role("button", name="Questions").tap()
    bar(ann).get_by_label("Your question").fill("Why is the code so small?")
    bar(ann).get_by_role("button", name="Ask", exact=True).tap()
    expect(bar(ann).get_by_text("Why is the code so small?")).to_be_visible()
    bar(ann).get_by_role("button", name="Poll").tap()
    expect(bar(ann).get_by_text("1 · 100 %")).to_be_visible()
    go(host, f"{class_server.url}/pooling", "Pooling")
    expect(ann.get_by_role("heading", name="Pooling", level=1)).to_be_visible()
    expect(bar(ann).locator(".sheet")).to_be_hidden()  # what is answered does not cover the next page
    go(host, f"{class_server.url}/room?view=Questions", "Room")
    bar(ann).get_by_role("button", name="Questions").tap()
    expect(host.get_by_text("Why is the code so small?").first).to_be_visible()
    press(host, "Answered")
    expect(bar(ann).get_by_text("answered")).to_be_visible()


@pytest.mark.long
def test_the_host_sees_who_is_at_a_tour_and_who_has_finished_it(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page()
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    pick(host, "Tours")
    expect(host.get_by_text("0 of 1 have finished “What is an autoencoder?”, 1 has not begun.")).to_be_visible()
    bar(ann).get_by_role("button", name="Following").click()
    go(ann, f"{class_server.url}/train?data=Digits&tour=what.ask-small", "Train an autoencoder")
    panel = ann.locator(".st-key-tour .panel")
    panel.locator(".choice").first.click()
    expect(host.get_by_text("0 of 1 have finished “What is an autoencoder?”, 1 is at it.")).to_be_visible()
    panel.locator(".next").click()
    expect(host.get_by_text("1 of 1 has finished “What is an autoencoder?”.")).to_be_visible()
    go(ann, f"{class_server.url}/room?view=Tours", "Room")
    expect(ann.get_by_text("Finished, 1 of 1 right at the first try.")).to_be_visible()


@pytest.mark.long
def test_runs_of_the_room_are_on_its_wall(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page()
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    go(ann, f"{class_server.url}/train?data=digits&latent_size=2&epochs=3", "Train an autoencoder")
    train(ann)
    expect(host.locator(".podium .first")).to_contain_text("Ann", timeout=TRAINING * 1000)
    expect(host.locator(".podium .first")).to_contain_text("Digits")


@pytest.mark.long
def test_who_is_sent_out_is_out_and_a_wrong_code_says_so(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page()
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    pick(host, "People")
    press(host, "Change")
    press(host, "Send out")
    expect(bar(ann).get_by_text("The host has sent you out")).to_be_visible()
    go(ann, f"{class_server.url}/room?code={code}", "Room")
    press(ann, "Join")
    expect(ann.get_by_text("The host of this room has sent you out.")).to_be_visible()
    ann.get_by_role("textbox", name="Code").fill("zzz zzz")
    press(ann, "Join")
    expect(ann.get_by_text("There is no room ZZZZZZ")).to_be_visible()


def test_members_are_told_that_the_room_has_ended(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(), new_page(**PHONE)
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    press(host, "End the room")
    press(host, "End it now")
    expect(ann.get_by_text(f"The room {code} has ended.")).to_be_visible()
    expect(ann.get_by_role("button", name="Join")).to_be_visible()


@pytest.mark.long
def test_those_who_follow_see_where_the_host_points(class_server: Server, new_page: NewPage) -> None:
    host, ann = new_page(viewport={"width": 1280, "height": 720}), new_page(**PHONE)
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    go(host, f"{class_server.url}/noise?data=digits", "Noise lab")
    expect(ann.get_by_role("heading", name="Noise lab", level=1)).to_be_visible()
    wait_idle(ann)
    point = bar(host).get_by_role("button", name="Point")
    point.click()
    title = host.get_by_role("heading", name="Noise lab", level=1).bounding_box()
    assert title
    host.mouse.move(title["x"] + 60, title["y"] + 20)
    dot, ring = bar(ann).locator(".dot"), bar(ann).locator(".ring")
    expect(dot).to_be_attached()
    until(lambda: within(dot, ann.get_by_role("heading", name="Noise lab", level=1)), "the dot is on the title here")
    host.get_by_text("Show differences").evaluate("each => each.scrollIntoView({block: 'center'})")
    switch = host.get_by_text("Show differences").bounding_box()
    assert switch
    host.mouse.click(switch["x"] + 20, switch["y"] + 8)
    expect(ring).to_be_visible()
    until(lambda: within(ring, ann.get_by_text("Show differences"), 30), "what the host rings has come into view")
    assert "differences" not in at(host), "pointing presses nothing"
    host.keyboard.press("Escape")
    expect(ring).to_be_hidden()
    expect(dot).to_be_hidden()
    host.get_by_text("Show differences").click()
    until(lambda: "differences" in at(ann), "the page takes clicks again")
    point.click()
    host.mouse.move(title["x"] + 60, title["y"] + 20)
    expect(dot).to_be_visible()
    bar(ann).get_by_role("button", name="Following").tap()
    expect(dot).to_be_hidden()


def within(mark: Locator, part: Locator, margin: float = 0) -> bool:
    """Whether a mark stands on a part of the page, or around it."""
    one, other = mark.bounding_box(), part.bounding_box()
    if not one or not other:
        return False
    x, y = one["x"] + one["width"] / 2, one["y"] + one["height"] / 2
    is_across = other["x"] - margin <= x <= other["x"] + other["width"] + max(margin, one["width"])
    return is_across and other["y"] - margin <= y <= other["y"] + other["height"] + margin
