"""Pages whose first view needs neither torch nor scikit-learn: whoever opens one as a server's first does not wait
until these are loaded.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.pages.conftest import MAIN, ROOT

WITHOUT_SCIPY = ("home", "glossary", "synapses", "steps", "pooling", "features", "words", "lecture")
WITH_SCIPY = ("runs", "recommender", "movies", "anomaly")
"""Others may load it; once it is loaded it is no longer seen who did, so these come last."""

SCRIPT = f"""
import json, sys
from streamlit.testing.v1 import AppTest
from aecore.jobs.local import LocalExecutor
from tests.direct_reader import DirectReader
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from ui.app.services import Parts, services
store = RunStore()
services.parts = Parts(store, Jobs(store, LocalExecutor(store.folder.parent)), DirectReader(), is_live=False)
for name in sys.argv[1:]:
    page = AppTest.from_file({str(MAIN)!r}, default_timeout=30)
    if name != "home":
        page.switch_page(f"../../pages/{{name}}.py")
    page.run()
    heavy = [each for each in ("torch", "sklearn", "scipy") if each in sys.modules]
    print(json.dumps([name, str(page.exception), len(page.title), heavy]))
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, int, list[str]]]:
    """Page -> what it raised, how many titles it has, what had been loaded after it, all in one new process."""
    home = str(tmp_path_factory.mktemp("light"))
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *WITHOUT_SCIPY, *WITH_SCIPY],
        cwd=ROOT, env={"AECORE_HOME": home, "PATH": "", "HOME": home}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    return {name: (raised, titles, heavy) for name, raised, titles, heavy in lines}


@pytest.mark.parametrize("name", WITHOUT_SCIPY)
def test_it_opens_without_torch_and_scikit_learn(name: str, opened: dict[str, tuple[str, int, list[str]]]) -> None:
    assert opened[name] == ("ElementList()", 1, [])


@pytest.mark.parametrize("name", WITH_SCIPY)
def test_it_opens_without_torch(name: str, opened: dict[str, tuple[str, int, list[str]]]) -> None:
    raised, titles, heavy = opened[name]
    assert (raised, titles) == ("ElementList()", 1)
    assert not {"torch", "sklearn"} & set(heavy)
