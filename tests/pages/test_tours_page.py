"""The Tours page: how far one is, starting again, tours of the home; and the address that names a tour."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.tours.progress import Progress
from aecore.tours.shelf import LESSONS, Shelf
from tests.pages.conftest import OpenPage, button, labels, sentences
from ui.app.identity import HOST, Person
from ui.screens.tours.own import EXAMPLE

ANN = Person("ann")
MINUS = "_".join(["-1"] * 16)


def told(page: AppTest) -> str:
    """All Markdown on the page."""
    return "\n".join(each.value for each in page.markdown)


def test_each_lesson_says_how_far_one_is(open_page: OpenPage, home: Path) -> None:
    progress = Progress(home)
    progress.arrive(HOST.tag, "what", "code", "tour=what.code")
    progress.answer(HOST.tag, "copying", "ask-perfect", 1)
    progress.arrive(HOST.tag, "copying", "lines", "tour=copying.lines")
    for step, choice in (("ask-target", 0), ("ask-guess", 0), ("ask-limits", 1)):
        progress.answer(HOST.tag, "denoising", step, choice)
    progress.arrive(HOST.tag, "denoising", "ask-limits")
    progress.finish(HOST.tag, "denoising")
    page = open_page("tours")
    assert not page.exception
    assert page.subheader[0].value == "1 · What is an autoencoder?"
    assert len(page.subheader) == len(LESSONS)
    steps = {tour.id: len(tour.steps) for tour in Shelf(home).lessons()}
    assert f"You are at step 3 of {steps['what']}." in told(page)
    assert f"You are at step 2 of {steps['copying']}; 1 of 1 answered right at the first try." in told(page)
    assert ": 2 of 3 questions right at the first try." in told(page)


def test_who_starts_again_keeps_what_was_done(open_page: OpenPage, home: Path) -> None:
    progress = Progress(home)
    progress.arrive(HOST.tag, "what", "code")
    progress.finish(HOST.tag, "what")
    page = open_page("tours")
    button(page, "Start again").click().run()
    assert page.query_params["tour"] == "what.meet"
    first, second = progress.of(HOST.tag)["what"]
    assert first.done is not None
    assert second.done is None
    assert "Finished once before; the best was 0 of 3." in told(open_page("tours"))


def test_progress_belongs_to_a_person(visit: OpenPage, home: Path) -> None:
    Progress(home).arrive(HOST.tag, "what", "code")
    assert labels(visit(ANN, "tours")) == {"Present"}
    assert labels(visit(HOST, "tours")) == {"Present", "Start again"}


def test_tours_of_the_home_are_listed_and_their_faults_told_to_the_host(visit: OpenPage, home: Path) -> None:
    folder = Shelf(home).folder
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(EXAMPLE)
    (folder / "broken.yaml").write_text(EXAMPLE.replace("page: noise", "page: [noise]\n    colour: red"))
    for person in (HOST, ANN):
        page = visit(person, "tours")
        assert "Noise and my own eyes" in [each.value for each in page.subheader]
        assert ("broken.yaml, line 7" in sentences(page)) == person.is_host


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("none.x", "there is no such tour"),
        ("what.none", "this tour has no step “none”"),
        ("<b>", "The address asks for the tour"),
    ],
)
def test_a_tour_that_is_not_there_is_refused_in_a_sentence(asked: str, why: str, open_page: OpenPage) -> None:
    page = open_page("noise", tour=asked)
    assert not page.exception
    assert why in sentences(page)


def test_a_tour_with_faults_is_refused_in_a_sentence(open_page: OpenPage, home: Path) -> None:
    folder = Shelf(home).folder
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("title: x")
    assert "its file has faults" in sentences(open_page("pooling", tour="broken"))


def test_an_address_that_comes_to_synapses_later_is_shown_and_solutions_stay(open_page: OpenPage) -> None:
    page = open_page("synapses")
    button(page, "Example 1").click().run()
    found = page.query_params["found"]
    del page.query_params["found"]
    page.query_params["w"] = MINUS
    page.run()
    assert page.query_params["w"] == MINUS
    assert page.query_params["found"] == found


def test_below_a_base_path_the_panel_goes_to_pages_and_routes_there(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.app.tour.base_path", lambda: "/lab")
    page = open_page("noise", tour="what.meet")
    (panel,) = [json.loads(each.proto.json) for each in page.get("bidi_component") if "tour-panel" in each.proto.id]
    assert panel["at"] == "/lab/tours/what"
    assert (panel["here"]["path"], panel["all"]["path"]) == ("/lab/", "/lab/tours")
