"""The one board of feature studies of this server."""

from __future__ import annotations

from functools import cache

from aecore.feature_jobs import FeatureBoard
from ui.jobs import store


@cache
def feature_board() -> FeatureBoard:
    """Its process starts with the first study."""
    return FeatureBoard(store())
