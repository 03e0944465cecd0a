"""Pages of the browser, lent to one test after another: each comes as to a first visit,
yet has the app's scripts compiled already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.waiting import PATIENCE

NewPage = Callable[..., Page]
"""The fixture of that name."""

BARE = "/_stcore/health"
"""A page of the app without a script: what is stored for the app can be cleared there, and nothing writes it again."""

CLEAR = """async () => {
  localStorage.clear(); sessionStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name); }"""


class Visitors:
    """Lends pages.

    A fresh page costs a process and the compiling of megabytes of scripts, more than most tests do in it.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = defaultdict(list)
        self._lent: list[tuple[str, Page]] = []
        self.errors: list[str] = []
        """What no page has caught, since the list was last emptied."""

    def lend(self, **options: object) -> Page:
        """A page of a visitor of its own; `options` are those of `Browser.new_context`."""
        kind = repr(sorted(options.items()))
        page = self._free[kind].pop() if self._free[kind] else self.new_context(**options).new_page()
        self._lent.append((kind, page))
        return page

    def new_context(self, **options: object) -> BrowserContext:
        """A visitor whom nobody gets afterwards."""
        context = self._browser.new_context(
            accept_downloads=True, **{"viewport": {"width": 1280, "height": 900}, **options}
        )  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context

    @property
    def lent(self) -> list[Page]:
        """All tabs of those who have a page now."""
        return [tab for _, page in self._lent for tab in page.context.pages]

    @property
    def open_pages(self) -> list[Page]:
        """All tabs that show the app: those of visitors whose pages are free show no more than an empty one."""
        return [tab for context in self._browser.contexts for tab in context.pages if not tab.url.endswith(BARE)]

    def take_back(self, is_sound: bool) -> None:
        """Every lent page is emptied for the next test; after a test that failed (`is_sound`
        false) it goes away instead.
        """
        for kind, page in self._lent:
            if is_sound and _forgets(page):
                self._free[kind].append(page)
            else:
                page.context.close()
        self._lent.clear()


def _forgets(page: Page) -> bool:
    """Leaves the app and clears what it has stored; false where the page is gone or nobody answers."""
    try:
        for tab in page.context.pages:
            if tab is not page:
                tab.close()
        if page.url.startswith("http"):
            page.goto(urljoin(page.url, BARE), timeout=20_000)
            page.evaluate(CLEAR)
        page.context.clear_cookies()
        page.mouse.move(0, 0)
    except Error:
        return False
    return True
