"""Folders on disk: downloaded data in a cache, runs and uploads in a home that is never cleaned."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

APP = "autoencoder-explorer"


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
