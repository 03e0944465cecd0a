"""Base class of recommenders: training on ratings, scores of all films for new users, saving and loading."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from aecore.files import BrokenFileError, read_json, replacing, write_json
from aecore.recommender.models import present_name
from aecore.recommender.models.attribution import Attribution, shapley
from aecore.recommender.models.ranks import ALONE, Ranks
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import HIGHEST, LOWEST, Ratings, RatingsError
from aecore.settings import Settings

if TYPE_CHECKING:
    from aecore.progress import Progress

WEIGHTS, ABOUT = "model.safetensors", "about.json"
FORMAT = 1
LIKED = 4.0
"""Stars from which a film counts as liked."""
DISLIKED = 2.0
"""Stars up to which a film counts as disliked."""
MEASURED_EPOCHS = 25
"""Epochs of a training whose weights are compared on validation data, spread evenly: always the same ones, so that
which is best does not depend on how fast the machine is.
"""


@dataclass(frozen=True)
class Scores:
    """Scores of all films for B users.

    order: (B, F) float32, ranking scores; only their order has a meaning. stars: (B, F) float32, predicted stars
    within [0.5, 5], or None if the model predicts none. spread: (B, F) float32, standard deviation of these stars,
    or None. likes: (B, F) float32, the order without what predicted stars add to it, or None if they add nothing.
    """

    order: np.ndarray
    stars: np.ndarray | None = None
    spread: np.ndarray | None = None
    likes: np.ndarray | None = None

    def __post_init__(self) -> None:
        for part in (self.order, self.stars, self.spread, self.likes):
            assert part is None or (part.shape == self.order.shape and part.dtype == np.float32)


class Recommender(ABC):
    """Base class of the models. Subclasses implement `learn`, `predict` and `affinity`.

    The attributes named in `kept` hold the trained parameters, all arrays, and are saved to disk.
    movie_ids: (F,) int64, the films it knows. popularity: (F,) float32, the share of users who liked each.
    device: "cpu" or "cuda", where it trains if it `uses_gpu`; the trained parameters are NumPy arrays in any case.
    ranks: the processes that train it together, if it `is_parallel`.
    """

    name: ClassVar[str]
    settings_class: ClassVar[type[Settings]]
    kept: ClassVar[tuple[str, ...]] = ()
    earlier: ClassVar[Mapping[str, Any]] = {}
    """What settings were in effect for models saved before there was a knob for them."""
    uses_gpu: ClassVar[bool] = False
    is_closed_form: ClassVar[bool] = False
    """Whether its weights are solved for in one step: they have no gradients, and are limited by memory alone."""
    keeps_best_epoch: ClassVar[bool] = False
    """Whether a run keeps the weights of the epoch that did best on validation data, and not the last ones."""

    is_parallel: ClassVar[bool] = False
    """Whether several processes can train it together, each on a share of the users of every step."""

    device: str = "cpu"
    ranks: Ranks = ALONE
    movie_ids: np.ndarray
    popularity: np.ndarray

    def __init__(self, settings: Any = None) -> None:
        self.settings: Any = settings or self.settings_class()

    @abstractmethod
    def learn(self, ratings: Ratings, films: Films, validation: Ratings | None) -> Iterator[Progress]:
        """Trains: sets the arrays named in `kept`; see `fit`."""

    @abstractmethod
    def predict(self, given: Ratings) -> Scores:
        """Scores for users whose ratings have the columns of this model; see `score`.
        NumPy only, without side effects.
        """

    @abstractmethod
    def affinity(self, film: int) -> np.ndarray:
        """(F,) float: similarity of every film to the film of this column; higher is more similar."""

    def parameters(self, users: int, films: int) -> int:
        """The most weights and biases that training on so many users and films keeps in memory; 0 for a model
        without any worth counting.
        """
        return 0

    def fit(
        self, ratings: Ratings, films: Films | None = None, validation: Ratings | None = None
    ) -> Iterator[Progress]:
        """Trains the model; a generator of progress records. A closed form yields one record.

        validation: other ratings of the users of `ratings`, of its films; measured, never trained on.
        RatingsError if there are no ratings, or too many for this model.
        """
        if not len(ratings):
            raise RatingsError("There are no ratings to learn from; add some and try again.")
        self.movie_ids = ratings.movie_ids
        liked = ratings.films[ratings.stars >= LIKED]
        self.popularity = (np.bincount(liked, minlength=ratings.films_count) / ratings.users).astype(np.float32)
        films = Films.untitled(ratings.movie_ids) if films is None else films.on(ratings.movie_ids)
        yield from self.learn(ratings, films, None if validation is None else validation.on(ratings.movie_ids))

    def score(self, given: Ratings) -> Scores:
        """Scores all films for new users, from their ratings alone; the columns are `movie_ids`.

        Ratings of unknown films are ignored. Films are ranked by popularity for a user without ratings,
        or whose films all get the same score; `without_likes` ranks them where no rating says what the user likes.
        """
        given = given.on(self.movie_ids)
        scores = self.predict(given)
        is_lost = (given.counts > 0) & ~self.tells_likes(given)
        if is_lost.any():
            scores = _put(scores, is_lost, self.without_likes(given.take_users(np.flatnonzero(is_lost))))
        is_unranked = (given.counts == 0) | (scores.order == scores.order[:, :1]).all(1)
        if is_unranked.any():
            scores = _put(scores, is_unranked, Scores(np.tile(self.popularity, (int(is_unranked.sum()), 1))))
        stars = None if scores.stars is None else np.clip(scores.stars, LOWEST, HIGHEST)
        return replace(scores, stars=stars)

    def tells_likes(self, given: Ratings) -> np.ndarray:
        """(B,) bool: whether the ratings of each user tell this model what the user likes."""
        return given.counts > 0

    def without_likes(self, given: Ratings) -> Scores:
        """The order for users whose ratings do not; that of a user without ratings, changed by nothing but what they
        dislike.
        """
        return Scores(np.tile(self.popularity, (given.users, 1)))

    def attribution(self, given: Ratings, column: int, groups: np.ndarray) -> Attribution:
        """What each group of one user's ratings adds to the score of the film of this column, as Shapley values.

        groups: (N,) int, from 0, the group of each rating; the columns of `given` are those of this model.
        """
        count = int(groups.max()) + 1 if len(groups) else 0
        in_stars = False

        def value(present: np.ndarray) -> np.ndarray:
            nonlocal in_stars
            copies = given.take_users(np.zeros(len(present), np.int64))
            scores = self.predict(copies.only(present[:, groups].ravel()))
            in_stars = scores.stars is not None
            return scores.order[:, column] - scores.order.mean(1) if scores.stars is None else scores.stars[:, column]

        parts, (baseline, whole) = shapley(value, count)
        return Attribution(float(baseline), float(whole), parts, in_stars)

    def similar(self, film: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns of the `count` films most similar to that of column `film`, most similar first, and similarities."""
        strengths = np.array(self.affinity(film), np.float64)
        strengths[film] = -np.inf
        nearest = np.argsort(-strengths, kind="stable")[: min(count, len(strengths) - 1)]
        return nearest, strengths[nearest]

    def arrays(self) -> dict[str, np.ndarray]:
        """All trained arrays, by name."""
        return {name: getattr(self, name) for name in ("movie_ids", "popularity", *self.kept)}

    @classmethod
    def from_arrays(cls, settings: Settings, arrays: dict[str, np.ndarray]) -> Self:
        """A trained model. BrokenFileError if an array is missing or of another number of films."""
        model = cls(settings)
        for name in ("movie_ids", "popularity", *cls.kept):
            if name not in arrays:
                raise BrokenFileError(f"The weights hold no '{name}'; they are not of a model called '{cls.name}'.")
            setattr(model, name, arrays[name])
        if model.popularity.shape != model.movie_ids.shape:
            raise BrokenFileError(
                f"The weights are of {len(model.popularity)} films, their list has {len(model.movie_ids)}."
            )
        return model

    def save(self, folder: Path) -> None:
        """Writes model.safetensors and about.json."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / WEIGHTS) as temporary:
            save_file({name: np.ascontiguousarray(array) for name, array in self.arrays().items()}, temporary)
        write_json(folder / ABOUT, {"format": FORMAT, "model": self.name, "settings": self.settings.to_dict()})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Loads what `save` wrote.

        BrokenFileError if it cannot be read or is another model; SettingsError if its settings are refused.
        """
        about = read_about(folder)
        if about["model"] != cls.name:
            raise BrokenFileError(f"{folder / ABOUT} is of a model called '{about['model']}', not '{cls.name}'.")
        return cls.from_arrays(cls.settings_in(about), read_weights(folder / WEIGHTS))

    @classmethod
    def settings_in(cls, about: Mapping[str, Any]) -> Settings:
        """The settings in what `read_about` read. SettingsError if they are refused."""
        return cls.settings_class.from_dict({**cls.earlier, **about["settings"]})


