"""JSON files: exports of Trakt, and the profiles this app exports."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, TypeGuard

from aecore.datasets.uploads.base import count_of
from aecore.recommender.profiles.film import MOST_GENRES, Film, clean_genres, clean_title
from aecore.recommender.profiles.importers.base import (
    Collector,
    ImportProblem,
    Meaning,
    Parsed,
    film_of,
    moment_of,
)
from aecore.recommender.profiles.importers.lists import SEEN
from aecore.recommender.profiles.taste import MARKS

OWN = "Autoencoder Explorer"
OWN_FORM = 1
_NEITHER = {
    "collected_at": "owning a film does not tell whether it was seen or is to be watched",
    "hidden_at": "hidden from Trakt's own recommendations",
}
_UNKNOWN = "neither rated, nor watched, nor on a list"
_SERIES = {"show": "a series", "season": "a season of a series", "episode": "an episode of a series"}


def read_json(file: str, text: str, meaning: Meaning) -> Parsed | None:
    """Reads a JSON file; None if its kind is unknown. ImportProblem if it is damaged."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f", line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise ImportProblem(f"{file}{place} is damaged or cut off: it is no complete JSON. Export it again.") from None
    if isinstance(content, dict) and content.get("app") == OWN:
        return _read_own(file, content)
    if isinstance(content, list) and any(
        isinstance(each, dict) and ("movie" in each or each.get("type") in _SERIES) for each in content
    ):
        return _read_trakt(file, content, meaning)
    return None


def _read_own(file: str, content: dict[str, Any]) -> Parsed:
    form, entries = content.get("form"), content.get("entries")
    if form != OWN_FORM or not isinstance(entries, list):
        raise ImportProblem(
            f"{file} was written by another version of this app, or changed by hand, and cannot be read."
        )
    out = Collector(file)
    for number, each in enumerate(entries, 1):
        if not isinstance(each, dict):
            out.skip(number, "", "not a film")
            continue
        ids = {name: _whole(each.get(name)) for name in ("year", "imdb", "tmdb", "movie_id")}
        film = Film(clean_title(_text(each.get("title"))), **ids, genres=_genres(each.get("genres")))
        marks = each.get("marks")
        known = (
            frozenset(mark for mark in marks if isinstance(mark, str) and mark in MARKS)
            if isinstance(marks, list)
            else frozenset()
        )
        when, stars = each.get("when"), each.get("stars")
        when = float(when) if _is_number(when) and 0 <= when < 1e11 else 0.0
        if stars is None and known:
            out.add(number, film, None, known, when)
        elif _is_number(stars) and 0.5 <= stars <= 5:
            out.add(number, film, float(stars), known, when)
        else:
            out.skip(number, film.title, "neither stars from 0.5 to 5 nor a mark")
    return out.parsed(OWN)


def _genres(value: Any) -> tuple[str, ...]:
    names = value[:MOST_GENRES] if isinstance(value, list) else ()
    return clean_genres(each for each in names if isinstance(each, str))


def _read_trakt(file: str, content: list[Any], meaning: Meaning) -> Parsed:
    """Reads ratings from 1 to 10; watched films count as seen, owned or hidden ones are left out.

    Of its lists only the watchlist, known by the file's name, holds films to watch.
    """
    out, listed, left_out = Collector(file), [], Counter[str]()
    for number, each in enumerate(content, 1):
        movie = each.get("movie") if isinstance(each, dict) else None
        if not isinstance(movie, dict):
            kind = each.get("type") if isinstance(each, dict) else ""
            out.skip(
                number,
                "",
                f"{_SERIES[kind]}, not a film" if isinstance(kind, str) and kind in _SERIES else "not a film",
            )
            continue
        ids = movie.get("ids") if isinstance(movie.get("ids"), dict) else {}
        film = film_of(
            _text(movie.get("title")), _text(movie.get("year")), _text(ids.get("imdb")), _text(ids.get("tmdb"))
        )
        watched = next((_text(each[name]) for name in ("last_watched_at", "watched_at") if name in each), "")
        if "rating" in each:
            out.rate(number, film, _text(each["rating"]), 10, moment_of(_text(each.get("rated_at"))))
        elif watched or "plays" in each:
            out.add(number, film, marks=SEEN, when=moment_of(watched))
        elif "listed_at" in each:
            listed.append((number, film, moment_of(_text(each["listed_at"]))))
        else:
            left_out[next((why for name, why in _NEITHER.items() if name in each), _UNKNOWN)] += 1
    out.list_all(listed, meaning.lists)
    out.notes += [f"{file}: {count_of(count, 'film')} left out: {why}." for why, count in left_out.items()]
    return out.parsed("Trakt")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if _is_number(value) and abs(value) < 1e12 else ""


def _is_number(value: Any) -> TypeGuard[int | float]:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (isinstance(value, int) or math.isfinite(value))
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0
