"""A trained recommender as served: its model, its films, a map of them, and its metrics."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from aecore.files import BrokenFileError, read_json, read_npz, write_json, write_npz
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import WEIGHTS, Recommender, Scores, read_about, read_weights
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.details import DETAILS, Details, read_details, write_details
from aecore.recommender.serving.known_names import with_known_names
from aecore.recommender.serving.similar import Similar, alike

ASSETS = Path(__file__).with_name("assets")
FILMS, FACTS, PLACES = "films.json", "facts.json", "places.npz"
DISAGREEMENT, NEAREST = "discord", "nearest"
"""Names of arrays beside the map."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A trained model with its films, which have the same columns.

    places: (F, 2) float32, a map on which similar films are close. facts: training data, settings and metrics.
    disagreement: (F,) float32, of the users about each film, see `cold_start.disagreement_of`; None if unknown.
    nearest: (F, K) int32, columns of the films like each, see `similar.nearest_films`; None if unknown. details: what
    else is known of the films.
    """

    model: Recommender
    films: Films
    places: np.ndarray
    facts: dict[str, Any] = field(default_factory=dict)
    disagreement: np.ndarray | None = None
    nearest: np.ndarray | None = None
    details: Details = field(default_factory=Details)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue, which finds films by title or id."""
        return Catalogue(self.films, self.model.popularity, self.details)

    def similar(self, film: int, count: int) -> Similar:
        """The films most like that of this column: by the likes of the users that it was trained on, then by genres
        and time; by the model's weights if it was saved without these and they say anything.
        """
        if self.nearest is None:
            found, strengths = self.model.similar(film, count)
            if strengths.any():
                return Similar(tuple(found.tolist()), None)
            return Similar(tuple(alike(self.films, self.model.popularity, film, count, found[:0]).tolist()), 0)
        liked = self.nearest[film][self.nearest[film] >= 0][:count]
        others = alike(self.films, self.model.popularity, film, count - len(liked), liked)
        return Similar((*liked.tolist(), *others.tolist()), len(liked))

    def scores(self, *tastes: Mapping[int, float]) -> Scores:
        """Scores for one user per mapping of movie id to stars.

        RatingsError if stars lie outside 0.5 to 5; unknown films are ignored.
        """
        given = Ratings.of_tastes(tastes, self.model.movie_ids)
        with one_thread():
            return self.model.score(given)

    def score(self, taste: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray]:
        """All films that the user has not rated, best first: (N,) int64 movie ids and (N,)
        float32 predicted stars.

        The order is that of recommendation, not of the stars: it also reflects how likely a film is to be seen at all.
        For a model that predicts no stars, the second array holds its scores.
        """
        scores = self.scores(taste)
        columns = np.argsort(-scores.order[0], kind="stable")
        columns = columns[~np.isin(self.model.movie_ids[columns], np.fromiter(taste, np.int64, len(taste)))]
        values = scores.order if scores.stars is None else scores.stars
        return self.model.movie_ids[columns], values[0, columns]


def one_thread() -> AbstractContextManager[Any]:
    """Limits the BLAS to one thread: for one user, starting its threads takes longer than the products,
    above all on a busy machine.
    """
    return _threads().limit(limits=1, user_api="blas")


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def save(loaded: Loaded, folder: Path) -> None:
    """Writes the model, its films, their map and the facts, which `open_folder` reads."""
    loaded.model.save(folder)
    write_json(folder / FACTS, loaded.facts)
    write_films(loaded.films, folder / FILMS)
    write_places(loaded, folder)
    if loaded.details.raters is not None:
        write_details(loaded.details, folder / DETAILS)


def write_places(loaded: Loaded, folder: Path) -> None:
    """Writes the map, and what else there is for each film."""
    more = {} if loaded.disagreement is None else {DISAGREEMENT: loaded.disagreement.astype(np.float16)}
    if loaded.nearest is not None:
        more[NEAREST] = loaded.nearest.astype(np.int16 if len(loaded.films) < 2**15 else np.int32)
    write_npz(folder / PLACES, places=loaded.places.astype(np.float16), **more)


