"""`make compose-test`: the services of deploy/compose.yaml, without Docker, as processes behind a real nginx, and what
visitors with browsers see of them: each stays with one server, runs train on the cluster and are seen from both
servers, and a server that is killed takes nobody's page and nobody's run with it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.browser import CHROMIUM, FLAGS
from tests.packaging.composed import APPS, SECONDS, Composed, lacking
from tests.packaging.try_nginx import certificate
from tests.waiting import until

COOKIE = "aecore_server"
PAGES = ("", "synapses", "train", "runs", "noise", "room", "lecture")
LONG, SHORT = "epochs=2000&batch_size=8", "epochs=40"
"""Settings of runs: one that lasts for minutes, one for seconds."""


def main() -> None:
    """Says what holds; AssertionError where something does not."""
    if missing := lacking() or ("" if CHROMIUM else "This needs chromium."):
        sys.exit(missing)
    from playwright.sync_api import sync_playwright

    with composed() as trial, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            tell(trial, browser)
        except BaseException:
            for name in trial.services:
                print(f"--- {name}:\n{trial.log(name)[-2500:]}", file=sys.stderr)
            raise
        browser.close()


def tell(trial: Composed, browser: Any) -> None:
    """All that is tried, one after the other."""
    for name in ("head", "worker", *APPS):
        trial.start(name)
        said(f"{name} starts by its command, and its health check finds it well")
    nginx_accepts(trial)
    trial.start("nginx")
    said("nginx accepts its configurations, with TLS and without, and answers")
    one, other = visitors_of_both(trial, browser)
    pages_open(trial, one)
    uploads_arrive(trial, one, other)
    a_room_spans_both(trial, other, one)
    run = a_run_trains_on_the_cluster(trial, one, other)
    a_server_is_killed(trial, one, run)
    the_head_is_killed(trial, one)


def nginx_accepts(trial: Composed) -> None:
    """CalledProcessError if nginx refuses what is committed."""
    with_tls = trial.folder / "tls"
    (with_tls / "certificates").mkdir(parents=True)
    certificate(with_tls / "certificates")
    for folder, has_tls in ((trial.folder, False), (with_tls, True)):
        path = trial.configuration(folder, has_tls=has_tls)
        subprocess.run(["nginx", "-t", "-c", str(path), "-p", str(folder)], check=True, capture_output=True)


def visitors_of_both(trial: Composed, browser: Any) -> tuple[Any, Any]:
    """A page of a visitor of each server, out of as many as it takes."""
    found: dict[str, Any] = {}
    for count in range(1, 25):
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        go(page, trial.url)
        found.setdefault(server_of(page), page)
        if len(found) == len(APPS):
            said(f"of {count} visitors with one address, some are with each server")
            return found["app1"], found["app2"]
    raise AssertionError(f"all visitors are with {list(found)}")


def pages_open(trial: Composed, page: Any) -> None:
    """One visitor walks through pages and reloads them."""
    who = server_of(page)
    for path in PAGES:
        go(page, f"{trial.url}/{path}")
        page.reload()
        ready(page)
        assert server_of(page) == who
    mine = visitor_of(page)
    asked = [each for each in trial.requests() if each[3] == mine and each[2]]
    assert asked
    assert {each[1] for each in asked} == {who}, asked
    lines = [each for each in asked if each[4].endswith("/_stcore/stream")]
    said(f"pages open through nginx: {len(asked)} requests and {len(lines)} lines of one visitor went to one server")


def uploads_arrive(trial: Composed, *pages: Any) -> None:
    """A picture of each visitor is read by the server that has their page."""
    for page in pages:
        go(page, f"{trial.url}/data")
        table = "a,b,c\n" + "\n".join(f"{k},{k * k % 7},{k % 3}" for k in range(60))
        field = page.locator("input[type=file]").first
        field.set_input_files({"name": "numbers.csv", "mimeType": "text/csv", "buffer": table.encode()})
        page.get_by_text("numbers.csv").first.wait_for()
        ready(page)

    def sent() -> list[list[str]]:
        return [each for each in trial.requests() if "/_stcore/upload_file/" in each[4]]

    until(lambda: {each[1] for each in sent()} == set(APPS), f"each server gets one of {sent()}")
    assert all(each[0].startswith("2") and each[1] == each[2] for each in sent()), sent()
    said("uploads of visitors of both servers arrive")


def a_room_spans_both(trial: Composed, host: Any, member: Any) -> None:
    """Opened at one server and joined at the other; who follows goes where the host goes."""
    go(host, f"{trial.url}/room")
    host.get_by_role("button", name="Open a room").click()
    code = host.locator(".room-code .code")
    code.wait_for()
    go(member, f"{trial.url}/room?code={code.inner_text()}")
    member.get_by_role("textbox", name="Your name").fill("Ann")
    member.get_by_role("button", name="Join", exact=True).click()
    member.locator(".st-key-room-bar").get_by_text(code.inner_text()).wait_for()
    host.locator(".st-key-room-bar").get_by_text("1 here").wait_for()
    host.locator("[data-testid=stSidebarNavLink]", has_text="Pooling").click()
    member.get_by_role("heading", name="Pooling", level=1).wait_for()
    assert server_of(host) != server_of(member)
    said(f"a room that was opened at {server_of(host)} is followed at {server_of(member)}")
    go(member, f"{trial.url}/room")
    member.get_by_role("button", name="Leave").first.click()
    ready(member)


def a_run_trains_on_the_cluster(trial: Composed, one: Any, other: Any) -> str:
    """Begun at one server, seen at the other; the id of one that goes on for minutes."""
    go(one, f"{trial.url}/runs")
    brief = begun(trial, one, SHORT)
    until(lambda: status(trial, brief)["state"] == "done", "the run ends", seconds=SECONDS)
    assert "of node" in status(trial, brief)["device"], status(trial, brief)
    said(f"a run that was begun at {server_of(one)} trained on the cluster ({status(trial, brief)['device']})")
    run = begun(trial, one, LONG)
    until(lambda: status(trial, run)["state"] == "training", "the run trains", seconds=SECONDS)
    go(other, f"{trial.url}/train?run={run}")
    other.get_by_text("Samples per second").wait_for(timeout=SECONDS * 1000)
    assert server_of(other) != server_of(one)
    said(f"its curves are seen at {server_of(other)} while it trains")
    return run


def a_server_is_killed(trial: Composed, page: Any, run: str) -> None:
    """The visitor goes on at the other server, and so does the run."""
    lost = server_of(page)
    left = next(name for name in APPS if name != lost)
    go(page, f"{trial.url}/train?run={run}")
    steps = len(records(trial, run))
    trial.kill(lost)
    killed = time.monotonic()
    page.reload()
    ready(page)
    page.get_by_text("Samples per second").wait_for(timeout=SECONDS * 1000)
    assert server_of(page) == left, server_of(page)
    said(f"{lost} was killed, and the visitor has the page from {left} {time.monotonic() - killed:.1f} s later")
    until(lambda: status(trial, run)["state"] != "training", "the run is missed", seconds=SECONDS)
    said(f"the run is {status(trial, run)['state']} {time.monotonic() - killed:.0f} s after the end of its server")
    until(lambda: status(trial, run)["state"] == "training", "the run goes on", seconds=SECONDS)
    until(lambda: len(records(trial, run)) > steps, "it has more records", seconds=SECONDS)
    said(f"it goes on by itself {time.monotonic() - killed:.0f} s after the end of its server")
    trial.start(lost)
    page.reload()
    ready(page)
    assert server_of(page) == left, "a page and its files stay together when a server comes back"
    said(f"{lost} is back, and the visitor stays with {left}")


def the_head_is_killed(trial: Composed, page: Any) -> None:
    """The servers train by themselves until it is back, and say so."""
    trial.kill("head")
    killed = time.monotonic()
    says(trial, page, "Trainings run on this machine")
    said(f"the head was killed, and the pages say {time.monotonic() - killed:.0f} s later that trainings run here")
    assert "of node" not in device_of_a_run(trial, page)
    said("a run that is begun then trains on the machine of its server")
    trial.kill("worker")
    for name in ("head", "worker"):
        trial.start(name)
    begun_again = time.monotonic()
    says(trial, page, "Trainings run on a cluster")
    said(f"head and worker are back, and the pages say so {time.monotonic() - begun_again:.0f} s later")
    assert "of node" in device_of_a_run(trial, page)
    said("a run that is begun then trains on the cluster again")


def says(trial: Composed, page: Any, sentence: str) -> None:
    """Waits until the Runs page says so."""

    def is_there() -> bool:
        go(page, f"{trial.url}/runs")
        return page.get_by_text(sentence).count() > 0

    until(is_there, f"the page says: {sentence}", seconds=SECONDS, every=2.0)


def device_of_a_run(trial: Composed, page: Any) -> str:
    """Trains a short run, and says where it has trained."""
    run = begun(trial, page, SHORT)
    until(lambda: status(trial, run)["state"] == "done", "a run ends", seconds=SECONDS)
    return str(status(trial, run)["device"])


def begun(trial: Composed, page: Any, settings: str) -> str:
    """Trains a network with these settings by the page; the run's id."""
    go(page, f"{trial.url}/train?data=digits&{settings}&seed={time.monotonic_ns() % 1000}")
    page.get_by_role("button", name="Train", exact=True).click()
    until(lambda: "run=" in address(page), "the run is in the address")
    return address(page).partition("run=")[2].partition("&")[0]


