"""New environments for the trials, and the app served from one of them."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180


def new_environment(folder: Path, *, is_fresh: bool) -> Path:
    """A virtual environment in `folder`, empty or, unless fresh, with the packages of this one;
    returns its commands' folder.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    if not is_fresh:
        query = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        packages = subprocess.check_output([commands / "python", "-c", query], text=True).strip()
        Path(packages, "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return commands


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, built into `folder`."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def clean_environment(home: Path) -> dict[str, str]:
    """The variables of a process that must not find this checkout, with a home of its own for runs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STREAMLIT_", "AECORE_"))
    }
    return {**kept, "AECORE_HOME": str(home)}


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(command: Sequence[str | Path], port: int, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of the app, started by a command in `folder`; it ends with the block,
    and its log is shown if that fails.
    """
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
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