def _put(scores: Scores, rows: np.ndarray, others: Scores) -> Scores:
    """The scores with another order of some rows."""
    order, likes = scores.order.copy(), scores.likes
    order[rows] = others.order
    if likes is not None:
        likes = likes.copy()
        likes[rows] = others.order if others.likes is None else others.likes
    return replace(scores, order=order, likes=likes)


def is_measured(epoch: int, epochs: int) -> bool:
    """Whether the weights after this epoch, from 1, are compared with others on validation data; the last always."""
    return epoch * MEASURED_EPOCHS // epochs > (epoch - 1) * MEASURED_EPOCHS // epochs


def read_about(folder: Path) -> dict[str, Any]:
    """Reads about.json: "model" and "settings". BrokenFileError if it cannot be read."""
    try:
        about = read_json(folder / ABOUT)
        if about["format"] != FORMAT or not isinstance(about["model"], str) or not isinstance(about["settings"], dict):
            raise ValueError("it has another form")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenFileError(f"{folder / ABOUT} cannot be read ({error}).") from None
    return about | {"model": present_name(about["model"])}


def read_weights(path: Path, only: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Reads all arrays of a safetensors file, or only those of these names. BrokenFileError if it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in (file.keys() if only is None else only)}
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise BrokenFileError(f"{path} cannot be read ({error}).") from None


def solved(started: float, ratings: int, error: float | None = None) -> Progress:
    """The single progress record of a closed form.

    started: time.perf_counter() at the start; error: root mean squared error on the validation ratings.
    """
    from aecore.progress import Progress

    seconds = time.perf_counter() - started
    validation = {} if error is None else {"RMSE": error}
    return Progress(1, 1.0, seconds, ratings / max(seconds, 1e-9), 0.0, {}, validation, None, 1.0)
