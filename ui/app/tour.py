"""The tour that the address names, and its panel on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.app.address_choices import Key
from ui.app.places import TITLES, page_path
from ui.app.room import base_path
from ui.app.services import services
from ui.app.url_state import Param

if TYPE_CHECKING:
    from aecore.tours.schema import Move, Tour

TOUR = Param(
    "tour", Key(r"[a-z0-9][a-z0-9-]{0,39}(\.[a-z0-9][a-z0-9-]{0,39})?"), "",
    "The address asks for the tour “{asked}”, but {why}. All tours are on the page Tours.",
)  # fmt: skip
"""ID.STEP: a tour and the step where it stands; ID alone is its first step."""

KEY = "tour"


def show_tour() -> None:
    """Shows the panel of the tour in the address. Without one, nothing is loaded."""
    if not TOUR.is_there or not (asked := TOUR.asked()):
        return
    from aecore.tours.faults import TourError

    id, _, step = asked.partition(".")
    try:
        tour = services.shelf.get(id)
    except TourError as error:
        TOUR.refuse("its file has faults, which the page Tours shows" if error.faults else str(error).rstrip("."))
        return
    at = tour.index(step) if step else 0
    if at < 0:
        TOUR.refuse(f"this tour has no step “{step}”")
        return
    from ui.components.tour_panel import tour_panel

    with st.container(key=KEY):
        tour_panel(panel_data(tour, at), key=f"{KEY}-panel")


def panel_data(tour: Tour, at: int) -> dict[str, Any]:
    """All that the panel needs for one step."""
    from aecore.stores.personal import PersonalError
    from aecore.tours.schema import arrival, move

    try:
        attempt = services.progress.last(services.person().tag, tour.id)
    except PersonalError:
        attempt = None
    is_last = at + 1 == len(tour.steps)
    return {
        "tour": tour.id,
        "at": f"{base_path()}/tours/{tour.id}",
        "title": tour.title,
        "number": at + 1,
        "count": len(tour.steps),
        "step": _step(tour, at),
        "here": _place(arrival(tour, at)),
        "back": _place(move(tour, at, at - 1)) if at else None,
        "next": None if is_last else _place(move(tour, at, at + 1)),
        "after": _lesson_after(tour) if is_last else None,
        "all": {"path": base_path() + page_path("tours"), "put": {}, "drop": [], "isWhole": True, "label": "All tours"},
        "answers": {step: list(choices) for step, choices in attempt.answers.items()} if attempt else {},
        "rights": {step.id: step.question.right for step in tour.questions if step.question},
    }


def _step(tour: Tour, at: int) -> dict[str, Any]:
    step = tour.steps[at]
    wait = {"address": dict(step.wait.address), "click": step.wait.click} if step.wait else None
    question = step.question.described if step.question else None
    return {"id": step.id, "text": step.text, "look": step.look, "wait": wait, "question": question}


def _place(move: Move) -> dict[str, Any]:
    return {
        "path": base_path() + page_path(move.page),
        "title": TITLES.get(move.page, move.page),
        "put": {name: list(texts) for name, texts in move.put.items()},
        "drop": list(move.drop),
        "isWhole": move.is_whole,
    }


def _lesson_after(tour: Tour) -> dict[str, Any] | None:
    from aecore.tours.schema import arrival

    lessons = services.shelf.lessons()
    at = next((at for at, each in enumerate(lessons) if each.id == tour.id), len(lessons))
    if at + 1 >= len(lessons):
        return None
    return {**_place(arrival(lessons[at + 1], 0)), "label": f"Next lesson: {lessons[at + 1].title}"}
