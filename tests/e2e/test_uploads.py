"""Uploads in a browser: pictures are kept and trained on, files that are something else get a
sentence and do no harm.
"""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, press, records, status, train, wait_for_state, wait_idle
from tests.e2e.server import Server
from tests.waiting import until

File = dict[str, object]


def picture(seed: int) -> bytes:
    """A PNG of 20 x 20 pixels: a bright square on a dark ground, elsewhere for each seed."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 60, (20, 20), dtype=np.uint8)
    top, left = rng.integers(0, 14, 2)
    pixels[top : top + 6, left : left + 6] = 220
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def png(name: str, content: bytes) -> File:
    """A file as the browser hands it over."""
    return {"name": name, "mimeType": "image/png", "buffer": content}


def csv(name: str, text: str) -> File:
    """A table as the browser hands it over."""
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def upload(page: Page, server: Server, *files: File) -> None:
    """Opens the Data page and gives it files."""
    go(page, f"{server.url}/data", "Data")
    page.locator(".st-key-upload input[type=file]").set_input_files(list(files))
    wait_idle(page)


@pytest.mark.long
def test_pictures_are_understood_kept_and_trained_on(server: Server, page: Page) -> None:
    upload(page, server, *(png(f"square {index}.png", picture(index)) for index in range(12)))
    expect(page.get_by_text("Understood: 12 examples of 1 × 28 × 28 numbers.")).to_be_visible()
    assert page.locator('img[alt^="Uploaded picture"]').count() == 12
    name = page.get_by_label("Name", exact=True)
    name.fill("Bright squares")
    name.press("Enter")
    wait_idle(page)
    press(page, "Keep this data set")
    card = page.locator('[class*="st-key-card-upload-"]').filter(has_text="Bright squares")
    expect(card.get_by_role("heading", name="Bright squares")).to_be_visible()
    expect(card).to_contain_text("12 examples")
    card.get_by_role("button", name="Train on it").click()
    expect(page.get_by_role("heading", name="Ready to train on Bright squares")).to_be_visible()
    wait_idle(page)
    run_id = train(page)
    until(lambda: status(server.runs, run_id)["state"] == "done", "the run on the upload is done")
    wait_for_state(page, "Done")
    settings = json.loads((server.runs / run_id / "settings.json").read_text())
    assert settings["data"].startswith("upload-")
    scores = [
        record["validation_mse"] for record in records(server.runs, run_id) if record["validation_mse"] is not None
    ]
    assert scores[-1] < scores[0]
    until(lambda: page.locator('img[alt^="Test picture"]').count() > 0, "its test pictures are on screen")


BAD = {
    "a text file named x.png": ([png("x.png", b"these are words, no picture")], ["x.png"]),
    "a picture cut short": ([png("half.png", picture(1)[:60])], ["half.png"]),
    "an empty cell": (
        [csv("gaps.csv", "a,b\n1,2\n3,\n5,6\n7,8\n")],
        ["gaps.csv", "line 3", "column 'b'", "the cell is empty"],
    ),
    "a single row": ([csv("single.csv", "a,b,c\n1,2,3\n")], ["3"]),
    "an empty file": ([csv("empty.csv", "")], ["empty"]),
    "a kind that cannot be read": (
        [{"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}],
        ["paper.pdf", "cannot be read"],
    ),
    "two kinds at once": ([png("a.png", picture(1)), csv("b.csv", "a,b\n1,2\n3,4\n5,6\n")], ["one after the other"]),
}


@pytest.mark.long
def test_a_file_that_cannot_be_used_gets_a_sentence_and_the_page_stays_usable(server: Server, page: Page) -> None:
    go(page, f"{server.url}/data", "Data")
    for what, (files, words) in BAD.items():
        chooser = page.locator(".st-key-upload input[type=file]")
        chooser.set_input_files(files)
        expect(page.locator(".st-key-upload")).to_contain_text(str(files[0]["name"]))
        keep = page.get_by_role("button", name="Keep this data set")
        warning = page.locator('[data-testid="stAlert"]').filter(has_text=words[0])
        until(lambda keep=keep, warning=warning: warning.count() or keep.count(), f"an answer to {what}")
        wait_idle(page)
        if keep.count():  # it could be read, yet not be kept
            keep.click()
        expect(warning.first, what).to_be_visible()
        said = warning.first.inner_text()
        assert all(word in said for word in words), f"{what}: {said!r}"
        assert not any(word in said for word in ("Traceback", "Error:", "Exception", "<class")), f"{what}: {said!r}"
        assert said.strip().endswith("."), f"{what}: {said!r}"
        for _ in files:
            page.get_by_test_id("stFileChipDeleteBtn").locator("button").or_(
                page.locator('button[data-testid="stFileChipDeleteBtn"]')
            ).first.click()
            wait_idle(page)
        expect(page.get_by_test_id("stFileChip")).to_have_count(0)
        expect(warning).to_have_count(0)
    assert not list((server.home / "uploads").glob("*single*"))
    upload(page, server, csv("good.csv", "a,b\n1,2\n3,4\n5,6\n7,9\n"))
    expect(page.get_by_text("Understood: 4 examples of 2 numbers.")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("title", ["<b>bold</b> $x^2$ [link](http://x.y)"])
def test_a_title_full_of_markup_is_shown_as_text(server: Server, page: Page, title: str) -> None:
    upload(page, server, csv("numbers.csv", "a,b\n" + "".join(f"{index},{index % 3}\n" for index in range(9))))
    name = page.get_by_label("Name", exact=True)
    name.fill(title)
    name.press("Enter")
    wait_idle(page)
    press(page, "Keep this data set")
    card = page.locator('[class*="st-key-card-upload-"]').filter(has_text="bold")
    expect(card.get_by_role("heading")).to_be_visible()
    assert card.locator("h3 b, h3 strong, h3 a[href*='x.y'], h3 .katex").count() == 0


@pytest.mark.long
def test_a_table_that_takes_long_shows_so_and_can_be_stopped_and_read_again(server: Server, page: Page) -> None:
    rows = "".join(f'"u{place % 500}","f{place % 9001}",{place % 5 + 1}\n' for place in range(300_000))
    go(page, f"{server.url}/recommender", "Recommender")
    page.get_by_text("Upload your own ratings").first.click()
    ratings = csv("slow.csv", "userId,movieId,rating\n" + rows)
    page.locator(".st-key-ratings-file input[type=file]").set_input_files([ratings])
    expect(page.get_by_text("it may take 120 s at most")).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text("Reading was stopped.")).to_be_visible()
    press(page, "Read again")
    expect(page.get_by_text("ratings of 9,001 films by 500 users")).to_be_visible(timeout=120_000)
