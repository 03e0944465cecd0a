"""The parser of uploaded ratings, for processes that read for the server."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.datasets.base import DataError
from aecore.readers.parsers import File, Parser
from aecore.recommender.ratings.own_tables import ColumnsError, OwnMeaning, OwnRatings, understand_own


def _read(files: Sequence[File], meaning: dict[str, str]) -> OwnRatings:
    ((name, data),) = files
    return understand_own(name, data, OwnMeaning(**meaning))


OWN_RATINGS = Parser("read ratings", _read, OwnRatings, (ColumnsError, DataError), version=2)
