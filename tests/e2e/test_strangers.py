"""What strangers wrote, in a browser: nothing is asked of a foreign host, nothing runs, and every letter is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.letters_app import texts
from tests.e2e.screen import wait_idle
from tests.e2e.server import Server
from tests.hostile import EVIL, NAMES, OWNER, Hostile, hostile_home
from tests.pages.test_strangers_text import views
from tests.waiting import until

JOINER = "\u2060"
SEEN = (
    "() => document.body.innerText + [...document.querySelectorAll('input, textarea')].map(each => each.value).join()"
)


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[Server]:
    """The app of the tests that shows texts."""
    server = Server(tmp_path, "tests/e2e/letters_app.py")
    server.start()
    yield server
    server.sweep()


@pytest.mark.long
def test_markdown_shows_every_text_letter_by_letter(letters: Server, page: Page) -> None:
    page.goto(letters.url)
    expect(page.get_by_role("heading", name="All shown")).to_be_visible()
    wait_idle(page)
    shown = page.locator(".stMarkdown").first.locator("p").all_text_contents()
    assert [each.replace(JOINER, "") for each in shown] == texts()
    for number, text in enumerate(texts()[:31]):
        box = page.locator(f".st-key-labels-{number}")
        labels = [
            box.get_by_role("button"), box.get_by_role("radiogroup").locator("label"), box.locator("strong"),
            box.get_by_test_id("stMetricLabel"), box.get_by_test_id("stAlert"),
        ]  # fmt: skip
        assert [each.first.inner_text().strip().replace(JOINER, "") for each in labels] == [text] * len(labels)
    assert page.locator(".stMainBlockContainer").locator("img, a, .katex, [role=img]").count() == 0


@pytest.fixture
def hostile_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Hostile]]:
    """The app on a home that strangers have filled."""
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "home"))
    server = Server(tmp_path / "home")
    made = hostile_home(server.home)
    server.start()
    yield server, made
    server.sweep()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_page_asks_a_foreign_host_runs_a_script_or_loses_a_letter(
    hostile_server: tuple[Server, Hostile], new_context: Callable[..., BrowserContext]
) -> None:
    server, made = hostile_server
    context = new_context()
    context.add_cookies([{"name": "aecore-films", "value": OWNER, "url": server.url}])
    page = context.new_page()
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if EVIL in request.url.split("?")[0] else None)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for name, (where, query) in views(made).items():
        page.goto(f"{server.url}/{where}?{'&'.join(f'{key}={value}' for key, value in query.items())}")
        wait_idle(page)
        links = page.eval_on_selector_all("a[href], area[href]", "all => all.map(each => each.href)")
        assert not [link for link in links if EVIL in link.split("?")[0]], name
        assert page.locator("img[src*=evil], .katex-error, [onerror]").count() == 0, name
        assert not asked, (name, asked)
        assert not dialogs, (name, dialogs)
    for run, name in zip(made.runs, NAMES, strict=True):
        page.goto(f"{server.url}/train?run={run.id}")
        until(lambda name=name: name in _seen(page), f"'{name}' is on its page")  # type: ignore[misc]
    page.goto(f"{server.url}/runs")
    legend = page.locator(".js-plotly-plot .legendtext")
    until(lambda: legend.count() >= len(NAMES), "the legend names the newest runs")
    assert {each.replace(JOINER, "") for each in legend.all_text_contents()} <= set(NAMES)
    assert not asked
    assert not dialogs


def _seen(page: Page) -> str:
    return page.evaluate(SEEN).replace(JOINER, "")
