"""The film nights of this server, the current visitor in them, and the tastes of those who are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import wraps
from typing import Any

import streamlit as st

from aecore.recommender.profiles.store import ProfileError
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.serving.night_state import Attendee, Night
from aecore.rooms.file import RoomError
from aecore.stores.fingerprint import fingerprint
from ui.screens.movies.visitor import me, nights, profile_store
from ui.widgets.live import live

WATCH_SECONDS = 1.0
"""Between two looks at whether a film night has changed; nothing is computed or sent while it has not."""


@dataclass(frozen=True)
class Member:
    """Somebody who is there, and their taste."""

    attendee: Attendee
    taste: Taste


def hosted() -> Night | None:
    """The night that this browser has begun; None if there is none. RoomError if the file of nights cannot be read."""
    return _seen(nights().hosted_by(me()))


def visited() -> Night | None:
    """The night in which this browser is a guest; None if it is in none, or if the night does not say with which
    profile. RoomError if the file of nights cannot be read.
    """
    night = _seen(nights().visited_by(me()))
    return night if night and night.guest(me()) else None


def _seen(code: str) -> Night | None:
    with suppress(RoomError):  # it has ended this very moment, or its host has removed the guest
        return nights().night(code, me()) if code else None
    return None


def end_of(night: Night) -> str:
    """When the night ends by itself, by the clock of this browser: "on Tuesday at 21:14"."""
    west = st.context.timezone_offset  # minutes; None before the browser has said it
    here = None if west is None else timezone(timedelta(minutes=-west))
    return f"{datetime.fromtimestamp(night.ends, UTC).astimezone(here):on %A at %H:%M}"


def told(action: Callable[..., None]) -> Callable[..., None]:
    """Decorator: shows what is refused as a toast."""

    @wraps(action)
    def wrapper(*arguments: Any) -> None:
        try:
            action(*arguments)
        except (ProfileError, RoomError) as error:
            st.session_state["notice"] = str(error)

    return wrapper


def members_of(people: Iterable[Attendee]) -> list[Member]:
    """Everybody whose taste can be read, with names that differ; guests only once they have rated a film."""
    found = []
    for each in people:
        with suppress(ProfileError):  # deleted, or withdrawn
            taste = profile_store().taste(each.profile) if each.profile else profile_store().shared(each.code).taste
            if taste.rated or not each.is_guest:
                found.append(Member(each, taste))
    return _told_apart(found)


def _told_apart(found: list[Member]) -> list[Member]:
    names = [each.attendee.name for each in found]
    return [
        replace(each, attendee=replace(each.attendee, name=f"{name} {names[: place + 1].count(name)}"))
        if names.count(name := each.attendee.name) > 1
        else each
        for place, each in enumerate(found)
    ]


def rated_of(taste: Taste) -> str:
    """A fingerprint of what somebody has said about films."""
    return fingerprint([[each.film.key, each.stars, sorted(each.marks)] for each in taste.entries], digits=12)


def watch(night: Night) -> None:
    """Reruns the page once anything about the night has changed, or it has ended."""
    live(_look, WATCH_SECONDS, key=f"night-{night.code}")(night.code, night.version)


def _look(code: str, version: int) -> None:
    with suppress(RoomError):  # the file is busy: the next look may go well
        if nights().version(code, me()) != version:
            st.rerun()
