"""The training player and the pair of networks: every button and key,
the formulas and the drawing, against numpy's numbers.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.components.bare import DESKTOP, PHONE, Bare, told, tops
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.components import training_pair, training_steps
from ui.components.training_steps.lesson import Lesson, Moment, epoch_of, long_course
from ui.components.training_steps.ratings_table import PRESETS

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
BARE_NUMBERS = re.compile(r"NaN|undefined|Infinity|null")


class Python:
    """The page's side of the player: where it stands, and the epochs around."""

    def __init__(self, lesson: Lesson = LESSON, at: str = "1.1.1") -> None:
        self.lesson, self.at, self.returns = lesson, at, 1

    def hear(self, _: str, at: str) -> dict[str, Any]:
        """The player says where it is, and gets the epochs around it."""
        self.at = at
        return self.data()

    def data(self) -> dict[str, Any]:
        """What the player is shown now."""
        return told(
            training_steps,
            lambda: training_steps.training_steps(self.lesson, Moment.of(self.at), self.returns, "player"),
        )


def open_player(open_bare: OpenBare, python: Python | None = None, looks: dict[str, Any] = DESKTOP) -> Bare:
    python = python or Python()
    bare = open_bare("training-steps", python.data(), python.hear, looks=looks)
    expect(bare.find(".node.code").first).to_be_visible()
    return bare


def at(player: Bare, expected: str) -> None:
    """Waits until the player stands there."""
    expect(player.find(".player")).to_have_attribute("data-moment", expected)


def press(player: Bare, name: str) -> None:
    player.page.get_by_role("button", name=name, exact=True).click()


def number(text: str) -> float:
    """A number as the screen writes it."""
    return 0.0 if text == "≈0" else float(text.replace("−", "-"))


def on_synapses(bare: Bare, part: str, line: int = 0, root: str = ".player") -> np.ndarray:
    """The numbers on the synapses of a part, (film, hidden); `line` 1 is what stands under an arrow."""
    read = (
        "all => all.map(n => [...n.dataset.id.split('-').slice(1).map(Number), "
        "[...n.querySelectorAll('tspan')].map(t => t.textContent)])"
    )
    found = bare.find(f"{root} .number[data-part={part}]").evaluate_all(read)
    values = np.full((1 + max(row for row, _, _ in found), 1 + max(column for _, column, _ in found)), np.nan)
    for row, column, lines in found:
        values[row, column] = number(lines[line].replace("→ ", "").replace("Σ ", ""))
    return values


def in_nodes(player: Bare, part: str) -> list[float]:
    """The numbers in the nodes of a layer."""
    return [number(text) for text in player.find(f".node.{part} .value").all_text_contents()]


def test_every_step_shows_numpys_numbers_and_lights_formula_and_diagram_at_once(open_bare: OpenBare) -> None:
    player = open_player(open_bare)
    each = epoch_of(LESSON, 1).visits[0]
    lit = {"2": "in", "3": "code", "4": "out", "5": "out", "6a": "w2", "6b": "w1"}
    for step in ("1", "2", "3", "4", "5", "6a", "6b", "7"):
        at(player, f"1.1.{step}")
        expect(player.find(".steps [aria-current]")).to_have_attribute("data-step", step)
        shown = {"6a": each.gradient, "7": each.after}.get(step, each.before)
        places = 0.00051 if step in ("6a", "6b") else 0.0051
        assert on_synapses(player, "w1") == pytest.approx(shown.w1, abs=places)
        assert on_synapses(player, "w2") == pytest.approx(shown.w2, abs=places)
        if step in lit:
            assert player.find(f".lit[data-part={lit[step]}]").count() > 0
        if step == "2":
            assert in_nodes(player, "in") == pytest.approx(each.x, abs=0.0051)
            assert player.find(".node.in.missing").count() == 1
            expect(player.find(".node.in.missing .note")).to_have_text("not rated")
        if step == "3":
            assert in_nodes(player, "code") == pytest.approx(each.z, abs=0.0051)
            expect(player.find(".edge[data-part=w1].flows-forward")).to_have_count(12)
            expect(player.find(".lines")).to_contain_text(f"{each.z[0]:.4f}".rstrip("0"))
        if step == "4":
            assert in_nodes(player, "out") == pytest.approx(each.y, abs=0.0051)
        if step == "5":
            expect(player.find(".say")).to_contain_text(f"The distance is {each.distance:.4f}".rstrip("0"))
            expect(player.find(".node.out.missing .note")).to_have_text("left out")
        if step == "6a":
            assert player.find(".edge.flows-back").count() == 2 * 12 - 2 - 2, (
                "nothing flows through the film that is not rated"
            )
        if step == "6b":
            assert on_synapses(player, "w1", line=1) == pytest.approx(each.after.w1, abs=0.00051)
            assert on_synapses(player, "w2", line=1) == pytest.approx(each.after.w2, abs=0.00051)
        press(player, "Forward ▶")
    at(player, "1.2.2")
    assert "done" in (player.find(".ratings tbody tr").nth(0).get_attribute("class") or "")
    assert player.find(".ratings tbody tr").nth(1).get_attribute("aria-current") == "true"


