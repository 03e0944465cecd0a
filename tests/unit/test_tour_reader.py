"""A tour is read from YAML, whatever is wrong with it is said with its line, and moves from step to step."""

from __future__ import annotations

from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.tours.faults import TourError
from aecore.tours.reader import LARGEST_FILE, MOST_WORDS, read, read_file
from aecore.tours.schema import Tour, arrival, move
from aecore.tours.shelf import Shelf
from ui.screens.tours.own import EXAMPLE

GOOD = """\
title: Test
goal: To test.
minutes: 5
steps:
  - id: one
    page: noise
    address: {data: Digits, seed: 3}
    text: First.
    look: title
  - id: two
    address: {differences: true, seed: null}
    text: Second.
    wait:
      address: {by-hand: any}
  - id: three
    page: train
    question:
      ask: Which?
      choices:
        - {answer: This, why: Since.}
        - {answer: That, why: Because.}
      right: 2
"""


@pytest.fixture
def tour() -> Tour:
    return read(GOOD, "test")


def test_a_tour_is_read_as_it_is_written(tour: Tour) -> None:
    one, two, three = tour.steps
    assert (tour.id, tour.title, tour.minutes) == ("test", "Test", 5)
    assert one.address == {"data": ("Digits",), "seed": ("3",)}
    assert one.look == '[data-testid="stMain"] h1'
    assert (two.page, two.scene, two.address) == ("noise", 0, {"data": ("Digits",), "differences": ("true",)})
    assert two.wait is not None
    assert two.wait.address == {"by-hand": "any"}
    assert three.question is not None
    assert (three.question.right, three.scene, three.address) == (1, 2, {})
    assert tour.questions == (three,)


def test_within_a_scene_what_the_learner_has_set_stays(tour: Tour) -> None:
    forth, back = move(tour, 0, 1), move(tour, 1, 0)
    assert (forth.put, forth.drop, forth.is_whole) == (
        {"differences": ("true",), "tour": ("test.two",)}, ("seed",), False,
    )  # fmt: skip
    assert (back.put, back.drop) == ({"seed": ("3",), "tour": ("test.one",)}, ("differences",))


def test_another_page_is_shown_with_the_steps_own_address_alone(tour: Tour) -> None:
    assert move(tour, 1, 2) == arrival(tour, 2)
    assert move(tour, 2, 1).put == {"data": ("Digits",), "differences": ("true",), "tour": ("test.two",)}
    assert move(tour, 2, 1).is_whole


FAULTS = {
    "an unknown key": ("minutes: 5", "minutes: 5\nauthor: me", 4, "no “author”"),
    "a misspelt key": ("    look: title", "    looks: title", 9, "Did you mean “look”?"),
    "a key twice": ("    text: First.", "    text: First.\n    text: Again.", 9, "second time"),
    "a missing title": ("title: Test\n", "", 1, "needs “title: …”"),
    "a missing id": ("  - id: two\n    address", "  - address", 10, "needs “id: …”"),
    "a first step without a page": ("    page: noise\n", "", 5, "needs “page: …”"),
    "a wrong type": ("minutes: 5", "minutes: five", 3, "whole number from 1 to 120"),
    "steps that are no list": (GOOD[GOOD.index("steps:") :], "steps: many\n", 4, "are a list"),
    "a step that is no mapping": (GOOD[GOOD.index("  - id: two") :], "  - two\n", 10, "list of “name: value”"),
    "no steps": (GOOD[GOOD.index("steps:") :], "steps: []\n", 4, "are 1 to 40, and here are 0"),
    "an unknown page": ("page: noise", "page: nois", 6, "Did you mean “noise”?"),
    "an unknown parameter": ("{data: Digits, seed: 3}", "{data: Digits, sed: 3}", 7, "Did you mean “seed”?"),
    "a parameter of another page": ("{data: Digits, seed: 3}", "{epochs: 3}", 7, "no parameter “epochs”"),
    "a text that is too long": ("text: First.", f"text: {'word ' * (MOST_WORDS + 1)}", 8, "at most 90 words"),
    "an empty text": ("text: First.", "text:", 8, "here is none"),
    "a character that cannot be shown": ("text: First.", 'text: "a\\tb"', 8, "cannot be shown"),
    "no place": ("look: title", "look: somewhere", 9, "is no place"),
    "an id twice": ("- id: two", "- id: one", 10, "Another step has the id “one”"),
    "an id with a blank": ("- id: two", "- id: step two", 10, "small letters"),
    "a wait for nothing": ("      address: {by-hand: any}", "      {}", 14, "for an address or for a click"),
    "a wait for what the step does": ("{by-hand: any}", "{differences: any}", 14, "nothing to wait for"),
    "a right answer that is none": ("right: 2", "right: 3", 22, "from 1 to 2"),
    "one choice": ("        - {answer: That, why: Because.}\n", "", 20, "are 2 to 4, and here are 1"),
    "a choice without a reason": ("{answer: That, why: Because.}", "{answer: That}", 21, "needs “why: …”"),
    "neither text nor question": ("    text: First.\n", "", 5, "needs a text or a question"),
    "no YAML": ("goal: To test.", "goal: ]", 2, "no YAML"),
}
"""What is wrong: text, what stands there instead, the line of the fault, and a part of the message."""


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_told_with_its_line(what: str) -> None:
    good, bad, line, part = FAULTS[what]
    assert GOOD.count(good) == 1 or what in ("a key twice",)
    with pytest.raises(TourError) as caught:
        read(GOOD.replace(good, bad, 1), "test")
    told = [fault for fault in caught.value.faults if part in fault.text]
    assert told, str(caught.value)
    assert told[0].line == line, str(caught.value)
    assert f"test.yaml, line {line}: " in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(TourError) as caught:
        read(GOOD.replace("page: noise", "page: x").replace("right: 2", "right: 9"), "test")
    assert [fault.line for fault in caught.value.faults] == [6, 22]


