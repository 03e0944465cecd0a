"""Every lesson is walked through in a browser: each step finds its page, what it highlights, and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.tours.progress import Progress
from aecore.tours.schema import Step
from aecore.tours.shelf import LESSONS, OWN, Shelf
from tests.components.bare import PHONE, Finger, middle
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.pages.test_every_page import TITLES
from tests.waiting import TRAINING, until
from ui.app.echo import ECHO_SECONDS
from ui.app.identity import HOST
from ui.screens.tours.own import EXAMPLE

HEADER = 60
"""Pixels of Streamlit's header, which covers what lies below it."""

DO: dict[str, Callable[[Page], object]] = {
    "what.others": lambda page: page.locator(".st-key-hourglass .gallery button").nth(3).click(),
    "copying.check-big": lambda page: page.locator(".st-key-held-inside").get_by_text("Memorisation check").click(),
    "denoising.differences": lambda page: page.locator(".st-key-differences label").click(),
    "denoising.by-hand": lambda page: page.locator(".st-key-by-hand label").click(),
    "latent.pick": lambda page: click_points(page),
    "latent.walk": lambda page: page.locator(".st-key-code-sliders input[type=range]").first.fill("900"),
    "films.why": lambda page: page.locator(".part.recommended .face").first.click(),
    "films.fewer": lambda page: page.locator(".st-key-given").get_by_text("5", exact=True).click(),
}
"""How a learner does what a step waits for in the address."""


def close_film(page: Page) -> None:
    """Closes the film, once it is open."""
    page.locator("dialog[open] .close").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


AFTER: dict[str, Callable[[Page], object]] = {"films.why": close_film}
"""What has to be put away before Next can be pressed."""


def click_points(page: Page) -> None:
    """Clicks on the map, where points lie, until one is picked."""
    box = page.locator(".st-key-latent-map canvas.over").bounding_box()
    assert box is not None
    for part in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35):
        page.mouse.click(box["x"] + part * box["width"], box["y"] + 0.5 * box["height"])
        page.wait_for_timeout(500)
        if "point=" in str(page.evaluate("location.search")):
            return


def panel(page: Page) -> Locator:
    """The narrator's panel."""
    return page.locator(".st-key-tour .panel")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == LESSONS[0] else pytest.mark.long) for name in LESSONS]
)
def test_a_lesson_can_be_walked_through(name: str, server: Server, page: Page) -> None:
    tour = Shelf(Path()).get(name)
    go(page, f"{server.url}/tours", "Tours")
    card = page.locator(f".st-key-tour-{name}")
    card.get_by_text(re.compile("^Start( again)?$")).first.click()  # again where another test has begun it
    for number, step in enumerate(tour.steps, 1):
        where = f"{name}.{step.id}"
        expect(panel(page).locator(".count"), where).to_have_text(f"Step {number} of {len(tour.steps)}")
        expect(page.get_by_role("heading", level=1), where).to_have_text(TITLES[step.page])
        wait_idle(page)
        expect(page.get_by_text("The address asks for"), where).to_have_count(0)
        if step.look:
            looked_at = page.locator(step.look.replace(">>>", " ")).locator("visible=true").first
            expect(looked_at, where).to_be_visible(timeout=TRAINING * 1000)  # a map is drawn and measured first
            expect(page.locator(".st-key-tour .ring"), where).to_be_visible()
        go_on(page, where, step)
    expect(panel(page)).to_contain_text("You answered all 3 questions right at the first try.")
    panel(page).locator(".back").click()
    expect(panel(page).locator(".next")).to_have_text("Finish")
    go(page, f"{server.url}/tours", "Tours")
    expect(card).to_contain_text("3 of 3 questions right at the first try")


def go_on(page: Page, where: str, step: Step) -> None:
    """Does what the step waits for, answers what it asks, and presses Next."""
    following = panel(page).locator(".next")
    if step.wait:
        expect(panel(page).locator(".skip"), where).to_be_visible()
        if step.wait.click:
            page.locator(step.wait.click.replace(">>>", " ")).first.click()
        else:
            DO[where](page)
        expect(panel(page), where).to_contain_text("Done. Go on with Next.")
        AFTER.get(where, lambda _: None)(page)
    if step.question:
        expect(following, where).to_be_disabled()
        panel(page).locator(".choice").nth(step.question.right).click()
        expect(panel(page).locator(".why.right"), where).to_be_visible()
    expect(following, where).to_be_enabled()
    following.click()


