"""The tours as cards: goal, duration, how far the visitor is, and buttons to start and resume."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import parse_qs

import streamlit as st

from aecore.foreign import in_markdown
from aecore.stores.personal import PersonalError
from aecore.tours.progress import Attempt
from aecore.tours.schema import Tour, arrival
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.url_state import Query, go_to_query, link_to_query

_ROWS_OF = 2


def show_cards(tours: Sequence[Tour], attempts: dict[str, tuple[Attempt, ...]], *, are_numbered: bool = False) -> None:
    """A card for each tour. attempts: what the visitor has done, by the ids of the tours."""
    for first in range(0, len(tours), _ROWS_OF):
        for at, column in enumerate(st.columns(_ROWS_OF), first):
            if at < len(tours):
                with column.container(border=True, height="stretch", key=f"tour-{tours[at].id}"):
                    number = f"{at + 1} · " if are_numbered else ""
                    _card(tours[at], attempts.get(tours[at].id, ()), number)


def _card(tour: Tour, attempts: Sequence[Attempt], number: str) -> None:
    st.subheader(f"{number}{in_markdown(tour.title)}", anchor=False)
    st.markdown(f"{in_markdown(tour.goal)}")
    questions = len(tour.questions)
    st.caption(f"About {tour.minutes} minutes · {len(tour.steps)} steps, {questions} of them with a question")
    last = attempts[-1] if attempts else None
    if told := state(tour, attempts):
        st.markdown(told)
    with st.container(horizontal=True, vertical_alignment="center"):
        if last is None or not last.step:
            link_to_query(tour.steps[0].page, "**Start**", _start(tour), icon=":material/play_arrow:")
            return
        at = max(tour.index(last.step), 0)
        if last.done is None:
            link_to_query(tour.steps[at].page, "**Resume**", _resume(tour, last, at), icon=":material/resume:")
        if st.button("Start again", key=f"again-{tour.id}", icon=":material/replay:",
                     help="From the first step, with all questions open. What you have done is kept."):  # fmt: skip
            _begin_again(tour)


def state(tour: Tour, attempts: Sequence[Attempt]) -> str:
    """How far somebody is, in Markdown; "" if they have not begun."""
    if not attempts or not attempts[-1].step:
        return _earlier(tour, attempts)
    last, questions = attempts[-1], len(tour.questions)
    score = f"{last.right(tour)} of {questions} questions right at the first try"
    if last.done is not None:
        day = time.strftime("%Y-%m-%d", time.localtime(last.done))
        return f":green-badge[:material/check: Done] on {day}: {score}. {_earlier(tour, attempts[:-1])}".strip()
    at = tour.index(last.step) + 1
    where = f"step {at} of {len(tour.steps)}" if at else "a step that the tour no longer has"
    answered = sum(step.id in last.answers for step in tour.questions)
    rest = f"; {last.right(tour)} of {answered} answered right at the first try" if answered else ""
    return f":orange-badge[Begun] You are at {where}{rest}. {_earlier(tour, attempts[:-1])}".strip()


def _earlier(tour: Tour, attempts: Sequence[Attempt]) -> str:
    done = [each for each in attempts if each.done is not None]
    if not done:
        return ""
    times = "once" if len(done) == 1 else f"{len(done)} times"
    best = max(each.right(tour) for each in done)
    return f"Finished {times} before; the best was {best} of {len(tour.questions)}."


def _start(tour: Tour) -> Query:
    return {name: list(texts) for name, texts in arrival(tour, 0).put.items()}


def _resume(tour: Tour, last: Attempt, at: int) -> Query:
    """The address as they left it; that of the step if it was not kept."""
    place = {name: list(texts) for name, texts in arrival(tour, at).put.items()}
    kept = parse_qs(last.query)
    return kept if kept.get("tour") == place["tour"] else place


def _begin_again(tour: Tour) -> None:
    try:
        services.progress.begin_again(services.person().tag, tour.id)
    except PersonalError as error:
        refuse(str(error))
        return
    go_to_query(tour.steps[0].page, _start(tour))
