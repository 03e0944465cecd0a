"""Recommender runs small enough for a test, on a checkerboard of tastes as uploaded ratings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aecore.recommender.ratings.own import save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import Run, RunStore
from tests.tastes import checkerboard


def bring_tastes(home: Path, title: str = "Tastes") -> str:
    """Saves the checkerboard as an uploaded CSV; returns its id."""
    ratings, films = checkerboard()
    rows = zip(ratings.rows.tolist(), ratings.films.tolist(), ratings.stars.tolist(), strict=True)
    lines = [f"p{user},{films.movie_ids[film]},{stars},{films.title(film)}" for user, film, stars in rows]
    return save_own(*read_own("tastes.csv", "\n".join(["userId,movieId,rating,title", *lines]).encode()), title, home)


def make_recommender(store: RunStore, data: str, model: str = "popularity", **values: Any) -> Run:
    """Creates a run, which is not started."""
    settings = RecommenderSettings.build(data, model, **values)
    return store.create(settings.to_dict(), settings.describe())
