"""Reads the folder of a recommender, or a ZIP of one. Strangers wrote it: each file is refused with its name and what
is wrong, and nothing in it could run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aecore.datasets import DataError
from aecore.exchange import ExchangeError
from aecore.exchange.huggingface import CONFIG, CURVES
from aecore.exchange.places import Read, parsed, without_weights
from aecore.exchange.reading import HEADER_BYTES, PLAIN, name_in, read_curves, read_status
from aecore.exchange.recommender_layout import Layout, check_arrays, layout_of
from aecore.exchange.recommender_parts import read_details, read_facts, read_films, read_places
from aecore.files import BrokenFileError, replacing, write_json, write_npz
from aecore.limits import Limits, in_gb
from aecore.recommender.models import MODELS, present_name
from aecore.recommender.models.base import ABOUT, FORMAT, WEIGHTS, Recommender
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.recommender.ratings.sources import card
from aecore.recommender.serving.details import DETAILS, Details, write_details
from aecore.recommender.serving.loaded import FACTS, FILMS, PLACES, Loaded, open_folder, write_films
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.run import RECOMMENDER
from aecore.runs.status import Status
from aecore.settings import SettingsError

LABELS = re.compile(rf"(?:{PLAIN.pattern})|(?:[a-z-]{{1,40}}_)?NDCG@10")
"""Names of figures and curves."""

MEASURED = ("seconds", "samples_per_second", "share")
"""Numbers in each record that the page of a recommender shows."""

MOST_FILMS, MOST_USERS, MOST_ABOUT = 1_000_000, 10_000_000, 2**16
STARS = (5.0, 1.0, 4.0, 2.5, 3.0)
"""Of the user who is scored to see that a model works."""

OWN = re.compile(r"own-[0-9a-f]{10}")


@dataclass(frozen=True)
class FoundRecommender:
    """What a folder holds of a recommender, checked. settings: as they were written. weights: safetensors. about: what
    about.json is to say. curves: JSON lines. lacks: what is not on this machine, a sentence each.
    """

    name: str
    settings: dict[str, Any]
    status: Status
    weights: bytes
    about: dict[str, Any]
    films: Films
    facts: dict[str, Any]
    places: dict[str, np.ndarray]
    details: Details
    curves: bytes
    lacks: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """About what it takes on the disk."""
        return len(self.weights) + len(self.curves) + sum(each.nbytes for each in self.places.values()) + 2**20


def read_recommender(values: dict[str, Any], read: Read, names: list[str], limits: Limits) -> FoundRecommender:
    """The recommender. values: of config.json. ExchangeError or SettingsError, in a sentence, if it cannot be used."""
    settings = _settings(values)
    about, model = _about(read, settings.model)
    films = _count(values, "films", MOST_FILMS)
    users = _count(values, "users", MOST_USERS) if "users" in values else 0
    layout = layout_of(model, films, users)
    _check_size(layout, model, limits)
    status = read_status(values, LABELS)
    weights, arrays = _weights(read, names, layout, model)
    return FoundRecommender(
        name_in(values) or f"{_data_title(settings.data)} · {MODELS[settings.model].title}",
        values["settings"],
        status,
        weights,
        about,
        read_films(read, arrays["movie_ids"]),
        read_facts(read, values["settings"]),
        read_places(read, films),
        read_details(read, films),
        read_curves(read, LABELS, MEASURED),
        _lacks(settings.data),
    )


def write_recommender(found: FoundRecommender, folder: Path) -> None:
    """Writes the files of a run that `recommender.load` opens, and scores a user with it.

    ExchangeError if it gives no scores.
    """
    for name, content in {WEIGHTS: found.weights, CURVES: found.curves}.items():
        if content:
            with replacing(folder / name) as temporary:
                temporary.write_bytes(content)
    write_json(folder / ABOUT, found.about)
    write_films(found.films, folder / FILMS)
    write_json(folder / FACTS, found.facts)
    write_npz(folder / PLACES, **found.places)
    if found.details.raters is not None:
        write_details(found.details, folder / DETAILS)
    try:
        _check_scores(open_folder(folder))
    except (BrokenFileError, ArithmeticError, ValueError, IndexError, KeyError, TypeError, AssertionError) as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError(
            f"The model in {WEIGHTS} does not work with these settings ({type(error).__name__})."
        ) from None


def _check_scores(loaded: Loaded) -> None:
    """ExchangeError unless users without and with ratings get scores that are numbers."""
    ids = loaded.model.movie_ids
    some = {
        int(movie): stars for movie, stars in zip(ids[:: max(1, len(ids) // 5)][:5], (5, 1, 4, 2.5, 3), strict=False)
    }
    with np.errstate(all="ignore"):
        scores = loaded.scores({}, some)
    parts = [each for each in (scores.order, scores.stars, scores.spread) if each is not None]
    if not all(np.isfinite(each).all() for each in parts):
        raise ExchangeError(f"The model in {WEIGHTS} gives scores that are not finite.")


def _settings(values: dict[str, Any]) -> RecommenderSettings:
    given = values.get("settings")
    if not isinstance(given, dict):
        raise ExchangeError(f"{CONFIG} holds no settings.")
    if given.get("kind") != RECOMMENDER:
        raise ExchangeError(f"The settings in {CONFIG} are not of a recommender.")
    try:
        found = RecommenderSettings.of_trained(given)
    except SettingsError as error:
        raise SettingsError(f"The settings in {CONFIG} cannot be used. {error}") from None
    if found.data not in EDITIONS and not OWN.fullmatch(found.data):
        raise ExchangeError(f"{CONFIG} says that it has learned from {found.data[:40]!r}, which are no ratings.")
    return found


def _about(read: Read, name: str) -> tuple[dict[str, Any], Recommender]:
    """What about.json says, and the model of its settings, with which it is served."""
    content = read(ABOUT, MOST_ABOUT)
    if content is None:
        raise ExchangeError(f"There is no {ABOUT}.")
    values = parsed(ABOUT, content)
    if not isinstance(values, dict) or not isinstance(values.get("settings"), dict) or values.get("format") != FORMAT:
        raise ExchangeError(f"{ABOUT} is not of the format {FORMAT}, which this version reads.")
    if not isinstance(values.get("model"), str) or present_name(values["model"]) != name:
        raise ExchangeError(f"{ABOUT} is of a model called {str(values.get('model'))[:40]!r}, {CONFIG} of '{name}'.")
    kind = MODELS[name].model_class
    try:
        own = kind.settings_in(values)
    except SettingsError as error:
        raise SettingsError(f"The settings in {ABOUT} cannot be used. {error}") from None
    return {"format": FORMAT, "model": name, "settings": own.to_dict()}, kind(own)


def _count(values: dict[str, Any], name: str, most: int) -> int:
    found = values.get(name)
    if type(found) is not int or not 1 <= found <= most:
        raise ExchangeError(f"{CONFIG} does not say how many {name} there are: a whole number from 1 to {most:,}.")
    return found


def _check_size(layout: Layout, model: Recommender, limits: Limits) -> None:
    """SettingsError, with the numbers, if the model is larger than this machine accepts."""
    needed = layout.bytes()
    if needed // 4 > limits.weights and not model.is_closed_form:
        raise SettingsError(
            f"This recommender may have up to {needed // 4:,} weights; this server accepts {limits.weights:,.0f}."
        )
    if needed > limits.training_bytes:
        raise SettingsError(
            f"This recommender may take up to {in_gb(needed)} of memory; this machine accepts "
            f"{in_gb(limits.training_bytes)}."
        )


def _weights(read: Read, names: list[str], layout: Layout, model: Recommender) -> tuple[bytes, dict[str, np.ndarray]]:
    """The file of the weights and its arrays, if they are just what this model has."""
    content = read(WEIGHTS, layout.bytes() + HEADER_BYTES)
    if content is None:
        raise without_weights(names)
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExchangeError(f"{WEIGHTS} is no file of safetensors, or a damaged one ({error}).") from None
    check_arrays(layout, arrays, model)
    return content, arrays


def _data_title(data: str) -> str:
    return EDITIONS[data].title if data in EDITIONS else "Ratings of one's own"


def _lacks(data: str) -> tuple[str, ...]:
    try:
        card(data)
    except DataError:
        return (
            "The ratings that it learned from are not on this machine: it recommends without them, and cannot be "
            "trained again here until somebody brings the same ratings.",
        )
    return ()