def open_folder(folder: Path) -> Loaded:
    """Loads what `save` wrote, with the films under the names that people know them by (`known_names`); weights in
    half precision are converted to single.

    BrokenFileError if a part cannot be read or the parts do not match.
    """
    about = read_about(folder)
    if about["model"] not in MODELS:
        raise BrokenFileError(f"{folder} holds a model called '{about['model']}'; there are {', '.join(MODELS)}.")
    kind = MODELS[about["model"]].model_class
    model = kind.from_arrays(kind.settings_in(about), _single(read_weights(folder / WEIGHTS)))
    films = _films_of(model.movie_ids, folder)
    arrays = {name: values for name, values in read_npz(folder / PLACES).items() if len(values) == len(films)}
    nearest = arrays.pop(NEAREST, None)
    if nearest is not None and (nearest.ndim != 2 or (nearest < -1).any() or (nearest >= len(films)).any()):
        raise BrokenFileError(f"{folder / PLACES} names films that are not there.")
    arrays = {name: values.astype(np.float32) for name, values in arrays.items()}
    places = arrays.get("places", np.zeros((len(films), 2), np.float32))
    facts, details = _read_json(folder / FACTS), read_details(folder / DETAILS, len(films))
    nearest = None if nearest is None else nearest.astype(np.int32)
    return Loaded(model, films, places, facts, arrays.get(DISAGREEMENT), nearest, details)


def open_catalogue(folder: Path) -> Catalogue:
    """Loads only what finds films of what `save` wrote: their names and ids, and how popular they are.

    BrokenFileError if a part cannot be read or the parts do not match.
    """
    arrays = _single(read_weights(folder / WEIGHTS, ("movie_ids", "popularity")))
    try:
        return Catalogue(_films_of(arrays["movie_ids"], folder), arrays["popularity"])
    except RatingsError as error:
        raise BrokenFileError(str(error)) from None


def _single(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """With what is in half precision converted to single."""
    return {name: each.astype(np.float32) if each.dtype == np.float16 else each for name, each in arrays.items()}


def _films_of(movie_ids: np.ndarray, folder: Path) -> Films:
    """The films of a model with these ids, under the names that people know them by."""
    films = with_known_names(read_films(folder / FILMS))
    if not np.array_equal(films.movie_ids, movie_ids):
        raise BrokenFileError(f"The films in {folder / FILMS} are not those of the model beside it.")
    return films


def write_films(films: Films, path: Path) -> None:
    """Writes films as JSON, one list per property."""
    write_json(
        path,
        {
            "movie_ids": films.movie_ids.tolist(),
            "titles": list(films.titles),
            "years": films.years.tolist(),
            "genre_names": list(films.genre_names),
            "genres": [np.flatnonzero(row).tolist() for row in films.genres],
            "imdb": films.imdb.tolist(),
            "tmdb": films.tmdb.tolist(),
            "alternatives": {str(place): list(names) for place, names in enumerate(films.alternatives) if names},
        },
        indent=None,
    )


def read_films(path: Path) -> Films:
    """Reads what `write_films` wrote. BrokenFileError if it cannot be read."""
    try:
        values = _read_json(path)
        genres = np.zeros((len(values["titles"]), len(values["genre_names"])), bool)
        for row, columns in enumerate(values["genres"]):
            genres[row, columns] = True
        others = tuple(tuple(values["alternatives"].get(str(place), ())) for place in range(len(values["titles"])))
        ids = (np.array(values["imdb"], np.int32), np.array(values["tmdb"], np.int32))
        years, movies = np.array(values["years"], np.int16), np.array(values["movie_ids"], np.int64)
        return Films(movies, tuple(values["titles"]), years, genres, tuple(values["genre_names"]), *ids, others)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BrokenFileError(f"{path} cannot be read ({error}).") from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return read_json(path)
    except (OSError, ValueError) as error:
        raise BrokenFileError(f"{path} cannot be read ({error}).") from None
