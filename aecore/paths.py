"""Folders on disk: downloaded data in a cache, runs and uploads in a home that is never cleaned."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

APP = "autoencoder-explorer"


_PART = r"[^\s/'\"“”‘’();,]+"
_PATH = re.compile(rf"(?<![\w/:.~-])(?:~?/(?:{_PART}/)+|[A-Za-z]:\\(?:[^\s\\'\"]+\\)+)")
"""An absolute path up to its last part."""


def names_only(message: str) -> str:
    """A message with the last part of each path alone: visitors of a server learn nothing of its folders."""
    places = (
        home_folder(),
        data_folder(),
        drawn_folder(),
        _temporary_folder(),
        Path.home(),
        Path(__file__).parents[1],
    )
    for place in sorted({str(each) for each in places if len(each.parts) > 1}, key=len, reverse=True):
        message = re.sub(
            rf"{re.escape(place)}(?:/(?:{_PART}/)*(?={_PART}))?",
            lambda found, of=place: "" if found[0].endswith("/") else Path(of).name,
            message,
        )
    return _PATH.sub("", message)


def _temporary_folder() -> Path:
    """Where temporary files lie. `tempfile` finds out by writing one, which a full disk refuses: then nowhere."""
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return Path()


def data_folder() -> Path:
    """Downloaded data sets: `AECORE_DATA`, or the user's cache directory."""
    chosen = os.environ.get("AECORE_DATA")
    return Path(chosen).expanduser() if chosen else user_cache_path(APP, appauthor=False)


def home_folder() -> Path:
    """Runs and uploads: `AECORE_HOME`, or the user's data directory."""
    chosen = os.environ.get("AECORE_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path(APP, appauthor=False)


def drawn_folder() -> Path:
    """Drawn data sets, which can be drawn again: `AECORE_DRAWN`, or a folder of the home's cache."""
    chosen = os.environ.get("AECORE_DRAWN")
    return Path(chosen).expanduser() if chosen else home_folder() / "cache" / "drawn"
