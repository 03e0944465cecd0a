"""The pages without a browser: each is run through ui/app/main.py by AppTest, on a home and jobs of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.direct_reader import DirectReader
from ui.app.identity import HOST, Person
from ui.app.services import Parts, services

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "ui" / "app" / "main.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture
def store(home: Path) -> RunStore:
    """The runs of this test."""
    return RunStore(home / "runs")


@pytest.fixture
def jobs(store: RunStore) -> Jobs:
    """Jobs without a process: what is queued stays in the queue."""
    return Jobs(store, LocalExecutor(store.folder.parent))


@pytest.fixture(autouse=True)
def _this_tests_jobs(store: RunStore, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages see the test's store and jobs, and nothing that another test has cached."""
    import ui.screens.latent.codes

    monkeypatch.setattr(services, "parts", Parts(store, jobs, DirectReader(), is_live=False))
    monkeypatch.setattr("ui.app.services._visiting", lambda: HOST)  # no browser asks for localhost here
    ui.screens.latent.codes._codes.clear()  # code sets know the folder of the test that they were made in


@pytest.fixture(scope="session", autouse=True)
def _packages_are_searched_once() -> Iterator[None]:
    """AppTest looks through every installed package for components before each run of a page, which takes longer than
    the page: each process looks once.
    """
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def open_page() -> OpenPage:
    """Opens a page by its name, with these parameters in the address."""

    def opened(name: str = "home", **query: str) -> AppTest:
        page = AppTest.from_file(str(MAIN), default_timeout=90)
        for key, value in query.items():
            page.query_params[key] = value
        if name != "home":
            page.switch_page(f"../../pages/{name}.py")
        return page.run()

    return opened


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> OpenPage:
    """Opens a page as somebody."""

    def opened(person: Person, name: str, **query: str) -> AppTest:
        monkeypatch.setattr("ui.app.services._visiting", lambda: person)
        page = open_page(name, **query)
        assert not page.exception
        return page

    return opened


def labels(page: AppTest) -> set[str]:
    """What the buttons say."""
    return {each.label for each in page.button}


def button(page: AppTest, label: str) -> Any:
    """The button with this label."""
    found = [each for each in page.button if each.label == label]
    assert len(found) == 1, f"{len(found)} buttons say '{label}'; there are {[each.label for each in page.button]}"
    return found[0]


def sentences(page: AppTest) -> str:
    """All that the page says in boxes."""
    return "\n".join(each.value for kind in (page.warning, page.error, page.info) for each in kind)
