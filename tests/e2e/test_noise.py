"""The noise lab in a browser: damage by slider and by hand, a drawing, and the link;
the sheet itself is tested in tests/components.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

SHEET = ".painter canvas.sheet"


def pictures(page: Page, name: str) -> list[str]:
    """The strips of a row, as they are now."""
    return page.eval_on_selector_all(f'.rows img[alt="{name}"]', "images => images.map(image => image.src)")


def shown(page: Page) -> list[str]:
    """The clean pictures once they stand still: a stroke is sent in pieces while it is drawn."""
    seen: list[list[str]] = [[]]

    def stands_still() -> bool:
        wait_idle(page)
        page.wait_for_timeout(400)
        seen.append(pictures(page, "Clean"))
        return len(seen[-1]) == 1 and seen[-1] == seen[-2]

    until(stands_still, "the drawing stands still")
    return seen[-1]


def draw(page: Page, *points: tuple[float, float]) -> None:
    """One stroke of the mouse on the sheet, in shares of its sides."""
    box = page.locator(SHEET).bounding_box()
    assert box
    for index, (u, v) in enumerate(points):
        page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"], steps=6 if index else 1)
        if index == 0:
            page.mouse.down()
    page.mouse.up()


def ink(page: Page) -> int:
    """Bright pixels on the sheet."""
    return page.locator(SHEET).evaluate(
        "s => s.getContext('2d').getImageData(0, 0, s.width, s.height).data.filter((v, i) => i % 4 "
        "=== 0 && v > 127).length"
    )


@pytest.mark.long
def test_a_digit_is_drawn_with_the_mouse_and_comes_back_from_the_network(server: Server, page: Page) -> None:
    go(page, f"{server.url}/noise?data=Digits&pictures=Drawing&damage=gaussian_0.1&networks=digits", "Noise lab")
    expect(page.get_by_text("The sheet is still empty")).to_be_visible()
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.85))
    first = shown(page)
    expect(page.get_by_text("Your drawing, white on black").first).to_be_visible()
    before = ink(page)
    draw(page, (0.2, 0.5), (0.8, 0.5))
    until(lambda: pictures(page, "Clean") not in ([], first), "the second stroke is there")
    assert ink(page) > before
    press(page, "Undo")
    until(lambda: pictures(page, "Clean") == first, "the second stroke is undone")
    press(page, "Start over")
    expect(page.get_by_text("The sheet is still empty")).to_be_visible(timeout=20_000)


@pytest.mark.long
def test_pictures_are_damaged_by_hand_and_by_a_slider_which_the_link_brings_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/noise?data=Digits&damage=&by-hand=true&networks=digits&pictures=In+order", "Noise lab")
    page.wait_for_selector(SHEET)
    before = until(lambda: pictures(page, "Corrupted"), "the pictures are there", seconds=40)
    assert before == pictures(page, "Clean")
    draw(page, (0.5, 0.1), (0.5, 0.9))
    until(lambda: pictures(page, "Corrupted") not in ([], before), "something is rubbed out")
    erased = pictures(page, "Corrupted")
    assert erased[1:] == before[1:]
    press(page, "Smudge")
    draw(page, (0.2, 0.3), (0.8, 0.3))
    until(lambda: pictures(page, "Corrupted") not in ([], erased), "something is smeared")
    press(page, "Start over")
    until(lambda: pictures(page, "Corrupted") == before, "all is as it was")
    clean = pictures(page, "Clean")
    go(page, f"{server.url}/noise?data=Digits&damage=masking_0.5&networks=digits&pictures=In+order", "Noise lab")
    damaged = until(lambda: pictures(page, "Corrupted"), "the damaged pictures are there")
    with page.expect_response(lambda answer: "/noise-rows/" in answer.url) as asked:  # before, and beside, the rerun
        page.locator(".st-key-damage-level-0").get_by_role("slider").press("ArrowRight")
    assert asked.value.ok
    until(lambda: "masking_0.51" in page.evaluate("location.href"), "the address has the new strength")
    until(lambda: pictures(page, "Corrupted") not in ([], damaged), "other pictures are damaged")
    assert pictures(page, "Clean") == clean
    newest = pictures(page, "Corrupted")
    page.reload()
    until(lambda: pictures(page, "Corrupted") == newest, "the link shows the same damage")