@pytest.mark.long
def test_fast_clicks_neither_skip_nor_undo_a_step(open_bare: OpenBare) -> None:
    python = Python()
    player = open_player(open_bare, python)
    player.find(".next-epoch").evaluate("b => { for (let n = 0; n < 7; n++) b.click(); }")
    at(player, "8.1.1")
    assert on_synapses(player, "w1") == pytest.approx(long_course(LESSON, 7).weights[7].w1, abs=0.0051)
    player.find(".forward").evaluate("b => { for (let n = 0; n < 40; n++) b.click(); }")
    at(player, "9." + ONE_EPOCH[40 - len(ONE_EPOCH)].split(".", 1)[1])
    player.find(".back").evaluate("b => { for (let n = 0; n < 40; n++) b.click(); }")
    at(player, "8.1.1")
    until(lambda: player.said("at")[-1] == "8.1.1", "Python knows the moment")
    at(player, "8.1.1")
    player.find(".back").evaluate("b => { for (let n = 0; n < 36 * 2; n++) b.click(); }")
    at(player, "6.1.1")


def test_keys_step_and_play_and_the_formula_follows_the_focus(open_bare: OpenBare) -> None:
    python = Python()
    player = open_player(open_bare, python)
    keyboard = player.page.keyboard
    player.find(".node.code").nth(1).focus()
    for expected in ("1.1.2", "1.1.3"):
        keyboard.press("ArrowRight")
        at(player, expected)
    expect(player.find(".lines")).to_contain_text("z[2] = σ(")
    expect(player.find(".node.code.chosen")).to_have_count(1)
    player.find(".edge[data-id=w2-3-1]").focus()
    keyboard.press("ArrowRight")
    expect(player.find(".lines")).to_contain_text("for Titanic")
    keyboard.press("ArrowLeft")
    at(player, "1.1.3")
    player.find(".node.code").nth(0).hover()
    expect(player.find(".lines")).to_contain_text("z[1] = σ(")
    player.find(".steps [data-step='8']").click()
    for _ in range(5):
        keyboard.press("ArrowLeft")
    player.find(".speed").select_option("very quick")
    player.find(".node.in").nth(0).focus()
    keyboard.press("Space")
    expect(player.find(".play")).to_have_text("Pause")
    until(
        lambda: (player.find(".player").get_attribute("data-moment") or "").startswith("2."),
        "it plays on into the next epoch",
    )
    keyboard.press("Space")
    expect(player.find(".play")).to_have_text("Play")
    rest = player.find(".player").get_attribute("data-moment")
    until(lambda: player.said("at")[-1] == rest, "Python hears of the moment once it rests")
    keyboard.press("Home")
    at(player, "1.1.1")


