"""`make deploy-test`: a lecture's server behind a real nginx with TLS, by the configuration in deploy/.

Names, ports and paths of the configuration are those of a trial folder; everything else is as committed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2 as httpx
from websockets.asyncio.client import connect

from tests.packaging.installing import ROOT, free_port
from ui.screens.lecture.hello import Hellos, hello_path
from ui.screens.lecture.sheet import PATH as SHEET

NAME = "class.example.org"
SECONDS = 60.0


def main() -> None:
    """Says what holds; AssertionError where something does not."""
    if not (nginx := shutil.which("nginx")) or not shutil.which("openssl"):
        sys.exit("This needs nginx and openssl: apt-get install nginx-light openssl")
    verify_unit()
    with TemporaryDirectory() as folder:
        trial = Path(folder)
        app, plain, secure = free_port(), free_port(), free_port()
        certificate(trial)
        configuration(trial, app, plain, secure)
        address = f"https://{NAME}:{secure}"
        environment = {
            **os.environ, "AECORE_HOME": str(trial / "home"), "AECORE_HOSTS": NAME, "AECORE_ADDRESS": address,
            "AECORE_PASSWORD": "bottleneck",
        }  # fmt: skip
        options = ["--lecture", "--port", str(app), "--server.address", "127.0.0.1"]
        command = [sys.executable, "-m", "autoencoder_explorer", *options]
        subprocess.run([nginx, "-t", "-c", str(trial / "nginx.conf"), "-p", folder], check=True, capture_output=True)
        said("nginx accepts the configuration")
        with (
            running(command, trial / "app.log", environment),
            running([nginx, "-g", "daemon off;", "-c", str(trial / "nginx.conf"), "-p", folder], trial / "nginx.log"),
        ):
            asyncio.run(visit(trial, plain, secure))


async def visit(trial: Path, plain: int, secure: int) -> None:
    """What a browser does, through nginx: the way to HTTPS, the password, a page and its line, the host's link."""
    trust = ssl.create_default_context(cafile=str(trial / "cert.pem"))
    name = f"{NAME}:{secure}"
    headers = {"Host": name, "Accept": "text/html"}
    async with httpx.AsyncClient(
        verify=trust, base_url=f"https://127.0.0.1:{secure}", headers=headers, timeout=SECONDS
    ) as client:
        extensions = {"sni_hostname": NAME}
        await well(client, extensions)
        async with httpx.AsyncClient() as bare:
            answer = await bare.get(f"http://127.0.0.1:{plain}/noise?data=MNIST", headers={"Host": NAME})
        assert (answer.status_code, answer.headers["location"]) == (301, f"https://{NAME}/noise?data=MNIST")
        said("plain HTTP leads to HTTPS")
        assert (await client.get("/noise", extensions=extensions)).status_code == 401
        assert await line(secure, trust, {}) is None
        said("without the password there is a form, and no line for pages")
        answer = await client.post("/enter", data={"password": "bottleneck", "next": "/noise"}, extensions=extensions)
        assert (answer.status_code, answer.headers["location"]) == (303, "/noise")
        assert "Secure" in answer.headers["set-cookie"]
        page = await client.get("/noise", extensions=extensions)
        assert page.status_code == 200
        assert all("Secure" in each for each in page.headers.get_list("set-cookie"))
        assert page.headers.get("content-encoding") in (None, "gzip")
        said("with the password there is the page, and its cookies go over HTTPS alone")
        cookies = {each.name: each.value for each in client.cookies.jar}
        assert await line(secure, trust, cookies) == "streamlit"
        said("the line of a page is upgraded to a WebSocket")
        hellos = Hellos(trial / "home")
        token = hellos.new()
        assert "It works" in (await client.get(hello_path(token), extensions=extensions)).text
        assert [each.where for each in hellos.openings(token) or []] == ["127.0.0.1"], "as nginx names it"
        sheet = await client.get(SHEET, extensions=extensions)
        assert f'<p class="address">https://{name}</p>' in sheet.text.replace("<wbr>", "")
        said("the address for phones and the printable sheet are there")
        key = (trial / "home" / ".host.key").read_text()
        answer = await client.get(f"/host/{key}", extensions=extensions)
        assert (answer.status_code, answer.headers["location"]) == (303, "/room")
        said("the host's link is taken")
        refused = await client.get("/noise", headers={"Host": "evil.example"}, extensions=extensions)
        assert refused.status_code == 421
        said("a foreign name is refused")
    log = (trial / "app.log").read_text()
    assert f"For students:    https://{NAME}:{secure}" in log, log
    assert f"https://{NAME}:{secure}/host/{key}" in log
    said("the announcement has the address of nginx")


async def well(client: httpx.AsyncClient, extensions: dict[str, str]) -> None:
    """Waits until the app answers through nginx."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if (await client.get("/_stcore/health", extensions=extensions)).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.3)
    raise AssertionError("the app does not answer through nginx")


async def line(secure: int, trust: ssl.SSLContext, cookies: dict[str, str]) -> str | None:
    """The subprotocol that the line of a page has agreed on; None if it is refused."""
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    try:
        async with connect(
            f"wss://{NAME}:{secure}/_stcore/stream", host="127.0.0.1", port=secure, ssl=trust, server_hostname=NAME,
            subprotocols=["streamlit"], additional_headers=sent, origin=f"https://{NAME}:{secure}",
        ) as opened:  # type: ignore[arg-type] # fmt: skip
            return opened.subprotocol
    except Exception:  # refused, in whichever way
        return None


def certificate(trial: Path) -> None:
    """A certificate for the name, signed by itself, as the configuration proposes."""
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(trial / "key.pem"), "-out", str(trial / "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)


def configuration(trial: Path, app: int, plain: int, secure: int) -> None:
    """The committed configuration within the folder of the trial."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "server 127.0.0.1:8501;": f"server 127.0.0.1:{app};", f"/etc/ssl/{NAME}/": f"{trial}/",
    }  # fmt: skip
    for before, after in changes.items():
        assert before in text, f"the configuration has no '{before}'"
        text = text.replace(before, after)
    folders = "".join(
        f"{each}_temp_path {trial}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    events = f"pid {trial}/nginx.pid;\nerror_log {trial}/error.log;\nevents {{}}\n"
    (trial / "nginx.conf").write_text(f"{events}http {{\naccess_log off;\n{folders}{text}}}\n")


def verify_unit() -> None:
    """The unit of systemd, as far as a machine can say that runs no systemd."""
    unit = ROOT / "deploy" / "autoencoder-explorer.service"
    if not shutil.which("systemd-analyze"):
        said("systemd-analyze is not there: the unit is not verified")
        return
    found = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    faults = [
        each for each in found.stderr.splitlines() if unit.name in each and not re.search("is not executable", each)
    ]
    assert not faults, faults
    said("systemd accepts the unit")


@contextmanager
def running(command: list[str], log: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A process that is ended afterwards."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield
        finally:
            process.terminate()
            process.wait(40)


def said(what: str) -> None:
    """One line of the report."""
    print(f"- {what}", flush=True)


if __name__ == "__main__":
    main()
