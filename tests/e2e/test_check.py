"""Check yourself at the end of a page: by finger on a phone, and there again when one comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.tours.progress import CHECKS, Progress
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_touch import PHONE
from tests.e2e.visitors import NewPage
from tests.waiting import until
from ui.app.checks import questions_of
from ui.app.identity import HOST

QUESTIONS = questions_of("pooling")
OUTCOME = f"1 of {len(QUESTIONS)} right at the first try"


def check(page: Page) -> Locator:
    """The questions of the page."""
    return page.locator(".st-key-lesson-links .check")


def kept(server: Server) -> dict[str, tuple[int, int]]:
    """What the host has answered on this page."""
    attempt = Progress(server.home, folder=CHECKS).last(HOST.tag, "pooling")
    return dict(attempt.answers) if attempt else {}


@pytest.mark.long
def test_three_questions_are_answered_by_finger_and_are_there_again_on_coming_back(
    server: Server, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    go(page, f"{server.url}/pooling", "Pooling with switches")
    folded = check(page).bounding_box()
    assert folded
    assert folded["height"] < 60
    check(page).locator("summary").tap()
    for at, asked in enumerate(QUESTIONS.values()):
        expect(check(page).locator(".ask")).to_have_text(asked.ask)
        check(page).locator(".choice").nth(asked.right if at == 0 else (asked.right + 1) % 3).tap()
        expect(check(page).locator(".why:not([aria-hidden])")).to_contain_text("Not quite." if at else "Right.")
        if at:
            check(page).locator(".choice").nth(asked.right).tap()
        check(page).locator(".next").tap()
    expect(check(page).locator(".state")).to_have_text(OUTCOME)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    until(lambda: len(kept(server)) == len(QUESTIONS), "the answers are kept")
    go(page, f"{server.url}/synapses", "Synapses")
    page.locator(".st-key-lesson-links").get_by_role("link", name="Training, step by step").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training, step by step")
    wait_idle(page)
    page.locator(".st-key-lesson-links").get_by_role("link", name="Pooling").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pooling with switches")
    expect(check(page).locator(".state")).to_have_text(OUTCOME)
    check(page).locator("summary").tap()
    check(page).locator(".places button").last.tap()
    expect(check(page).locator(".choice.right")).to_have_text(
        [each.choices[each.right].answer for each in QUESTIONS.values()][-1]
    )


def test_it_is_not_shown_while_presenting(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/pooling?present=true", wait_until="domcontentloaded")
    expect(page.locator(".present .leave")).to_be_visible()
    wait_idle(page)
    expect(check(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(check(page)).to_be_visible()
