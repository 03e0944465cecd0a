"""The house rules that a linter does not know: pages are plain, heavy things come late, files stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_imports_only_streamlit_ui_and_aecore(path: Path) -> None:
    assert imported(path) <= {"streamlit", "ui", "aecore"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_at_most_150_lines_and_says_what_it_is(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("folder", ["aecore", "ui"])
def test_every_file_begins_by_saying_what_it_is_and_stays_readable(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        source = path.read_text()
        assert ast.get_docstring(ast.parse(source)), path
        assert len(source.splitlines()) <= 270, path


NEEDED_TO_OPEN = (
    "app",
    "aecore.runs.store",
    "aecore.jobs.service",
    "aecore.jobs.local",
    "aecore.runs.snapshots",
    "aecore.datasets",
    "aecore.pretrained.builtin",
    "aecore.exchange",
    "aecore.export",
    "aecore.commands.export",
    "ui.widgets.export_menu",
    "aecore.settings",
    "ui.screens.home.models",
    "ui.screens.synapses.actions",
    "aecore.worked_examples.pooling",
    "ui.screens.pooling.digits",
    "aecore.worked_examples.toy_training",
    "ui.screens.steps.form",
    "ui.screens.features.panel",
    "ui.screens.anomaly.form",
    "ui.screens.anomaly.view",
    "ui.screens.words.panel",
    "ui.screens.recommender.form",
    "ui.screens.recommender.panel",
    "ui.screens.recommender.evaluation",
    "ui.screens.movies.recommend",
    "ui.screens.movies.taste",
    "ui.screens.movies.friends",
    "ui.screens.movies.importing",
    "aecore.recommender.ratings.sources",
    "aecore.recommender.evaluation.metrics",
)

IMPORT_EACH = """import importlib, sys
for name in sys.argv[1:]:
    for ours in [each for each in sys.modules if each.partition(".")[0] in ("aecore", "ui")]:
        del sys.modules[ours]
    importlib.import_module(name)
    if "torch" in sys.modules:
        sys.exit(name)"""
"""One process imports one after another, each as if it were the first of this project;
starting one for each takes a second.
"""


def test_what_pages_need_to_open_does_not_import_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH, *NEEDED_TO_OPEN], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"torch, or an error, comes with {done.stderr}"


def test_no_pickle_is_read_anywhere() -> None:
    for path in [*(ROOT / "aecore").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        source = path.read_text()
        assert "torch.load(" not in source, path
        assert "pickle.load" not in source, path
        assert "allow_pickle=True" not in source, path


def test_the_address_is_read_and_written_in_one_file() -> None:
    folders = [path for folder in ("ui", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
    touching = [
        path.relative_to(ROOT).as_posix()
        for path in folders
        if any(word in path.read_text() for word in ("query_params", "query-params"))
    ]
    assert touching == ["ui/app/url_state.py"], "declare a Param and use it: ui/app/url_state.py"
