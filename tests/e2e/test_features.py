"""Features in a browser: a fresh machine compares at once, cells of the board are clicked,
and a link brings it all back.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from aecore.analyses.feature_results import Results, results_of
from aecore.pretrained.trained_models import find_trained_model
from aecore.probing.probes import Probe
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, metrics, pick, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until
from ui.screens.features.text import percent

TITLE = "Features for other algorithms"
PLACE = """([row, column]) => {
  const board = [...document.querySelectorAll('.js-plotly-plot')].find(each => each.data?.[0]?.type === 'bar' &&
    each._fullLayout?.xaxis?._offset);
  if (!board) return null;
  board.scrollIntoView({ block: 'center' });
  const box = board.getBoundingClientRect(), { xaxis, yaxis } = board._fullLayout;
  return [box.x + xaxis._offset + xaxis.d2p(column), box.y + yaxis._offset + yaxis.d2p(row)];
}"""


def results(server: Server, name: str = "digits") -> Results:
    store = RunStore(server.runs)
    return results_of(store, find_trained_model(store, name))


def open_features(page: Page, server: Server, heading: str, query: str = "") -> None:
    """Opens the page and waits until the comparison is done."""
    go(page, f"{server.url}/features{query}", TITLE)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".st-key-features-progress button")).to_have_count(0)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    wait_idle(page)


def click_cell(page: Page, row: int, column: int, says: str) -> None:
    """Points at a cell of the board until it says so, and clicks it; the board is drawn anew after every choice."""

    def points() -> bool:
        place = page.evaluate(PLACE, [row, column])
        if place is None:
            return False
        page.mouse.move(place[0] - 4, place[1] - 4)
        page.mouse.move(*place)
        return says in page.locator(".hoverlayer .hovertext").all_text_contents()

    until(points, f"a cell says '{says}'")
    page.mouse.click(*page.evaluate(PLACE, [row, column]))


def numbers_below(page: Page) -> list[int]:
    """Places in the test set of the pictures on show."""
    return [int(text) for text in page.locator(".strip figcaption").all_inner_texts()]


def in_cell(probe: Probe, row: int, column: int, labels: np.ndarray) -> list[int]:
    """The same from the results."""
    found = labels.copy()
    found[probe.wrong] = probe.taken_for
    return np.flatnonzero((labels == row) & (found == column)).tolist()


def chosen(page: Page) -> str:
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get("cell", [""])[0]


@pytest.mark.long
def test_a_fresh_machine_compares_at_once_and_shows_who_was_confused(
    server: Server, page: Page, new_page: NewPage
) -> None:
    open_features(page, server, "270 test pictures, 1,000 labels")
    known = results(server)
    probes = known.at("logistic", 1000)
    names = {"code": "Code", "pixels": "Raw pixels", "pca": "PCA"}
    assert metrics(page) == {label: percent(probes[name].accuracy) for name, label in names.items()}
    labels = np.load(server.home / "cache" / "results" / "test-examples" / f"{known.test}.npz")["labels"]
    row, column = (int(number) for number in np.argwhere(probes["code"].confusion * (1 - np.eye(10)) > 0)[-1])
    click_cell(
        page,
        row,
        column,
        f"{row} taken for {column}: {probes['code'].confusion[row, column]} of {int((labels == row).sum())}",
    )
    until(lambda: chosen(page) == f"{row}.{column}", "the address has the cell")
    until(
        lambda: numbers_below(page) == in_cell(probes["code"], row, column, labels),
        "the pictures of this cell are shown",
    )
    other = new_page()
    other.goto(page.url)
    until(lambda: numbers_below(other) == in_cell(probes["code"], row, column, labels), "the link brings the cell back")
    pick(page, "Raw pixels")
    wait_idle(page)
    click_cell(page, 4, 4, f"4 recognised: {probes['pixels'].confusion[4, 4]} of {int((labels == 4).sum())}")
    until(
        lambda: numbers_below(page) == in_cell(probes["pixels"], 4, 4, labels)[:40],
        "those that were recognised are shown",
    )


def a_stopped_comparison(server: Server, page: Page) -> Run:
    """A run whose comparison was stopped before its end; on a busy machine the first ones may end before the click."""
    ended = page.get_by_role("heading", name="270 test pictures, 1,257 labels")
    go_on = page.get_by_role("button", name="Go on", exact=True)
    for epochs in range(2, 8):
        run = finished_run(server.runs, f"For features {epochs}", epochs=epochs)
        go(page, f"{server.url}/features?run={run.id}&labels=all", TITLE)
        page.get_by_role("button", name="Compare", exact=True).click()
        page.get_by_role("button", name="Stop", exact=True).or_(ended).first.click()
        expect(go_on.or_(ended).first).to_be_visible()
        if go_on.is_visible():
            return run
    raise AssertionError("no comparison could be stopped before it had ended")


@pytest.mark.long
def test_a_comparison_is_stopped_goes_on_and_needs_no_second_time(server: Server, page: Page) -> None:
    run = a_stopped_comparison(server, page)
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("heading", name="270 test pictures, 1,257 labels")).to_be_visible()
    found = results(server, run.id)
    page.reload()
    expect(page.get_by_role("heading", name="270 test pictures, 1,257 labels")).to_be_visible()
    assert {key: probe.seconds for key, probe in results(server, run.id).probes.items()} == {
        key: probe.seconds for key, probe in found.probes.items()
    }


@pytest.mark.long
def test_on_a_phone_the_board_fits(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_features(page, server, "270 test pictures, 1,000 labels")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(".js-plotly-plot").last.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 390
