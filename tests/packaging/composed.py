"""The services of deploy/compose.yaml as processes of this machine: commands and variables as committed, and for the
names, addresses and ports of their network those of a trial.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

from tests.packaging.compose import DEPLOY, WITH_TLS, address_of, option, services
from tests.packaging.installing import ROOT, free_port

SECONDS = 180.0
APPS = ("app1", "app2")
LOG_FORMAT = "$status|$upstream_addr|$cookie_aecore_server|$visitor|$request_uri"
"""Of nginx in a trial: what a line of its log says."""

ALONE = {
    "head": ["--node-ip-address=127.0.0.1", "--min-worker-port=0", "--max-worker-port=0"],
    "worker": ["--node-ip-address=127.0.0.1", "--min-worker-port=0", "--max-worker-port=0"],
}
"""Options that two nodes on one machine need beside those that are committed."""


class Composed:
    """The services in a folder of their own. folder: short, since Ray has sockets in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home, self.services = folder, folder / "home", services()
        head = self.services["head"]["command"]
        self.ports = {name: free_port() for name in (*APPS, "nginx80", "nginx443", "gcs", "client")}
        inside = {name: f"{address_of(self.services[name])}:8501" for name in APPS}
        self._names = {
            f"head:{option(head, '--ray-client-server-port')}": f"127.0.0.1:{self.ports['client']}",
            f"head:{option(head, '--port')}": f"127.0.0.1:{self.ports['gcs']}",
            f"127.0.0.1:{option(head, '--port')}": f"127.0.0.1:{self.ports['gcs']}",
            f"--port={option(head, '--port')}": f"--port={self.ports['gcs']}",
            f"--ray-client-server-port={option(head, '--ray-client-server-port')}":
                f"--ray-client-server-port={self.ports['client']}",
            **{address: f"127.0.0.1:{self.ports[name]}" for name, address in inside.items()},
            address_of(self.services["nginx"]): "127.0.0.1", "0.0.0.0": "127.0.0.1",
        }  # fmt: skip
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """Where nginx answers."""
        return f"http://127.0.0.1:{self.ports['nginx80']}"

    def start(self, name: str) -> None:
        """Starts a service; returns when its health check finds it well."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self.command(name), cwd=self.folder, env=self._environment(name), stdout=log, stderr=log
            )
        end = time.monotonic() + SECONDS
        while not self.is_well(name):
            if self._processes[name].poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} does not get well:\n{self.log(name)[-4000:]}")
            time.sleep(0.5)

    def command(self, name: str) -> list[str]:
        """What a service runs here."""
        if name == "nginx":
            return ["nginx", "-g", "daemon off;", "-c", str(self.configuration(self.folder)), "-p", str(self.folder)]
        words = [self._here(word) for word in self.services[name]["command"]]
        if name in APPS:
            words[words.index("--port") + 1] = str(self.ports[name])
            return [sys.executable, "-m", words[0].replace("-", "_"), *words[1:]]
        rooms = [f"--temp-dir={self.folder / 'ray'}"] if name == "head" else []
        return [str(Path(sys.executable).parent / words[0]), *words[1:], *ALONE[name], *rooms]

    def is_well(self, name: str) -> bool:
        """What its health check says; a node without one is well while it lives."""
        if name == "head":
            test = [self._here(word) for word in self.services[name]["healthcheck"]["test"][1:]]
            test[0] = str(Path(sys.executable).parent / test[0])
            return subprocess.run(test, capture_output=True, check=False, env=self._environment(name)).returncode == 0
        if name == "worker":
            return self._processes[name].poll() is None
        port = self.ports["nginx80" if name == "nginx" else name]
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer,
        ):
            return answer.status == 200
        return False

    def kill(self, name: str) -> None:
        """Ends a service as the end of its container does: with all that it has begun, and without a word."""
        process = psutil.Process(self._processes.pop(name).pid)
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                each.kill()

    def stop(self) -> None:
        """Ends all that still runs, politely, the head last."""
        for name in reversed(list(self._processes)):
            process = self._processes.pop(name)
            left = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(40)
            for each in psutil.wait_procs(left, timeout=10)[1]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()

    def log(self, name: str) -> str:
        """What a service has said."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.is_file() else ""

    def requests(self) -> list[list[str]]:
        """The lines of nginx's log: status, server, server that the cookie named, visitor, address; `LOG_FORMAT`."""
        path, names = self.folder / "access.log", {f"127.0.0.1:{self.ports[name]}": name for name in APPS}
        found = [line.split("|", 4) for line in path.read_text().splitlines()] if path.is_file() else []
        return [[status, names.get(where.split(", ")[-1], where), *rest] for status, where, *rest in found]

    def _here(self, text: str) -> str:
        for before, after in self._names.items():
            text = text.replace(before, after)
        return text

    def _environment(self, name: str) -> dict[str, str]:
        kept = {key: text for key, text in os.environ.items() if not key.startswith(("AECORE_", "STREAMLIT_", "RAY_"))}
        own = {key: self._here(text) for key, text in self.services[name].get("environment", {}).items() if text}
        folders = {"AECORE_HOME": str(self.home), "AECORE_DATA": str(self.folder / "sets")}
        if name not in APPS:  # nodes share no disk with the servers
            folders = {key: f"{text}-of-{name}" for key, text in folders.items()}
        return kept | own | folders | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def configuration(self, folder: Path, *, has_tls: bool = False) -> Path:
        """The committed configuration of nginx within a folder."""
        mounted = dict(each.split(":")[1::-1] for each in self.services["nginx"]["volumes"])
        if has_tls:
            mounted |= dict(each.split(":")[1::-1] for each in services(WITH_TLS)["nginx"]["volumes"])
        for target, source in mounted.items():
            if (DEPLOY / source).is_file():
                text = self._here((DEPLOY / source).read_text()).replace("/etc/nginx/", f"{folder}/")
                for port in ("80", "443"):
                    text = text.replace(f"listen {port} ", f"listen 127.0.0.1:{self.ports['nginx' + port]} ")
                aim = folder / target.removeprefix("/etc/nginx/")
                aim.parent.mkdir(parents=True, exist_ok=True)
                aim.write_text(text)
        rooms = "".join(
            f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        head = f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        log = f"log_format trial '{LOG_FORMAT}';\naccess_log {folder}/access.log trial;\n"
        path = folder / "nginx.conf"
        path.write_text(f"{head}http {{\n{log}{rooms}include {folder}/conf.d/*.conf;\n}}\n")
        return path


def lacking() -> str:
    """What this machine has not, of what the services need; "" if it has all."""
    ray = (Path(sys.executable).parent / "ray").is_file()
    return "" if shutil.which("nginx") and ray else "This needs nginx and ray: apt-get install nginx-light, make setup"
