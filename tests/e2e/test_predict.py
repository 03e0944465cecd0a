"""Predict before you see, in a browser: alone, by finger, about a run, with a room, presented."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.predictions.schema import Given, Prediction
from tests.components.bare import Finger
from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import ROOT, Server
from tests.e2e.test_room import PHONE, bar, class_server, join, open_room
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until
from ui.app.predictions import predictions_of

__all__ = ["class_server"]

COVERED = "Covered until"
HEADINGS = {
    "home": "Autoencoder Explorer", "synapses": "Synapses", "steps": "Training, step by step",
    "pooling": "Pooling with switches", "noise": "Noise lab", "latent": "Map of the latent space", "movies": "Movies",
}  # fmt: skip


def card(page: Page) -> Locator:
    """The card that asks."""
    return page.locator(".st-key-prediction")


def covered(page: Page, selector: str) -> bool:
    """Whether this part of the page is covered."""
    return COVERED in page.locator(selector).evaluate("each => getComputedStyle(each, '::before').content")


def ask(page: Page, server: Server, path: str, heading: str) -> None:
    """Opens a page with a question, and waits until it is set up for it."""
    go(page, f"{server.url}/{path}", heading)
    expect(card(page).locator(".asked p").first).to_be_visible()
    wait_idle(page)
    page.wait_for_timeout(1000)  # what stands at its default leaves the address again, so there is nothing to wait for
    wait_idle(page)


def answer(page: Page, text: str) -> None:
    """Chooses one of the answers, and guesses."""
    card(page).get_by_role("button", name=text, exact=True).click()
    card(page).get_by_role("button", name="Guess", exact=True).click()


def test_the_result_is_covered_until_a_guess_stands_beside_the_truth(server: Server, new_page: NewPage) -> None:
    page = new_page()
    go(page, f"{server.url}/synapses", "Synapses")
    assert not covered(page, ".st-key-toy-single")
    press(page, "Predict")
    expect(card(page).get_by_text("Every synapse is +1.")).to_be_visible()
    until(lambda: covered(page, ".st-key-toy-single"), "the table is covered")
    expect(page.locator(".st-key-toy-single table")).to_be_hidden()
    expect(page.locator(".readings tbody")).to_be_hidden()
    expect(card(page).get_by_role("button", name="Guess", exact=True)).to_be_disabled()
    answer(page, "All four")
    expect(card(page).locator(".verdict.off")).to_be_visible()
    expect(card(page).locator(".right")).to_contain_text("None")
    expect(card(page).locator(".wrong")).to_contain_text("your guess")
    expect(page.locator(".st-key-toy-single table")).to_be_visible()
    expect(page.locator(".readings tbody")).to_be_visible()
    page.reload()
    expect(card(page).locator(".verdict.off")).to_be_visible()
    expect(page.locator(".st-key-toy-single table")).to_be_visible()
    card(page).get_by_role("button", name="The next question").click()
    expect(card(page).get_by_text("16 synapses")).to_be_visible()
    until(lambda: covered(page, ".st-key-toy-single"), "the next question covers again")
    card(page).get_by_role("button", name="Show without guessing").click()
    expect(card(page).locator(".after")).to_contain_text("of 65,536")
    card(page).get_by_role("button", name="Close, and show the page").click()
    expect(card(page)).to_have_count(0)
    assert not covered(page, ".st-key-toy-single")


@pytest.mark.long
def test_a_curve_is_drawn_by_finger_and_by_keys(server: Server, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    ask(page, server, "steps?predict=steps-curve", "Training, step by step")
    paper = card(page).locator(".drawn")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    finger = Finger(page)
    finger.down((box["x"] + 50, box["y"] + 40))
    for step in range(1, 9):
        finger.move((box["x"] + 50 + (box["width"] - 58) * step / 8, box["y"] + 40 + 110 * step / 8))
    before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    finger.up()
    guess = card(page).get_by_role("button", name="Guess", exact=True)
    expect(guess).to_be_enabled()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before, "the page stays"
    paper.press("ArrowDown")
    guess.tap()
    expect(card(page).locator(".verdict")).to_be_visible()
    drawn, true = (
        card(page).locator(f"polyline.{name}").evaluate("each => each.getAttribute('points').split(' ').length")
        for name in ("own", "truth")
    )
    assert drawn == true == 7
    expect(card(page).locator(".names")).to_contain_text("your guess")


@pytest.mark.long
def test_a_question_about_a_training_is_answered_by_the_training(server: Server, new_page: NewPage) -> None:
    page = new_page()
    ask(page, server, "train?predict=train-two-numbers", "Train an autoencoder")
    slider = card(page).get_by_role("slider")
    slider.press("ArrowLeft")
    card(page).get_by_role("button", name="Guess", exact=True).click()
    expect(card(page).get_by_text("Now press Train")).to_be_visible()
    press(page, "Train")
    expect(card(page).locator(".verdict")).to_be_visible(timeout=TRAINING * 1000)
    said, shown = card(page).locator(".after").inner_text(), card(page).locator(".guess")
    told, drawn = re.search(r"(\d+) % of the variance", said), re.search(r"truth: ([\d.]+) %", shown.inner_text())
    assert told
    assert drawn
    assert int(told[1]) == round(float(drawn[1]))


@pytest.fixture
def class_of(class_server: Server, new_page: NewPage) -> tuple[Page, Page, Page, str]:
    """The host, Ann on a phone, who looks around by herself, and Bob, who follows."""
    host, ann, bob = new_page(), new_page(**PHONE), new_page()
    code = open_room(host, class_server)
    join(ann, class_server, code, "Ann")
    join(bob, class_server, code, "Bob")
    bar(ann).get_by_role("button", name="Following").tap()
    return host, ann, bob, code


@pytest.mark.long
def test_a_room_guesses_and_the_host_uncovers(class_server: Server, class_of: tuple[Page, Page, Page, str]) -> None:
    host, ann, bob, _ = class_of
    ask(host, class_server, "synapses?predict=synapses-two-likes", "Synapses")
    expect(card(bob).get_by_text("This network reconstructs")).to_be_visible()
    card(host).get_by_role("button", name="Ask the room").click()
    expect(card(bob).get_by_text("The host has asked the room.")).to_be_visible()
    expect(bar(bob).locator(".sheet")).to_be_hidden()
    card(bob).get_by_role("slider").press("ArrowRight")  # 4
    card(bob).get_by_role("button", name="Guess", exact=True).click()
    expect(card(bob).get_by_text("The host will uncover")).to_be_visible()
    assert covered(bob, ".st-key-toy-double")
    phone = bar(ann).locator(".sheet")
    for _ in range(3):  # 3 is the middle
        phone.get_by_role("slider").press("ArrowRight")
    phone.get_by_role("button", name="Guess").tap()
    expect(phone.locator(".number, svg").first).to_be_visible()
    expect(card(host).get_by_text("2 guesses of 2 in the room.")).to_be_visible()
    expect(card(host).locator("rect.crowd")).to_have_count(0)
    card(host).get_by_role("button", name="Show the guesses").click()
    expect(card(host).locator("rect.crowd")).to_have_count(2)
    card(host).get_by_role("button", name="Uncover for everybody").click()
    expect(card(bob).locator(".verdict.right")).to_be_visible()
    expect(phone.get_by_text("4 of 6 pairs.")).to_be_visible()
    assert not covered(bob, ".st-key-toy-double")
    card(host).get_by_role("button", name="Ask the room again").click()
    expect(card(bob).get_by_text("The host has asked the room.")).to_be_visible()
    until(lambda: covered(bob, ".st-key-toy-double"), "what was seen is covered again")


def test_a_lecturer_uncovers_with_the_key_r(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 720})
    go(page, f"{server.url}/pooling?present=true", "Pooling with switches")
    press(page, "Predict")
    expect(card(page)).to_be_visible()
    ask(page, server, "pooling?predict=pooling-flat&present=true", "Pooling with switches")
    expect(page.locator(".answers").last).to_be_hidden()
    page.keyboard.press("r")
    expect(card(page).locator(".after")).to_contain_text("With switches the squared error is 252")
    box = card(page).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 720, "question, answer and reason in one view"
    page.keyboard.press("PageDown")
    expect(card(page).get_by_text("The first window holds")).to_be_visible()


@pytest.mark.long
def test_who_wants_to_be_asked_is_asked_on_the_next_page(server: Server, new_page: NewPage) -> None:
    page = new_page()
    ask(page, server, "synapses?predict=synapses-all-plus", "Synapses")
    card(page).get_by_text("Ask me on every page").click()
    until(lambda: card(page).get_by_role("checkbox").is_enabled(), "the wish is kept")
    page.locator('[data-testid="stSidebar"]').get_by_text("Pooling", exact=True).click()
    expect(card(page).get_by_text("This drawing has 35 cells")).to_be_visible()
    until(lambda: "image=" in page.evaluate("location.search"), "the page is set up for its question")
    card(page).get_by_text("Ask me on every page").click()
    page.locator('[data-testid="stSidebar"]').get_by_text("Training, step by step", exact=True).click()
    expect(page.get_by_role("heading", name="Training, step by step", level=1)).to_be_visible()
    wait_idle(page)
    expect(card(page)).to_have_count(0)


READ_ALL = """() => {
  const texts = [];
  const read = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.shadowRoot) read(node.shadowRoot);
      const element = node.parentElement;
      if (node.nodeType !== Node.TEXT_NODE || !element || element.closest('style, script, svg title')) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (node.textContent.trim()) texts.push(node.textContent.trim());
    }
  };
  read(document.querySelector('[data-testid="stMain"]'));
  return texts.join(' | ');
}"""
"""All that can be read on the page, also in the shadow trees of its components."""

ASKED = [
    each
    for path in sorted((ROOT / "ui" / "screens").glob("*/predictions.py"))
    for each in predictions_of(path.parent.name)
    if not each.is_of_runs
]


@pytest.mark.long
@pytest.mark.parametrize("asked", ASKED, ids=lambda each: each.id)
def test_nothing_on_the_page_tells_before_one_has_guessed(asked: Prediction, server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 2400})
    truth = asked.truth(Given())
    told = " ".join(re.findall(r"\*\*([^*]+)\*\*", truth.text))
    figures = [each for each in re.findall(r"\d+(?:[.,]\d+)+|\d{2,}", told) if each not in asked.ask]
    ask(page, server, f"{asked.page if asked.page != 'home' else ''}?predict={asked.id}", HEADINGS[asked.page])
    expect(card(page).get_by_role("button", name="Show without guessing")).to_be_visible()
    shown = page.evaluate(READ_ALL).replace(card(page).inner_text(), "")
    assert [each for each in figures if re.search(rf"(?<![\d.,]){re.escape(each)}(?![\d])", shown)] == []
    for selector in asked.cover.split(", "):
        for each in page.locator(selector).all():
            assert COVERED in each.evaluate("each => getComputedStyle(each, '::before').content"), selector
    card(page).get_by_role("button", name="Show without guessing").click()
    expect(card(page).locator(".after")).not_to_be_empty()
    wait_idle(page)
    for selector in asked.cover.split(", "):
        for each in page.locator(selector).all():
            assert COVERED not in each.evaluate("each => getComputedStyle(each, '::before').content"), selector
    assert len(page.evaluate(READ_ALL)) > len(shown)
