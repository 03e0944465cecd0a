"""A page for each test of a component, and no server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.components.bare import DESKTOP, Answer, Bare, Served

PATIENCE = 15.0
"""Seconds that anything may take on a busy machine."""

OpenBare = Callable[..., Bare]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Callable[[dict[str, Any]], BrowserContext]]:
    """A context for each kind of screen; pages in it share nothing that these tests look at."""
    made: dict[str, BrowserContext] = {}

    def context(looks: dict[str, Any]) -> BrowserContext:
        kind = repr(sorted(looks.items()))
        if kind not in made:
            made[kind] = browser.new_context(**looks)
            made[kind].set_default_timeout(PATIENCE * 1000)
        return made[kind]

    yield context
    for each in made.values():
        each.close()


@pytest.fixture
def open_page(contexts: Callable[[dict[str, Any]], BrowserContext]) -> Iterator[Callable[[dict[str, Any]], Page]]:
    """Opens a page on a screen with these looks; the test fails if the page had an error that nothing caught."""
    pages: list[Page] = []
    errors: list[str] = []
    expect.set_options(timeout=PATIENCE * 1000)

    def page(looks: dict[str, Any]) -> Page:
        pages.append(contexts(looks).new_page())
        pages[-1].on("pageerror", lambda error: errors.append(str(error)))
        return pages[-1]

    yield page
    for each in pages:
        each.close()
    assert not errors, f"uncaught errors in the browser: {errors}"


@pytest.fixture
def open_bare(open_page: Callable[[dict[str, Any]], Page]) -> OpenBare:
    """Shows a component: its name, its data, what answers it, what is served beside it, and the looks of the screen."""

    def opened(
        name: str,
        data: dict[str, Any],
        answer: Answer | None = None,
        *,
        served: Served | None = None,
        looks: dict[str, Any] = DESKTOP,
    ) -> Bare:
        return Bare(open_page(looks), name, data, answer, served)

    return opened
