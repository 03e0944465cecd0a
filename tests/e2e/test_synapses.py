"""The synapses in a browser: every way to change them, by hand, key and finger, against the numbers of aecore.worked_examples.toy_network."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

from aecore.worked_examples.toy_network import ARTICLE, ToyNetwork, cross_entropy, learn, patterns
from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until


def open_synapses(page: Page, server: Server, query: str = "") -> None:
    """Opens the page and waits for the drawing."""
    go(page, f"{server.url}/synapses{query}", "Synapses")
    expect(synapse(page, "w1-0-0")).to_be_attached()


def state(page: Page) -> dict[str, Any]:
    """The numbers of the drawing as it is now."""
    return json.loads(page.locator(".toy").get_attribute("data-state") or "{}")


def network(page: Page) -> ToyNetwork:
    """The drawing's network."""
    now = state(page)
    return ToyNetwork.of(now["w1"], now["w2"], now["b1"], now["b2"])


def synapse(page: Page, name: str) -> Locator:
    return page.locator(f'[data-synapse="{name}"]')


def node(page: Page, name: str) -> Locator:
    return page.locator(f'[data-node="{name}"]')


def click_synapse(page: Page, name: str) -> None:
    """Clicks a synapse a third of the way along, where no other one crosses."""
    path = synapse(page, name).locator(".hit")
    x, y = path.evaluate(
        "p => { const at = p.getPointAtLength(p.getTotalLength() * 0.12), m = p.getScreenCTM(); return [at.x * m.a + m.e, at.y * m.d + m.f]; }"
    )
    page.mouse.click(x, y)


def readings(page: Page, column: str) -> list[str]:
    """A column of the table beside the outputs."""
    return page.locator(f".readings tbody .{column}").all_inner_texts()


def address(page: Page) -> str:
    """Where the page is; Playwright's own `url` moves only while it waits."""
    return page.evaluate("location.href")


def arithmetic(page: Page) -> str:
    return page.locator(".arith").inner_text()


def test_the_articles_example_stands_there_with_all_three_readings(server: Server, page: Page) -> None:
    open_synapses(page, server)
    assert state(page)["h"] == [1, 1]
    assert state(page)["o"] == [2, 0, 0, -2]
    assert readings(page, "share") == ["0.776", "0.105", "0.105", "0.014"]
    assert readings(page, "top") == readings(page, "over") == ["1", "0", "0", "0"]
    expect(page.get_by_text("You found 1 of 24")).to_be_visible()
    press(page, "Example 3")
    until(lambda: state(page)["x"] == [0, 0, 1, 0], "the third example is set")
    assert state(page)["o"] == [0, -2, 2, 0]


def test_a_click_flips_a_synapse_everything_follows_and_the_link_reproduces_it(server: Server, page: Page, new_page: NewPage) -> None:
    open_synapses(page, server)
    click_synapse(page, "w1-0-0")
    assert state(page)["w1"][0][0] == -1, "the drawing answers by itself"
    assert state(page)["h"] == [-1, 1]
    expect(synapse(page, "w1-0-0").locator(".synapse.minus")).to_have_count(1)
    expect(page.get_by_text("2 of 4 single likes come back (by").or_(page.get_by_text("3 of 4 single likes come back (by"))).to_be_visible()
    node(page, "in-2").locator("circle").click()
    assert state(page)["x"] == [1, 0, 1, 0]
    until(lambda: "x=1_0_1_0" in address(page) and "w=-1_1_-1_-1" in address(page), "the address has it all")
    other = new_page()
    open_synapses(other, server, "?" + address(page).partition("?")[2])
    assert state(other) == state(page)
    page.reload()
    wait_idle(page)
    until(lambda: synapse(page, "w1-0-0").count() and state(page).get("x") == [1, 0, 1, 0], "a reload keeps it")


def test_fast_clicks_are_all_kept(server: Server, page: Page) -> None:
    open_synapses(page, server)
    for k in range(4):
        click_synapse(page, f"w1-0-{k}")
    wait_idle(page)
    until(lambda: "w=-1_-1_1_1_" in address(page), "the address has all four")
    assert state(page)["w1"][0] == [-1, -1, 1, 1]


def test_a_synapse_is_dragged_typed_and_turned_by_keys(server: Server, page: Page) -> None:
    open_synapses(page, server)
    path = synapse(page, "w2-0-0").locator(".hit")
    box = path.evaluate("p => { const at = p.getPointAtLength(p.getTotalLength() * 0.9), m = p.getScreenCTM(); return [at.x * m.a + m.e, at.y * m.d + m.f]; }")
    page.mouse.move(*box)
    page.mouse.down()
    page.mouse.move(box[0], box[1] - 40, steps=4)
    page.mouse.up()
    assert state(page)["w2"][0][0] == 2.0
    field = page.locator(".toy .value")
    field.fill("0,5")
    field.press("Enter")
    assert state(page)["w2"][0][0] == 0.5
    synapse(page, "w1-1-2").focus()
    page.keyboard.press("Enter")
    assert state(page)["w1"][1][2] == -1
    page.keyboard.press("ArrowUp")
    assert state(page)["w1"][1][2] == -0.9
    page.keyboard.press("7")
    field.press("Enter")
    assert state(page)["w1"][1][2] == 7
    until(lambda: "_7_" in address(page) and "0.5_" in address(page), "the address has the typed weights")


