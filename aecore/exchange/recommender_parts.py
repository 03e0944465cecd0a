"""Reads what stands beside the weights in the folder of a recommender: its films, the map of them, what is known of
them, and the figures of its test. Strangers wrote these files: all of it is checked, and written anew.
"""

from __future__ import annotations

import math
from typing import Any, TypeGuard

import numpy as np

from aecore.exchange import ExchangeError
from aecore.exchange.places import Read, parsed
from aecore.exchange.reading import PLAIN
from aecore.foreign import one_line
from aecore.recommender.evaluation.splits import GIVEN, KNOWN
from aecore.recommender.models import FORMER_NAMES, MODELS
from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.details import DETAILS, Details
from aecore.recommender.serving.loaded import DISAGREEMENT, FACTS, FILMS, NEAREST, PLACES
from aecore.runs.status import LATEST

LONGEST_NAME, MOST_NAMES, MOST_TAGS, LONGEST_TEXT = 500, 50, 20, 1000
"""Letters of a title, other titles of a film, tags of a film, letters of a sentence."""

MOST_GENRE_CELLS = 2**28
"""Films times genres: a table of yes and no is made of them."""

BYTES_PER_FILM, MOST_LIST, MOST_FACTS = 4000, 2**28, 2**22
"""Of films.json and details.json, for each film and in all; of facts.json."""

MOST_NEAREST = 64
"""Films like each film, at most."""

VALIDATED = frozenset(("ndcg", "ndcg_low", "ndcg_high", "people"))
"""Figures of the validation users."""


def read_films(read: Read, movie_ids: np.ndarray) -> Films:
    """The films of the model. ExchangeError if the file is damaged, or of other films."""
    count = len(movie_ids)
    values = _object(read, FILMS, _most_of(count))
    titles = [_text(each, FILMS, LONGEST_NAME) for each in _list(values, "titles", FILMS, count)]
    names = tuple(_text(each, FILMS, LONGEST_NAME) for each in _list(values, "genre_names", FILMS))
    if len(names) * count > MOST_GENRE_CELLS:
        raise ExchangeError(f"{FILMS} has {len(names):,} genres, which are too many for {count:,} films.")
    if values.get("movie_ids") != movie_ids.tolist():
        raise ExchangeError(f"The films in {FILMS} are not those of the model beside it.")
    genres = np.zeros((count, len(names)), bool)
    for row, columns in enumerate(_list(values, "genres", FILMS, count)):
        if not isinstance(columns, list) or not all(type(each) is int and 0 <= each < len(names) for each in columns):
            raise ExchangeError(f"{FILMS} gives a film genres that are not there.")
        genres[row, columns] = True
    years, imdb, tmdb = (
        _numbers(values, name, FILMS, count, most)
        for name, most in (("years", 9999), ("imdb", 2**31 - 1), ("tmdb", 2**31 - 1))
    )
    others = _by_column(values.get("alternatives"), FILMS, count, LONGEST_NAME, MOST_NAMES)
    return Films(
        movie_ids.astype(np.int64), tuple(titles), years.astype(np.int16), genres, names, imdb.astype(np.int32),
        tmdb.astype(np.int32), tuple(others.get(column, ()) for column in range(count)),
    )  # fmt: skip


def read_details(read: Read, count: int) -> Details:
    """How many users rated each film, and its tags; nothing where there is no such file."""
    if read(DETAILS, _most_of(count)) is None:
        return Details()
    values = _object(read, DETAILS, _most_of(count))
    users = values.get("users")
    if type(users) is not int or not 0 <= users < 2**31:
        raise ExchangeError(f"{DETAILS} does not say how many users there were.")
    raters = _numbers(values, "raters", DETAILS, count, 2**31 - 1).astype(np.int32)
    return Details(raters, users, _by_column(values.get("tags"), DETAILS, count, LONGEST_NAME, MOST_TAGS))


