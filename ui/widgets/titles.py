"""Data sets on screen: which there are, and their titles."""

from __future__ import annotations

from aecore.datasets import card, names
from ui.app.services import services


def data_names() -> tuple[str, ...]:
    """The built-in data sets, then those that the current visitor has brought or that a link shows to them."""
    return names(ids=services.uploads.ids())


def data_title(name: str) -> str:
    """The title of a data set; that of an upload may not be unique, so its id follows."""
    title = card(name).title
    return f"{title} ({name[-10:]})" if name.startswith("upload-") else title
