"""Newer films in a browser: begun, watched, paused, resumed, taken over, and the way back, on generated ratings
in the layout of MovieLens 32M.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.generated_movielens import write
from tests.waiting import PATIENCE

INVENTED = "The Invented Film No. 7"
LONG = 3 * PATIENCE * 1000


@pytest.fixture
def with_ratings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An app of the test's own, with the ratings on its machine."""
    write(tmp_path / "data" / "movielens" / "ml-32m.zip", users=300, films=400, ratings=12_000, known=150)
    monkeypatch.setattr("tests.e2e.server.REAL_DATA", tmp_path / "data")
    running = Server(tmp_path / "own-home")
    running.start()
    try:
        yield running
    finally:
        running.sweep()


def is_known(page: Page, server: Server) -> bool:
    """Whether the catalogue of the page has an invented film."""
    go(page, f"{server.url}/movies", "Movies")
    page.locator(".search").first.fill(INVENTED)
    expect(page.locator(".found").first).to_be_visible()
    return page.locator(".found .card .name", has_text=INVENTED).count() > 0


@pytest.mark.long
def test_newer_films_are_trained_on_take_over_and_can_be_left_again(with_ratings: Server, page: Page) -> None:
    server = with_ratings
    go(page, f"{server.url}/movies", "Movies")
    page.locator(".st-key-filters button").click()
    expect(page.get_by_text("This catalogue has films up to 2018")).to_be_visible()
    page.get_by_role("button", name="Newer films").click()
    expect(page.get_by_role("heading", name="Newer films")).to_be_visible()
    press(page, "Get newer films")
    press(page, "Pause")
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=LONG)
    press(page, "Resume")
    expect(page.get_by_text("films up to 2023 recommends on this page")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("from whom it has not learned")).to_be_visible()
    assert is_known(page, server)
    go(page, f"{server.url}/movies?view=About", "Movies")
    press(page, "Go back to the built-in one")
    expect(page.get_by_role("button", name="Let it recommend")).to_be_visible()
    wait_idle(page)
    assert not is_known(page, server)
