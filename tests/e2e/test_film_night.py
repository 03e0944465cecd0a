"""A film night in several browsers: the host on a desktop, guests on phones, who join by code and veto by finger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from aecore.recommender.profiles.store import Profiles
from aecore.recommender.serving.nights import FilmNights
from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_movies import heard, open_movies, rate_next
from tests.e2e.test_touch import tap_star
from tests.e2e.visitors import NewPage
from tests.waiting import until

DESK = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NASTY = "<img src=x onerror=alert(1)>"
CARDS = ".part.night .card"


def open_night(page: Page, server: Server, name: str) -> str:
    """Rates a film and opens a night for guests; its code."""
    open_movies(page, server)
    rate_next(page, 5)
    go(page, f"{server.url}/movies?view=Friends", "Movies")
    expect(page.locator(CARDS).first).to_be_visible()
    page.get_by_role("textbox", name="Your name for guests").fill(name)
    press(page, "Open it for guests")
    code = page.locator(".night-code")
    expect(code).to_be_visible()
    wait_idle(page)
    return code.inner_text()


def join(page: Page, server: Server, code: str, name: str) -> None:
    """Joins by the address that the QR code holds."""
    go(page, f"{server.url}/movies?view=Friends&night={code}", "Movies")
    expect(page.get_by_role("textbox", name="Code", exact=True)).to_have_value(code)
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Join", exact=True).tap()
    expect(page.get_by_text(f"You are {name} here.")).to_be_visible()
    wait_idle(page)


def rate_by_finger(page: Page, count: int) -> None:
    """Rates films as a guest who was asked to, and comes back."""
    page.get_by_role("button", name="Rate films").tap()
    for _ in range(count):
        card, before = page.locator(".part.rate .card").first, heard(page)
        tap_star(page, card, 4.5)
        until(lambda before=before: heard(page) > before, "the stars are heard")  # type: ignore[misc]
        wait_idle(page)
    page.get_by_role("button", name="Back to the film night").tap()
    expect(page.locator(CARDS).first).to_be_visible()
    wait_idle(page)


def titles(page: Page) -> list[str]:
    """The films for all."""
    return page.locator(f"{CARDS} .name").all_text_contents()


def group(page: Page) -> Locator:
    """The chip that says for whom the list is."""
    return page.locator(".whose .person")


def test_a_guest_joins_on_a_phone_rates_is_counted_and_vetoes_a_film_for_everybody(
    server: Server, new_page: NewPage
) -> None:
    host, ann = new_page(**DESK), new_page(**PHONE)
    code = open_night(host, server, "Hedy")
    join(ann, server, code, "Ann")
    assert code not in ann.url
    expect(host.locator("[class*=st-key-night-guest-]")).to_contain_text("Ann · has not rated a film yet")
    rate_by_finger(ann, 2)
    for page in (ann, host):
        expect(group(page)).to_have_text("Hedy, Ann")
    until(lambda: titles(ann) == titles(host), "both see the same list")
    card = ann.locator(CARDS).first
    title = card.locator(".name").inner_text()
    assert card.locator(".who li").all_inner_texts()[0].startswith("Hedy")
    expect(card.locator(".act.veto")).to_have_count(1)
    button = card.locator(".act.veto")
    button.scroll_into_view_if_needed()
    button.tap()
    for page in (ann, host):
        expect(page.locator(".vetoes")).to_contain_text(f"1 vetoed:{title}")
        expect(page.locator(".vetoes")).to_contain_text("(Ann)")
        until(lambda page=page: title not in titles(page), f"{title} is off the list")  # type: ignore[misc]
    expect(host.locator(".vetoes .back")).to_have_count(0)
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
    back = ann.locator(".vetoes .back")
    back.scroll_into_view_if_needed()
    back.tap()
    for page in (ann, host):
        until(lambda page=page: title in titles(page), f"{title} is back")  # type: ignore[misc]


@pytest.mark.long
def test_the_list_follows_the_hosts_rule_and_stars_can_be_checked(server: Server, new_page: NewPage) -> None:
    host, ann = new_page(**DESK), new_page(**PHONE)
    code = open_night(host, server, "Hedy")
    join(ann, server, code, "Ann")
    rate_by_finger(ann, 2)
    before = titles(ann)
    pick(host, "Least misery")
    until(lambda: titles(host) != before, "another rule, another list")
    until(lambda: titles(ann) == titles(host), "the guest sees it too")
    wait_idle(ann)
    rows = [each.locator(".who b").all_inner_texts() for each in ann.locator(CARDS).all()]
    lowest = [min(float(text.removeprefix("★")) for text in row) for row in rows]
    assert len(lowest) > 5
    assert lowest == sorted(lowest, reverse=True)


@pytest.mark.long
def test_a_stranger_sees_nothing_a_nasty_name_is_letters_and_who_is_removed_is_out(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    host, guest, eve = (new_context(**looks).new_page() for looks in (DESK, PHONE, PHONE))
    said: list[str] = []
    for page in (host, guest):
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    code = open_night(host, server, "Hedy")
    join(guest, server, code, NASTY)
    rate_by_finger(guest, 1)
    for page in (host, guest):
        expect(group(page)).to_have_text(f"Hedy, {NASTY}")
        assert page.locator("img[src=x]").count() == 0
    go(eve, f"{server.url}/movies?view=Friends", "Movies")
    expect(eve.get_by_role("heading", name="Join a film night")).to_be_visible()
    wrong = "ABCDEF" if code != "ABCDEF" else "ABCDEG"
    eve.get_by_role("textbox", name="Code", exact=True).fill(wrong)
    eve.get_by_role("button", name="Join", exact=True).tap()
    expect(eve.get_by_text(f"There is no film night {wrong}")).to_be_visible()
    assert "Hedy" not in eve.locator("body").inner_text()
    press(host, f"Remove {NASTY}")
    expect(guest.get_by_text("This film night is over for you")).to_be_in_viewport()
    expect(group(host)).to_have_text("Hedy")
    assert said == []


@pytest.mark.long
def test_nothing_is_lost_when_the_server_starts_again_and_it_ends_for_all(
    own_server: Server, new_page: NewPage
) -> None:
    host, ann = new_page(**DESK), new_page(**PHONE)
    code = open_night(host, own_server, "Hedy")
    join(ann, own_server, code, "Ann")
    rate_by_finger(ann, 1)
    title = titles(ann)[0]
    ann.locator(f"{CARDS} .act.veto").first.tap()
    expect(ann.locator(".vetoes")).to_contain_text(title)  # the card is gone before the server has heard of it
    own_server.kill()
    own_server.start()
    for page in (ann, host):
        go(page, f"{own_server.url}/movies?view=Friends", "Movies")
        expect(group(page)).to_have_text("Hedy, Ann")
        expect(page.locator(".vetoes")).to_contain_text("(Ann)")
    press(host, "End the film night")
    press(host, "End it now")
    expect(host.get_by_role("button", name="Open it for guests")).to_be_visible()
    expect(ann.get_by_text("This film night is over for you")).to_be_visible()
    nights, profiles = FilmNights(own_server.home), Profiles(own_server.home)
    assert nights.versions() == {}
    nights.close()
    profiles.close()


@pytest.mark.parametrize("looks", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")])
def test_a_chip_says_whose_list_it_is_and_one_tap_shows_anothers(
    server: Server, new_page: NewPage, looks: dict
) -> None:
    page = new_page(**looks)
    open_movies(page, server)
    expect(page.locator(".whose")).to_have_text("ForMe")
    rate_next(page, 5)
    owner = next(each["value"] for each in page.context.cookies() if each["name"] == "aecore-films")
    profiles = Profiles(server.home)
    profiles.create("Ida", owner)
    (mine, _) = profiles.of_owner(owner)
    profiles.mark(mine.id, profiles.taste(mine.id).rated[0].film, "not for me")
    profiles.close()
    page.reload()
    expect(page.locator(".whose button")).to_have_text(["Me", "Ida"])
    wait_idle(page)
    expect(page.get_by_role("button", name="Take the marks")).to_be_visible()
    page.locator(".part.recommended .card").nth(8).scroll_into_view_if_needed()
    expect(page.locator(".whose")).to_be_in_viewport(ratio=0.9)
    chip = page.get_by_role("button", name="Ida")
    chip.tap() if looks is PHONE else chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="What most users like")).to_be_attached()
    until(lambda: "who=2" in page.url, "the address says whose it is")
    expect(page.get_by_role("button", name="Take the marks")).to_have_count(0)


def test_a_finger_finds_what_the_chips_above_a_panel_are_for(server: Server, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    open_movies(page, server)
    rate_next(page, 5)
    owner = next(each["value"] for each in page.context.cookies() if each["name"] == "aecore-films")
    profiles = Profiles(server.home)
    profiles.create("Ida", owner)
    profiles.close()
    go(page, f"{server.url}/movies?view=Import", "Movies")
    page.locator(".st-key-films-whose").get_by_role("button", name="Help", exact=True).tap()
    expect(page.get_by_text("Whose ratings this panel shows and keeps")).to_be_visible()
