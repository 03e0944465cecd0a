"""The lessons: each is valid, goes to pages that exist, with parameters that these take, and asks three questions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aecore.tours.addresses import EVERYWHERE, PARAMETERS
from aecore.tours.reader import MOST_WORDS
from aecore.tours.schema import ANY, Step, Tour
from aecore.tours.shelf import LESSONS, Shelf
from tests.contracts.test_addresses import ALL, ROOT, declared
from ui.app.address import Refused
from ui.app.places import TITLES
from ui.app.present_link import HIDE, PRESENT
from ui.app.tour import TOUR
from ui.app.url_state import Param
from ui.screens.synapses.link import VIEW
from ui.widgets.lesson_links import GOALS, ORDER

TOURS = {tour.id: tour for tour in Shelf(Path(os.devnull)).lessons()}
STEPS = [(tour, step) for tour in TOURS.values() for step in tour.steps]
OF_TOY = set(VIEW.names)
OF_A_TAB = (PRESENT, HIDE)
"""They say how a tab shows a page; a tour says what."""


def params(name: str, page: str) -> list[Param]:
    """What is declared under this name, on the page itself if it is."""
    found = [(where, param) for where, param in ALL.items() if param.name == name]
    return [param for where, param in found if where.startswith(f"{page}-")] or [param for _, param in found]


def test_the_lessons_are_those_of_the_folder() -> None:
    assert sorted(LESSONS) == sorted(path.stem for path in (ROOT / "aecore" / "tours" / "lessons").glob("*.yaml"))


def test_the_pages_of_tours_are_those_of_the_menu() -> None:
    assert set(PARAMETERS) == set(TITLES)


def test_the_parameters_of_tours_are_those_that_pages_declare() -> None:
    names = {param.name for param in ALL.values()} | OF_TOY
    assert set().union(*PARAMETERS.values()) == names - {TOUR.name, *(each.name for each in OF_A_TAB)}
    for where, param in declared():
        page = where.removesuffix(f"-{param.name}")
        if page in PARAMETERS:
            assert param.name in PARAMETERS[page], where
    assert names >= EVERYWHERE


@pytest.mark.parametrize("id", TOURS)
def test_a_lesson_has_ten_to_fourteen_steps_and_three_questions(id: str) -> None:
    tour = TOURS[id]
    assert 10 <= len(tour.steps) <= 14
    assert len(tour.questions) == 3
    assert len({step.question.right for step in tour.questions if step.question}) > 1, "the right one is elsewhere"
    assert tour.steps[-1].question is not None


@pytest.mark.parametrize(("tour", "step"), STEPS, ids=[f"{tour.id}.{step.id}" for tour, step in STEPS])
def test_a_step_is_short_and_its_address_is_as_the_page_writes_it(tour: Tour, step: Step) -> None:
    assert len(step.text.split()) <= MOST_WORDS
    assert step.text or step.question
    if step.look:
        assert step.look.startswith((".st-key-", "["))
    if set(step.address) & OF_TOY and step.page == "synapses":
        VIEW.parse({name: texts[-1] for name, texts in step.address.items()})
    wanted = {name: (text,) for name, text in step.wait.address.items() if text != ANY} if step.wait else {}
    for name, texts in {**step.address, **wanted}.items():
        if step.page == "synapses" and name in OF_TOY:
            continue
        assert any(is_written_so(param, texts) for param in params(name, step.page)), (name, texts)


def is_written_so(param: Param, texts: tuple[str, ...]) -> bool:
    """Whether the parameter takes these texts and writes them so: what a widget writes otherwise, it takes out of the
    address.
    """
    try:
        return param.kind.written(param.kind.read(texts)) == list(texts)
    except Refused:
        return False


def test_a_page_of_the_learn_section_names_a_step_on_itself() -> None:
    assert set(GOALS) <= set(ORDER)
    for page, (_, lesson, id) in GOALS.items():
        tour = TOURS[lesson]
        assert tour.steps[tour.index(id)].id == id
        assert tour.steps[tour.index(id)].page == page