def test_a_number_is_picked_as_its_synapse_is(open_bare: OpenBare) -> None:
    player = open_player(open_bare, Python(at="1.1.6a"))
    player.find(".number[data-id=w2-3-1]").click()
    expect(player.find(".edge.chosen")).to_have_attribute("data-id", "w2-3-1")
    expect(player.find(".number.chosen")).to_have_attribute("data-id", "w2-3-1")
    expect(player.find(".lines")).to_contain_text("∂E/∂W₂[4,2]")


def test_rows_epochs_steps_and_the_start_can_be_gone_to(open_bare: OpenBare) -> None:
    player = open_player(open_bare)
    expect(player.find(".back")).to_be_disabled()
    for row in range(1, ROWS + 1):
        press(player, "Next row")
        at(player, f"1.{row}.2")
    player.find(".steps [data-step='8']").click()
    at(player, f"1.{ROWS}.8")
    expect(player.find(".say")).to_contain_text(f"to {epoch_of(LESSON, 1).table_errors[-1]:.4f}".rstrip("0"))
    press(player, "Next epoch")
    at(player, "2.1.1")
    player.find(".epoch").fill("300")
    player.page.keyboard.press("Enter")
    at(player, "300.1.1")
    assert on_synapses(player, "w2") == pytest.approx(long_course(LESSON, 299).weights[299].w2, abs=0.0051)
    player.find(".epoch").fill("soon")
    player.page.keyboard.press("Enter")
    expect(player.find(".say")).to_contain_text("“soon” is no epoch")
    player.find(".start").click()
    at(player, "1.1.1")


def test_another_lesson_keeps_the_moment_and_a_new_start_begins_anew(open_bare: OpenBare) -> None:
    python = Python(at="4.2.5")
    player = open_player(open_bare, python)
    at(player, "4.2.5")
    python.lesson = Lesson("stars", USUAL, 3, 1.0, "batch")
    player.show(python.data())
    expect(player.find(".node.code")).to_have_count(3)
    at(player, "4.2.5")
    assert in_nodes(player, "code") == pytest.approx(epoch_of(python.lesson, 4).visits[1].z, abs=0.0051)
    python.at, python.returns = "1.1.1", 2
    player.show(python.data())
    at(player, "1.1.1")
    assert on_synapses(player, "w1") == pytest.approx(python.lesson.start.w1, abs=0.0051)


def test_in_a_batch_sums_are_put_aside_and_used_at_the_end_of_the_epoch(open_bare: OpenBare) -> None:
    lesson = Lesson("stars", USUAL, order="batch", rate=3.0)
    player = open_player(open_bare, Python(lesson, "1.2.6b"))
    once = epoch_of(lesson, 1)
    expect(player.find(".say")).to_contain_text("the weights wait")
    assert on_synapses(player, "w2") == pytest.approx(
        once.visits[0].gradient.w2 + once.visits[1].gradient.w2, abs=0.00051
    )
    player.find(".steps [data-step='8']").click()
    assert on_synapses(player, "w2") == pytest.approx(once.before.w2, abs=0.00051)
    assert on_synapses(player, "w2", line=1) == pytest.approx(once.after.w2, abs=0.00051)
    expect(player.find(".ratings tbody tr.done")).to_have_count(ROWS)
    assert lesson.table.names[-1] in player.find(".ratings tbody tr").last.inner_text()


@pytest.mark.long
@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("lesson", "moment"),
    [
        (LESSON, "1.1.1"),
        (Lesson("liked", "______.000000.111111", 4, 100.0), "299.3.6b"),
        (Lesson("stars", "000000.000000Bo"), "1.1.1"),
    ],
)
def test_nothing_on_screen_is_ever_no_number_and_no_button_moves_under_a_finger(
    open_bare: OpenBare, lesson: Lesson, moment: str, looks: dict[str, Any]
) -> None:  # fmt: skip
    player = open_player(open_bare, Python(lesson, moment), looks)
    before = tops(player.find(".player"), ".controls button")
    for _ in range(16):
        player.find(".forward").evaluate("button => button.click()")
        assert not BARE_NUMBERS.search(player.find(".player").inner_text() + player.find(".drawing svg").inner_html())
        assert tops(player.find(".player"), ".controls button") == before


