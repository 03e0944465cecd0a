"""How long a control takes to answer: every control that a page shows when it opens is used once and put back.

An answer ends when the page's script has ended and nothing is left that is being drawn. What takes longer than 300 ms
should show in that time that it is at work, by a bar, a placeholder or the line along the top; such controls are listed
where nothing did. The server is warm, and every
page has been opened before. Buttons are left out: what they begin has progress of its own.
"""

from __future__ import annotations

import contextlib
import math
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.browser import warm

AT_ONCE = 300.0
"""Milliseconds within which a control answers, or shows that it is at work."""
LONGEST = 20_000
"""Milliseconds after which an answer is not waited for any longer."""
MOST = 14
"""Controls of one kind that are tried on a page."""
KINDS = {
    "slider": "[data-testid=stSlider] input[type=range]",
    "choice": "[data-testid=stButtonGroup] button[aria-checked=false], [data-testid=stRadio] input:not(:checked)",
    "list": "[data-testid=stSelectbox] input",
    "tick": "[data-testid=stCheckbox] input",
    "number": "[data-testid=stNumberInputStepUp]",
}
_WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const seen = window.answer = { begin: 0, runs: 0, busy: 0, done: 0 };
  const start = () => { seen.begin ||= performance.now(); };
  for (const kind of ['keydown', 'pointerdown']) document.addEventListener(kind, start, { once: true, capture: true });
  window.watching?.disconnect();
  window.watching = new MutationObserver(() => { if (app.dataset.testScriptState === 'running') seen.runs++; });
  window.watching.observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] });
  const working = '[data-testid=stSpinner], [data-testid=stProgress], [data-testid=stSkeleton]';
  const count = () => document.querySelectorAll('[data-testid=stMain] :is(' + working + ')').length, before = count();
  const number = window.lookNumber = (window.lookNumber ?? 0) + 1;
  const look = () => {
    if (number !== window.lookNumber) return;
    const main = document.querySelector('[data-testid=stMain]'), more = count() > before;
    const line = getComputedStyle(document.querySelector('[data-testid=stHeader]'), '::before');
    const says = more || (line.content !== 'none' && line.opacity === '1');
    if (seen.begin && !seen.busy && says) seen.busy = performance.now();
    const still = app.dataset.testScriptState === 'running' || more || main.querySelector('[data-stale=true]');
    if (still) seen.done = 0; else if (seen.runs && !seen.done) seen.done = performance.now();
    requestAnimationFrame(look);
  };
  look();
}"""
_SETTLED = """() => { const { begin, runs, done } = window.answer, now = performance.now();
  return begin && (runs ? done && now - done > 250 : now - begin > 900); }"""
_RESTS = """() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning' &&
  !document.querySelector(
    '[data-testid=stMain] :is([data-testid=stSpinner], [data-testid=stProgress], [data-testid=stSkeleton])')"""
_NAME = """each => each.closest('[data-testid=stElementContainer]')
  ?.querySelector('[data-testid=stWidgetLabel], label')?.innerText.trim().split('\\n')[0] || each.ariaLabel || '?'"""


@dataclass(frozen=True)
class Answer:
    """What one control did. milliseconds: until its answer stood there, 0 if the browser answers by itself;
    busy: until progress was seen, infinite if none was.
    """

    page: str
    name: str
    milliseconds: float
    busy: float


def answers(browser: Any, pages: Sequence[str] = ()) -> list[Answer]:
    """Every control of every page that the menu lists, or of the pages of these titles."""
    found: list[Answer] = []
    with warm(browser) as (page, address, _pid):
        links = page.locator("[data-testid=stSidebarNavLink]")
        places = [
            (links.nth(k).inner_text().strip().split("\n")[-1], links.nth(k).get_attribute("href") or "")
            for k in range(links.count())
        ]
        for title, path in places:
            if pages and title not in pages:
                continue
            _open(page, address, path)
            for kind, selector in KINDS.items():
                for place in range(min(page.locator(selector).count(), MOST)):
                    found += _tried(page, title, kind, selector, place)
                    if not page.url.split("?")[0].rstrip("/").endswith(path.split("?")[0].rstrip("/")):
                        _open(page, address, path)
    return found


def table(found: list[Answer]) -> str:
    """A row for each page."""
    rows = []
    for title in dict.fromkeys(each.page for each in found):
        own = [each for each in found if each.page == title]
        served = [each.milliseconds for each in own if each.milliseconds]
        late = sorted({each.name for each in own if each.milliseconds > AT_ONCE and each.busy > AT_ONCE})
        figures = f"{_shown(statistics.median(served))} | {_shown(max(served))}" if served else "– | –"
        rows.append(f"| {title} | {len(own)} | {figures} | {', '.join(late) or '–'} |")
    return "\n".join(rows)


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if math.isfinite(milliseconds) else f"over {LONGEST}"


def _open(page: Any, address: str, path: str) -> None:
    page.goto(path if path.startswith("http") else address + path)
    page.locator("h1").first.wait_for()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'", timeout=60_000
    )
    page.wait_for_timeout(2500)


def _tried(page: Any, title: str, kind: str, selector: str, place: int) -> list[Answer]:
    """One control, used and put back; nothing where it has gone meanwhile, is covered or can't be changed."""
    control = page.locator(selector).nth(place)
    if not control.count() or not control.is_visible() or not control.is_enabled():
        return []
    name = control.evaluate(_NAME)
    found = []
    for way in (1, -1):
        with contextlib.suppress(Exception):  # what an earlier one began is over
            page.wait_for_function(_RESTS, timeout=LONGEST)
        page.evaluate(_WATCH)
        with contextlib.suppress(Exception):
            _use(page, control, kind, way)
        with contextlib.suppress(Exception):
            page.wait_for_function(_SETTLED, timeout=LONGEST)
        seen = page.evaluate("() => window.answer")
        if seen["begin"]:
            end = (seen["done"] or float("inf")) if seen["runs"] else seen["begin"]
            busy = seen["busy"] - seen["begin"] if seen["busy"] else float("inf")
            found.append(Answer(title, name, end - seen["begin"], busy))
        if kind == "choice":
            break
    return found


def _use(page: Any, control: Any, kind: str, way: int) -> None:
    if kind == "slider":
        control.press("ArrowRight" if way > 0 else "ArrowLeft", timeout=3000)
    elif kind == "list":
        control.focus(timeout=3000)
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(150)
        page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        page.evaluate("() => { window.answer.begin = performance.now(); }")
        page.keyboard.press("Enter")
    elif kind == "number":
        (control if way > 0 else control.locator("xpath=preceding-sibling::*[1]")).click(timeout=3000)
    else:
        control.click(timeout=3000, force=True)


def main() -> None:
    """Prints the table, and the slowest controls; arguments are titles of pages."""
    from playwright.sync_api import sync_playwright

    from tests.benchmarks.browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = answers(chromium, sys.argv[1:])
        for each in sorted(found, key=lambda each: -each.milliseconds)[:40]:
            print(f"{each.milliseconds:8.0f} ms, progress after {each.busy:6.0f}: {each.page}, {each.name}")
        print(table(found))
        chromium.close()


if __name__ == "__main__":
    main()
