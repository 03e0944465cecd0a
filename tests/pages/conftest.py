"""The pages without a browser: each is run through ui/app/main.py by AppTest, on a home and a job board of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.jobs.analysis_board import StudyBoard
from aecore.jobs.board import JobBoard
from aecore.runs.store import RunStore

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "ui" / "app" / "main.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture
def store(home: Path) -> RunStore:
    """The runs of this test."""
    return RunStore(home / "runs")


@pytest.fixture
def board(store: RunStore) -> JobBoard:
    """A job board without workers: what is queued stays in the queue."""
    return JobBoard(store, size=0)


@pytest.fixture
def study_board(store: RunStore) -> StudyBoard:
    """A board of studies without a process: what is queued stays in the queue."""
    return StudyBoard(store, size=0)


@pytest.fixture(autouse=True)
def _this_tests_jobs(store: RunStore, board: JobBoard, study_board: StudyBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages see the test's store and board, and nothing that another test has cached."""
    import ui.app.services
    import ui.screens.latent.codes

    files = [path.relative_to(ROOT).with_suffix("") for path in sorted((ROOT / "ui").rglob("*.py")) if path != MAIN and path.stem != "__init__"]
    modules = [import_module(".".join(path.parts)) for path in files]
    for module in modules:
        for name, value in (("store", store), ("board", board), ("study_board", study_board)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda value=value: value)
    ui.app.services.progress_log.clear()
    ui.screens.latent.codes._codes.clear()  # code sets know the folder of the test that they were made in


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


def button(page: AppTest, label: str) -> Any:
    """The button with this label."""
    found = [each for each in page.button if each.label == label]
    assert len(found) == 1, f"{len(found)} buttons say '{label}'; there are {[each.label for each in page.button]}"
    return found[0]


def sentences(page: AppTest) -> str:
    """All that the page says in boxes."""
    return "\n".join(each.value for kind in (page.warning, page.error, page.info) for each in kind)
