"""The real app as a subprocess, on a free port and a home of its own,
for tests that kill it as well as for those that look at it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"
END_SECONDS = 40.0


def environment(home: Path) -> dict[str, str]:
    """The environment of the app and of the command line, for a home of their own."""
    chosen = {**os.environ, "AECORE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    chosen.pop("PYTEST_CURRENT_TEST", None)
    chosen["AECORE_NICE"] = "5"  # workers step back for pages, but are not starved by other tests on a busy machine
    if REAL_DATA.is_dir():
        chosen["AECORE_DATA"] = str(REAL_DATA)
    return chosen


class Server:
    """`streamlit run app.py`, or of another app of the tests, started,
    killed and started again on the same home and port.
    """

    def __init__(self, home: Path, app: str = "app.py") -> None:
        self.home = home
        self.app = app
        self.log = home / "server.log"
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._pids: set[int] = set()
        home.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Where the app answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> Path:
        """The folder of its runs."""
        return self.home / "runs"

    def start(self) -> None:
        """Returns when the server answers that it is well."""
        command = [sys.executable, "-m", "streamlit", "run", "--server.port", str(self.port), self.app]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.home), stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        try:
            until(self._is_well, "the server answers")
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ends it politely, and its workers too."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9: it cannot tidy up."""
        self._end(signal.SIGKILL)

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def worker_pids(self) -> list[int]:
        """Its worker processes that are alive and train runs."""
        return [pid for pid, command in self._workers() if "--warm" in command]

    def orphans(self) -> list[int]:
        """Workers of an ended server that are still alive."""
        return [pid for pid, _, command in _processes() if pid in self._pids and "aecore.jobs.worker" in command]

    def _workers(self) -> list[tuple[int, str]]:
        """Process id and command line of all its workers that are alive, of every kind."""
        assert self.process is not None
        mine = [(pid, command) for pid, parent, command in _processes() if parent == self.process.pid]
        found = [(pid, command) for pid, command in mine if "aecore.jobs.worker" in command]
        self._pids.update(pid for pid, _ in found)
        return found

    def trainer_of(self, run_id: str) -> int:
        """The worker that trains a run: the one that holds its lock.

        Waits for it, as a run may only just have begun.
        """
        lock = str(self.runs / run_id / ".lock")
        holders: list[int] = []

        def is_held() -> bool:
            holders[:] = [pid for pid in self.worker_pids() if lock in _open_files(pid)]
            return len(holders) == 1

        until(is_held, f"one of the workers holds run {run_id}")
        return holders[0]

    def log_text(self) -> str:
        """Everything that server and workers have printed."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        ended = self.process.poll() if self.process else None
        return text if ended is None else f"{text}\n(the server has ended with status {ended})\n"

    def _is_well(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with status {self.process.returncode}:\n{self.log_text()[-3000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
        return False

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self._workers()
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(END_SECONDS)

    def sweep(self) -> list[int]:
        """Ends the server and whatever it left behind; returns the workers that had to be killed."""
        self.stop()
        deadline = time.monotonic() + END_SECONDS
        while self.orphans() and time.monotonic() < deadline:
            time.sleep(0.1)
        left = self.orphans()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return left


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _processes() -> list[tuple[int, int, str]]:
    """Process id, parent and command line of everything that runs and is no zombie.

    -ww: without it ps cuts lines at the width of the terminal (or $COLUMNS),
    and a checkout with a long path has no workers.
    """
    lines = subprocess.run(
        ["ps", "-eww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, timeout=10, check=True
    ).stdout.splitlines()
    parts = [line.split(None, 3) for line in lines]
    return [(int(part[0]), int(part[1]), part[3]) for part in parts if len(part) == 4 and not part[2].startswith("Z")]


def _open_files(pid: int) -> list[str]:
    folder = Path(f"/proc/{pid}/fd")
    if not folder.is_dir():  # no /proc: macOS
        return (
            subprocess.run(["lsof", "-Fn", "-p", str(pid)], capture_output=True, text=True, timeout=10)
            .stdout.replace("\nn", "\n")
            .splitlines()
        )
    files = []
    for link in folder.iterdir():
        with contextlib.suppress(OSError):
            files.append(os.readlink(link))
    return files
