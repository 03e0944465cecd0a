"""What a visitor waits for, in a real browser: the first paint, an answer while runs train, the movement of curves."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks import visitor

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
WARM_SECONDS = 12.0
"""After the first page, in which the server loads what others need."""

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

WATCH = """(wanted) => { window.seen = 0; const look = () => {
  if (location.search.includes(wanted)) window.seen = performance.now(); else setTimeout(look, 1); }; look(); }"""
CLICK = """(k) => { const now = performance.now();
  const roots = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map(each => each.shadowRoot);
  roots.find(each => each?.querySelector('.gallery')).querySelectorAll('.gallery button')[k].click();
  return now; }"""
STRIPS = """() => {
  const roots = [...document.querySelectorAll('*')].map(each => each.shadowRoot);
  const root = roots.find(each => each?.querySelector('.rows'));
  const strips = () => [...root.querySelectorAll('.rows img')].map(image => image.src), before = strips();
  window.seen = 0;
  document.addEventListener('keydown', () => { window.pressed = performance.now(); }, { once: true, capture: true });
  const look = () => { const now = strips();
    if (now.length === before.length && now.at(-1) !== before.at(-1)) window.seen = performance.now();
      else setTimeout(look, 1); }; look(); }"""
COUNT = """() => { window.moves = 0; window.frames_seen = 0; window.frames_blank = 0; let last = '';
  const look = () => {
  const path = document.querySelector('.js-plotly-plot .scatterlayer .js-line');
  const now = path ? path.getAttribute('d') : ''; window.frames_seen++;
  if (!now) window.frames_blank++; else if (now !== last) { window.moves++; last = now; }
  requestAnimationFrame(look); }; look(); }"""


@contextmanager
def server(home: str = "") -> Iterator[tuple[str, int, float]]:
    """The app on a free port with a home of its own, or this one: (address, process id, moment of its start)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as own:
        begin = time.perf_counter()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        environment = {**os.environ, "AECORE_HOME": home or own}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address, process.pid, begin
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def warm(browser: Any) -> Iterator[tuple[Any, str, int]]:
    """A page that shows the home page of a warm server: (page, the server's address, its process id)."""
    with server() as (address, pid, _begin):
        page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.locator(".gallery button").last.wait_for()
        time.sleep(WARM_SECONDS)
        yield page, address, pid
        page.close()


def first_paint(browser: Any) -> tuple[float, float, bool]:
    """Seconds from starting the server to a healthy server and to a painted home page;
    whether torch was loaded by then.
    """
    with server() as (address, pid, begin):
        healthy = time.perf_counter() - begin
        page = browser.new_page()
        page.goto(address)
        page.locator(".gallery button").last.wait_for()
        painted = time.perf_counter() - begin
        maps = Path(f"/proc/{pid}/maps")
        has_torch = maps.exists() and "libtorch" in maps.read_text()
        page.close()
    return healthy, painted, has_torch


def answers(browser: Any, *, runs: int, are_watched: bool = False, clicks: int = 60) -> tuple[list[float], list[float]]:
    """Milliseconds until the server has answered: a widget of the home page,
    and a click in the browser seen as a new address.

    Meanwhile `runs` runs train, each watched by a tab of its own or by nobody.
    """
    with server() as (address, _pid, _begin):
        for _ in range(runs):
            watcher = _start_long_run(browser, address)
            if not are_watched:
                watcher.close()
        if not runs:
            time.sleep(8)  # until torch and the workers are loaded
        return visitor.answers(address), _clicks(browser, address, clicks)


def _clicks(browser: Any, address: str, clicks: int) -> list[float]:
    page = browser.new_page(reduced_motion="reduce")  # the home page's own animation would be measured too
    page.goto(address)
    page.locator(".gallery button").last.wait_for()
    times = []
    for click in range(clicks + 10):
        picture = 1 + click % 15
        page.evaluate(WATCH, f"picture={picture}")
        begin = page.evaluate(CLICK, picture)
        page.wait_for_function("() => window.seen > 0")
        times.append(page.evaluate("() => window.seen") - begin)
        page.wait_for_timeout(150)
    page.close()
    return times[10:]


def curve_moves(browser: Any, seconds: float = 10.0) -> tuple[float, int, int]:
    """How often a second the loss curve of a training run changes on screen;
    frames looked at, and those without a curve.
    """
    with server() as (address, _pid, _begin):
        page = _start_long_run(browser, address)
        page.locator(".js-line").first.wait_for(timeout=60_000)
        page.evaluate(COUNT)
        time.sleep(seconds)
        moves, frames, blank = page.evaluate("() => [window.moves - 1, window.frames_seen, window.frames_blank]")
        page.close()
    return moves / seconds, frames, blank


LOOKED_AT = 700
"""Milliseconds between two keys: a hand that looks at each picture. While a thumb is drawn, no rerun comes between."""


def noise_slider(browser: Any, presses: int = 40) -> tuple[list[float], int]:
    """Milliseconds from a key on the noise lab's slider to the last network's new answers on screen;
    how many networks answer.
    """
    with warm(browser) as (page, address, _pid):
        page.goto(f"{address}/noise?damage=gaussian_0.3")
        page.locator(".rows img").last.wait_for(timeout=60_000)
        slider = page.locator(".st-key-damage-level-0").get_by_role("slider")
        times = []
        for _ in range(presses + 5):
            page.evaluate(STRIPS)
            slider.press("ArrowRight")
            page.wait_for_function("() => window.seen > 0", timeout=30_000)
            times.append(page.evaluate("() => window.seen - window.pressed"))
            page.wait_for_timeout(LOOKED_AT)
        networks = page.locator(".rows .block").first.locator("img").count() - 2
    return times[5:], networks


def summary(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    return f"{statistics.median(times):.0f} / {statistics.quantiles(times, n=20)[-1]:.0f}"


def _start_long_run(browser: Any, address: str) -> Any:
    page = browser.new_page()
    page.goto(f"{address}/train?epochs=2000")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("Samples per second").wait_for(timeout=60_000)
    return page


def _wait(address: str) -> None:
    deadline = time.perf_counter() + 60
    while time.perf_counter() < deadline:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("The server did not start within a minute.")
