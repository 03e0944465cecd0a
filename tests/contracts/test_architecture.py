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
        assert len(source.splitlines()) <= 240, path


NEEDED_TO_OPEN = (
    "aecore.runs",
    "aecore.jobs",
    "aecore.records",
    "aecore.datasets",
    "aecore.builtin",
    "aecore.export",
    "aecore.commands.export",
    "aecore.settings",
    "ui.builtin",
    "ui.toy_actions",
    "aecore.pooling",
    "ui.pooling_digits",
    "aecore.toy_training",
    "ui.steps_form",
    "ui.features_panel",
    "ui.anomaly_form",
    "ui.anomaly_view",
    "ui.words_panel",
    "ui.recommender_form",
    "ui.recommender_panel",
    "ui.recommender_evaluation",
    "ui.movies_recommend",
    "ui.movies_taste",
    "ui.movies_friends",
    "ui.movies_import",
    "aecore.recommender.rating_sets",
    "aecore.recommender.protocols",
)

IMPORT_EACH = """import importlib, sys
for name in sys.argv[1:]:
    for ours in [each for each in sys.modules if each.partition(".")[0] in ("aecore", "ui")]:
        del sys.modules[ours]
    importlib.import_module(name)
    if "torch" in sys.modules:
        sys.exit(name)"""
"""One process imports one after another, each as if it were the first of this project; starting one for each takes a second."""


def test_what_pages_need_to_open_does_not_import_torch() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_EACH, *NEEDED_TO_OPEN], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"torch, or an error, comes with {done.stderr}"


def test_no_pickle_is_read_anywhere() -> None:
    for path in [*(ROOT / "aecore").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        source = path.read_text()
        assert "torch.load(" not in source, path
        assert "pickle.load" not in source, path
        assert "allow_pickle=True" not in source, path
