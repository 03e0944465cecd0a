"""The Translate page's directions and moved pictures, cached for all visitors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from aecore.latent.directions import FINDERS, Direction
from aecore.latent.translation import Effect, Moved, Start, Translator
from aecore.pretrained.trained_models import TrainedModel
from ui.app.services import services
from ui.screens.translate.form import Choice
from ui.widgets.networks import network
from ui.widgets.source_pictures import dataset

SHOWN = 8
"""Pictures on screen; effects are measured on more, these among them."""


def way(choice: Choice) -> Direction:
    """The chosen direction. CodeError, in a sentence, if it cannot be found."""
    return _way(*_marks(choice), choice.finder, choice)


def start(choice: Choice) -> Start:
    """Test pictures of the chosen side. CodeError if there are none."""
    return _start(*_marks(choice), choice.is_adding, choice.shown, choice)


def moved(choice: Choice, begun: Start, strength: float) -> Moved:
    """The pictures moved by `strength`."""
    return _moved(*_marks(choice), choice.finder, choice.is_adding, choice.shown, strength, choice, begun)


def steps(choice: Choice, begun: Start, place: int, strengths: np.ndarray) -> Moved:
    """One of the pictures at several strengths (K,)."""
    codes = np.repeat(begun.codes[place : place + 1], len(strengths), axis=0)
    return _translator(choice).moved(codes, way(choice), strengths if choice.is_adding else -strengths)


def both_ways(choice: Choice, begun: Start) -> dict[str, Effect]:
    """The effect of each way of finding the direction."""
    effects = {}
    for finder in FINDERS:
        each = replace(choice, finder=finder)
        effects[finder] = _translator(each).effect(way(each), moved(each, begun, 0.0), moved(each, begun, 1.0))
    return effects


def _marks(choice: Choice) -> tuple[str, str, str]:
    """Identifies the model and the attribute or the groups, as a cache key."""
    return choice.trained_model.id, choice.trained_model.fingerprint, choice.attribute.key


def _translator(choice: Choice) -> Translator:
    return _kept(*_marks(choice), choice)


@st.cache_resource(max_entries=16, show_spinner=False)
def _kept(id: str, fingerprint: str, key: str, _choice: Choice) -> Translator:
    found: TrainedModel = _choice.trained_model
    return Translator(found, network(found), dataset(found.data), _choice.attribute, services.store, _choice.groups)


@st.cache_data(max_entries=200, show_spinner=False)
def _moved(
    id: str,
    fingerprint: str,
    key: str,
    finder: str,
    is_adding: bool,
    shown: int,
    strength: float,
    _choice: Choice,
    _begun: Start,
) -> Moved:
    return _translator(_choice).moved(_begun.codes, way(_choice), strength if is_adding else -strength)


@st.cache_resource(max_entries=100, show_spinner="Looking for the direction")
def _way(id: str, fingerprint: str, key: str, finder: str, _choice: Choice) -> Direction:
    return _translator(_choice).direction(finder)


@st.cache_resource(max_entries=60, show_spinner=False)
def _start(id: str, fingerprint: str, key: str, is_adding: bool, shown: int, _choice: Choice) -> Start:
    return _translator(_choice).start(0 if is_adding else 1, shown)
