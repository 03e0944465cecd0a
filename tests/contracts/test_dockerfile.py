"""The image: who it runs as, what it keeps, and that the builder gets exactly what the wheel is made of."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

from tests.packaging.dockerfile import Instruction, instructions, is_sent

ROOT = Path(__file__).resolve().parents[2]
STEPS = instructions((ROOT / "Dockerfile").read_text())


def rest_of(word: str) -> list[str]:
    return [step.rest for step in STEPS if step.word == word]


def test_comments_and_continued_lines_are_understood() -> None:
    text = "FROM a AS b\n# note\nRUN x && \\\n    y\nCMD z\n"
    assert instructions(text) == [Instruction("FROM", "a AS b"), Instruction("RUN", "x && y"), Instruction("CMD", "z")]


def test_the_image_is_slim_runs_as_a_plain_user_and_keeps_what_people_make_in_a_volume() -> None:
    assert all(":3" in base.split()[0] and base.split()[0].endswith("-slim") for base in rest_of("FROM"))
    words = [step.word for step in STEPS]
    assert rest_of("USER") == ["explorer"]
    assert words.index("USER") < words.index("CMD")
    assert any("AECORE_HOME=/data/" in each for each in rest_of("ENV"))
    assert rest_of("VOLUME") == ["/data"]
    assert "/_stcore/health" in rest_of("HEALTHCHECK")[0]


def test_the_builder_gets_what_the_wheel_is_made_of_and_no_more() -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    sent = {name for name in files if is_sent(Path(name), ignored)}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {name for name in files if name.split("/")[0] in wheel["only-include"]} | set(wheel["force-include"])
    assert sent == needed | {"pyproject.toml", "requirements.txt", "README.md", "LICENSE"}
    assert not is_sent(Path("aecore/__pycache__/settings.cpython-312.pyc"), ignored)
    assert not is_sent(Path(".git/config"), ignored)
