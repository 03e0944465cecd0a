"""`python -m aecore export`: what it prints, what it writes and how it refuses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.experiment.settings import RunSettings
from aecore.export import archive, companions, script
from aecore.runs.store import Run, RunStore

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def run(home: Path) -> Run:
    """A run of the digits that waits."""
    return RunStore().create(RunSettings.build("digits", "linear").to_dict(), "Sixty-four, ten")


@pytest.fixture
def drawn(home: Path) -> Run:
    """A run whose data nobody else has."""
    return RunStore().create(RunSettings.build("spiral", "linear", latent_size=1).to_dict(), "Spiral")


def export(*arguments: object) -> int:
    return main(["export", *map(str, arguments)])


def test_the_script_is_printed(run: Run, capsys: Capture) -> None:
    assert export(run.id) == 0
    assert capsys.readouterr() == (script(run), "")


def test_the_notebook_is_printed(run: Run, capsys: Capture) -> None:
    assert export(run.id, "--notebook") == 0
    assert json.loads(capsys.readouterr().out)["nbformat"] == 4


def test_a_script_that_reads_a_file_says_so(drawn: Run, capsys: Capture) -> None:
    assert export(drawn.id) == 0
    assert "--out writes beside it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "names"), [((), {"spiral.py", "spiral.npz"}), (("--notebook",), {"spiral.ipynb", "spiral.npz"})]
)
def test_a_folder_gets_the_file_and_the_data_it_reads(
    arguments: tuple[str, ...], names: set[str], drawn: Run, tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    assert export(drawn.id, "--out", folder, *arguments) == 0
    assert (
        {path.name for path in folder.iterdir()}
        == names
        == {Path(line).name for line in capsys.readouterr().out.splitlines()}
    )
    assert (folder / "spiral.npz").read_bytes() == companions(drawn)["spiral.npz"]


def test_the_ending_says_what_is_written(run: Run, tmp_path: Path) -> None:
    for name in ("a.py", "a.ipynb", "a.zip"):
        assert export(run.id, "--out", tmp_path / name) == 0
    assert (tmp_path / "a.py").read_text() == script(run)
    assert json.loads((tmp_path / "a.ipynb").read_text())["cells"]
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        assert len(bundle.namelist()) == 4
    assert len((tmp_path / "a.zip").read_bytes()) == len(archive(run))


REFUSED = [
    (["--out", "a.txt"], "--out is 'a.txt'; name a file that ends in .py, .ipynb, .zip"),
    (["--out", "a.py", "--notebook"], "--notebook asks for a notebook"),
    (["--out", "a.zip", "--notebook"], "--notebook asks for a notebook"),
    (["--out", "/nowhere/at/all/a.py"], "/nowhere/at/all/a.py cannot be written (No such file or directory)"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_cannot_be_written_is_refused_in_a_sentence(
    arguments: list[str], sentence: str, run: Run, capsys: Capture
) -> None:
    assert export(run.id, *arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aecore export: ")
    assert sentence in err


def test_a_run_that_is_not_there_is_refused(home: Path, capsys: Capture) -> None:
    assert export("0123456789ab") == 1
    assert "There is no run '0123456789ab' here" in capsys.readouterr().err
