"""What a person sees of a run on the Train page, and how to wait for the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from aecore.runs.snapshots import ProgressLog
from tests.waiting import PATIENCE, until

APP = '[data-testid="stApp"]'
LINES = ".js-plotly-plot .scatterlayer .trace path.js-line"
READY = "() => document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState === 'notRunning'"


def wait_idle(page: Page, seconds: float = PATIENCE) -> None:
    """Waits until Streamlit has run its script and nothing stale is on screen."""
    page.wait_for_function(READY, timeout=seconds * 1000)
    expect(page.locator('[data-testid="stSpinner"]')).to_have_count(0, timeout=seconds * 1000)


def go(page: Page, address: str, heading: str) -> None:
    """Opens a page of the app and waits for its title."""
    page.goto(address, wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    wait_idle(page)


def press(page: Page, name: str) -> None:
    """Presses a button of the page by its name; Streamlit's own Stop, shown while a script runs, is another one."""
    page.get_by_role("button", name=name, exact=True).and_(
        page.locator('button:not([data-testid="stBaseButton-header"])')
    ).click()


def pick(page: Page, name: str) -> None:
    """Picks one of several pills or segments by its label."""
    page.locator('[data-testid="stButtonGroup"]').get_by_text(name, exact=True).click()


def run_in(page: Page) -> str:
    """The id of the run that the address names, or an empty text."""
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get("run", [""])[0]


def train(page: Page) -> str:
    """Presses Train and returns the new run's id, once the address has it."""
    before = run_in(page)
    press(page, "Train")
    return until(lambda: run_in(page) if run_in(page) != before else "", "the address names the new run")


def wait_for_state(page: Page, label: str, seconds: float = PATIENCE) -> None:
    """Waits until the badge beside the run's name says so."""
    expect(page.locator(".stMarkdownBadge").filter(has_text=label)).to_be_visible(timeout=seconds * 1000)


def tell_tale(page: Page) -> str:
    """The sentence in the orange or red box of the run."""
    return " ".join(page.locator('[data-testid="stAlert"]').all_inner_texts())


def curves(page: Page) -> list[str]:
    """The path of every line in the chart, as it is painted now."""
    return page.eval_on_selector_all(LINES, "lines => lines.map(line => line.getAttribute('d'))")


def chart_values(page: Page) -> list[list[Any]]:
    """Name and heights of every curve in the chart."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p.calcdata.map(t => "
        "[t[0].trace.name, t.map(v => v.y)]))"
    )


def reconstructions(page: Page) -> list[str]:
    """The pictures of the test examples, as they are now."""
    return page.eval_on_selector_all('img[alt^="Test picture"]', "images => images.map(image => image.src)")


def metrics(page: Page) -> dict[str, str]:
    """Label -> value of every metric on screen."""
    read = (
        "all => all.map(m => ['stMetricLabel', 'stMetricValue'].map(id => "
        "m.querySelector(`[data-testid=${id}]`).textContent.trim()))"
    )
    return dict(page.eval_on_selector_all('[data-testid="stMetric"]', read))


def status(runs: Path, run_id: str) -> dict[str, Any]:
    """status.json of a run."""
    return json.loads((runs / run_id / "status.json").read_text())


def records(runs: Path, run_id: str) -> list[dict[str, Any]]:
    """The records of a run so far."""
    return ProgressLog(runs / run_id / "progress.jsonl").read()


def lines(runs: Path, run_id: str) -> list[dict[str, Any]]:
    """Every line of progress.jsonl as it was written, those undone by going back to a checkpoint included."""
    return [json.loads(line) for line in (runs / run_id / "progress.jsonl").read_text().splitlines()]


def listed_runs(page: Page, server: str) -> list[str]:
    """The names in the table of runs of the app at that address."""
    go(page, f"{server}/runs", "Runs")
    cells = page.locator('[data-testid="stDataFrame"] table td')
    expect(cells.first).to_be_attached()
    return cells.all_inner_texts()
