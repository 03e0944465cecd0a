"""Where a full server answers others first, the page says so in words, and no more a little later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.server import Server
from ui.app.gate import BUSY


@pytest.fixture
def taking_turns(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, "tests/e2e/busy_app.py")
    server.start()
    yield server
    server.stop()


@pytest.mark.long
def test_who_waits_for_others_is_told_in_words(taking_turns: Server, new_page: NewPage) -> None:
    page, other = new_page(), new_page()
    page.goto(taking_turns.url)
    expect(page.get_by_text("Asked 0 times")).to_be_visible(timeout=60_000)
    notice = page.get_by_role("alertdialog").filter(has_text=BUSY)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Asked 1 times")).to_be_visible(timeout=60_000)
    expect(notice).to_have_count(0)
    other.goto(f"{taking_turns.url}?slow=1", wait_until="domcontentloaded")
    expect(other.locator('[data-test-script-state="running"]').first).to_be_attached(timeout=60_000)
    page.get_by_role("button", name="Ask").click()
    expect(notice).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Asked 1 times")).to_be_visible()  # what was there stays there
    expect(page.get_by_text("Asked 2 times")).to_be_visible(timeout=60_000)
    expect(notice).to_have_count(0, timeout=60_000)