def test_a_presented_page_shows_the_part_of_its_form_that_a_step_speaks_of(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 720})
    go(page, f"{server.url}/synapses?present=true&tour=what.toy", "Synapses")
    example = page.get_by_role("button", name="Example 1", exact=True)
    expect(panel(page).locator(".next")).to_be_enabled()
    expect(example).to_be_hidden()
    panel(page).locator(".next").click()
    expect(page.locator(".st-key-tour .ring")).to_be_visible()
    example.click()
    expect(panel(page)).to_contain_text("Done. Go on with Next.")
    expect(example).to_be_hidden()
    expect(page.locator(".st-key-synapse-network")).to_be_visible()
    page.locator(".present .menu").click()
    expect(page.locator('[data-testid="stSidebar"]').get_by_text("Room", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(page.locator(".present .leave")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".present .leave")).to_be_hidden()


def test_on_a_phone_the_picture_is_in_view_with_the_bars_that_change_it(server: Server, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    go(page, f"{server.url}/?pictures=Digits&tour=what.code", "Autoencoder Explorer")
    top = panel(page).bounding_box()
    assert top
    for part in (".out", ".bars"):
        until(lambda part=part: is_in_view(page, part, top["y"]), f"{part} is above the panel")


def is_in_view(page: Page, part: str, bottom: float) -> bool:
    """Whether most of a part of the hourglass is below the header of the page and above `bottom`."""
    box = page.locator(f".st-key-hourglass {part}").bounding_box()
    return bool(box) and box["y"] >= HEADER and box["y"] + 0.6 * box["height"] <= bottom


def test_a_slider_that_a_finger_drags_is_a_task_done_and_back_does_not_ask_for_it_again(
    server: Server, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    go(page, f"{server.url}/noise?data=Digits&damage=masking_0.2&tour=denoising.stronger", "Noise lab")
    expect(panel(page).locator(".skip")).to_be_visible()
    slider, finger = page.locator('.st-key-damage-0 [data-testid="stSlider"] [role="group"]'), Finger(page)
    slider.scroll_into_view_if_needed()
    slider.click(trial=True)
    finger.down(middle(slider, 0.2))
    for share in (0.3, 0.4, 0.5, 0.6):
        finger.move(middle(slider, share))
    expect(panel(page)).not_to_contain_text("Done.")
    finger.up()
    expect(panel(page)).to_contain_text("Done. Go on with Next.")
    panel(page).locator(".next").click()
    expect(panel(page).locator(".choice").first).to_be_visible()
    panel(page).locator(".back").click()
    expect(panel(page)).to_contain_text("Done. Go on with Next.")


@pytest.mark.long
def test_a_prediction_on_the_way_gives_the_page_back_when_it_is_closed_and_when_the_tour_goes_on(
    server: Server, page: Page
) -> None:
    networks = "networks=digits-denoising%2Cdigits"
    go(page, f"{server.url}/noise?data=Digits&damage=masking_0.5&{networks}&tour=denoising.two", "Noise lab")
    for is_closed in (True, False):
        expect(panel(page).locator(".count")).to_have_text("Step 2 of 12")
        page.get_by_role("button", name="Predict").click()
        until(lambda: networks not in str(page.evaluate("location.search")), "the page is set up for the question")
        wait_idle(page)
        page.wait_for_timeout(1000 * ECHO_SECONDS)  # who goes back sooner keeps the newer address
        if is_closed:
            page.locator(".st-key-prediction").get_by_role("button", name="Close").click()
        else:
            panel(page).locator(".next").click()
        until(lambda: networks in str(page.evaluate("location.search")), "it is as the tour has it")
        wait_idle(page)
        expect(page.locator(".st-key-prediction")).to_have_count(0)
    expect(panel(page).locator(".count")).to_have_text("Step 3 of 12")
    expect(page.locator(".st-key-noise-rows")).to_contain_text("Undercomplete, code of 8")


def test_every_task_in_an_address_is_done_by_this_test() -> None:
    tasks = {
        f"{tour.id}.{step.id}"
        for tour in Shelf(Path()).lessons()
        for step in tour.steps
        if step.wait and step.wait.address
    }
    assert tasks == set(DO)


@pytest.fixture
def own_tour(server: Server) -> Iterator[str]:
    """The example of the Tours page, as a tour of the home."""
    file = server.home / OWN / "example.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(EXAMPLE)
    yield file.stem
    file.unlink()


def kept_query(server: Server, tour: str) -> str:
    """The address at which the host stands in a tour."""
    attempt = Progress(server.home).last(HOST.tag, tour)
    return attempt.query if attempt and attempt.step == "differences" else ""


def test_a_tour_of_ones_own_keeps_its_place_and_what_was_done(server: Server, page: Page, own_tour: str) -> None:
    go(page, f"{server.url}/noise?data=Digits&damage=masking_0.2&tour={own_tour}.differences", "Noise lab")
    page.locator(".st-key-differences label").click()
    expect(panel(page)).to_contain_text("Done. Go on with Next.")
    panel(page).locator(".next").click()
    panel(page).locator(".choice").nth(1).click()
    expect(panel(page)).to_contain_text("Not quite.")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    page.reload()
    page.locator(".st-key-tour .unfold").click()
    expect(panel(page)).to_contain_text("Not quite.")
    panel(page).locator(".back").click()
    expect(panel(page)).to_contain_text("Done. Go on with Next.")
    until(lambda: "differences=true" in kept_query(server, own_tour), "what the learner has set is kept")
    go(page, f"{server.url}/tours", "Tours")
    page.locator(f".st-key-tour-{own_tour}").get_by_role("link", name="Resume").click()
    expect(panel(page).locator(".count")).to_have_text("Step 2 of 3")
    expect(page.get_by_role("switch", name="Show differences")).to_be_checked()
    panel(page).locator(".leave").click()
    expect(panel(page)).to_have_count(0)
    assert "tour=" not in str(page.evaluate("location.search"))
