"""A variant is two files: its own, and one line in the table.

The README's example is taken at its word, in a copy of the package.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the README's variant in it, and nothing else changed."""
    folder = tmp_path_factory.mktemp("with-a-variant")
    shutil.copytree(ROOT / "aecore", folder / "aecore", ignore=shutil.ignore_patterns("__pycache__", "assets"))
    own, line = CODE.findall((ROOT / "README.md").read_text().split("## Add a variant")[1])[:2]
    (folder / "aecore" / "variants" / "regularised.py").write_text(own)
    table = folder / "aecore" / "variants" / "__init__.py"
    before, brace, after = table.read_text().partition("VARIANTS: dict[str, Variant] = {\n")
    table.write_text(before + brace + line.split("\n", 1)[1] + after)
    return folder


def run(folder: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.long
def test_the_command_line_trains_it_with_its_own_settings(copy: Path) -> None:
    out = run(
        copy,
        "-m",
        "aecore",
        "train",
        "--data",
        "digits",
        "--variant",
        "regularised",
        "--latent-size",
        "8",
        "--beta",
        "0.5",
        "--epochs",
        "4",
        "--json",
    )
    last = json.loads(out.splitlines()[-1])
    assert 0 < last["test"]["mse"] < 0.2


def test_it_is_in_the_table_with_the_settings_of_its_form(copy: Path) -> None:
    code = (
        "from aecore.variants import VARIANTS; print([each.name for each in "
        "VARIANTS['regularised'].settings_class.knobs()])"
    )
    assert "'beta'" in run(copy, "-c", code)


@pytest.mark.long
def test_the_contracts_of_every_variant_hold_for_it(copy: Path) -> None:
    """Shapes, gradients, settings, saving and loading, and the rule that no variant imports another,
    but for the one it builds on.
    """
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    chosen = "regularised and not imports_no_other"
    out = run(copy, "-m", "pytest", "-p", "no:cacheprovider", "tests/contracts/test_variants.py", "-k", chosen)
    assert int(re.search(r"(\d+) passed", out).group(1)) > 15  # type: ignore[union-attr]
