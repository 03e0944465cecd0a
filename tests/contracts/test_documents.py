"""The documents say what is there: paths exist, folders are named, the picture is up to date."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from aecore.recommender.newer.settings import NewerSettings
from tests.benchmarks import carried
from tests.benchmarks.newer_films import goal_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")
OUR_PATH = re.compile(r"`((?:aecore|ui|pages|tests|docs|autoencoder_explorer)/[\w./-]*)`")


def module_of(path: Path) -> ModuleType:
    """A Python file as a module, without its folder on the path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str) -> None:
    named = set(OUR_PATH.findall((ROOT / document).read_text()))
    assert named
    assert not [path for path in sorted(named) if not (ROOT / path).exists()]


def test_the_architecture_names_every_folder_of_the_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text[text.index("| folder of `aecore` |") : text.index("## ")]
    folders = {path.parent.name for path in (ROOT / "aecore").glob("*/__init__.py")}
    loose = {path.stem for path in (ROOT / "aecore").glob("*.py")} - {"__init__", "__main__"}
    assert folders | loose <= set(re.findall(r"`(\w+)`", table))


def test_the_picture_of_the_folders_is_drawn_from_todays_imports() -> None:
    drawn = module_of(ROOT / "docs" / "draw_structure.py").drawing()
    kept = (ROOT / "docs" / "structure.svg").read_text(encoding="utf-8")
    assert kept == drawn, "docs/structure.svg is out of date: run python docs/draw_structure.py"


def test_the_picture_draws_only_what_follows_from_nothing_else_and_refuses_a_circle() -> None:
    draw = module_of(ROOT / "docs" / "draw_structure.py")
    assert draw.without_shortcuts({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}
    assert draw.floors({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": 2, "b": 1, "c": 0}
    with pytest.raises(ValueError, match="a, b"):
        draw.floors({"a": {"b"}, "b": {"a"}, "c": set()})


def test_what_machines_carry_is_computed_from_what_was_measured() -> None:
    kept = carried.SCALE.read_text(encoding="utf-8")
    assert kept == carried.written(kept), "out of date: run python -m tests.benchmarks.carried"


def test_newer_films_counts_in_epochs_and_says_what_its_minutes_prove() -> None:
    text = (ROOT / "docs" / "newer_films.md").read_text()
    knobs = " ".join(each.help for each in NewerSettings.knobs())
    assert "epochs" in text
    assert not re.search(r"\brounds?\b", text + knobs, re.IGNORECASE)
    cpu, wall = map(float, re.search(r"\*\*([\d.]+) min\*\* \| ([\d.]+) min", text).groups())  # type: ignore[union-attr]
    assert goal_of(cpu, wall) in text
    assert "has not been measured" in goal_of(24.4, 70.5)
    assert "missed" in goal_of(55.0, 70.5)
    assert "30.0 minutes on the clock" in goal_of(24.4, 30.0)
