"""What data sets are called on screen."""

from __future__ import annotations

from aecore.datasets import card


def data_title(name: str) -> str:
    """What a data set is called; an upload's title may be taken twice, so its id stands behind it."""
    title = card(name).title
    return f"{title} ({name[-10:]})" if name.startswith("upload-") else title