def test_the_curve_ends_at_the_last_epoch_that_is_over(open_bare: OpenBare) -> None:
    player = open_player(open_bare)
    points = player.find(".curve polyline")
    expect(points, "one point is no curve").to_have_count(0)
    python = Python(LESSON, f"1.{ROWS}.8")
    python.returns = 2
    player.show(python.data())
    expect(player.find(".curve figcaption")).to_contain_text("after 1 epoch")
    assert len({each.split(",")[1] for each in (points.get_attribute("points") or "").split()}) == 2


def test_a_pair_shows_the_weights_of_both(open_bare: OpenBare) -> None:
    courses = [long_course(Lesson("stars", USUAL, order=order), 20) for order in ("online", "batch")]
    networks = {f"{course.order}, after 10 epochs": course.weights[10] for course in courses}
    pair = open_bare("training-pair", told(training_pair, lambda: training_pair.training_pair(networks, "pair")))
    expect(pair.find("section")).to_have_count(2)
    assert pair.find("h4").all_text_contents() == list(networks)
    for place, weights in enumerate(networks.values(), 1):
        assert on_synapses(pair, "w1", root=f"section:nth-child({place})") == pytest.approx(weights.w1, abs=0.0051)
        assert on_synapses(pair, "w2", root=f"section:nth-child({place})") == pytest.approx(weights.w2, abs=0.0051)
    pair.show(
        told(training_pair, lambda: training_pair.training_pair(dict.fromkeys(networks, courses[0].weights[0]), "pair"))
    )
    assert on_synapses(pair, "w1", root="section:nth-child(2)") == pytest.approx(courses[0].weights[0].w1, abs=0.0051)
    assert not pair.find("[tabindex]").count(), "there is nothing to pick"


COVERED = """() => {
  const boxes = (what) => [...document.querySelector('#host').shadowRoot.querySelectorAll(what)]
    .filter(each => each.textContent).map(each => [each.textContent, each.getBoundingClientRect()]);
  const biases = boxes('.node .bias');
  return boxes('.number text').flatMap(([number, one]) => biases.filter(([, other]) =>
    one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 3 && other.top < one.bottom - 3,
  ).map(([bias]) => [number, bias]));
}"""


@pytest.mark.parametrize("hidden", [1, 2])
@pytest.mark.parametrize("looks", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_weight_of_a_pair_covers_a_bias(open_bare: OpenBare, looks: dict[str, Any], hidden: int) -> None:
    weights = long_course(Lesson("stars", USUAL, hidden=hidden), 50).weights[50]
    shown = told(training_pair, lambda: training_pair.training_pair({"A": weights, "B": weights}, "pair"))
    pair = open_bare("training-pair", shown, looks=looks)
    expect(pair.find(".node.out").first).to_be_visible()
    assert pair.page.evaluate(COVERED) == []


FONTS = """all => all.filter(each => each.textContent).map(each => [each.textContent,
  parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a])"""
BESIDE_THE_SIDEBAR = "#host { width: 950px; }"


@pytest.mark.long
@pytest.mark.parametrize("hidden", [2, 4])
def test_on_a_projector_buttons_drawing_and_formula_are_in_one_view_in_letters_that_can_be_read(
    open_bare: OpenBare, hidden: int
) -> None:
    player = open_player(open_bare, Python(Lesson("stars", USUAL, hidden)))
    player.page.add_style_tag(content=BESIDE_THE_SIDEBAR)
    expect(player.find(".drawing svg.narrow")).to_have_count(0)
    for step in ("1", "2", "3", "4", "5", "6a", "6b", "7"):
        at(player, f"1.1.{step}")
        top, bottom = (player.find(part).bounding_box() or {} for part in (".controls", ".formula"))
        assert bottom["y"] + bottom["height"] - top["y"] <= 720 - 60, f"at step {step}"
        sizes = player.find(".drawing svg text").evaluate_all(FONTS)
        assert min(size for _, size in sizes) >= 13.9, f"at step {step}: {min(sizes, key=lambda each: each[1])}"
        press(player, "Forward ▶")
