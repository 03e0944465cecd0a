"""The noise lab with a camera, one that Chromium makes up: a photograph is answered, in grey and in colour,
and a refusal leaves a way on.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.screen import go
from tests.e2e.server import Server
from tests.waiting import until

SLOW = 90
"""Seconds that a busy machine may take to import torch and to read a network."""

NewContext = Callable[..., BrowserContext]
CHANNELS = """async (image) => {
  if (!image.complete || !image.naturalWidth) return [];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  const width = Math.floor(canvas.width / 8.5),
    data = canvas.getContext("2d").getImageData(0, 0, width, canvas.height).data;
  return [0, 1, 2].map(c => data.filter((_, i) => i % 4 === c).reduce((a, b) => a + b, 0) / (data.length / 4));
}"""
"""Mean red, green and blue of the first of eight places; nothing while the picture is still read."""

FILMS = """() => {
  const video = document.querySelector("[data-testid=stCameraInput] video");
  if (!video || !video.videoWidth || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [16, 16];
  canvas.getContext("2d").drawImage(video, 0, 0, 16, 16);
  return canvas.getContext("2d").getImageData(0, 0, 16, 16).data.some((value, i) => i % 4 < 3 && value > 40);
}"""
"""Whether the camera shows something: a video knows its size before it has a picture,
and the first one may be black.
"""

TRIES = 6
"""The made-up camera shows a disc that grows for a second and begins again:
a photograph of its beginning is refused, and rightly.
"""


def seen(page: Page, name: str) -> list[float]:
    """The colour of the first picture of a row."""
    rows = page.locator(f'.rows img[alt="{name}"]')
    return rows.first.evaluate(CHANNELS) if rows.count() else []


def photographed(page: Page) -> list[float]:
    """The colour of the first photograph on which there is something:
    who is told that there is nothing takes another.
    """
    clear, refused = page.get_by_role("button", name="Clear photo"), page.get_by_text("Nothing can be made out")
    for _ in range(TRIES):
        page.wait_for_function(FILMS, timeout=SLOW * 1000)
        page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]', timeout=SLOW * 1000)
        page.get_by_role("button", name="Take Photo").click()
        try:
            expect(clear).to_be_visible(timeout=15_000)
        except AssertionError:  # a camera that is just being measured anew takes nothing
            continue
        until(lambda: seen(page, "Clean") or refused.count(), "the photograph is shown or refused", seconds=SLOW)
        if colour := seen(page, "Clean"):
            return colour
        clear.click()
        expect(refused).to_have_count(0)
    raise AssertionError(f"on {TRIES} photographs there was nothing to be made out")


@pytest.mark.long
def test_a_photograph_is_damaged_and_answered(server: Server, new_context: NewContext) -> None:
    page = new_context(permissions=["camera"]).new_page()
    page.goto(f"{server.url}/noise?data=faces&pictures=Camera", wait_until="domcontentloaded")
    shutter = page.get_by_role("button", name="Take Photo")
    expect(shutter).to_be_enabled(timeout=SLOW * 1000)
    red, green, blue = photographed(page)
    assert green > max(red, blue) + 40  # the made-up camera shows a green screen
    expect(page.locator('.rows img:not([alt="Clean"]):not([alt="Corrupted"])').first).to_be_visible(timeout=SLOW * 1000)
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible(timeout=SLOW * 1000)


@pytest.mark.long
def test_who_refuses_the_camera_is_told_how_to_go_on(server: Server, new_context: NewContext) -> None:
    page = new_context(permissions=[]).new_page()
    go(page, f"{server.url}/noise?data=digits&pictures=Camera", "Noise lab")
    expect(page.get_by_text("Allow the camera for this page")).to_be_visible()
    expect(page.get_by_role("button", name="Take Photo")).to_be_disabled()
    page.locator(".st-key-pictures").get_by_role("combobox").click()
    page.get_by_role("option", name="Drawing").click()
    expect(page.locator(".painter canvas.sheet")).to_be_visible(timeout=SLOW * 1000)
