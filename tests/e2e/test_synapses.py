"""The synapses page in a browser: the drawing, what stands beside it and the link are one;
the drawing itself is tested in tests/components.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.worked_examples.toy_network import ToyNetwork
from tests.e2e.screen import go, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until
from ui.components.synapse_network.view import ToyView


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
    return page.locator(f'.edge[data-id="{name}"]')


def node(page: Page, name: str) -> Locator:
    return page.locator(f'.node[data-id="{name}"]')


def click_synapse(page: Page, name: str) -> None:
    """Clicks a synapse a third of the way along, where no other one crosses."""
    path, before = synapse(page, name).locator(".hit"), [0.0, 0.0]

    def spot() -> list[float]:
        return path.evaluate(
            "p => { const at = p.getPointAtLength(p.getTotalLength() * 0.12), m = p.getScreenCTM(); "
            "return [at.x * m.a + m.e, at.y * m.d + m.f]; }"
        )

    while before != (before := spot()):  # the page may still be moving
        page.wait_for_timeout(150)
    page.mouse.click(*before)


def readings(page: Page, column: str) -> list[str]:
    """A column of the table beside the outputs."""
    return page.locator(f".readings tbody .{column}").all_inner_texts()


def address(page: Page) -> str:
    """Where the page is; Playwright's own `url` moves only while it waits."""
    return page.evaluate("location.href")


def arithmetic(page: Page) -> str:
    return page.locator(".arith").inner_text()


def test_a_click_flips_a_synapse_everything_follows_and_the_link_reproduces_it(
    server: Server, page: Page, new_page: NewPage
) -> None:
    open_synapses(page, server, f"?{urlencode(ToyView().to_query())}")
    click_synapse(page, "w1-0-0")
    assert state(page)["w1"][0][0] == -1, "the drawing answers by itself"
    assert state(page)["h"] == [-1, 1]
    expect(synapse(page, "w1-0-0").locator(".synapse.minus")).to_have_count(1)
    expect(
        page.get_by_text("2 of 4 single likes are reconstructed (by").or_(
            page.get_by_text("3 of 4 single likes are reconstructed (by")
        )
    ).to_be_visible()
    node(page, "in-2").locator("circle").click()
    assert state(page)["x"] == [1, 0, 1, 0]
    until(lambda: "x=1_0_1_0" in address(page) and "w=-1_1_-1_-1" in address(page), "the address has it all")
    other = new_page()
    open_synapses(other, server, "?" + address(page).partition("?")[2])
    assert state(other) == state(page)
    page.reload()
    wait_idle(page)
    until(lambda: synapse(page, "w1-0-0").count() and state(page).get("x") == [1, 0, 1, 0], "a reload keeps it")


@pytest.mark.long
def test_what_stands_beside_the_drawing_changes_it_and_what_it_learns_is_in_the_link(
    server: Server, page: Page
) -> None:
    open_synapses(page, server)
    expect(page.get_by_text("You found 0 of 24")).to_be_visible()
    score, drawing = page.get_by_text("You found 0 of 24").bounding_box(), page.locator(".toy").bounding_box()
    assert score
    assert drawing
    assert score["x"] > drawing["x"] + drawing["width"], "the score is beside the drawing"
    assert drawing["y"] < score["y"] < drawing["y"] + 400
    press(page, "Example 3")
    expect(page.get_by_text("You found 1 of 24")).to_be_visible()
    until(lambda: state(page)["x"] == [0, 0, 1, 0], "the third example is set")
    page.locator(".toy .temperature").fill("-1.7")
    until(lambda: "t=0.02" in address(page), "the temperature is in the address")
    page.get_by_text("+1 nodes", exact=True).click()
    expect(node(page, "in-4")).to_be_attached()
    synapse(page, "b1-0-4").focus()
    page.keyboard.press("Enter")
    page.get_by_text("No biases", exact=True).click()
    until(lambda: not node(page, "in-4").count() and state(page)["h"] == [-1, 1], "hidden biases do not count")
    press(page, "Wider than its input")
    until(lambda: len(state(page)["h"]) == 6, "six hidden nodes")
    page.get_by_text("Music", exact=True).click()
    expect(node(page, "in-0").locator(".name")).to_have_text("Jazz")
    page.locator(".st-key-toy-inputs").get_by_role("combobox").click()
    page.get_by_role("option", name="6").click()
    until(lambda: len(state(page)["x"]) == 6, "six inputs")
    open_synapses(page, server)
    expect(page.get_by_text("0 of 4 single likes are reconstructed (by")).to_be_visible()
    hints = page.get_by_text("The nearest solution you have not found")
    text = hints.first.inner_text()
    press(page, "Hint: flip one synapse")
    until(lambda: hints.first.inner_text() != text, "a hint is given")
    expect(hints).to_have_count(1)
    press(page, "Run")
    until(lambda: state(page)["steps"] > 10, "it runs")
    press(page, "Pause")
    paused = network(page)
    until(lambda: f"_{paused.w2[3, 1]:.4g}"[:5] in address(page), "the learned weights are in the address")
    assert (network(page).w1 == paused.w1).all(), "the page does not put other weights into the drawing"
