"""Directions found, pictures moved along them, and what the judge says; what has been computed is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from aecore.datasets import Dataset
from aecore.datasets.selection import without_class
from aecore.latent.attributes import CLASS, Attribute, side_effects
from aecore.latent.code_set import code_set, training_codes
from aecore.latent.directions import FINDERS, Direction, Gauge, direction, gauge, parted
from aecore.latent.groups import pictures_of
from aecore.pretrained.trained_models import TrainedModel, encode
from ui.app.services import services
from ui.screens.translate.form import Choice
from ui.widgets.networks import network
from ui.widgets.source_pictures import dataset

SHOWN, MEASURED = 8, 120
"""Pictures on screen, and test pictures (these among them) on which effects are measured."""

HELD_OUT = 1_000
"""Codes that say how far from the training codes is usual."""


@dataclass(frozen=True)
class Start:
    """What is moved: x (N, C, H, W) test pictures and their codes (N, Z), the first SHOWN on screen. odds: as of `Moved`, of the pictures themselves."""

    x: np.ndarray
    codes: np.ndarray
    odds: dict[str, np.ndarray]


@dataclass(frozen=True)
class Moved:
    """x (N, C, H, W): decoded after the move; odds: head -> (N, K); percentiles: (N,) as of `Gauge.percentiles`."""

    x: np.ndarray
    odds: dict[str, np.ndarray]
    percentiles: np.ndarray


@dataclass(frozen=True)
class Worth:
    """A way to find a direction. auc: as of `Direction`; before, after: mean odds of the attribute at strength 0 and 1; side_effects: their mean."""

    auc: float
    before: float | None
    after: float | None
    side_effects: float | None


def way(choice: Choice) -> Direction:
    """The direction. CodeError, in a sentence, if it cannot be found."""
    return _way(*_marks(choice), choice.finder, choice)


def start(choice: Choice) -> Start:
    """Test pictures of the side that is chosen. CodeError if there are none."""
    return _start(*_marks(choice), choice.is_adding, choice.shown, choice)


def moved(choice: Choice, begun: Start, strength: float) -> Moved:
    """The pictures moved along by `strength`, and what has become of them."""
    return _moved(*_marks(choice), choice.finder, choice.is_adding, choice.shown, strength, choice, begun)


def steps(choice: Choice, begun: Start, place: int, strengths: np.ndarray) -> Moved:
    """One of the pictures at several strengths (K,)."""
    codes = np.repeat(begun.codes[place : place + 1], len(strengths), axis=0)
    return _painted(choice.source, way(choice).move(codes, strengths if choice.is_adding else -strengths))


def both_ways(choice: Choice, begun: Start) -> dict[str, Worth]:
    """What each way of finding the direction is worth."""
    return {finder: _worth(replace(choice, finder=finder), begun) for finder in FINDERS}


def verdicts(data: str, x: np.ndarray) -> dict[str, np.ndarray]:
    """Head -> odds (N, K); empty where there is no judge."""
    from aecore.reference_classifiers.classifiers import has_reference_classifier, reference_classifier

    return reference_classifier(data).verdicts(x) if has_reference_classifier(data) else {}


def head_of(attribute: Attribute, odds: dict[str, np.ndarray]) -> str:
    """The judge's question that this attribute is about, "" if it is not asked."""
    if attribute.head == CLASS and CLASS not in odds:
        return "hair_style" if "hair_style" in odds else ""
    return attribute.head if attribute.head in odds else ""


def _worth(choice: Choice, begun: Start) -> Worth:
    before, after = moved(choice, begun, 0.0), moved(choice, begun, 1.0)
    head, answer = head_of(choice.attribute, after.odds), choice.attribute.answer
    odds = [float(each.odds[head][:, answer].mean()) if head else None for each in (before, after)]
    effects = side_effects(before.odds, after.odds, head)
    return Worth(way(choice).auc, *odds, float(np.mean(list(effects.values()))) if effects else None)


def _painted(found: TrainedModel, codes: np.ndarray) -> Moved:
    from aecore.latent.generation import decoded

    x = decoded(network(found), codes)
    return Moved(x, verdicts(found.data, x), _gauge(found.id, found.seal, found).percentiles(codes))


def _marks(choice: Choice) -> tuple[str, str, str]:
    """What tells one model and attribute, or pair of groups, from another."""
    return choice.source.id, choice.source.seal, choice.attribute.key


@st.cache_data(max_entries=200, show_spinner=False)
def _moved(id: str, seal: str, key: str, finder: str, is_adding: bool, shown: int, strength: float, _choice: Choice, _begun: Start) -> Moved:
    return _painted(_choice.source, way(_choice).move(_begun.codes, strength if is_adding else -strength))


@st.cache_resource(max_entries=100, show_spinner="Looking for the direction")
def _way(id: str, seal: str, key: str, finder: str, _choice: Choice) -> Direction:
    data = dataset(_choice.source.data)
    if _choice.groups:
        codes = [encode(network(_choice.source), pictures_of(data, rows)) for rows in (_choice.groups.first, _choice.groups.second)]
        (first, held_first), (second, held_second) = (parted(np.arange(len(each))) for each in codes)
        return direction(finder, codes[0][first], codes[1][second], codes[0][held_first], codes[1][held_second])
    parts = []
    for part in ("train", "test"):
        found = code_set(services.store, _choice.source, part, data=data)
        parts += [found.codes[rows] for rows in _choice.attribute.split(found, data)]
    return direction(finder, *parts)


@st.cache_resource(max_entries=60, show_spinner=False)
def _start(id: str, seal: str, key: str, is_adding: bool, shown: int, _choice: Choice) -> Start:
    data = dataset(_choice.source.data)
    rows = _side(_choice, data, 0 if is_adding else 1)
    drawn = np.random.default_rng(shown).permutation(rows)[:MEASURED]
    x = pictures_of(data, drawn)
    return Start(x, encode(network(_choice.source), x), verdicts(_choice.source.data, x))


def _side(choice: Choice, data: Dataset, side: int) -> np.ndarray:
    """Rows of the pictures to begin with: test pictures, or those of the group."""
    if choice.groups:
        return (choice.groups.first, choice.groups.second)[side]
    return choice.attribute.split(data.test, data)[side] + len(data.train) + len(data.validation)


@st.cache_resource(max_entries=16, show_spinner=False)
def _gauge(id: str, seal: str, _found: TrainedModel) -> Gauge:
    data = without_class(dataset(_found.data), str(_found.settings.get("leave_out", "")))
    known = training_codes(_found, data=data)
    held_out = data.test.x[np.random.default_rng(0).permutation(len(data.test))[:HELD_OUT]]
    return gauge(known, encode(network(_found), held_out))
