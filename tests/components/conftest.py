"""A page for each test of a component, and no server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.components.bare import DESKTOP, Answer, Bare, Screen, Served
from tests.waiting import PATIENCE

FAILED = pytest.StashKey[bool]()

OpenBare = Callable[..., Bare]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Notes that a test has failed: nobody gets its pages afterwards."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


class Screens:
    """Lends screens, one to a test at a time: a fresh page costs a process of the browser, more than most tests."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Screen]] = defaultdict(list)

    def lend(self, looks: dict[str, Any]) -> Screen:
        """A screen with these looks."""
        free = self._free[_kind(looks)]
        return free.pop() if free else Screen(self._fresh(looks), looks)

    def take_back(self, screen: Screen) -> None:
        """It is emptied for the next test."""
        screen.clear()
        self._free[_kind(screen.looks)].append(screen)

    def _fresh(self, looks: dict[str, Any]) -> Page:
        context = self._browser.new_context(**looks)
        context.set_default_timeout(PATIENCE * 1000)
        return context.new_page()


def _kind(looks: dict[str, Any]) -> str:
    return repr(sorted(looks.items()))


@pytest.fixture(scope="session")
def screens(browser: Browser) -> Screens:
    """The screens of the session."""
    return Screens(browser)


@pytest.fixture
def open_bare(screens: Screens, request: pytest.FixtureRequest) -> Iterator[OpenBare]:
    """Shows a component: its name, its data, what answers it, what is served beside it, and the looks of the screen.

    is_last: the test changes the page for good, and no other gets it.
    The test fails if a page had an error that nothing caught.
    """
    lent: list[tuple[Screen, bool]] = []

    def opened(
        name: str,
        data: dict[str, Any],
        answer: Answer | None = None,
        *,
        served: Served | None = None,
        looks: dict[str, Any] = DESKTOP,
        is_last: bool = False,
    ) -> Bare:
        screen = screens.lend(looks)
        lent.append((screen, is_last))
        return Bare(screen, name, data, answer, served)

    yield opened
    errors = [error for screen, _ in lent for error in screen.errors]
    for screen, is_last in lent:
        if is_last or errors or request.node.stash.get(FAILED, False):
            screen.page.context.close()
        else:
            screens.take_back(screen)
    assert not errors, f"uncaught errors in the browser: {errors}"
