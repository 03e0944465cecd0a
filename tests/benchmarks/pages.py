"""How long a click in the menu takes: every page's first view since the server began, and the view after that.

The server is warm: the home page has been shown, and what it loads afterwards has been loaded. A view ends when the
page's script has ended and nothing is left that is being drawn; processor seconds are those of the server alone.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.browser import warm

_READY = """(path) => {
  const app = document.querySelector('[data-testid=stApp]');
  const main = document.querySelector('[data-testid=stMain]');
  const unfinished = '[data-stale=true], [data-testid=stSkeleton], [data-testid=stSpinner]';
  return location.pathname === path && app?.dataset.testScriptState === 'notRunning'
    && main?.querySelector('h1') !== null && !main.querySelector(unfinished);
}"""


def views(browser: Any, rounds: int = 2) -> dict[str, list[tuple[float, float]]]:
    """Page -> (seconds, processor seconds of the server) of its first view, the next, and so on."""
    found: dict[str, list[tuple[float, float]]] = {}
    with warm(browser) as (page, address, pid):
        links = page.locator("[data-testid=stSidebarNavLink]")
        count = links.count()
        for _ in range(rounds):
            for place in [*range(1, count), 0]:
                link = links.nth(place)
                title, path = link.inner_text().strip().split("\n")[-1], link.get_attribute("href") or ""
                path = "/" + path.removeprefix(address).lstrip("/").split("?")[0]
                before, begin = cpu_seconds(pid), time.perf_counter()
                link.click()
                page.wait_for_function(_READY, arg=path, timeout=60_000)
                found.setdefault(title, []).append((time.perf_counter() - begin, cpu_seconds(pid) - before))
                page.wait_for_timeout(700)
    return found


def table(found: dict[str, list[tuple[float, float]]]) -> str:
    """The rows of a table."""
    rows = [
        f"| {title} | {views[0][0]:.2f} | {views[0][1]:.2f} | {views[1][0]:.2f} | {views[1][1]:.2f} |"
        for title, views in found.items()
    ]
    middle = [statistics.median(view[place][0] for view in found.values()) for place in (0, 1)]
    return "\n".join([*rows, f"| median | {middle[0]:.2f} | | {middle[1]:.2f} | |"])


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Prints the table."""
    from playwright.sync_api import sync_playwright

    from tests.benchmarks.browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        print(table(views(chromium)))
        chromium.close()


if __name__ == "__main__":
    main()
