"""`make wheel-test`: builds the wheel, installs it into a new environment and uses both of its commands from another folder.

By default the new environment borrows the dependencies of this one, which takes seconds; with `--fresh` pip fetches them all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packaging.visit import elements_of

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
WHERE = "import aecore; print(aecore.__version__, aecore.__file__)"


def build(folder: Path) -> Path:
    """The wheel of this checkout, built into `folder`."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path, *, is_fresh: bool) -> Path:
    """A new environment with the wheel in it; returns the folder of its commands."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(bin_folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if is_fresh:
        torch = next(line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("torch=="))
        subprocess.run([*pip, torch], check=True)  # the same build as in `make run`, where an index offers several
        subprocess.run([*pip, str(wheel)], check=True)
    else:
        query = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        packages = subprocess.check_output([str(bin_folder / "python"), "-c", query], text=True).strip()
        Path(packages, "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        subprocess.run([*pip, "--no-deps", "--no-index", "--force-reinstall", str(wheel)], check=True)
    return bin_folder


@contextlib.contextmanager
def served(command: Path, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of the app, started by its command in `folder`; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen([command, "--port", str(port)], cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_well(address, process)
        yield address
    except BaseException:
        print(log.read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_well(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended with status {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"the app does not answer within {START_SECONDS} s")


def try_command_line(bin_folder: Path, folder: Path, environment: dict[str, str]) -> None:
    """Trains for an epoch by `aecore`, whose package is the installed one."""
    asked = subprocess.check_output([bin_folder / "python", "-c", WHERE], cwd=folder, env=environment, text=True).strip()
    if str(ROOT) in asked.split()[1]:
        raise RuntimeError(f"this is the checkout's package, not the wheel's: {asked}")
    command = [bin_folder / "aecore", "train", "--data", "digits", "--epochs", "1", "--json"]
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
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "STREAMLIT_"))}
        environment = {**kept, "AECORE_HOME": str(folder / "home")}
        bin_folder = install(build(folder), folder / "venv", is_fresh=is_fresh)
        try_command_line(bin_folder, elsewhere, environment)
        with served(bin_folder / "autoencoder-explorer", elsewhere, environment) as address:
            try_app(address)
    print("The wheel works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
