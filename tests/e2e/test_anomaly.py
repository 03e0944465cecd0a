"""The anomaly page in a browser: the slider moves the counts and the line, the link brings them back,
an upload gets a prediction.
"""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

COUNTS = re.compile(
    r"Of ([\d,]+) odd pictures ([\d,]+) \w+ caught\. Of ([\d,]+) normal ones ([\d,]+) raises? a false alarm\."
)
LINE = (
    "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(p => (p.data || []).filter(t => t.name === "
    "'threshold').map(t => t.x[0]))"
)


def counts(page: Page) -> list[int]:
    """Odd, caught, normal, false alarms, as the page says now; nothing while it does not say."""
    found = COUNTS.search(page.locator('[data-testid="stMain"]').inner_text())
    return [int(each.replace(",", "")) for each in found.groups()] if found else []


def line(page: Page) -> list[float]:
    """Where the histogram and the ROC curve draw the threshold."""
    return page.evaluate(LINE)


@pytest.mark.long
def test_the_slider_moves_counts_and_line_and_the_link_brings_them_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/anomaly", "Anomaly detection")
    before = until(lambda: counts(page), "the page counts")
    where = until(lambda: line(page) if len(line(page)) == 2 else [], "both charts show the threshold")
    assert before[0] > 100
    assert page.locator(".st-key-threshold-slider").get_by_role("slider").count() == 1
    slider = page.locator(".st-key-threshold-slider").get_by_role("slider")
    for _ in range(12):
        slider.press("ArrowLeft")
    until(lambda: counts(page) not in ([], before) and "threshold=" in page.evaluate("location.href"), "other counts")
    wait_idle(page)
    seen: list[object] = []
    until(
        lambda: seen.append((counts(page), page.url)) or (len(seen) > 10 and len(set(map(str, seen[-10:]))) == 1),
        "every key has been heard",
    )
    after = counts(page)
    assert after[1] > before[1]
    assert after[3] >= before[3]
    until(lambda: len(line(page)) == 2 and line(page)[0] < where[0], "the line has moved to the left")
    page.reload()
    until(lambda: counts(page) == after, "the link shows the same counts")
    press(page, "Suggested")
    until(lambda: counts(page) == before, "the suggested threshold is back")
    assert "threshold=" not in page.evaluate("location.href")


@pytest.mark.long
def test_a_link_says_what_is_odd_and_which_pictures_are_shown(server: Server, page: Page) -> None:
    go(page, f"{server.url}/anomaly?network=digits&odd=Faded+pictures&group=Odd", "Anomaly detection")
    first = until(lambda: counts(page), "the page counts")
    maps = until(
        lambda: page.eval_on_selector_all('.rows img[alt="Where the error lies"]', "all => all.map(i => i.src)"),
        "there are error maps",
    )
    assert len(set(maps)) == 4, "two ends, each in two blocks of four pictures"
    page.locator('[data-testid="stButtonGroup"]').get_by_text("Normal", exact=True).click()
    until(lambda: "group=Odd" not in page.evaluate("location.href"), "the address has the choice")
    assert counts(page) == first


@pytest.mark.long
def test_an_upload_is_called_odd_or_normal(server: Server, page: Page) -> None:
    paper, file = np.full((60, 60), 230, np.uint8), io.BytesIO()
    paper[8:52:8] = 20
    Image.fromarray(paper).save(file, "PNG")
    go(page, f"{server.url}/anomaly?odd=Your+own", "Anomaly detection")
    page.locator(".st-key-own-pictures input[type=file]").set_input_files(
        [{"name": "stripes.png", "mimeType": "image/png", "buffer": file.getvalue()}]
    )
    expect(page.get_by_text("Your picture's error is")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("A ROC curve needs more than one odd picture")).to_be_visible()
