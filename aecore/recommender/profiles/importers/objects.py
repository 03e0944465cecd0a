"""JSON files: Trakt's lists of films, and the tastes this app writes itself."""

from __future__ import annotations

import json
import math
from typing import Any, TypeGuard

from aecore.recommender.profiles.film import Film, clean_title
from aecore.recommender.profiles.importers.base import (
    SEEN,
    WATCHLIST,
    Collector,
    ImportProblem,
    Parsed,
    film_of,
    moment_of,
)
from aecore.recommender.profiles.taste import MARKS

OWN = "Autoencoder Explorer"
OWN_FORM = 1
_SERIES = {"show": "a series", "season": "a season of a series", "episode": "an episode of a series"}


def read_json(file: str, text: str) -> Parsed | None:
    """What a JSON file says; None if it is of no kind that is known. ImportProblem if it is broken."""
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
        return _read_trakt(file, content)
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
        ids = (_whole(each.get(name)) for name in ("year", "imdb", "tmdb", "movie_id"))
        film = Film(clean_title(_text(each.get("title"))), *ids)
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


def _read_trakt(file: str, content: list[Any]) -> Parsed:
    """Ratings are whole numbers from 1 to 10; entries without one are films seen,
    or films to watch if they only were put on a list.
    """
    out = Collector(file)
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
        if "rating" in each:
            out.rate(number, film, _text(each["rating"]), 10, moment_of(_text(each.get("rated_at"))))
        else:
            is_seen = any(name in each for name in ("watched_at", "last_watched_at", "plays"))
            moment = next(
                (_text(each[name]) for name in ("watched_at", "last_watched_at", "listed_at") if name in each), ""
            )
            out.add(number, film, marks=SEEN if is_seen else WATCHLIST, when=moment_of(moment))
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