def test_what_is_no_number_or_too_large_is_refused_and_the_old_value_stays(server: Server, page: Page) -> None:
    open_synapses(page, server)
    node(page, "in-1").locator("circle").click()
    field = page.locator(".toy .value")
    for text, words in (("many", "is not a number"), ("1e9", "too large"), ("", "is not a number")):
        field.fill(text)
        field.press("Enter")
        expect(page.locator(".toy .refusal")).to_contain_text(words)
        assert state(page)["x"] == [1, 1, 0, 0]
    field.fill("-2.5")
    field.press("Enter")
    expect(page.locator(".toy .refusal")).to_be_hidden()
    assert state(page)["x"] == [1, -2.5, 0, 0]
    field.fill("1000000")
    field.press("Enter")
    assert "NaN" not in page.locator(".toy").inner_text()


def test_a_node_shows_its_sum_and_lights_its_synapses_by_mouse_and_by_key(server: Server, page: Page) -> None:
    open_synapses(page, server)
    node(page, "code-1").locator("circle").hover()
    assert "x₁ − x₂ + x₃ − x₄" in arithmetic(page)
    assert arithmetic(page).endswith("= 1·1 + (−1)·0 + 1·0 + (−1)·0 = 1")
    lit = page.locator(".g-synapse.lit")
    assert sorted(each.get_attribute("data-synapse") for each in lit.all()) == [f"w1-1-{k}" for k in range(4)]
    page.mouse.move(5, 5)
    expect(lit).to_have_count(0)
    node(page, "out-3").focus()
    assert arithmetic(page).endswith("= (−1)·1 + (−1)·1 = −2")
    assert sorted(each.get_attribute("data-synapse") for each in lit.all()) == ["w2-3-0", "w2-3-1"]
    page.locator(".share").first.hover()
    assert "0.776" in arithmetic(page)


def test_the_temperature_carries_softmax_into_arg_max(server: Server, page: Page) -> None:
    open_synapses(page, server)
    slider = page.locator(".toy .temperature")
    slider.fill("-1.7")
    assert readings(page, "share") == ["1.000", "0.000", "0.000", "0.000"]
    until(lambda: "t=0.02" in address(page), "the temperature is in the address")
    slider.fill("1.3")
    assert max(map(float, readings(page, "share"))) < 0.28


def test_biases_are_drawn_both_ways_and_compute_the_same(server: Server, page: Page) -> None:
    open_synapses(page, server)
    page.get_by_text("+1 nodes", exact=True).click()
    expect(node(page, "in-4")).to_be_attached()
    synapse(page, "b1-0-4").focus()
    page.keyboard.press("Enter")
    assert state(page)["h"] == [2, 1]
    page.get_by_text("b inside the node", exact=True).click()
    expect(node(page, "in-4")).to_have_count(0)
    assert state(page)["h"] == [2, 1]
    expect(node(page, "code-0").locator(".bias").first).to_have_text("b +1")
    page.get_by_text("No biases", exact=True).click()
    until(lambda: state(page)["h"] == [1, 1], "hidden biases do not count")


def test_sizes_and_names_can_be_chosen(server: Server, page: Page) -> None:
    open_synapses(page, server)
    press(page, "Wider than its input")
    until(lambda: len(state(page)["h"]) == 6, "six hidden nodes")
    assert state(page)["o"] == state(page)["x"] == [1, 0, 1, 0]
    page.get_by_text("Music", exact=True).click()
    expect(node(page, "in-0").locator(".name")).to_have_text("Jazz")
    page.locator(".st-key-toy-inputs").get_by_role("combobox").click()
    page.get_by_role("option", name="6").click()
    until(lambda: len(state(page)["x"]) == 6, "six inputs")


def test_hints_lead_to_the_next_solution(server: Server, page: Page) -> None:
    open_synapses(page, server)
    press(page, "All +1")
    expect(page.get_by_text("0 of 4 single likes come back (by")).to_be_visible()
    for k in range(8):
        text = page.get_by_text("The nearest one you have not found").inner_text()
        press(page, "Hint: flip one synapse")
        until(lambda before=text: page.get_by_text("The nearest one you have not found").inner_text() != before, f"hint {k} is given")
        if page.get_by_text("You found 2 of 24").is_visible():
            break
    expect(page.get_by_text("You found 2 of 24")).to_be_visible()


def test_it_learns_in_sight_with_the_steps_of_gradient_descent(server: Server, page: Page) -> None:
    open_synapses(page, server)
    press(page, "New random weights")
    start = network(page)
    assert not np.isin(start.w1, (-1, 1)).any()
    press(page, "One step")
    assert state(page)["steps"] == 1
    after = learn(start, patterns(4), 1.0)
    assert np.allclose(network(page).w1, after.w1)
    assert np.allclose(network(page).w2, after.w2)
    press(page, "Run")
    until(lambda: state(page)["steps"] > 40, "it runs")
    press(page, "Pause")
    paused = network(page)
    assert cross_entropy(paused, patterns(4)) < cross_entropy(start, patterns(4))
    assert state(page)["steps"] >= 40
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    until(lambda: f"_{paused.w2[3, 1]:.4g}"[:5] in address(page), "the learned weights are in the address")
    assert (network(page).w1 == paused.w1).all(), "the page does not put other weights into the drawing"


def test_on_a_phone_it_works_by_touch(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_synapses(page, server)
    node(page, "in-1").tap()
    assert state(page)["x"] == [1, 1, 0, 0]
    node(page, "code-0").tap()
    assert "= 2" in arithmetic(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (np.array(state(page)["w1"]) == ARTICLE.w1).all()
