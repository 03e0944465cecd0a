"""What every test gets: a home of its own, the real data where they lie beside the project, and one torch thread."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = (
    "test_export", "test_train_page", "test_words_learning", "test_jobs", "test_variant_runs", "test_every_page",
    "test_jobs_restarts", "test_jobs_analyses",
    "test_reference_classifiers", "test_interrupted", "test_training_flow", "test_race", "test_movies", "test_uploads",
)  # fmt: skip
"""Files that take longest: they begin, so that no process is left alone with one in the end."""

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("explore", max_examples=500, deadline=None, print_blob=True)
hypothesis.settings.load_profile("same")
"""Every run tries the same examples, however long they take, so that no test fails now and then;
--hypothesis-profile=explore tries others.
"""

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _workers_do_not_step_back() -> Iterator[None]:
    """A test waits for its workers, which would wait for the tests beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_NICE", "0")
        yield


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """A page that was run in a test leaves itself as the main module, which a process spawned later would run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are named by their length: a ZIP holds the time it was made,
    and two processes that collect must agree on names.
    """
    return f"{len(val)}-bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, all else as it was."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The data sets that are drawn are drawn once for all tests, and for the workers that these start."""
    folder = tmp_path_factory.getbasetemp()
    together = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_DRAWN", str(together / "drawn"))
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of the session: a process cannot drive two."""
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's runs and uploads, empty."""
    folder = tmp_path / "home"
    monkeypatch.setenv("AECORE_HOME", str(folder))
    if REAL_DATA.is_dir():
        monkeypatch.setenv("AECORE_DATA", str(REAL_DATA))
    return folder


@pytest.fixture
def real_data(home: Path) -> Path:
    """The folder of the downloaded data; the test is skipped where there is none."""
    folder = os.environ.get("AECORE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("the real data sets are not here: neither ../shared/data nor AECORE_DATA is a folder")
    return Path(folder)


@pytest.fixture
def few_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe at the end of a run learns from few examples: for tests of many runs that ask for something else."""
    monkeypatch.setattr("aecore.experiment.final_metrics.PROBED", 100)
