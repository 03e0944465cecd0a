"""The map of a latent space with 10,000 points in a real browser: drawing, pointing, picking, circling."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.e2e.server import Server
from tests.waiting import until

POINTS = 10_000
READY = "root => { const m = root.latentMap; return Boolean(m?.view.has_places && !m.view.glide && m.bitmap); }"
PAINT = """root => { const map = root.latentMap; return [...Array(60)].map((_, k) => {
  map.view.camera.x += k % 2 ? 0.002 : -0.002;
  const begin = performance.now(); map.paint(begin); return performance.now() - begin; }); }"""
HOVER = """root => { const map = root.latentMap; return [...Array(300)].map((_, k) => {
  const i = map.order[(37 * k) % map.order.length], begin = performance.now();
  map.hover([map.view.sx[i], map.view.sy[i]], 12); return performance.now() - begin; }); }"""
WATCH = """before => { window.answered = 0;
  window.addEventListener('pointerup', () => { window.released = performance.now(); }, { capture: true, once: true });
  const look = () => { const now = document.body.innerText.match(/Python: .*\\n+.*/)?.[0];
    if (now && now !== before) window.answered = performance.now(); else setTimeout(look, 2); }; look(); }"""
EXAMPLE = """before => { window.answered = 0;
  window.addEventListener('pointerup', () => { window.released = performance.now(); }, { capture: true, once: true });
  const look = () => { const now = document.body.innerText.match(/Example [0-9,]+/)?.[0];
    if (now && now !== before) window.answered = performance.now(); else setTimeout(look, 2); }; look(); }"""
CLICKS = 20
SAID = "() => document.body.innerText.match(/Python: .*\\n+.*/)?.[0]"


def figures(chromium: Any) -> dict[str, str]:
    """Median and 95th percentile in milliseconds of what a visitor waits for."""
    with TemporaryDirectory() as home:
        server = Server(Path(home), app="tests/benchmarks/map_app.py")
        server.start()
        try:
            return _measure(chromium.new_page(viewport={"width": 1440, "height": 1000}), server.url)
        finally:
            server.sweep()


def page_figures(chromium: Any) -> dict[str, str]:
    """The same of the page itself: from a click on a point to its example in the inspector,
    the map as large as the data here allow.
    """
    from aecore.datasets import is_ready

    model, count = ("mnist-undercomplete-30", 10_000) if is_ready("mnist") else ("faces", 8000)
    with TemporaryDirectory() as home:
        server = Server(Path(home))
        server.start()
        try:
            page = chromium.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"{server.url}/latent?network={model}&method=pca" + ("" if is_ready("mnist") else "&part=all"))
            root = page.locator(".map").first
            root.wait_for()
            until(lambda: root.evaluate(READY), "the map has been drawn")
            page.get_by_text("Trustworthiness", exact=True).wait_for()
            times = []
            for k in range(CLICKS + 3):  # the first answers load what the inspector needs
                page.evaluate(
                    EXAMPLE, page.evaluate("() => document.body.innerText.match(/Example [0-9,]+/)?.[0] ?? ''")
                )
                _pick(page, root, k)
                page.wait_for_function("() => window.answered")
                times.append(page.evaluate("window.answered - window.released"))
                until(lambda: root.evaluate(READY), "the map stands still")
            return {
                (
                    f"The page with a map of {count:,} points: from a click on a point to its example beside the map"
                ): _summary(times[3:])
            }
        finally:
            server.sweep()


def _measure(page: Any, url: str) -> dict[str, str]:
    page.goto(f"{url}/?points={POINTS}")
    root = page.locator(".map")
    root.wait_for()
    until(lambda: root.evaluate(READY), "the map has been drawn")
    drawn, pointed = root.evaluate(PAINT), root.evaluate(HOVER)
    picked = [_answer(page, lambda k=k: _pick(page, root, k)) for k in range(20)]
    circled = [_answer(page, lambda k=k: _circle(page, root, k % 2)) for k in range(10)]
    half = root.evaluate("root => root.latentMap.selected().length")
    page.close()
    name = f"Map of {POINTS:,} points"
    return {
        f"{name}: drawn anew, on one core without graphics card": _summary(drawn),
        f"{name}: from the pointer to picture, label and number": _summary(pointed),
        f"{name}: from a click through Python to the page": _summary(picked),
        f"{name}: from a lasso around {half:,} of them through Python to the page": _summary(circled),
    }


def _answer(page: Any, act: Any) -> float:
    """Milliseconds from letting the mouse go to another answer of Python on the page."""
    page.evaluate(WATCH, page.evaluate(SAID))
    act()
    page.wait_for_function("() => window.answered")
    return page.evaluate("window.answered - window.released")


def _pick(page: Any, root: Any, k: int) -> None:
    box = page.locator(".over").first.bounding_box()
    x, y = root.evaluate(
        f"root => {{ const {{ order, view }} = root.latentMap, i = order[{101 * k + 7}]; "
        "return [view.sx[i], view.sy[i]]; }"
    )
    page.mouse.click(box["x"] + x, box["y"] + y)


def _circle(page: Any, root: Any, is_right: int) -> None:
    box = page.locator(".over").first.bounding_box()
    middle, left, right = box["x"] + box["width"] / 2, box["x"] + 60, box["x"] + box["width"] - 60
    top, bottom, edge = box["y"] + 70, box["y"] + box["height"] - 60, right if is_right else left
    page.keyboard.down("Shift")
    page.mouse.move(middle, top)
    page.mouse.down()
    for x, y in [(edge, top), (edge, bottom), (middle, bottom)]:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")


def _summary(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f} ms"


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    from tests.benchmarks.browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for what, value in (figures(running) | page_figures(running)).items():
            print(f"{what}: {value}")