def status(trial: Composed, run: str) -> dict[str, Any]:
    """The status of a run, from its folder."""
    return json.loads((trial.home / "runs" / run / "status.json").read_text())


def records(trial: Composed, run: str) -> list[str]:
    """The lines of its progress."""
    return (trial.home / "runs" / run / "progress.jsonl").read_text().splitlines()


def go(page: Any, url: str) -> None:
    """Opens a page and waits until it is drawn."""
    page.goto(url)
    ready(page)


def ready(page: Any) -> None:
    """Waits until a page is drawn."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)


def address(page: Any) -> str:
    """What the address bar says; Playwright's own idea of it is late."""
    return str(page.evaluate("location.href"))


def server_of(page: Any) -> str:
    """The server that has the visitor's pages."""
    return next((each["value"] for each in page.context.cookies() if each["name"] == COOKIE), "")


def visitor_of(page: Any) -> str:
    """The cookie by which visitors are shared out."""
    return next(each["value"] for each in page.context.cookies() if each["name"].startswith("aecore-visitor-"))


@contextmanager
def composed() -> Iterator[Composed]:
    """The services, none of them started; all end with the block."""
    folder = Path(tempfile.mkdtemp(prefix="ae-", dir="/tmp"))  # sockets have short paths
    trial = Composed(folder)
    try:
        yield trial
    finally:
        trial.stop()
        shutil.rmtree(folder, ignore_errors=True)


def said(what: str) -> None:
    """One line of the report."""
    print(f"- {what}", flush=True)


if __name__ == "__main__":
    main()
