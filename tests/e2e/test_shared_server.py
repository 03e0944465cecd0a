"""A shared server in two browsers: what one person makes is theirs in all their tabs, and others look at it by link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import go, press, run_in, status, train, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until
from ui.app.identity import COOKIE, SHARED


@pytest.fixture
def shared_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose host has said that several people use it."""
    monkeypatch.setenv(SHARED, "1")
    server = Server(tmp_path / "home")
    server.start()
    yield server
    server.stop()


@pytest.mark.long
def test_a_run_belongs_to_who_trained_it_and_a_link_shows_it_to_others(
    shared_server: Server, new_page: NewPage
) -> None:
    server, ann, bob = shared_server, new_page(), new_page()
    go(ann, f"{server.url}/train?epochs=4000", "Train an autoencoder")
    (cookie,) = [each for each in ann.context.cookies() if str(each.get("name")).startswith(COOKIE)]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    run_id = train(ann)
    go(bob, f"{server.url}/train?run={run_id}", "Train an autoencoder")
    expect(bob.get_by_text("This run belongs to another visitor")).to_be_visible()
    expect(bob.get_by_role("button", name="Use its settings")).to_be_visible()
    expect(bob.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    go(bob, f"{server.url}/runs", "Runs")
    expect(bob.get_by_text("You have trained nothing yet")).to_be_visible()
    tab = ann.context.new_page()
    go(tab, f"{server.url}/train?run={run_id}", "Train an autoencoder")
    press(tab, "Stop")
    until(lambda: status(server.runs, run_id)["state"] == "stopped", "the owner stops it", seconds=TRAINING)
    wait_for_state(ann, "Stopped early", TRAINING)
    go(bob, f"{server.url}/train?run={run_id}", "Train an autoencoder")
    press(bob, "Same start again")
    until(lambda: run_in(bob) not in ("", run_id), "the copy is in the address")
    expect(bob.get_by_text("This run belongs to another visitor")).to_have_count(0)


@pytest.mark.long
def test_an_upload_belongs_to_who_brought_it_and_a_link_lets_others_keep_it(
    shared_server: Server, new_page: NewPage
) -> None:
    server, ann, bob = shared_server, new_page(), new_page()
    table = "a,b\n" + "".join(f"{row % 7},{row % 5}\n" for row in range(60))
    go(ann, f"{server.url}/data", "Data")
    ann.locator("input[type=file]").set_input_files(
        {"name": "flowers.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    press(ann, "Keep this data set")
    expect(ann.get_by_role("heading", name="flowers")).to_be_visible()
    go(bob, f"{server.url}/data", "Data")
    expect(bob.get_by_text("Built in, or to download")).to_be_visible()
    expect(bob.get_by_role("heading", name="flowers")).to_have_count(0)
    ann.locator('[class*="st-key-use-upload-"] button').click()
    expect(ann.get_by_role("heading", name="Train an autoencoder", level=1)).to_be_visible()
    until(lambda: "flowers" in ann.url, "the address names the upload")
    link = ann.url
    go(bob, link, "Train an autoencoder")
    expect(bob.get_by_text("Somebody else on this server brought this")).to_be_visible()
    bob.get_by_role("combobox", name="Data").click()
    bob.get_by_role("option", name="Shapes").click()
    expect(bob.get_by_text("Somebody else on this server brought this")).to_have_count(0)
    go(bob, link, "Train an autoencoder")
    press(bob, "Keep it")
    expect(bob.get_by_text("is yours, too")).to_be_visible()
    go(ann, f"{server.url}/data", "Data")
    press(ann, "Delete")
    expect(ann.get_by_text("Deleted: “flowers”.")).to_be_visible()
    wait_idle(ann)
    go(bob, f"{server.url}/data", "Data")
    expect(bob.get_by_role("heading", name="flowers")).to_be_visible()
    press(ann, "Undo")
    expect(ann.get_by_role("heading", name="flowers")).to_be_visible()