def read_places(read: Read, count: int) -> dict[str, np.ndarray]:
    """The arrays of places.npz: the map, how much users disagree about each film, and the films like each."""
    from aecore.datasets import DataError
    from aecore.datasets.uploads.arrays import read_npz
    from aecore.datasets.uploads.base import UploadLimits

    most = 2**16 + count * (2 * 8 + 8 + MOST_NEAREST * 8)
    content = read(PLACES, most)
    if content is None:
        raise ExchangeError(f"There is no {PLACES}.")
    try:
        arrays = read_npz(PLACES, content, limits=UploadLimits(most, most, 8))
    except DataError:
        raise ExchangeError(f"{PLACES} is no file of arrays, or a damaged one.") from None
    if extra := sorted(arrays.keys() - {"places", DISAGREEMENT, NEAREST}):
        raise ExchangeError(f"{PLACES} has the array {extra[0][:60]!r}, which no recommender has.")
    if "places" not in arrays:
        raise ExchangeError(f"{PLACES} lacks the array 'places'.")
    for name, shape in (("places", (count, 2)), (DISAGREEMENT, (count,))):
        if name in arrays and (arrays[name].shape != shape or arrays[name].dtype.kind != "f"):
            raise ExchangeError(f"In {PLACES}, '{name}' is not of the {count:,} films of the model.")
        if name in arrays and not np.isfinite(arrays[name]).all():
            raise ExchangeError(f"In {PLACES}, '{name}' holds numbers that are not finite.")
    if NEAREST in arrays:
        found = arrays[NEAREST]
        is_of_these = found.ndim == 2 and len(found) == count and found.shape[1] <= MOST_NEAREST
        if not is_of_these or found.dtype.kind != "i" or (found < -1).any() or (found >= count).any():
            raise ExchangeError(f"{PLACES} names films that are not there.")
    return arrays


def read_facts(read: Read, settings: dict[str, Any]) -> dict[str, Any]:
    """What the pages say of the training and of its test; the settings are those of config.json."""
    values = _object(read, FACTS, MOST_FACTS)
    figures = values.get("figures")
    if not isinstance(figures, dict) or settings["model"] not in figures:
        raise ExchangeError(f"{FACTS} has no figures of the test of this model.")
    own = {given: _report(report) for given, report in _reports(figures[settings["model"]]).items()}
    if not own:
        raise ExchangeError(f"{FACTS} has no figures of the test of this model.")
    found = {name: {given: _report(report) for given, report in _reports(each).items()}
             for name, each in figures.items()}  # fmt: skip
    for name, each in found.items():
        if name not in MODELS and name not in FORMER_NAMES:
            raise ExchangeError(f"{FACTS} has figures of {name[:40]!r}, which is no recommender here.")
        if each.keys() != own.keys():
            raise ExchangeError(f"{FACTS} has figures of '{name}' that are not of the tests of the model itself.")
    seconds, device = values.get("seconds"), values.get("device", "CPU")
    if not _is_number(seconds) or not 0 <= seconds < LATEST:
        raise ExchangeError(f"{FACTS} does not say how many seconds the training took.")
    if not isinstance(device, str) or not PLAIN.fullmatch(device):
        raise ExchangeError(f"{FACTS} has no name of a device as 'device'.")
    return {
        "trained_on": _text(values.get("trained_on"), FACTS, LONGEST_TEXT),
        "settings": settings,
        "seconds": seconds,
        "device": device,
        **({"kept": _kept(values["kept"], settings["model"])} if values.get("kept") is not None else {}),
        **({"validation": _validation(values["validation"])} if values.get("validation") is not None else {}),
        "figures": found,
    }


def _reports(value: Any) -> dict[str, Any]:
    """Number of ratings given -> a report."""
    known = {*map(str, GIVEN), KNOWN}
    if not isinstance(value, dict) or not all(key in known for key in value):
        raise ExchangeError(f"{FACTS} has figures of a test that is not known here.")
    return value


