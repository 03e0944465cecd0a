"""`make wheel-test`: builds the wheel, installs it into a new environment and uses both of its
commands from another folder.

By default the new environment borrows the dependencies of this one, which takes seconds;
with `--fresh` pip fetches them all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packaging.installing import ROOT, build_wheel, clean_environment, free_port, new_environment, served
from tests.packaging.visit import elements_of

WHERE = "import aecore; print(aecore.__version__, aecore.__file__)"


def install(wheel: Path, folder: Path, *, is_fresh: bool) -> Path:
    """A new environment with the wheel in it; returns the folder of its commands."""
    commands = new_environment(folder, is_fresh=is_fresh)
    pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if is_fresh:
        torch = next(
            line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("torch==")
        )
        subprocess.run([*pip, torch], check=True)  # the same build as in `make run`, where an index offers several
        subprocess.run([*pip, str(wheel)], check=True)
    else:
        subprocess.run([*pip, "--no-deps", "--no-index", "--force-reinstall", str(wheel)], check=True)
    return commands


def try_command_line(commands: Path, folder: Path, environment: dict[str, str]) -> None:
    """Trains for an epoch by `aecore`, whose package is the installed one."""
    asked = subprocess.check_output([commands / "python", "-c", WHERE], cwd=folder, env=environment, text=True).strip()
    if str(ROOT) in asked.split()[1]:
        raise RuntimeError(f"this is the checkout's package, not the wheel's: {asked}")
    command = [commands / "aecore", "train", "--data", "digits", "--epochs", "1", "--json"]
    last = subprocess.check_output(command, cwd=folder, env=environment, text=True).splitlines()[-1]
    result = json.loads(last)
    print(f"aecore {asked.split()[0]}: a run of one epoch, test error {result['test']['mse']:.4f} per pixel")


def try_app(address: str) -> None:
    """Opens the home page as a browser fetches it, what lies beside it, and every page as a visitor would."""
    for path in ("", "train", "hourglass/faces", "plotly.js"):
        with urllib.request.urlopen(f"{address}/{path}", timeout=60) as answer:
            print(f"GET /{path}: {answer.status}, {len(answer.read()):,} bytes")
    for page in sorted(path.stem for path in (ROOT / "pages").glob("*.py")):
        begin, shown = time.perf_counter(), elements_of(address, "" if page == "home" else page)
        if len(shown) < 5:
            raise RuntimeError(f"the page '{page}' shows next to nothing: {shown}")
        print(f"{page}: {len(shown)} elements in {time.perf_counter() - begin:.1f} s")


def main() -> int:
    """Builds, installs and tries the wheel; 0 if everything works."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="install the dependencies anew, torch included")
    is_fresh = parser.parse_args().fresh
    with TemporaryDirectory() as name:
        folder = Path(name)
        (elsewhere := folder / "elsewhere").mkdir()
        environment = clean_environment(folder / "home")
        commands = install(build_wheel(folder), folder / "venv", is_fresh=is_fresh)
        try_command_line(commands, elsewhere, environment)
        port = free_port()
        with served([commands / "autoencoder-explorer", "--port", str(port)], port, elsewhere, environment) as address:
            try_app(address)
    print("The wheel works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
