"""The browser tests: the real server, a real Chromium, and pages that may not fail unseen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.e2e.server import REAL_DATA, Server
from tests.e2e.visitors import NewPage, Visitors
from tests.waiting import PATIENCE
from ui.app.identity import SHARED

SORRY = "Something went wrong on this page"
FAILURES = ("page failed", "Traceback (most recent call last)")
"""What the server's log never says while all is well."""
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The one app of the session; with pytest-xdist, each of its processes has one of its own."""
    yield from _serve(tmp_path_factory.mktemp("e2e-home"))


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    """The app that most tests share; a test in which it ends fails, and the next one finds it started again."""
    if not shared_server.is_running():
        shared_server.start()
    yield shared_server
    assert shared_server.is_running(), f"the server ended during this test:\n{shared_server.log_text()[-3000:]}"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """An app of the test's own, to be killed."""
    yield from _serve(tmp_path / "own-home")


@pytest.fixture
def own_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An app of the test's own on which every browser is somebody else, to be killed."""
    monkeypatch.setenv(SHARED, "1")
    yield from _serve(tmp_path / "class")


def _serve(home: Path) -> Iterator[Server]:
    running = Server(home)
    running.start()
    try:
        yield running
    finally:
        left = running.sweep()
    assert not left, f"these workers outlived their server and had to be killed: {left}"


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    """The pages of the session."""
    return Visitors(browser)


@pytest.fixture
def new_page(visitors: Visitors, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Lends visitors' pages, whose looks are options of `Browser.new_context`;
    the test fails if one had an uncaught error or says sorry.

    A page goes on to other tests. One that a test listens to, routes,
    or changes for good belongs to a context of its own: `new_context`.
    """
    visitors.errors.clear()
    yield visitors.lend
    sorry = [page.url for page in visitors.lent if _says_sorry(page)]
    visitors.take_back(is_sound=not request.node.stash.get(FAILED, False) and not sorry and not visitors.errors)
    _expect_well(visitors.errors, sorry)


@pytest.fixture
def new_context(visitors: Visitors) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts of the test's own, which cost more than `new_page`; the test fails as it does there."""
    visitors.errors.clear()
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        contexts.append(visitors.new_context(**options))
        return contexts[-1]

    yield make
    sorry = [page.url for context in contexts for page in context.pages if _says_sorry(page)]
    for context in contexts:
        context.close()
    _expect_well(visitors.errors, sorry)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A visitor's page."""
    return new_page()


def _expect_well(errors: list[str], sorry: list[str]) -> None:
    assert not errors, f"uncaught errors in the browser: {errors}"
    assert not sorry, f"'{SORRY}' on {sorry}"


def _says_sorry(page: Page) -> bool:
    try:
        return page.get_by_text(SORRY).first.is_visible()
    except Error:  # the page is gone
        return False


@pytest.fixture(autouse=True)
def _the_log_stays_clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails if the server logged a traceback meanwhile, even where no page shows it."""
    name = next((name for name in ("own_server", "server") if name in request.fixturenames), None)
    if name is None:
        yield
        return
    running: Server = request.getfixturevalue(name)
    before = len(running.log_text())
    yield
    fresh = running.log_text()[before:]
    found = [failure for failure in FAILURES if failure in fresh]
    assert not found, f"the server's log has {found}:\n{fresh[-4000:]}"


@pytest.fixture
def real_data() -> Path:
    """MNIST's folder; the test is skipped where the real data is not there."""
    if not (REAL_DATA / "mnist").is_dir():
        pytest.skip(f"needs MNIST in {REAL_DATA}")
    return REAL_DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests have longer than others, so that it is a wait of theirs that fails,
    and says what did not happen.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(4 * PATIENCE))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failing test brings the server's log, what its pages say and, on request,
    screenshots of them (E2E_SHOTS=folder).
    """
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if not report.failed:
        return
    item.stash[FAILED] = True
    values = getattr(item, "funcargs", {})
    for name, value in values.items():
        if isinstance(value, Server):
            report.sections.append((f"log of {name}", value.log_text()[-6000:]))
        if isinstance(value, Visitors) and report.when == "call":
            for number, page in enumerate(value.open_pages):
                report.sections.append((f"on screen at {page.url}", _text_of(page)))
                if os.environ.get("E2E_SHOTS"):
                    _shoot(page, Path(os.environ["E2E_SHOTS"]) / f"{item.name}-{number}.png")


def _text_of(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=5000)[-4000:]
    except Error as error:
        return str(error)


def _shoot(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=path, timeout=5000)
    except Error:
        return
