"""Predict before you see: a button and a card on pages that ask for a guess, and a cover over the result."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import streamlit as st

from aecore.predictions.schema import Prediction, described
from aecore.stores.personal import PersonalError
from ui.app.address_choices import Key
from ui.app.places import page_path
from ui.app.predictions import predictions_of
from ui.app.room import base_path
from ui.app.services import services
from ui.app.url_state import Param, is_bare
from ui.components.prediction_card import prediction_card

PREDICT = Param(
    "predict", Key("[a-z0-9-]{3,40}"), "",
    "The address asks for the prediction “{asked}”, but {why}. The button Predict shows those of this page.",
)  # fmt: skip
"""The prediction that the page asks for."""

CARD, TURN = "prediction", "predict-turn"
HELP = "Guess first: the page asks a question and covers its result until you have answered, alone or with the room."

_PAGE, _ARRIVALS = "predict-page", "predict-arrivals"
"""Session keys: the last page; how often a prediction was begun by the button or by the wish to be asked."""

_page: ContextVar[str] = ContextVar("the page that runs", default="")

COVER = """
html:not([data-uncovered="{id}"]) {{ --until-guessed: hidden; }}
html:not([data-uncovered="{id}"]) :is({cover}) {{ position: relative; pointer-events: none; user-select: none;
  min-height: 3.4rem; }}
html:not([data-uncovered="{id}"]) :is({cover}) * {{ visibility: hidden !important; }}
html:not([data-uncovered="{id}"]) :is({cover})::before {{ content: "Covered until you have guessed"; position: absolute;
  inset: 0; z-index: 3; display: grid; place-items: center; border-radius: 12px; font-size: 1rem; text-align: center;
  color: light-dark(#3c4656, #c9ced6); border: 1px dashed light-dark(#b9b2a1, #4a5361);
  --one: light-dark(#f4efe2, #1b212a); --two: light-dark(#efe9da, #202731);
  background: repeating-linear-gradient(45deg, var(--one) 0 12px, var(--two) 12px 24px); }}
"""


def begin_page(page: str) -> str:
    """Notes which page runs, and returns the style that covers what is asked about; to be called before a page runs."""
    page = page or "home"
    _page.set(page)
    is_new = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    if is_new and is_bare(but=PREDICT.name):
        if PREDICT.is_there:
            _arrive()
        elif predictions_of(page) and _wants_to_be_asked():
            _begin(page)
    asked = current()
    return COVER.format(id=asked.id, cover=asked.cover) if asked else ""


def current() -> Prediction | None:
    """The prediction that the address asks for, if this page has it."""
    if not PREDICT.is_there or not (id := PREDICT.asked()):
        return None
    found = next((each for each in predictions_of(_page.get()) if each.id == id), None)
    if found is None:
        PREDICT.refuse("this page has none of that name")
    return found


def show_button() -> None:
    """The button in the head of a page that has predictions."""
    if predictions_of(_page.get()):
        st.button(
            "Predict", icon=":material/psychology_alt:", key=TURN, on_click=turn, help=HELP,
            type="primary" if PREDICT.is_there else "secondary",
        )  # fmt: skip


def show_card() -> None:
    """The card below the introduction, while a prediction is asked for."""
    if asked := current():
        with st.container(key=CARD):
            prediction_card(_card_data(asked), key=f"{CARD}-card")


def turn() -> None:
    """Begins with the first prediction of the page that the person has not guessed yet, or ends; a callback."""
    if PREDICT.is_there:
        PREDICT.clear()
    else:
        _begin(st.session_state[_PAGE])


def _begin(page: str) -> None:
    all_of_them = predictions_of(page)
    known = _guessed()
    chosen = next((each for each in all_of_them if each.id not in known), all_of_them[0])
    PREDICT.write(chosen.id)
    _arrive()


def _arrive() -> None:
    """The card is to set the page up for its question."""
    st.session_state[_ARRIVALS] = st.session_state.get(_ARRIVALS, 0) + 1


def _guessed() -> frozenset[str]:
    try:
        return frozenset(services.guesses.of(services.person().tag).guesses)
    except PersonalError:
        return frozenset()


def _wants_to_be_asked() -> bool:
    """Whether the person has chosen so, and has not yet guessed all that the page asks."""
    try:
        book = services.guesses.of(services.person().tag)
    except PersonalError:
        return False
    return book.is_asked and any(each.id not in book.guesses for each in predictions_of(_page.get()))


def _is_asked() -> bool:
    try:
        return services.guesses.of(services.person().tag).is_asked
    except PersonalError:
        return False


def _card_data(asked: Prediction) -> dict[str, Any]:
    return {
        "id": asked.id,
        "base": base_path(),
        "isAsked": _is_asked(),
        "arrive": st.session_state.get(_ARRIVALS, 0),
        "predictions": [
            {
                "id": each.id,
                "ask": each.ask,
                "form": described(each.form),
                "path": base_path() + page_path(each.page),
                "put": {**{name: list(texts) for name, texts in each.address.items()}, PREDICT.name: [each.id]},
            }
            for each in predictions_of(_page.get())
        ],
    }
