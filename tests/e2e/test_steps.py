"""Training, step by step, in a browser: the table, the link, both orders side by side;
the player itself is tested in tests/components.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until
from ui.components.training_steps.lesson import Lesson, epoch_of, long_course
from ui.components.training_steps.ratings_table import PRESETS

TITLE = "Training, step by step"
USUAL = PRESETS["stars"]["Two tastes"]
LESSON = Lesson("stars", USUAL)
ROWS = len(LESSON.table)
ONE_EPOCH = [
    "1.1.1",
    *(
        f"1.{row}.{step}"
        for row in range(1, ROWS + 1)
        for step in ("2", "3", "4", "5", "6a", "6b", "7" if row < ROWS else "8")
    ),
]


def open_steps(page: Page, server: Server, query: str = "both=false") -> None:
    """Opens it and waits until the network is drawn; the comparison is not, unless asked for."""
    go(page, f"{server.url}/steps?{query}", TITLE)
    expect(page.locator(".player .node.code").first).to_be_visible()


def moment(page: Page) -> str:
    """Where the player stands."""
    return page.locator(".player").get_attribute("data-moment") or ""


def at(page: Page, expected: str) -> None:
    """Waits until the player stands there."""
    expect(page.locator(".player")).to_have_attribute("data-moment", expected)


def link(page: Page, name: str) -> str | None:
    """One parameter of the address."""
    return parse_qs(urlsplit(page.evaluate("location.href")).query, keep_blank_values=True).get(name, [None])[0]


def number(text: str) -> float:
    """A number as the screen writes it."""
    return 0.0 if text == "≈0" else float(text.replace("−", "-"))


def on_synapses(page: Page, part: str, line: int = 0) -> np.ndarray:
    """The numbers on the synapses of a part, (film, hidden); `line` 1 is what stands under an arrow."""
    read = (
        "all => all.map(n => [Number(n.dataset.i), Number(n.dataset.k), "
        "[...n.querySelectorAll('tspan')].map(t => t.textContent)])"
    )
    found = page.eval_on_selector_all(f".player .number[data-part={part}]", read)
    values = np.full((6, 1 + max(k for _, k, _ in found)), np.nan)
    for i, k, lines in found:
        values[i, k] = number(lines[line].replace("→ ", "").replace("Σ ", ""))
    return values


def in_nodes(page: Page, part: str) -> list[float]:
    """The numbers in the nodes of a layer."""
    return [number(text) for text in page.locator(f".player .node.{part} .value").all_text_contents()]


def typed(page: Page, stars: str, right: int, down: int) -> bool:
    """Whether a digit typed on a cell of the table has opened its editor;
    a table that is drawn anew at that moment forgets the click.
    """
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box
    page.mouse.click(box["x"] + right, box["y"] + down)
    page.keyboard.press(stars)
    try:
        expect(page.locator("#portal :is(input, textarea)")).to_have_value(stars, timeout=3000)
    except AssertionError:
        page.keyboard.press("Escape")
        return False
    return True


def test_stars_that_are_none_are_named_and_count_as_not_rated(server: Server, page: Page) -> None:
    open_steps(page, server)
    wait_idle(page)
    until(lambda: typed(page, "9", right=135, down=52), "Ana's stars for Alien can be edited")
    page.keyboard.press("Enter")
    expect(page.get_by_text("'9' (Alien, row 1) is not a whole number of stars from 1 to 5, or 0")).to_be_visible()
    until(lambda: link(page, "stars") == "0" + USUAL[1:], "it counts as not rated")


@pytest.mark.long
def test_an_edited_table_trains_and_its_link_shows_the_same(server: Server, page: Page) -> None:
    open_steps(page, server, "both=false&at=2.1.3")
    wait_idle(page)
    until(lambda: typed(page, "2", right=135, down=52), "Ana's stars for Alien can be edited")
    page.keyboard.press("Enter")
    edited = "2" + USUAL[1:]
    until(lambda: link(page, "stars") == edited, "the link has the edit")
    at(page, "2.1.3")
    each = epoch_of(Lesson("stars", edited), 2).visits[0]
    until(lambda: in_nodes(page, "in")[0] == 0.4, "the new rating enters")
    assert in_nodes(page, "code") == pytest.approx(each.z, abs=0.0051)
    pick(page, "3")
    expect(page.locator(".player .node.code")).to_have_count(3)
    pick(page, "Batch")
    each = epoch_of(Lesson("stars", edited, 3, 1.0, "batch"), 2).visits[0]
    until(lambda: np.allclose(in_nodes(page, "code"), each.z, atol=0.0051), "the player shows the batch's numbers")
    wait_idle(page)
    seen = page.locator(".player svg").first.inner_html(), page.locator(".lines").inner_text()
    page.reload()
    expect(page.locator(".player .node.code")).to_have_count(3)
    wait_idle(page)
    at(page, "2.1.3")
    until(
        lambda: (page.locator(".player svg").first.inner_html(), page.locator(".lines").inner_text()) == seen,
        "the link shows the same numbers",
    )
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Autoencoder Explorer", level=1)).to_be_visible()
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".player .node.code")).to_have_count(3)
    at(page, "2.1.3")
    until(lambda: link(page, "stars") == edited, "the table is still the visitor's")
    press(page, "Forward ▶")
    at(page, "2.1.4")
    until(lambda: link(page, "at") == "2.1.4", "the link names the moment once it rests")
    press(page, "Same start")
    at(page, "1.1.1")
    press(page, "New start")
    until(lambda: link(page, "start") not in (None, "1"), "the link has the new start")


@pytest.mark.long
def test_online_and_batch_stand_side_by_side_with_numpys_errors(server: Server, page: Page) -> None:
    open_steps(page, server, "epochs=20&after=10")
    expect(page.locator(".pair section")).to_have_count(2)
    for section, order in zip(page.locator(".pair section").all(), ("online", "batch"), strict=True):
        course = long_course(Lesson("stars", USUAL, order=order), 20)
        expect(section.locator("h4")).to_have_text(
            f"{order.capitalize()}: after 10 epochs the table's error is {course.epoch_errors[10]:.4f}"
        )
        found = section.locator(".number[data-part=w1] tspan").all_text_contents()
        assert [number(text) for text in found] == pytest.approx(course.weights[10].w1.ravel(), abs=0.0051)
    read = (
        "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p.calcdata.map(t => "
        "[t[0].trace.name, t.map(v => v.y)]))"
    )
    until(lambda: [len(y) for _, y in page.evaluate(read)] == [21, 21], "two curves over epochs")
    pick(page, "updates")
    until(
        lambda: [len(y) for _, y in page.evaluate(read)] == [1 + 20 * ROWS, 21], "online makes an update for every row"
    )
    assert page.evaluate(read)[0][1] == pytest.approx(long_course(LESSON, 20).errors[: 1 + 20 * ROWS])
    page.get_by_text("Show both").click()
    expect(page.locator(".pair")).to_have_count(0)
