"""What every test gets: a home of its own, the real data where they lie beside the project, and one torch thread."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


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
    monkeypatch.setattr("aecore.scores.PROBED", 100)
