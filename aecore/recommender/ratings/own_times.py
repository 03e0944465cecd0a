"""Times of uploaded ratings: seconds or finer units since 1970, or dates. Ratings are good without them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np

from aecore.recommender.ratings.own_columns import LATEST

_UNITS = ((10**11, 1, ""), (10**14, 10**3, "milliseconds"), (10**17, 10**6, "microseconds"))
"""Numbers below this count so many to a second; as seconds, 10**11 lies in the year 5138."""

_GERMAN = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def moment_of(text: str) -> int | None:
    """A number as it is, or the seconds since 1970 of a date with or without a time of day (UTC); 0 for an empty cell.

    None for anything else.
    """
    if re.fullmatch(r"[0-9]{1,19}(\.0*)?", text):
        number = int(text.partition(".")[0])
        return number if number < LATEST else None
    if not text:
        return 0
    moment = _date(text)
    return (
        None if moment is None else max(0, int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))
    )


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _GERMAN:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def in_seconds(times: np.ndarray) -> tuple[np.ndarray, str]:
    """Times (N,) int64 in seconds, the unit being that of the latest; the unit's name, "" for seconds."""
    latest = int(times.max(initial=0))
    per_second, unit = next(((each, name) for below, each, name in _UNITS if latest < below), (10**9, "nanoseconds"))
    return times // per_second, unit