def _report(value: Any) -> dict[str, Any]:
    """The figures of one test: numbers by names, and the protocol."""
    if not isinstance(value, dict):
        raise ExchangeError(f"{FACTS} has a test without figures.")
    found: dict[str, Any] = {"protocol": _text(value.get("protocol"), FACTS, LONGEST_TEXT)}
    for name, figure in value.items():
        if name == "protocol":
            continue
        if not PLAIN.fullmatch(name) or not (figure is None or _is_number(figure)):
            raise ExchangeError(f"{FACTS} has a figure that cannot be shown: {name[:40]!r}.")
        found[name] = figure
    return {name: found[name] for name in value}


def _validation(value: Any) -> dict[str, Any]:
    """The figures of the validation users; none where nobody was held out for it."""
    if not isinstance(value, dict) or not all(name in VALIDATED and _is_number(each) for name, each in value.items()):
        raise ExchangeError(f"{FACTS} has figures of validation that are not known here.")
    return value


def _kept(value: Any, model: str) -> list[dict[str, Any]]:
    """The epochs whose weights were kept."""
    parts = {"", *getattr(MODELS[FORMER_NAMES.get(model, model)].model_class, "PARTS", ())}
    whole, found = ("epoch", "epochs", "measured"), []
    for each in value if isinstance(value, list) else [None]:
        if (
            not isinstance(each, dict)
            or each.keys() != {"phase", "figure", "value", *whole}
            or not all(type(each[name]) is int and 0 <= each[name] < 2**31 for name in whole)
            or each["phase"] not in parts
            or each["figure"] not in ("NDCG@10", "RMSE")
            or not _is_number(each["value"])
        ):
            raise ExchangeError(f"{FACTS} does not say in the known way which epochs were kept.")
        found.append(each)
    return found


def _most_of(films: int) -> int:
    """Bytes that a list of so many films may have."""
    return min(MOST_LIST, 2**16 + BYTES_PER_FILM * films)


def _object(read: Read, name: str, most: int) -> dict[str, Any]:
    content = read(name, most)
    if content is None:
        raise ExchangeError(f"There is no {name}.")
    values = parsed(name, content)
    if not isinstance(values, dict):
        raise ExchangeError(f"{name} is not what a recommender's folder has under that name.")
    return values


def _list(values: dict[str, Any], name: str, file: str, count: int | None = None) -> list[Any]:
    found = values.get(name)
    if not isinstance(found, list) or (count is not None and len(found) != count):
        number = "" if count is None else f" of {count:,} films"
        raise ExchangeError(f"{file} has no list '{name}'{number}.")
    return found


def _numbers(values: dict[str, Any], name: str, file: str, count: int, most: int) -> np.ndarray:
    found = _list(values, name, file, count)
    if not all(type(each) is int and 0 <= each <= most for each in found):
        raise ExchangeError(f"{file} has something else than whole numbers from 0 to {most:,} as '{name}'.")
    return np.array(found, np.int64)


def _by_column(value: Any, file: str, count: int, longest: int, most: int) -> dict[int, tuple[str, ...]]:
    """Column of a film -> texts."""
    found = {}
    for key, texts in value.items() if isinstance(value, dict) else [("", None)]:
        if not (key.isascii() and key.isdigit() and len(key) < 10 and int(key) < count) or not isinstance(texts, list):
            raise ExchangeError(f"{file} names films that are not there.")
        if len(texts) > most:
            raise ExchangeError(f"{file} has {len(texts):,} texts for one film; {most} is the most.")
        found[int(key)] = tuple(_text(each, file, longest) for each in texts)
    return found


def _text(value: Any, file: str, longest: int) -> str:
    """A text of a stranger, on one line."""
    if not isinstance(value, str) or len(value) > longest:
        raise ExchangeError(f"{file} has something else than a text of at most {longest:,} letters: {_start(value)}.")
    return value if value.isprintable() else one_line(value)


def _start(value: Any) -> str:
    return repr(value)[:40] if isinstance(value, str | int | float) else type(value).__name__


def _is_number(value: Any) -> TypeGuard[float]:
    return type(value) in (int, float) and math.isfinite(value)
