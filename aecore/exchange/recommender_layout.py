"""Which arrays a trained recommender has, by its settings: their names, shapes and types, and how large they may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from aecore.exchange import ExchangeError
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import WEIGHTS, Recommender
from aecore.recommender.models.rated_rows import MOST_FEATURES, RatedRows

Size = int | str
"""A number, or a letter for one: the same wherever the letter stands."""

Shape = tuple[Size, ...]


@dataclass(frozen=True)
class Kind:
    """An array. type: its name in NumPy. columns: whether it lists columns of films, each once, in ascending order."""

    shape: Shape
    type: str = "float32"
    columns: bool = False


@dataclass(frozen=True)
class Layout:
    """The arrays of one model, and letter -> the largest that it may stand for."""

    arrays: dict[str, Kind]
    most: dict[str, int]

    def bytes(self) -> int:
        """The most that the numbers of all arrays may take."""
        return sum(
            math.prod(self.most.get(size, 0) if isinstance(size, str) else size for size in each.shape)
            * np.dtype(each.type).itemsize
            for each in self.arrays.values()
        )

    def within(self, part: str) -> Layout:
        """The same of a part of another model, whose names and letters begin with the name of the part."""
        arrays = {
            f"{part}.{name}": Kind(tuple(f"{part}.{size}" if isinstance(size, str) else size for size in each.shape),
                                   each.type, each.columns)
            for name, each in self.arrays.items()
        }  # fmt: skip
        return Layout(arrays, {f"{part}.{letter}": most for letter, most in self.most.items()})


def layout_of(model: Recommender, films: int, users: int) -> Layout:
    """The arrays of a model of these settings that knows so many films, with rows for so many users if it has any."""
    shared = {"movie_ids": Kind((films,), "int64"), "popularity": Kind((films,))}
    if model.name == "hybrid":
        parts = [_own(part, films, users).within(name) for name, part in model.untrained().items()]  # type: ignore[attr-defined]
        return Layout(
            shared | {name: kind for part in parts for name, kind in part.arrays.items()},
            {letter: most for part in parts for letter, most in part.most.items()},
        )
    own = _own(model, films, users)
    return Layout(shared | own.arrays, own.most)


def check_arrays(layout: Layout, arrays: Mapping[str, np.ndarray], model: Recommender) -> None:
    """ExchangeError, with name and shapes, unless the arrays are those of the layout.

    A hybrid whose training was stopped lacks its last parts, each as a whole.
    """
    films = len(arrays["movie_ids"]) if "movie_ids" in arrays else 0
    if extra := sorted(arrays.keys() - layout.arrays.keys()):
        raise ExchangeError(f"{WEIGHTS} has the array {extra[0][:60]!r}, which {_such(model)} has not.")
    missing = _untrained_parts(model, arrays)
    found: dict[str, int] = {}
    for name, kind in layout.arrays.items():
        if name.partition(".")[0] in missing and "." in name:
            continue
        if name not in arrays:
            raise ExchangeError(f"{WEIGHTS} lacks the array '{name}', which {_such(model)} has.")
        given = arrays[name]
        if given.dtype.name != kind.type or not _fits(given.shape, kind.shape, found, layout.most):
            raise ExchangeError(
                f"In {WEIGHTS}, '{name}' is {_shown(given.shape, given.dtype.name)}; {_such(model)} has "
                f"{_shown(tuple(found.get(str(size), size) for size in kind.shape), kind.type)}."
            )
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise ExchangeError(f"In {WEIGHTS}, '{name}' holds numbers that are not finite.")
        if kind.columns and not _are_columns(given, films):
            raise ExchangeError(f"In {WEIGHTS}, '{name}' names films that are not there, or not in their order.")
    if (np.diff(np.sort(arrays["movie_ids"])) == 0).any():
        raise ExchangeError(f"In {WEIGHTS}, 'movie_ids' names a film twice.")
    _check_links(arrays)
    _check_tables(arrays, films)


def _own(model: Recommender, films: int, users: int) -> Layout:
    """What a model that is no hybrid has beside ids and popularity."""
    if isinstance(model, RatedRows):
        return _of_rows(model, films, users)
    if model.name not in _OWN:
        raise ExchangeError(f"A model of the kind '{MODELS[model.name].title}' has no such folder yet.")
    return _OWN[model.name](model.settings, films)


def _of_rows(model: RatedRows, films: int, users: int) -> Layout:
    """A rating network, whose rows are users or films."""
    recipe, of_films = model.recipe(), "codes" in model.kept
    width = users if of_films else films
    sizes = (width * (2 if recipe.masks else 1), *recipe.hidden_sizes, width)
    arrays = _bias(films) | {"features": Kind(("features", sizes[1]))}
    for place, (inputs, outputs) in enumerate(pairwise(sizes)):
        arrays |= {f"weights_{place}": Kind((inputs, outputs)), f"bias_{place}": Kind((outputs,))}
    if of_films:
        last = recipe.hidden_sizes[-1]
        arrays |= {"codes": Kind((films, last)), "person_weights": Kind((users, last + 1))}
        arrays |= {"fingerprints": Kind((users,), "int64")}
    return Layout(arrays, {"features": MOST_FEATURES if of_films else 0})


def _bias(films: int) -> dict[str, Kind]:
    return {"mean": Kind((1,)), "film_biases": Kind((films,))}


def _item_knn(own: Any, films: int) -> Layout:
    arrays, most = _bias(films), {}
    for table, neighbours in (("likeness", own.neighbours), ("cosine", own.order_neighbours)):
        most[table] = films * min(neighbours, films)
        arrays |= {
            f"{table}_indptr": Kind((films + 1,), "int64"), f"{table}_indices": Kind((table,), "int32"),
            f"{table}_values": Kind((table,)),
        }  # fmt: skip
    return Layout(arrays, most)


def _ease(own: Any, films: int) -> Layout:
    arrays = {"columns": Kind(("f",), "int32", columns=True), "weights": Kind(("f", "f"))}
    return Layout(arrays, {"f": min(films, own.most_films)})


def _multinomial(own: Any, films: int, latent: int = 0) -> Layout:
    hidden, code = own.hidden_size, latent or own.hidden_size
    arrays = {
        "columns": Kind(("f",), "int32", columns=True), "log_shares": Kind((films,)),
        "input_weights": Kind(("f", hidden)), "input_bias": Kind((hidden,)),
        "output_weights": Kind(("f", code)), "output_bias": Kind(("f",)),
    }  # fmt: skip
    if latent:
        for name in ("mean", "variance"):
            arrays |= {f"{name}_weights": Kind((hidden, latent)), f"{name}_bias": Kind((latent,))}
    return Layout(arrays, {"f": films})


def _bayesian(own: Any, films: int) -> Layout:
    rank = own.rank + 1
    arrays = {
        "mean": Kind((1,)), "film_factors": Kind(("draws", films, rank)), "links": Kind(("draws", "linked", rank)),
        "prior_means": Kind(("draws", rank)), "prior_precisions": Kind(("draws", rank, rank)),
        "noise_precisions": Kind(("draws",)),
    }  # fmt: skip
    return Layout(arrays, {"draws": min(own.kept_draws, own.draws), "linked": films})


def _stacked_faithful(own: Any, films: int) -> Layout:
    return Layout({"weights": Kind((MODELS["stacked-faithful"].model_class(own).parameters(0, films),))}, {})


_OWN: dict[str, Callable[[Any, int], Layout]] = {
    "popularity": lambda own, films: Layout({}, {}),
    "item-mean": lambda own, films: Layout({"means": Kind((films,))}, {}),
    "bias": lambda own, films: Layout(_bias(films), {}),
    "item-knn": _item_knn,
    "ease": _ease,
    "stacked-faithful": _stacked_faithful,
    "mult-vae": lambda own, films: _multinomial(own, films, own.latent_size),
    "mult-dae": _multinomial,
    "bayesian": _bayesian,
}
"""Of the models that are neither rating networks nor made of parts."""


def _untrained_parts(model: Recommender, arrays: Mapping[str, np.ndarray]) -> set[str]:
    """The parts of a hybrid at its end of which there is nothing; its first part is always wanted."""
    if model.name != "hybrid":
        return set()
    parts = list(model.untrained())  # type: ignore[attr-defined]  # of this model alone
    known = {name.partition(".")[0] for name in arrays if "." in name}
    last = max((place for place, name in enumerate(parts) if name in known), default=0)
    return set(parts[last + 1 :])


def _fits(given: tuple[int, ...], wanted: Shape, found: dict[str, int], most: Mapping[str, int]) -> bool:
    """Whether the shape is the wanted one; notes what letters stand for."""
    if len(given) != len(wanted):
        return False
    for size, want in zip(given, wanted, strict=True):
        if isinstance(want, str):
            if size > most[want] or found.setdefault(want, size) != size:
                return False
        elif size != want:
            return False
    return True


def _are_columns(values: np.ndarray, films: int) -> bool:
    return not len(values) or bool(values[0] >= 0 and values[-1] < films and (np.diff(values) > 0).all())


def _check_links(arrays: Mapping[str, np.ndarray]) -> None:
    """Of a Bayesian model: links of all films, or of none; at least one draw."""
    for name, links in arrays.items():
        if name.rpartition(".")[2] == "links":
            draws, films, _ = arrays[name.removesuffix("links") + "film_factors"].shape
            if links.shape[1] not in (0, films) or not draws:
                raise ExchangeError(f"In {WEIGHTS}, '{name}' is {_shown(links.shape, 'float32')}, for {films:,} films.")


def _check_tables(arrays: Mapping[str, np.ndarray], films: int) -> None:
    """Of item k-NN: each sparse table names neighbours that are there."""
    for table in ("likeness", "cosine"):
        if f"{table}_indptr" not in arrays:
            continue
        begins, columns = arrays[f"{table}_indptr"], arrays[f"{table}_indices"]
        is_whole = begins[0] == 0 and begins[-1] == len(columns) and (np.diff(begins) >= 0).all()
        if not is_whole or (len(columns) and not 0 <= columns.min() <= columns.max() < films):
            raise ExchangeError(f"In {WEIGHTS}, the table '{table}' names films that are not there.")


def _such(model: Recommender) -> str:
    return f"a model called '{model.name}' of these settings and films"


def _shown(shape: tuple[Size, ...], kind: str) -> str:
    sizes = " × ".join("any number" if isinstance(size, str) else f"{size}" for size in shape)
    return f"{sizes or 'one number'} of {kind}"
