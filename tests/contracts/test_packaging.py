"""What an installation promises: every import declared, every range pinned, one version, light public names."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import aecore

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"aecore", "ui", "pages", "autoencoder_explorer", "tests"}
NEEDED_BY_OTHERS = {"pywavelets"}
"""Declared and never imported here: scikit-image's wavelet denoiser asks for it."""
APP = ("aecore", "ui", "pages", "autoencoder_explorer", "app.py")


def declared(*extras: str) -> dict[str, Requirement]:
    """The project's requirements by name, with those of some extras."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def pinned(file: str) -> dict[str, str]:
    """Name -> version of the lines `name==version` of a requirements file."""
    lines = [line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines()]
    return {
        canonicalize_name(Requirement(line).name): str(Requirement(line).specifier).removeprefix("==")
        for line in lines
        if line and not line.startswith("-r")
    }


def imported(*places: str) -> dict[str, Path]:
    """Foreign packages that the files of some folders import, each with a file that does."""
    files = [
        file for place in places for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    found: dict[str, Path] = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0]: file for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module.split(".")[0]] = file
    return {name: file for name, file in found.items() if name not in sys.stdlib_module_names | OURS}


@pytest.mark.parametrize(
    ("places", "extras"), [(APP, ("cluster", "trackers")), (("tests", "docs"), ("dev", "docs"))], ids=["app", "tests"]
)
def test_everything_that_is_imported_is_declared(places: tuple[str, ...], extras: tuple[str, ...]) -> None:
    known, offered = declared(*extras), packages_distributions()
    for name, file in imported(*places).items():
        names = {canonicalize_name(each) for each in offered.get(name, [name])}
        assert names & set(known), f"{file.relative_to(ROOT)} imports {name}, which pyproject.toml does not declare"


def test_the_app_declares_nothing_that_it_does_not_import() -> None:
    offered = packages_distributions()
    used = {canonicalize_name(each) for name in imported(*APP) for each in offered.get(name, [name])}
    assert set(declared()) - used == NEEDED_BY_OTHERS


@pytest.mark.parametrize(
    ("file", "extras"), [("requirements.txt", ()), ("requirements-dev.txt", ("dev", "docs"))], ids=["run", "dev"]
)
def test_every_range_is_pinned_inside_it(file: str, extras: tuple[str, ...]) -> None:
    pins = pinned("requirements.txt") | pinned(file)
    assert set(pins) == set(declared(*extras))
    for name, requirement in declared(*extras).items():
        assert requirement.specifier.contains(pins[name]), f"{name}=={pins[name]} is outside {requirement}"


def test_there_is_one_version() -> None:
    assert f"version: {aecore.__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {aecore.__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert "version" in PROJECT["dynamic"]


def test_each_public_name_is_loaded_when_touched_and_none_before() -> None:
    assert len(aecore.__all__) == 11
    assert set(aecore.__all__) == set(aecore.HOMES) <= set(dir(aecore))
    for name in aecore.__all__:
        assert getattr(aecore, name) is getattr(import_module(aecore.HOMES[name]), name)
    with pytest.raises(AttributeError, match="'autoencode'"):
        _ = aecore.autoencode
    code = (
        "import sys, aecore; print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'torch', 'numpy', 'pandas'}))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"
