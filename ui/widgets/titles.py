"""Titles of data sets on screen."""

from __future__ import annotations

from aecore.datasets import card


def data_title(name: str) -> str:
    """The title of a data set; that of an upload may not be unique, so its id follows."""
    title = card(name).title
    return f"{title} ({name[-10:]})" if name.startswith("upload-") else title
