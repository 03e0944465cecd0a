"""The map of films: those that many know first, with their names; and the films that the user has circled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from aecore.recommender.models.base import Scores
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.recommend import Preferences, recommend
from aecore.recommender.serving.taste_map import taste_place
from ui.app.address_choices import OneOf
from ui.components.film_cards import Section
from ui.components.latent_map import NO_COLOUR, Cloud, Figure, Legend, Mark, answer_in, latent_map
from ui.screens.movies.cards import Cards, columns_of
from ui.screens.movies.link import CIRCLED, FILM, MOST_CIRCLED, ON_MAP, ON_MAP_CHOICES, ONLY_MINE
from ui.screens.movies.model import Advisor
from ui.screens.movies.order_words import in_order
from ui.screens.movies.route import places_key
from ui.screens.movies.why import opened

KEY = "films-map"
WELL_KNOWN, HEIGHT, TO_RATE = 300, 600, 8
HUES = {
    "Horror": "#b3261e", "Sci-Fi": "#0072b2", "Animation": "#00a0a8", "Children": "#63c9b8", "War": "#6b7a2a",
    "Western": "#a5672a", "Musical": "#c2578f", "Documentary": "#2f9e6b", "Fantasy": "#9a55c4",
    "Film-Noir": "#74708f", "Romance": "#e0799b", "Crime": "#7a4fb5", "Thriller": "#5667c9",
    "Action": "#d55e00", "Adventure": "#3f9a3f", "Comedy": "#d9a400", "Drama": "#8a93a3",
}  # fmt: skip
"""Genre -> colour; a film has the colour of its first genre in this order, so that rare genres are visible."""


@dataclass(frozen=True)
class Described:
    """What the map says of each film: levels of colour with their legend and palette, and a note beside its title.

    notes: the distinct notes; noted: (F,) which one is whose.
    """

    levels: np.ndarray
    legend: Legend
    palette: tuple[str, ...]
    notes: tuple[str, ...]
    noted: np.ndarray


def film_map(model: Advisor, mine: Taste, scores: Scores) -> None:
    """Shows the map. What is picked on it, and what is circled, goes into the address."""
    films, stars = model.catalogue.films, mine.stars(model.catalogue)
    rated = np.array([films.column[movie] for movie in stars], np.int64)
    values = np.array(list(stars.values()), np.float64)
    famous = np.argsort(-model.catalogue.popularity, kind="stable")
    picked = opened(model)
    marks = (Mark(tuple(taste_place(model.places, rated, values).tolist()), "Your taste"),) if stars else ()
    shown = _shown(_choice(bool(stars)), famous, rated, picked)
    said = described(films)
    key = places_key(model.places)
    cloud = Cloud(
        f"films-{key}", len(films), 2, f"/movies/places/{key}.bin", said.levels, said.palette, legend=said.legend,
        names=films.titles, labels=np.arange(len(films)), picked=picked, marks=marks, shown=shown, height=HEIGHT,
        notes=said.notes, noted=said.noted, figures=_figures(len(films), rated, values, scores),
        first=np.concatenate([rated[np.argsort(-values, kind="stable")], famous[~np.isin(famous, rated)]]),
        selected=circled_columns(model),
    )  # fmt: skip

    def pick() -> None:
        index = answer_in(KEY, cloud.revision, cloud.count).picked
        FILM.put(None if index is None else int(films.movie_ids[index]))

    def circle() -> None:
        chosen = answer_in(KEY, cloud.revision, cloud.count).selected
        best = chosen[np.argsort(-model.catalogue.popularity[chosen], kind="stable")][:MOST_CIRCLED]
        CIRCLED.put(tuple(np.base_repr(each, 36).lower() for each in films.movie_ids[best].tolist()), unless=())

    latent_map(cloud, KEY, on_pick=pick, on_select=circle)


def circled_columns(model: Advisor) -> np.ndarray:
    """(K,) columns of the films that the address says are circled, best known first."""
    column = model.catalogue.films.column
    found = (column.get(int(each, 36)) for each in CIRCLED.read())
    return np.array([each for each in found if each is not None], np.int64)


def circled_sections(model: Advisor, mine: Taste, cards: Cards, scores: Scores, count: int) -> tuple[Section, ...]:
    """What circling leads to: the films to rate among those circled, and those among them to see."""
    columns = circled_columns(model)
    if not len(columns):
        return ()
    catalogue, ids = model.catalogue, model.catalogue.films.movie_ids
    answered = mine.answered(catalogue)
    asked = [column for column in columns.tolist() if int(ids[column]) not in answered][:TO_RATE]
    only = Preferences(only=frozenset(ids[columns].tolist()))
    picks = columns_of(recommend(scores, catalogue, only, mine.done_with(catalogue), count + 1))
    is_one = len(columns) == 1
    circled = "The film you circled" if is_one else f"The best-known of the {len(columns):,} films you circled"
    best = "The film you circled." if is_one else f"Of the {len(columns):,} films you circled, the best for you first."
    most = " (the best-known of a larger region)" if len(columns) == MOST_CIRCLED else ""
    return (
        Section(
            "rate", "rate", "Rate these", f"{circled}{most} that you have neither rated nor marked.",
            cards.cards(asked, guess=False), "row", empty="You have rated or marked every film you circled.",
        ),
        Section(
            "recommended", "recommend", "Recommended, only from these", best,
            in_order(cards, picks[:count]),
            more=len(picks) > count, empty="You have seen or refused every film you circled.",
        ),
    )  # fmt: skip


def _choice(has_ratings: bool) -> str:
    """Which films are on the map, as the user chooses."""
    if ONLY_MINE.read():  # an address from before there was this choice
        ONLY_MINE.clear()
        if has_ratings:
            st.session_state[ON_MAP.name] = ON_MAP_CHOICES[-1]
    choices = ON_MAP_CHOICES if has_ratings else ON_MAP_CHOICES[:-1]
    chosen = st.segmented_control(
        "Films on the map", choices, default=choices[0], required=True,
        help=f"The {WELL_KNOWN} films that most users like, with your own; every film that the model knows; or only "
        "those you have rated.", **ON_MAP.among(OneOf(choices), choices[0]).bound(),
    )  # fmt: skip
    return chosen or choices[0]


def _shown(choice: str, famous: np.ndarray, rated: np.ndarray, picked: int | None) -> np.ndarray | None:
    """Columns of the films that are drawn; None for all."""
    if choice == ON_MAP_CHOICES[1]:
        return None
    own = rated if picked is None else np.append(rated, picked)
    return np.unique(own if choice == ON_MAP_CHOICES[2] else np.concatenate([famous[:WELL_KNOWN], own]))


def _figures(count: int, rated: np.ndarray, values: np.ndarray, scores: Scores) -> tuple[Figure, ...]:
    """The stars expected, of films that the user has not rated, and the user's own."""
    if scores.stars is None:
        return ()
    predicted, own = scores.stars[0].astype(np.float64), np.full(count, np.nan)
    own[rated] = values
    predicted[rated] = np.nan
    return Figure("★ {} expected", predicted), Figure("★ {} from you", own)


@lru_cache(maxsize=4)
def described(films: Films) -> Described:
    """Colours by genre, and year and genres as a note."""
    there = [name for name in HUES if name in films.genre_names]
    table = films.genres[:, [films.genre_names.index(name) for name in there]]
    levels = np.where(table.any(1), table.argmax(1), NO_COLOUR) if there else np.full(len(films), NO_COLOUR)
    notes = [_note(films, column) for column in range(len(films))]
    known = {note: place for place, note in enumerate(dict.fromkeys(notes))}
    legend = Legend("classes", tuple(there), "Genre")
    return Described(
        levels, legend, tuple(HUES[name] for name in there), tuple(known), np.array([known[note] for note in notes])
    )


def _note(films: Films, column: int) -> str:
    year = int(films.years[column])
    return " · ".join(filter(None, [str(year) if year else "", ", ".join(films.genres_of(column))]))
