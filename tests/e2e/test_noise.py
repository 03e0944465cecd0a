"""The noise lab in a browser: damage by slider and by hand, drawing with mouse, touch and keyboard, uploads, and the link."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

SHEET = ".painter canvas.sheet"
TOUCH = """(sheet, points) => {
  const box = sheet.getBoundingClientRect();
  const send = (type, [u, v]) => sheet.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, pointerType: "touch", bubbles: true, cancelable: true, isPrimary: true, button: 0, buttons: 1,
    clientX: box.left + u * box.width, clientY: box.top + v * box.height }));
  sheet.setPointerCapture = () => {};
  send("pointerdown", points[0]); points.slice(1).forEach((p) => send("pointermove", p)); send("pointerup", points.at(-1));
}"""


def pictures(page: Page, name: str) -> list[str]:
    """The strips of a row, as they are now."""
    return page.eval_on_selector_all(f'.rows img[alt="{name}"]', "images => images.map(image => image.src)")


def table_says(page: Page, text: str) -> None:
    expect(page.locator('[data-testid="stMain"]').get_by_text(text).first).to_be_visible(timeout=20_000)


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
    return page.locator(SHEET).evaluate("s => s.getContext('2d').getImageData(0, 0, s.width, s.height).data.filter((v, i) => i % 4 === 0 && v > 127).length")


def test_a_slider_changes_the_damage_the_answers_and_the_address(server: Server, page: Page) -> None:
    go(page, f"{server.url}/noise?data=Digits&damage=masking_0.5&networks=digits", "Noise lab")
    corrupted = until(lambda: pictures(page, "Damaged"), "the damaged pictures are there", seconds=40)
    clean = pictures(page, "Clean")
    assert clean != corrupted
    page.locator(".st-key-damage-level-0").get_by_role("slider").press("ArrowRight")
    until(lambda: "masking_0.51" in page.evaluate("location.href"), "the address has the new strength")
    until(lambda: pictures(page, "Damaged") not in ([], corrupted), "other pictures are damaged")
    assert pictures(page, "Clean") == clean
    newest = pictures(page, "Damaged")
    page.reload()
    until(lambda: pictures(page, "Damaged") == newest, "the link shows the same damage")


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


def test_a_finger_draws_too_and_so_do_the_arrow_keys(server: Server, page: Page) -> None:
    go(page, f"{server.url}/noise?data=Digits&pictures=Drawing&networks=digits", "Noise lab")
    page.wait_for_selector(SHEET)
    page.locator(SHEET).evaluate(TOUCH, [[0.5, 0.1], [0.5, 0.4], [0.5, 0.9]])
    first, before = shown(page), ink(page)
    sheet = page.locator(SHEET)
    sheet.focus()
    sheet.press("Space")
    for _ in range(6):
        sheet.press("ArrowRight")
    sheet.press("Space")
    until(lambda: ink(page) > before, "the keys have drawn")
    until(lambda: pictures(page, "Clean") not in ([], first), "what the keys drew is shown")


def test_a_phone_draws_with_a_real_touch_screen(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    go(page, f"{server.url}/noise?data=Digits&pictures=Drawing&networks=digits", "Noise lab")
    sheet = page.locator(SHEET)
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(lambda: ink(page) > 0, "the finger has left a dot")
    until(lambda: len(pictures(page, "Clean")) == 1, "the dot is shown")
    context.close()


def test_a_picture_is_erased_and_smudged_by_hand(server: Server, page: Page) -> None:
    go(page, f"{server.url}/noise?data=Digits&damage=&by-hand=true&networks=digits&pictures=In+order", "Noise lab")
    page.wait_for_selector(SHEET)
    before = until(lambda: pictures(page, "Damaged"), "the pictures are there", seconds=40)
    assert before == pictures(page, "Clean")
    draw(page, (0.5, 0.1), (0.5, 0.9))
    until(lambda: pictures(page, "Damaged") not in ([], before), "something is rubbed out")
    erased = pictures(page, "Damaged")
    assert erased[1:] == before[1:]
    press(page, "Smudge")
    draw(page, (0.2, 0.3), (0.8, 0.3))
    until(lambda: pictures(page, "Damaged") not in ([], erased), "something is smeared")
    press(page, "Start over")
    until(lambda: pictures(page, "Damaged") == before, "all is as it was")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("odd.png", b"no picture at all", "not a PNG, JPEG, GIF, WebP or BMP image"), ("good.png", b"", "scaled and centred as the pictures")],
)
def test_an_upload_is_shown_or_refused(server: Server, page: Page, name: str, content: bytes, says: str) -> None:
    if not content:
        paper, file = np.full((60, 60), 230, np.uint8), io.BytesIO()
        paper[10:50, 28:34] = 20
        Image.fromarray(paper).save(file, "PNG")
        content = file.getvalue()
    go(page, f"{server.url}/noise?data=Digits&pictures=Your+own&networks=digits", "Noise lab")
    page.locator(".st-key-own-pictures input[type=file]").set_input_files([{"name": name, "mimeType": "image/png", "buffer": content}])
    wait_idle(page)
    table_says(page, says)
