"""Training, step by step, in a browser: every button and key, the table, the link; the numbers on screen against numpy's."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import go, pick, press, wait_idle
from tests.e2e.server import Server
from tests.waiting import until
from ui.components.training_steps.lesson import Lesson, epoch_of, long_course
from ui.components.training_steps.ratings_table import PRESETS, table_of

TITLE = "Training, step by step"
USUAL = PRESETS["stars"]["Two tastes"]
LESSON = Lesson("stars", USUAL)
ROWS = len(LESSON.table)
ONE_EPOCH = ["1.1.1", *(f"1.{row}.{step}" for row in range(1, ROWS + 1) for step in ("2", "3", "4", "5", "6a", "6b", "7" if row < ROWS else "8"))]


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
    read = "all => all.map(n => [Number(n.dataset.i), Number(n.dataset.k), [...n.querySelectorAll('tspan')].map(t => t.textContent)])"
    found = page.eval_on_selector_all(f".player .number[data-part={part}]", read)
    values = np.full((6, 1 + max(k for _, k, _ in found)), np.nan)
    for i, k, lines in found:
        values[i, k] = number(lines[line].replace("→ ", "").replace("Σ ", ""))
    return values


def in_nodes(page: Page, part: str) -> list[float]:
    """The numbers in the nodes of a layer."""
    return [number(text) for text in page.locator(f".player .node.{part} .value").all_text_contents()]


def test_every_step_shows_numpys_numbers_and_lights_formula_and_diagram_at_once(server: Server, page: Page) -> None:
    open_steps(page, server)
    each = epoch_of(LESSON, 1).visits[0]
    lit = {"2": "in", "3": "code", "4": "out", "5": "out", "6a": "w2", "6b": "w1"}
    for step in ("1", "2", "3", "4", "5", "6a", "6b", "7"):
        at(page, f"1.1.{step}")
        expect(page.locator(".steps [aria-current]")).to_have_attribute("data-step", step)
        shown = {"6a": each.gradient, "7": each.after}.get(step, each.before)
        places = 0.00051 if step in ("6a", "6b") else 0.0051
        assert on_synapses(page, "w1") == pytest.approx(shown.w1.T, abs=places)
        assert on_synapses(page, "w2") == pytest.approx(shown.w2, abs=places)
        if step in lit:
            assert page.locator(f".player .lit[data-part={lit[step]}]").count() > 0
        if step == "2":
            assert in_nodes(page, "in") == pytest.approx(each.x, abs=0.0051)
            assert page.locator(".node.in.missing").count() == 1
            expect(page.locator(".node.in.missing .note")).to_have_text("not rated")
        if step == "3":
            assert in_nodes(page, "code") == pytest.approx(each.z, abs=0.0051)
            expect(page.locator(".edge[data-part=w1].flows-forward")).to_have_count(12)
            expect(page.locator(".lines")).to_contain_text(f"{each.z[0]:.4f}".rstrip("0"))
        if step == "4":
            assert in_nodes(page, "out") == pytest.approx(each.y, abs=0.0051)
        if step == "5":
            expect(page.locator(".player .say")).to_contain_text(f"The distance is {each.distance:.4f}".rstrip("0"))
            expect(page.locator(".node.out.missing .note")).to_have_text("left out")
        if step == "6a":
            assert page.locator(".edge.flows-back").count() == 2 * 12 - 2 - 2, "nothing flows through the film that is not rated"
        if step == "6b":
            assert on_synapses(page, "w1", line=1) == pytest.approx(each.after.w1.T, abs=0.00051)
            assert on_synapses(page, "w2", line=1) == pytest.approx(each.after.w2, abs=0.00051)
        press(page, "Forward ▶")
    at(page, "1.2.2")
    assert "done" in (page.locator(".ratings tbody tr").nth(0).get_attribute("class") or "")
    assert page.locator(".ratings tbody tr").nth(1).get_attribute("aria-current") == "true"


def test_fast_clicks_and_keys_neither_skip_nor_undo_a_step(server: Server, page: Page) -> None:
    open_steps(page, server)
    page.locator(".player .next-epoch").evaluate("b => { for (let n = 0; n < 7; n++) b.click(); }")
    at(page, "8.1.1")
    weights = long_course(LESSON, 7).weights[7]
    assert on_synapses(page, "w1") == pytest.approx(weights.w1.T, abs=0.0051)
    page.locator(".player .forward").evaluate("b => { for (let n = 0; n < 40; n++) b.click(); }")
    at(page, "9." + ONE_EPOCH[40 - len(ONE_EPOCH)].split(".", 1)[1])
    page.locator(".player .back").evaluate("b => { for (let n = 0; n < 40; n++) b.click(); }")
    at(page, "8.1.1")
    until(lambda: link(page, "at") == "8.1.1", "the link names the moment")
    wait_idle(page)
    assert moment(page) == "8.1.1"
    page.locator(".player .back").evaluate("b => { for (let n = 0; n < 36 * 2; n++) b.click(); }")
    at(page, "6.1.1")


def test_keys_step_and_play_and_the_formula_follows_the_focus(server: Server, page: Page) -> None:
    open_steps(page, server)
    page.locator(".node.code").nth(1).focus()
    for expected in ("1.1.2", "1.1.3"):
        page.keyboard.press("ArrowRight")
        at(page, expected)
    expect(page.locator(".lines")).to_contain_text("z[2] = σ(")
    expect(page.locator(".node.code.chosen")).to_have_count(1)
    page.locator(".number[data-part=w2][data-i='3'][data-k='1']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lines")).to_contain_text("for Titanic")
    page.keyboard.press("ArrowLeft")
    at(page, "1.1.3")
    page.locator(".node.code").nth(0).hover()
    expect(page.locator(".lines")).to_contain_text("z[1] = σ(")
    page.locator(".steps [data-step='8']").click()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.locator(".player .speed").select_option("very quick")
    page.locator(".node.in").nth(0).focus()
    page.keyboard.press("Space")
    expect(page.locator(".player .play")).to_have_text("Pause")
    until(lambda: moment(page).startswith("2."), "it plays on into the next epoch")
    page.keyboard.press("Space")
    expect(page.locator(".player .play")).to_have_text("Play")
    rest = moment(page)
    until(lambda: link(page, "at") == rest, "the link names the moment once it rests")
    assert moment(page) == rest
    page.keyboard.press("Home")
    at(page, "1.1.1")


def test_rows_epochs_steps_and_the_start_can_be_gone_to(server: Server, page: Page) -> None:
    open_steps(page, server)
    expect(page.locator(".player .back")).to_be_disabled()
    for row in range(1, ROWS + 1):
        press(page, "Next row")
        at(page, f"1.{row}.2")
    page.locator(".steps [data-step='8']").click()
    at(page, f"1.{ROWS}.8")
    expect(page.locator(".player .say")).to_contain_text(f"to {epoch_of(LESSON, 1).table_errors[-1]:.4f}".rstrip("0"))
    press(page, "Next epoch")
    at(page, "2.1.1")
    page.locator(".player .epoch").fill("300")
    page.keyboard.press("Enter")
    at(page, "300.1.1")
    assert on_synapses(page, "w2") == pytest.approx(long_course(LESSON, 299).weights[299].w2, abs=0.0051)
    page.locator(".player .epoch").fill("soon")
    page.keyboard.press("Enter")
    expect(page.locator(".player .say")).to_contain_text("“soon” is no epoch")
    page.locator(".player .start").click()
    at(page, "1.1.1")


def typed(page: Page, stars: str, right: int, down: int) -> bool:
    """Whether a digit typed on a cell of the table has opened its editor; a table that is drawn anew at that moment forgets the click."""
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box
    page.mouse.click(box["x"] + right, box["y"] + down)
    page.keyboard.press(stars)
    try:
        expect(page.locator("#portal input")).to_have_value(stars, timeout=3000)
    except AssertionError:
        page.keyboard.press("Escape")
        return False
    return True


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
    until(lambda: (page.locator(".player svg").first.inner_html(), page.locator(".lines").inner_text()) == seen, "the link shows the same numbers")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Autoencoder Explorer", level=1)).to_be_visible()
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".player .node.code")).to_have_count(3)
    at(page, "2.1.3")
    until(lambda: link(page, "stars") == edited, "the table is still the visitor's")


def test_the_same_start_begins_again_and_a_new_start_is_another(server: Server, page: Page) -> None:
    open_steps(page, server, "both=false&at=4.2.5")
    at(page, "4.2.5")
    press(page, "Same start")
    at(page, "1.1.1")
    assert on_synapses(page, "w1") == pytest.approx(LESSON.start.w1.T, abs=1e-9)
    press(page, "New start")
    until(lambda: link(page, "start") not in (None, "1"), "the link has the new start")
    wait_idle(page)
    seed = int(link(page, "start") or 0)
    assert on_synapses(page, "w1") == pytest.approx(Lesson("stars", USUAL, seed=seed).start.w1.T, abs=1e-9)
    press(page, "Next epoch")
    at(page, "2.1.1")


def test_in_a_batch_sums_are_put_aside_and_used_at_the_end_of_the_epoch(server: Server, page: Page) -> None:
    lesson = Lesson("stars", USUAL, order="batch", rate=3.0)
    open_steps(page, server, "both=false&order=Batch&rate=3&at=1.2.6b")
    once = epoch_of(lesson, 1)
    expect(page.locator(".player .say")).to_contain_text("the weights wait")
    assert on_synapses(page, "w2") == pytest.approx(once.visits[0].gradient.w2 + once.visits[1].gradient.w2, abs=0.00051)
    page.locator(".steps [data-step='8']").click()
    assert on_synapses(page, "w2") == pytest.approx(once.before.w2, abs=0.00051)
    assert on_synapses(page, "w2", line=1) == pytest.approx(once.after.w2, abs=0.00051)
    row = table_of(USUAL, "stars").names[-1]
    expect(page.locator(".ratings tbody tr.done")).to_have_count(ROWS)
    assert row in page.locator(".ratings tbody tr").last.inner_text()


def test_online_and_batch_stand_side_by_side_with_numpys_errors(server: Server, page: Page) -> None:
    open_steps(page, server, "epochs=20&after=10")
    expect(page.locator(".pair section")).to_have_count(2)
    for section, order in zip(page.locator(".pair section").all(), ("online", "batch"), strict=True):
        course = long_course(Lesson("stars", USUAL, order=order), 20)
        expect(section.locator("h4")).to_have_text(f"{order.capitalize()}: after 10 epochs the table's error is {course.epoch_errors[10]:.4f}")
        found = section.locator(".number[data-part=w1] tspan").all_text_contents()
        assert [number(text) for text in found] == pytest.approx(course.weights[10].w1.ravel(), abs=0.0051)
    read = "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p.calcdata.map(t => [t[0].trace.name, t.map(v => v.y)]))"
    until(lambda: [len(y) for _, y in page.evaluate(read)] == [21, 21], "two curves over epochs")
    pick(page, "updates")
    until(lambda: [len(y) for _, y in page.evaluate(read)] == [1 + 20 * ROWS, 21], "online makes an update for every row")
    assert page.evaluate(read)[0][1] == pytest.approx(long_course(LESSON, 20).errors[: 1 + 20 * ROWS])
    page.get_by_text("Show both").click()
    expect(page.locator(".pair")).to_have_count(0)


@pytest.mark.parametrize("query", ["stars=000000.000000Bo", "rate=100&nodes=4&at=299.3.6b&ratings=liked&liked=______.000000.111111"])
def test_nothing_on_screen_is_ever_no_number(query: str, server: Server, page: Page) -> None:
    open_steps(page, server, f"{query}&epochs=300&after=300")
    expect(page.locator(".pair section")).to_have_count(2)
    for _ in range(7):
        page.locator(".player .forward").evaluate("button => button.click()")
        assert not re.search(r"NaN|undefined|Infinity|null", page.locator(".player").inner_text() + page.locator(".player svg").first.inner_html())
    assert not re.search(r"NaN|undefined|Infinity", page.locator("body").inner_text())


def test_an_empty_table_leads_to_an_example(server: Server, page: Page) -> None:
    go(page, f"{server.url}/steps?both=false&stars=&at=9.1.1", TITLE)
    expect(page.get_by_text("The table is empty")).to_be_visible()
    press(page, "Everyone alike")
    at(page, "9.1.1")
    until(lambda: (link(page, "stars") or "").startswith("542123Ana"), "the link has the example")
