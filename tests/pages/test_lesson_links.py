"""What stands at the end of the pages of the Learn section: goal, questions with one's answers, where to go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.tours.progress import CHECKS, Progress
from tests.pages.conftest import OpenPage
from ui.app.checks import questions_of
from ui.app.identity import HOST, Person
from ui.app.places import TITLES
from ui.widgets.lesson_links import GOALS, ORDER

ANN = Person("ann")


def asked(page: AppTest, name: str) -> dict[str, Any]:
    """What the questions of the page are told."""
    (found,) = [each.proto for each in page.get("bidi_component") if f"check-{name}" in each.proto.id]
    return json.loads(found.json)


@pytest.mark.parametrize("name", GOALS)
def test_a_page_ends_with_its_goal_its_questions_and_the_pages_before_and_after(name: str, open_page: OpenPage) -> None:
    page = open_page(name)
    assert not page.exception
    assert f"**Goal of this page.** {GOALS[name][0]}" in [each.value for each in page.markdown]
    told = asked(page, name)
    assert [each["id"] for each in told["questions"]] == list(questions_of(name))
    assert (told["at"], told["answers"]) == (f"/checks/{name}", {})
    at = ORDER.index(name)
    around = [TITLES[each] for each in (*ORDER[max(0, at - 1) : at], ORDER[at + 1])]
    *others, lesson, after = [each.proto.label for each in page.get("page_link")]
    assert lesson.startswith("With questions: ")
    assert [*others[-1:], after] == around if at else after == around[0]


def test_what_somebody_has_answered_is_there_again_and_is_their_own(visit: OpenPage, home: Path) -> None:
    first = next(iter(questions_of("steps")))
    checked = Progress(home, folder=CHECKS)
    checked.answer(ANN.tag, "steps", first, 2)
    checked.answer(ANN.tag, "steps", first, 1)
    assert asked(visit(ANN, "steps"), "steps")["answers"] == {first: [2, 1]}
    assert asked(visit(HOST, "steps"), "steps")["answers"] == {}
    assert asked(visit(ANN, "pooling"), "pooling")["answers"] == {}


def test_a_page_asks_as_if_for_the_first_time_where_answers_cannot_be_read(open_page: OpenPage, home: Path) -> None:
    (home / CHECKS / f"{HOST.tag}.json").mkdir(parents=True)
    page = open_page("pooling")
    assert not page.exception
    assert asked(page, "pooling")["answers"] == {}


@pytest.mark.parametrize("name", ["glossary", "tours", "noise"])
def test_pages_that_are_not_read_in_order_ask_nothing(name: str, open_page: OpenPage) -> None:
    assert not [each for each in open_page(name).get("bidi_component") if "check-" in each.proto.id]
