"""The synapse network: every way to change it, by mouse, finger and key, against the numbers of aecore.toy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from aecore.worked_examples.toy_network import ARTICLE, ToyNetwork, cross_entropy, learn, patterns
from tests.components.bare import DESKTOP, PHONE, Bare, Finger, told, tops
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.components import synapse_network as component
from ui.components.synapse_network.view import ToyView

ON_PATH = """(path, share) => {
  const at = path.getPointAtLength(path.getTotalLength() * share), m = path.getScreenCTM();
  return [at.x * m.a + m.e, at.y * m.d + m.f]; }"""


VIEW = ToyView()
PRESSED = ".lesson button, .lesson select, .tools input"


def data(view: ToyView = VIEW, revision: int = 1, flash: int = -1) -> dict[str, Any]:
    return told(component, lambda: component.synapse_network(view, revision, flash, lambda: None))


@pytest.fixture
def toy(open_bare: OpenBare) -> Bare:
    return open_toy(open_bare)


def open_toy(open_bare: OpenBare, view: ToyView = VIEW, looks: dict[str, Any] = DESKTOP) -> Bare:
    bare = open_bare("synapse-network", data(view), looks=looks)
    expect(synapse(bare, "w1-0-0")).to_be_attached()
    return bare


def state(toy: Bare) -> dict[str, Any]:
    """The numbers of the drawing as it is now."""
    return json.loads(toy.find(".toy").get_attribute("data-state") or "{}")


def network(toy: Bare) -> ToyNetwork:
    now = state(toy)
    return ToyNetwork.of(now["w1"], now["w2"], now["b1"], now["b2"])


def synapse(toy: Bare, name: str) -> Locator:
    return toy.find(f'.edge[data-id="{name}"]')


def node(toy: Bare, name: str) -> Locator:
    return toy.find(f'.node[data-id="{name}"]')


def on_synapse(toy: Bare, name: str, share: float = 0.12) -> tuple[float, float]:
    """A place on a synapse where no other one crosses, in pixels of the window."""
    x, y = synapse(toy, name).locator(".hit").evaluate(ON_PATH, share)
    return x, y


def readings(toy: Bare, column: str) -> list[str]:
    """A column of the table beside the outputs."""
    return toy.find(f".readings tbody .{column}").all_inner_texts()


def arithmetic(toy: Bare) -> str:
    return toy.find(".arith").inner_text()


def test_the_articles_example_stands_there_with_all_three_readings(toy: Bare) -> None:
    assert state(toy)["h"] == [1, 1]
    assert state(toy)["o"] == [2, 0, 0, -2]
    assert readings(toy, "share") == ["0.776", "0.105", "0.105", "0.014"]
    assert readings(toy, "top") == readings(toy, "over") == ["1", "0", "0", "0"]
    toy.show(data(replace(ToyView(), x=(0.0, 0.0, 1.0, 0.0)), revision=2))
    assert state(toy)["x"] == [0, 0, 1, 0], "another view has come from Python"
    assert state(toy)["o"] == [0, -2, 2, 0]
    assert toy.said("net") == [], "what Python says is not told back to it"


def test_a_click_flips_a_synapse_and_everything_follows(toy: Bare) -> None:
    toy.page.mouse.click(*on_synapse(toy, "w1-0-0"))
    assert state(toy)["w1"][0][0] == -1
    assert state(toy)["h"] == [-1, 1]
    expect(synapse(toy, "w1-0-0").locator(".synapse.minus")).to_have_count(1)
    expect(toy.find('.number[data-id="w1-0-0"]')).to_have_text("−1")
    node(toy, "in-2").locator("circle").click()
    assert state(toy)["x"] == [1, 0, 1, 0]
    assert [(each["w1"][0], each["x"]) for each in toy.said("net")] == [
        ([-1, 1, -1, -1], [1, 0, 0, 0]),
        ([-1, 1, -1, -1], [1, 0, 1, 0]),
    ]


def test_fast_clicks_are_all_kept_and_an_old_answer_undoes_none(toy: Bare) -> None:
    for k in range(4):
        toy.page.mouse.click(*on_synapse(toy, f"w1-0-{k}"))
    toy.show(data())  # Python's answer to an earlier one
    assert state(toy)["w1"][0] == [-x for x in ARTICLE.w1[0]]
    assert len(toy.said("net")) == 4


def test_a_synapse_is_dragged_and_the_click_that_ends_the_drag_flips_nothing(toy: Bare) -> None:
    x, y = on_synapse(toy, "w2-0-0", 0.9)
    toy.page.mouse.move(x, y)
    toy.page.mouse.down()
    toy.page.mouse.move(x, y - 40, steps=4)
    toy.page.mouse.up()
    assert state(toy)["w2"][0][0] == 2.0
    assert [each["w2"][0][0] for each in toy.said("net")] == [2.0]


def test_a_synapse_is_typed_and_turned_by_keys(toy: Bare) -> None:
    toy.page.mouse.click(*on_synapse(toy, "w2-0-0", 0.9))
    field = toy.find(".editor input")
    field.fill("0,5")
    field.press("Enter")
    assert state(toy)["w2"][0][0] == 0.5
    synapse(toy, "w1-1-2").focus()
    toy.page.keyboard.press("Enter")
    assert state(toy)["w1"][1][2] == -1
    toy.page.keyboard.press("ArrowUp")
    assert state(toy)["w1"][1][2] == -0.9
    toy.page.keyboard.press("7")
    field.press("Enter")
    assert state(toy)["w1"][1][2] == 7
    toy.page.get_by_role("button", name="Flip the sign").click()
    assert state(toy)["w1"][1][2] == -7


def test_what_is_no_number_or_too_large_is_refused_and_the_old_value_stays(toy: Bare) -> None:
    node(toy, "in-1").locator("circle").click()
    field = toy.find(".editor input")
    before = tops(toy.find(".toy"), PRESSED)
    for text, words in (("many", "is not a number"), ("1e9", "too large"), ("", "is not a number")):
        field.fill(text)
        field.press("Enter")
        expect(toy.find(".refusal")).to_contain_text(words)
        assert state(toy)["x"] == [1, 1, 0, 0]
        assert tops(toy.find(".toy"), PRESSED) == before, "a refusal has its place kept"
    field.fill("-2.5")
    field.press("Enter")
    expect(toy.find(".refusal")).to_be_hidden()
    assert state(toy)["x"] == [1, -2.5, 0, 0]
    field.fill("1000000")
    field.press("Enter")
    assert "NaN" not in toy.find(".toy").inner_text()


def test_a_node_shows_its_sum_and_lights_its_synapses_by_mouse_and_by_key(toy: Bare) -> None:
    node(toy, "code-1").locator("circle").hover()
    assert "x₁ − x₂ + x₃ − x₄" in arithmetic(toy)
    assert arithmetic(toy).endswith("= 1·1 + (−1)·0 + 1·0 + (−1)·0 = 1")
    lit = toy.find(".edge.lit")
    assert sorted(each.get_attribute("data-id") for each in lit.all()) == [f"w1-1-{k}" for k in range(4)]
    toy.page.mouse.move(5, 5)
    expect(lit).to_have_count(0)
    node(toy, "out-3").focus()
    assert arithmetic(toy).endswith("= (−1)·1 + (−1)·1 = −2")
    assert sorted(each.get_attribute("data-id") for each in lit.all()) == ["w2-3-0", "w2-3-1"]
    toy.find(".share").first.hover()
    assert "0.776" in arithmetic(toy)


def test_the_temperature_carries_softmax_into_arg_max_and_is_told(toy: Bare) -> None:
    slider = toy.find(".temperature")
    slider.fill("-1.7")
    assert readings(toy, "share") == ["1.000", "0.000", "0.000", "0.000"]
    slider.dispatch_event("change")
    assert toy.said("net")[-1]["temperature"] == 0.02
    slider.fill("1.3")
    assert max(map(float, readings(toy, "share"))) < 0.28


def test_biases_are_drawn_both_ways_and_compute_the_same(toy: Bare) -> None:
    view = replace(ToyView(), biases="node")
    toy.show(data(view, revision=2))
    expect(node(toy, "in-4").locator("rect")).to_be_attached()
    expect(node(toy, "in-4")).to_have_text("+1")
    synapse(toy, "b1-0-4").focus()
    toy.page.keyboard.press("Enter")
    assert state(toy)["h"] == [2, 1]
    net = network(toy)
    toy.show(data(replace(view, biases="inside", network=net), revision=3))
    expect(node(toy, "in-4")).to_have_count(0)
    assert state(toy)["h"] == [2, 1]
    expect(node(toy, "code-0").locator(".bias")).to_have_text("b 1")
    toy.show(data(replace(view, biases="none", network=net), revision=4))
    assert state(toy)["h"] == [1, 1], "hidden biases do not count"


@pytest.mark.long
@pytest.mark.parametrize(("inputs", "hidden"), [(3, 1), (4, 6), (6, 6)])
@pytest.mark.parametrize("biases", ["none", "node", "inside"])
def test_every_size_is_drawn_with_a_synapse_for_each_weight(
    open_bare: OpenBare, inputs: int, hidden: int, biases: str
) -> None:
    view = replace(ToyView().resized(inputs, hidden), names="music", biases=biases)
    toy = open_toy(open_bare, view)
    weights = 2 * inputs * hidden + (inputs + hidden if biases == "node" else 0)
    assert toy.find(".edge").count() == weights
    assert (toy.find(".number tspan").count() == weights) == (weights <= 26)
    assert toy.find(".node:not(.plus-one)").count() == 2 * inputs + hidden
    expect(node(toy, "in-0").locator(".name")).to_have_text("Jazz")


def test_the_synapse_to_flip_is_pointed_out(toy: Bare) -> None:
    toy.show(data(ToyView(), revision=2, flash=5))
    expect(toy.find(".edge.flash")).to_have_attribute("data-id", "w1-1-1")
    expect(toy.find(".edge.chosen")).to_have_attribute("data-id", "w1-1-1")
    expect(toy.find(".editor .what")).to_have_text("Weight from Heist to h₂:")


def test_it_learns_in_sight_with_the_steps_of_gradient_descent(toy: Bare) -> None:
    toy.page.get_by_role("button", name="New random weights").click()
    start = network(toy)
    assert not np.isin(start.w1, (-1, 1)).any()
    toy.page.get_by_role("button", name="One step").click()
    assert state(toy)["steps"] == 1
    after = learn(start, patterns(4), 1.0)
    assert np.allclose(network(toy).w1, after.w1)
    assert np.allclose(network(toy).w2, after.w2)
    toy.page.get_by_role("button", name="Run", exact=True).click()
    until(lambda: state(toy)["steps"] > 40, "it runs")
    toy.page.get_by_role("button", name="Pause").click()
    paused = network(toy)
    assert cross_entropy(paused, patterns(4)) < cross_entropy(start, patterns(4))
    assert state(toy)["steps"] >= 40
    expect(toy.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert np.allclose(toy.said("net")[-1]["w2"], paused.w2), "what was learned is told"
    toy.show(data())
    assert (network(toy).w1 == paused.w1).all(), "Python's answer does not put other weights into the drawing"


def test_weights_that_run_away_are_stopped(toy: Bare) -> None:
    steep = ToyNetwork.of(np.zeros((2, 4)), [[1e6, 1e6], *[[-1e6, -1e6]] * 3], np.zeros(2), np.zeros(4))
    toy.show(data(replace(ToyView(), network=steep), revision=2))
    before = network(toy)
    toy.find(".rate").select_option("3")
    toy.page.get_by_role("button", name="One step").click()
    expect(toy.find(".refusal")).to_contain_text("run away")
    assert (network(toy).w1 == before.w1).all()


def test_on_a_phone_it_works_by_touch_and_a_tap_flips_once(open_bare: OpenBare) -> None:
    toy = open_toy(open_bare, looks=PHONE)
    finger = Finger(toy.page)
    node(toy, "in-1").tap()
    assert state(toy)["x"] == [1, 1, 0, 0]
    node(toy, "code-0").tap()
    assert "= 2" in arithmetic(toy)
    assert (np.array(state(toy)["w1"]) == ARTICLE.w1).all()
    finger.tap(*on_synapse(toy, "w1-0-0", 0.3))
    until(lambda: state(toy)["w1"][0][0] == -1, "the tap has flipped it")
    assert len(toy.said("net")) == 2, "once"
    assert toy.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_that_scrolls_the_page_changes_nothing(open_bare: OpenBare) -> None:
    toy = open_toy(open_bare, looks=PHONE)
    finger, (x, y) = Finger(toy.page), on_synapse(toy, "w1-0-0", 0.3)
    finger.down((x, y))
    finger.cancel()
    slide(finger, x, y)
    assert state(toy)["w1"] == ARTICLE.w1.tolist()
    assert toy.said("net") == []


def test_a_finger_drags_the_synapse_that_was_chosen_by_a_tap(open_bare: OpenBare) -> None:
    toy = open_toy(open_bare, looks=PHONE)
    finger, (x, y) = Finger(toy.page), on_synapse(toy, "w1-0-0", 0.3)
    finger.tap(x, y)
    until(lambda: state(toy)["w1"][0][0] == -1, "the tap has flipped and chosen it")
    slide(finger, x, y)
    until(lambda: toy.said("net")[-1]["w1"][0][0] == 0, "it is dragged")
    assert len(toy.said("net")) == 2


def slide(finger: Finger, x: float, y: float) -> None:
    """The finger goes up by 40 pixels, which is 1 of a weight."""
    finger.down((x, y))
    for way in (10, 20, 40):
        finger.move((x, y - way))
    finger.up()


@pytest.mark.long
@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_button_moves_under_the_pointer_that_presses_it(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    toy = open_toy(open_bare, replace(ToyView().resized(6, 6), biases="inside"), looks)
    toy.find(".node.in").first.focus()
    before = tops(toy.find(".toy"), PRESSED)
    for name in ("One step", "One step", "New random weights", "One step"):
        toy.page.get_by_role("button", name=name).click()
        assert tops(toy.find(".toy"), PRESSED) == before


FONTS = """all => all.filter(each => each.textContent)
  .map(each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"""
COVERED = """all => all.flatMap((one, i) => all.slice(i + 1).map(other => {
  const [p, q] = [one, other].map(each => each.getBoundingClientRect());
  return [Math.min(p.right, q.right) - Math.max(p.left, q.left), Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)];
})).filter(([width, height]) => width > 1 && height > 4)"""


@pytest.mark.parametrize("biases", ["none", "node"])
def test_learned_weights_can_all_be_read_beside_the_score(open_bare: OpenBare, biases: str) -> None:
    net = ToyNetwork(
        np.array([[-2.34, 1.25, 0.07, -3.11], [2.08, -1.77, -12.5, 0.33]]),
        np.array([[-2.34, 1.25], [0.07, -3.11], [2.08, -1.77], [12.25, 0.33]]),
        np.array([-0.12, 1.5]), np.full(4, -2.25),
    )  # fmt: skip
    toy = open_toy(open_bare, replace(ToyView(), network=net, biases=biases))
    toy.page.add_style_tag(content="#host { width: 690px; }")
    expect(toy.find(".toy.narrow:not(.tight)")).to_be_visible()
    assert toy.find(".number text").evaluate_all(COVERED) == []
    assert min(toy.find(".net text").evaluate_all(FONTS)) >= 13.9
