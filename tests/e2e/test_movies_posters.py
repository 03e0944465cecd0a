"""Posters are kept on the visitor's disk: seen once, they are not fetched again, until they are deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.screen import press, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_movies import PIXEL, open_movies
from tests.waiting import until

KEY = "0123456789abcdef" * 2
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*"}


def give_key(page: Page) -> None:
    """Opens the popover of the posters and types a key."""
    press(page, "Posters")
    page.get_by_role("textbox", name="Key of TMDb").fill(KEY)
    page.keyboard.press("Enter")
    expect(page.locator(".part.recommended .face img").first).to_have_attribute("src", re.compile("^blob:"))
    wait_idle(page)


@pytest.mark.long
def test_a_poster_seen_before_comes_from_the_disk_and_goes_with_the_key(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    context, asked = new_context(), list[str]()

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if "image.tmdb.org" in route.request.url:
            route.fulfill(body=PIXEL, content_type="image/png", headers=OPEN_TO_ALL)
        else:
            number = route.request.url.split("/")[-1].split("?")[0]
            route.fulfill(json={"poster_path": f"/{number}.png"}, headers=OPEN_TO_ALL)

    context.route("https://api.themoviedb.org/**", answer)
    context.route("https://image.tmdb.org/**", answer)
    page = context.new_page()
    open_movies(page, server)
    give_key(page)
    images = page.locator(".part.recommended .face img")
    until(lambda: images.count() == 24, "all posters are there")
    kept = "async () => (await (await caches.open('film-posters')).keys()).map(each => each.url)"
    until(lambda: len(page.evaluate(kept)) >= 48, "paths and posters are kept")
    assert all(KEY not in each for each in page.evaluate(kept)), "the key is not"
    asked.clear()
    open_movies(page, server)
    give_key(page)
    until(lambda: images.count() == 24, "all posters are there again")
    assert not asked, "nothing was fetched"
    press(page, "Forget the key and delete the posters")
    expect(images).to_have_count(0)
    until(lambda: not page.evaluate("caches.keys()"), "what was kept has gone")
    page.keyboard.press("Escape")
    give_key(page)
    until(lambda: len(page.evaluate(kept)) >= 2, "posters are kept again")
    open_movies(page, server)
    press(page, "Posters")
    press(page, "Delete kept posters")
    expect(page.get_by_text("This browser keeps no posters now.")).to_be_visible()
    until(lambda: not page.evaluate("caches.keys()"), "they can be deleted without the key")