@pytest.mark.parametrize("text", ["", "&a [*a]", "[" * 5_000, "!!python/object:os.system {}", "- - -", "{? {a: 1}: 2}"])
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    with pytest.raises(TourError, match=r"test.yaml, line \d+: "):
        read(text, "test")


def test_a_file_says_what_is_wrong_with_it_as_a_whole(tmp_path: Path) -> None:
    cases = {
        "big.yaml": (b"#" * (LARGEST_FILE + 1), "bytes; split"),
        "latin.yaml": ("title: x\ngoal: \xe9".encode("latin-1"), "line 2: This is no UTF-8"),
        "Bad Name.yaml": (GOOD.encode(), "The name of the file"),
    }
    for name, (raw, part) in cases.items():
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(TourError, match=part):
            read_file(tmp_path / name)
    with pytest.raises(TourError, match=r"none.yaml cannot be read"):
        read_file(tmp_path / "none.yaml")


def test_the_shelf_has_ones_own_tours_reads_changed_ones_again_and_tells_faults(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.own() == ([], [])
    shelf.folder.mkdir()
    file = shelf.folder / "mine.yaml"
    file.write_text(EXAMPLE)
    assert shelf.get("mine").title == "Noise and my own eyes"
    file.write_text(EXAMPLE.replace("title: Noise", "title: Much noise"))
    assert shelf.get("mine").title.startswith("Much")
    (shelf.folder / "broken.yml").write_text("title: x")
    (shelf.folder / "what.yaml").write_text(GOOD)
    tours, errors = shelf.own()
    assert [tour.id for tour in tours] == ["mine"]
    assert ["broken.yml" in str(errors[0]), "rename it" in str(errors[1])] == [True, True]
    for id in ("none", "../what", ""):
        with pytest.raises(TourError, match="no such tour"):
            shelf.get(id)


def test_the_command_checks_and_previews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "test.yaml"
    file.write_text(GOOD)
    assert main(["tour", "check", str(file)]) == 0
    assert "3 steps, 1 of them with a question" in capsys.readouterr().out
    assert main(["tour", "preview", str(file)]) == 0
    shown = capsys.readouterr().out
    for part in ("1 of 3: one, at /noise?data=Digits&seed=3", "waits until the address has by-hand", "* That"):
        assert part in shown
    file.write_text(GOOD.replace("page: noise", "page: x"))
    assert main(["tour", "check", str(file)]) == 1
    assert "test.yaml, line 6: There is no page “x”" in capsys.readouterr().out
