"""The parameters of the Recommender page in the address beyond its widgets: ratings, model and run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from aecore.recommender.models import MODELS, present_name
from aecore.recommender.training.settings import parts_of
from aecore.settings import Settings, present_names
from ui.app.address import Text
from ui.app.address_choices import OneOf
from ui.app.echo import fill
from ui.app.links import ID_LETTERS, RUN
from ui.app.url_state import Param
from ui.widgets.forms import as_state

FIRST_RATINGS, FIRST_MODEL = "ml-latest-small", "mult-vae"
LAST, SHOWN = "recommender-run", "recommender-shown"
PREFIX = "r-"
"""Prefix of a setting's name in the address, since other pages have settings of the same names."""


class ModelName(Text):
    """The name of a recommender; a former name is understood."""

    def read(self, texts: Sequence[str]) -> str:
        """'duo' -> 'hybrid'."""
        return present_name(super().read(texts))


RATINGS = Param("ratings", Text(ID_LETTERS), "", "The ratings '{asked}' are not on this machine. Others are shown.")
MODEL = Param("recommender", ModelName(ID_LETTERS), "", "There is no recommender '{asked}'. Another one is shown.")
GIVEN_COUNTS = (5, 10, 20)
GIVEN = Param("given", OneOf(GIVEN_COUNTS), 10)


def run_on_show() -> str:
    """The run in the address, else the one this user saw last, which is written to the address; "" if there is none."""
    if not RUN.is_there and LAST in st.session_state:
        RUN.write(st.session_state[LAST])
    run_id = RUN.read()
    if run_id:
        st.session_state[LAST] = run_id
    return run_id


def take_defaults(model: str) -> None:
    """Sets a model's defaults in the form when another model was chosen; before the widgets are drawn."""
    if st.session_state.get(SHOWN, model) != model:
        _fill(parts_of(model)[:1], {})
    st.session_state[SHOWN] = model


def fill_form(settings: dict[str, Any]) -> None:
    """Copies a run's settings into the form; for callbacks, before the widgets are drawn."""
    model = present_name(settings["model"])
    RATINGS.write(settings["data"])
    MODEL.write(model)
    if model in MODELS:
        st.session_state[SHOWN] = model
        _fill(parts_of(model), settings)


def _fill(parts: Iterable[type[Settings]], settings: dict[str, Any]) -> None:
    knobs = [each for part in parts for each in part.knobs()]
    settings = present_names(settings, knobs)
    fill({PREFIX + each.name: as_state(each, settings.get(each.name, each.default)) for each in knobs})
