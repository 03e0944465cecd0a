"""The film page in a real browser: from a click on a star through Python to new recommendations;
from a letter to films found.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.e2e.server import Server

CLICKS, SEARCHES = 40, 20
WATCH = """root => { window.heard = 0;
  const watch = new MutationObserver(() => { watch.disconnect();
    requestAnimationFrame(() => { window.heard = performance.now(); }); });
  watch.observe(root, { attributes: true, attributeFilter: ['data-heard'] });
  window.addEventListener('pointerup', () => { window.clicked = performance.now(); }, {
    capture: true, once: true }); }"""
TYPE = """(root, text) => { const field = root.querySelector('.search'), list = root.querySelector('.found');
  window.found = 0;
  const watch = new MutationObserver(() => { watch.disconnect(); window.found = performance.now(); });
  watch.observe(list, { attributes: true, childList: true, subtree: true });
  field.value = text; window.typed = performance.now(); field.dispatchEvent(new Event('input', { bubbles: true })); }"""
WORDS = ("matr", "godf", "star", "toy s", "alie", "pulp", "fargo", "ring", "jaws", "heat")


def figures(chromium: Any) -> dict[str, str]:
    """Median and 95th percentile in milliseconds of what a visitor waits for."""
    with TemporaryDirectory() as home:
        server = Server(Path(home))
        server.start()
        try:
            return _measure(chromium.new_page(viewport={"width": 1440, "height": 1000}), server.url)
        finally:
            server.sweep()


def _measure(page: Any, url: str) -> dict[str, str]:
    page.goto(f"{url}/movies")
    root = page.locator(".films").first
    page.locator(".part.recommended .card").first.wait_for(timeout=90_000)
    page.wait_for_timeout(4000)  # until torch and the workers are loaded
    clicks = [_click(page, root, click) for click in range(CLICKS + 5)][5:]
    searches = [_search(page, root, WORDS[k % len(WORDS)] + "x" * (k // len(WORDS) % 2)) for k in range(SEARCHES)]
    page.close()
    return {
        "Movies: from a click on a star through Python to new recommendations": _summary(clicks),
        "Movies: from the last letter typed (120 ms of rest included) to the films found": _summary(searches),
    }


def _click(page: Any, root: Any, click: int) -> float:
    box = page.locator(".part.rate .five").first.bounding_box()
    root.evaluate(WATCH)
    page.mouse.click(box["x"] + box["width"] * (0.15 + 0.1 * (click % 8)), box["y"] + box["height"] / 2)
    page.wait_for_function("() => window.heard")
    page.wait_for_timeout(350)  # until the cards have glided to their places
    return page.evaluate("window.heard - window.clicked")


def _search(page: Any, root: Any, text: str) -> float:
    root.evaluate(TYPE, text)
    page.wait_for_function("() => window.found")
    took = page.evaluate("window.found - window.typed")
    root.evaluate(
        "root => { const field = root.querySelector('.search'); field.value = ''; "
        "field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.wait_for_timeout(300)
    return took


def _summary(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} / {statistics.quantiles(times, n=20)[-1]:.0f} ms"


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    from tests.benchmarks.browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        for what, value in figures(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)).items():
            print(f"{what}: {value}")
