"""A race in a browser: from the form to the last figure, watched, stopped, shared and joined."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from aecore.experiment.comparison import Comparison, ComparisonEntry, as_text
from tests.e2e.finished import finished_run
from tests.e2e.screen import curves, go, press, records, status, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import TRAINING, until
from ui.widgets.wording import percent

ENTRIES = (ComparisonEntry("linear", {"latent_size": 3}), ComparisonEntry("undercomplete", {"latent_size": 4}))
SHORT = as_text(Comparison.on("digits", ENTRIES, epochs=300, batch_size=64, seed=5))
LONG = as_text(Comparison.on("digits", ENTRIES, epochs=2000, batch_size=16))
TICKS_MS = 2500
"""Three times as long as the board waits between two looks."""


def open_race(page: Page, server: Server, query: str) -> None:
    go(page, f"{server.url}/race?{query}", "Race")


def ids(page: Page) -> list[str]:
    """The runs that the address names."""
    found = page.evaluate("new URLSearchParams(location.search).get('runs')") or ""
    return [run_id for run_id in found.split(".") if run_id]


def start(page: Page) -> list[str]:
    """Starts the race in the form and returns its runs."""
    press(page, "Start the race")
    return until(lambda: ids(page), "the address names the runs")


def table(page: Page) -> list[list[str]]:
    """The text of every cell of the table."""
    return page.eval_on_selector_all(
        ".race-table tbody tr",
        "rows => rows.map(row => [row.querySelector('.race-name').textContent, "
        "...[...row.cells].slice(1).map(c => c.textContent)])",
    )


def strips(page: Page) -> list[str]:
    """The rows of pictures, as they are now."""
    return page.eval_on_selector_all(".race-row > img", "images => images.map(image => image.src)")


def end_of(page: Page, seconds: float = 60) -> None:
    expect(page.get_by_role("heading", name="The results")).to_be_visible(timeout=seconds * 1000)


def written(server: Server, run_id: str) -> list[str]:
    """The figures of a run that has ended, as the table should write them."""
    found, last = status(server.runs, run_id), records(server.runs, run_id)[-1]
    test, pca = found["test"], found["baselines"]["pca_test"]
    change = f"{100 * (test['mse'] / pca - 1):+.0f}\N{NO-BREAK SPACE}%".replace("-", "−")
    return [
        f"{test['mse']:.5f}", f"{test['squared_error']:.3f}", change, percent(test["probe"]),
        f"{last['seconds']:.1f}", f"{found['parameters']:,}",
    ]  # fmt: skip


@pytest.mark.long
def test_two_entries_are_raced_from_one_form_and_the_link_shows_the_same_to_somebody_else(
    server: Server, page: Page, new_page: NewPage
) -> None:
    open_race(page, server, f"race={SHORT}")
    runs = start(page)
    assert len(runs) == 2
    seen: set[tuple[str, ...]] = set()
    drawn: set[tuple[str, ...]] = set()

    def ended() -> bool:
        seen.add(tuple(strips(page)))
        drawn.add(tuple(curves(page)))
        return all(status(server.runs, run_id)["state"] == "done" for run_id in runs)

    until(ended, "both runs are done", seconds=TRAINING, every=0.2)
    assert len(seen - {()}) >= 2, "the pictures did not move while the race was on"
    assert len(drawn - {()}) >= 2, "the curves did not move while the race was on"
    end_of(page)
    expected = [
        ["Linear (PCA) · code size 3", *written(server, runs[0]), "3"],
        ["Undercomplete · code size 4", *written(server, runs[1]), "4"],
    ]
    until(lambda: table(page) == expected, "the table holds the figures of both runs")
    expect(page.get_by_text("On the Pareto front")).to_be_visible()
    pictures = until(
        lambda: len(found := strips(page)) == 4 * 3 and found, "the originals and both entries have their rows"
    )
    wait_idle(page)
    other = new_page()
    go(other, page.url, "Race")
    end_of(other)
    until(lambda: table(other) == expected, "somebody else sees the same table")
    until(lambda: strips(other) == pictures, "somebody else sees the same pictures")
    expect(other.get_by_label("Random seed", exact=True)).to_have_value("5")
    expect(other.get_by_label("Epochs", exact=True)).to_have_value("300")


@pytest.mark.long
def test_a_page_whose_race_is_over_asks_for_nothing_more(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    run = finished_run(server.runs, "Over", epochs=2)
    page = new_context().new_page()
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    open_race(page, server, f"runs={run.id}")
    end_of(page)
    until(lambda: curves(page), "the curve is drawn")
    wait_idle(page)
    frames: list[object] = []
    for socket in sockets:
        socket.on("framesent", lambda frame: frames.append(frame))
    page.wait_for_timeout(TICKS_MS)
    assert frames == []


@pytest.mark.long
def test_all_entries_are_paused_continued_and_stopped_at_once(server: Server, page: Page) -> None:
    open_race(page, server, f"race={LONG}")
    runs = start(page)

    def become(state: str, *others: str) -> None:
        """`others`: where runs may be as well that have not begun, on a machine that trains one at a time."""
        found: set[str] = set()

        def are() -> bool:
            found.clear()
            found.update(status(server.runs, run_id)["state"] for run_id in runs)
            return state in found and found <= {state, *others}

        with contextlib.suppress(AssertionError):
            return until(are, f"the runs are {state}")
        raise AssertionError(f"the runs are {found} and not {state}")

    def gone(button: str) -> None:
        """A button acts on the runs that it was drawn for: waits until the page has seen what all of them do now."""
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)

    become("training", "queued")
    press(page, "Pause all")
    become("paused")
    gone("Pause all")
    press(page, "Continue all")
    become("training", "queued")
    gone("Continue all")
    press(page, "Stop all")
    become("stopped", "paused")
    expected = [written(server, run_id) for run_id in runs if status(server.runs, run_id)["state"] == "stopped"]
    until(
        lambda: [row[1:-1] for row in table(page) if "–" not in row] == expected,
        "the table holds what they had reached",
    )


@pytest.mark.long
def test_an_earlier_run_joins_the_table_the_chart_and_the_pictures(server: Server, page: Page) -> None:
    first, second = (
        finished_run(server.runs, "Shown first", epochs=3),
        finished_run(server.runs, "Joins later", epochs=3, latent_size=2),
    )
    open_race(page, server, f"runs={first.id}")
    until(lambda: [row[0] for row in table(page)] == ["Shown first"], "one run is on show")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()  # what moves the page would close the list
    wait_idle(page)
    field = page.locator(".st-key-race_runs input")
    field.click()
    field.fill("Joins later")
    expect(page.get_by_role("option").filter(has_text="Joins later")).to_be_visible()
    field.press("Enter")
    until(lambda: [row[0] for row in table(page)] == ["Shown first", "Joins later"], "the second one has joined")
    assert ids(page) == [first.id, second.id]
    until(lambda: len(strips(page)) == 4 * 3, "its pictures are there")
    expect(page.get_by_text("On the Pareto front").get_by_text("Joins later")).to_be_visible()


def test_a_bad_link_says_so_and_the_form_below_it_can_be_used(server: Server, page: Page) -> None:
    open_race(page, server, "race=digits~linear~perpetuum-mobile")
    expect(
        page.get_by_text("The race in this link cannot be used. There is no variant 'perpetuum-mobile'")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Start the race")).to_be_enabled()


@pytest.mark.long
def test_on_a_phone_nothing_but_the_table_is_wider_than_the_screen(server: Server, new_page: NewPage) -> None:
    runs = [
        finished_run(server.runs, name, epochs=2)
        for name in ("Narrow", "Also narrow, with a name of many words that has to be broken")
    ]
    page = new_page(viewport={"width": 390, "height": 844})
    open_race(page, server, f"runs={runs[0].id}.{runs[1].id}")
    end_of(page)
    until(lambda: strips(page), "the pictures are there")
    is_wide = "e => !e.closest('.race-table') && !e.closest('svg') && e.getBoundingClientRect().right > innerWidth + 1"
    read = f"all => all.filter({is_wide}).map(e => e.outerHTML.slice(0, 90))"
    assert page.eval_on_selector_all('[data-testid="stMainBlockContainer"] *', read) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
