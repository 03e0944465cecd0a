"""The questions at the ends of pages: three each, one right answer, a why for every answer; what they claim holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from aecore.tours.schema import Question
from aecore.tours.shelf import Shelf
from aecore.worked_examples.pooling import follow
from aecore.worked_examples.pooling_examples import KERNELS
from aecore.worked_examples.toy_network import ToyNetwork, come_back, patterns
from ui.app.checks import questions_of
from ui.app.predictions import predictions_of
from ui.components.training_steps.lesson import course_of
from ui.screens.steps.checks import EPOCHS, LESSON, ROWS
from ui.widgets.lesson_links import GOALS, ORDER

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"
PAGES = sorted(path.parent.name for path in SCREENS.glob("*/checks.py"))
ALL = [(f"{page}-{id}", each) for page in PAGES for id, each in questions_of(page).items()]
COUNT = 3
LONGEST_ASK, LONGEST_ANSWER, FEWEST_WORDS, MOST_WORDS = 240, 90, 10, 50
OTHERS = [step.question.ask for tour in Shelf(Path(os.devnull)).lessons() for step in tour.questions if step.question]


def of(page: str, id: str) -> Question:
    return questions_of(page)[id]


def right(page: str, id: str) -> str:
    """The right answer of a question."""
    asked = of(page, id)
    return asked.choices[asked.right].answer


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def test_the_pages_that_are_read_in_order_ask_at_their_ends() -> None:
    assert set(PAGES) == set(GOALS) == set(ORDER) - {"tours"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_three_things_whose_right_answers_stand_in_different_places(page: str) -> None:
    asked = questions_of(page)
    assert len(asked) == COUNT
    assert all(re.fullmatch(r"[a-z]{2,20}", id) for id in asked)
    assert len({each.right for each in asked.values()}) == COUNT


@pytest.mark.parametrize("asked", [each for _, each in ALL], ids=[name for name, _ in ALL])
def test_a_question_is_short_and_each_answer_says_why(asked: Question) -> None:
    assert 20 <= len(asked.ask) <= LONGEST_ASK
    assert asked.ask.endswith("?")
    assert 2 <= len(asked.choices) <= 4
    assert 0 <= asked.right < len(asked.choices)
    assert all(0 < len(each.answer) <= LONGEST_ANSWER for each in asked.choices)
    assert all(FEWEST_WORDS <= len(each.why.split()) <= MOST_WORDS for each in asked.choices)
    assert not any("!" in text for text in (asked.ask, *(each.answer + each.why for each in asked.choices)))
    for texts in ([each.answer for each in asked.choices], [each.why for each in asked.choices]):
        assert len({text.lower() for text in texts}) == len(texts), "no two are alike"
    assert not any(each.answer in each.why for each in asked.choices if len(each.answer) > 12), "a why says more"


def test_the_right_answer_is_not_known_by_its_length_nor_by_its_place() -> None:
    longest = [max(range(len(each.choices)), key=lambda at: len(each.choices[at].answer)) for _, each in ALL]
    assert sum(each.right == at for (_, each), at in zip(ALL, longest, strict=True)) <= len(ALL) / 2
    shortest = [min(range(len(each.choices)), key=lambda at: len(each.choices[at].answer)) for _, each in ALL]
    assert sum(each.right == at for (_, each), at in zip(ALL, shortest, strict=True)) <= len(ALL) / 2
    assert max(Counter(each.right for _, each in ALL).values()) <= len(ALL) / 2


def test_no_question_is_asked_twice_nor_by_a_prediction_or_a_lesson() -> None:
    asks = [each.ask for _, each in ALL]
    others = [*OTHERS, *(each.ask for page in PAGES for each in predictions_of(page))]
    assert len(set(asks)) == len(asks)
    for ask in asks:
        for other in (*others, *(each for each in asks if each != ask)):
            shared = words(ask) & words(other)
            assert len(shared) < 0.6 * min(len(words(ask)), len(words(other))), (ask, other)


def test_reading_them_loads_nothing_heavy() -> None:
    script = f"""
import sys
from importlib import import_module
for page in {PAGES!r}:
    import_module(f"ui.screens.{{page}}.checks")
print([name for name in ("torch", "sklearn", "scipy") if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=SCREENS.parents[1], capture_output=True, text=True, timeout=120
    )
    assert ended.stdout.splitlines()[-1:] == ["[]"], ended.stdout + ended.stderr[-2000:]


def test_the_sum_of_the_hidden_node_is_what_the_right_answer_says() -> None:
    network = ToyNetwork.of([[1, 1, -1, -1]], [[1], [1], [1], [1]])
    (value,) = network.encode(np.array([0, 0, 1, 0]))
    assert right("synapses", "sum") == f"{value:g}".replace("-", "−")


def test_three_hidden_nodes_tell_eight_films_apart_and_no_more() -> None:
    codes = np.array([[a, b, c] for a in (1, -1) for b in (1, -1) for c in (1, -1)])
    films = len(codes)
    assert right("synapses", "names") == str(films)
    assert come_back(ToyNetwork.of(codes.T, codes), patterns(films)).all()


def test_the_signs_of_the_code_give_the_largest_output() -> None:
    code = np.array([1, -1])
    outputs = {(a, b): int(code @ [a, b]) for a in (1, -1) for b in (1, -1)}
    assert max(outputs, key=outputs.__getitem__) == (1, -1)
    assert [outputs[each] for each in ((1, -1), (-1, 1), (1, 1))] == [2, -2, 0]
    assert right("synapses", "decode").startswith("+1 and −1")


def test_online_learning_changes_the_weights_once_for_each_row_of_an_epoch() -> None:
    updates = len(course_of(LESSON, EPOCHS).errors) - 1
    assert updates == ROWS * EPOCHS
    assert right("steps", "epoch").startswith(f"{updates} times")


def test_a_move_within_a_window_changes_the_switch_alone() -> None:
    kernel = next(iter(KERNELS.values()))
    one, other = np.zeros((4, 4)), np.zeros((4, 4))
    one[:2, :2], other[:2, :2] = [[7, 2], [3, 1]], [[1, 2], [3, 7]]
    before, after = (follow(each, "switch", kernel) for each in (one, other))
    assert (before.pooled == after.pooled).all()
    assert (before.switches != after.switches).sum() == 1


def test_real_digits_come_out_with_a_smaller_error_if_the_switches_are_used() -> None:
    from aecore.datasets import load
    from aecore.worked_examples.pooling_torch import losses

    data = load("digits")
    fitted = losses(data.train.x, data.test.x).fitted
    assert fitted[0] < fitted[1:].min()


def test_the_questions_are_those_of_the_files() -> None:
    for page in PAGES:
        assert questions_of(page) is import_module(f"ui.screens.{page}.checks").CHECKS
    assert questions_of("glossary") == questions_of("../home") == questions_of("") == {}
