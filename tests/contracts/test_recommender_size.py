"""What settings say of a recommender's size bounds what its training leaves, for every model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aecore.limits import Limits, limits_for
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.recommender.training.settings import RecommenderSettings
from aecore.recommender.training.size import check_size, disk_bytes, parameters
from aecore.settings import SettingsError
from tests.contracts.test_recommenders import trained
from tests.tastes import checkerboard

INF = float("inf")
NO_LIMITS = Limits(INF, INF, INF, INF, INF)
CLOSED = ("popularity", "item-mean", "bias", "item-knn")
"""These have no weights worth counting: a few numbers for each film."""


def numbers_of(model: Recommender) -> int:
    """Numbers kept of a trained model, without those of single films and users."""
    ratings = checkerboard()[0]
    arrays = {name: array for name, array in model.arrays().items() if np.issubdtype(array.dtype, np.floating)}
    return sum(each.size for each in arrays.values() if each.size > 2 * max(ratings.users, ratings.films_count))


@pytest.mark.parametrize("name", [name for name in MODELS if name not in CLOSED])
def test_settings_bound_the_numbers_of_their_recommender(name: str) -> None:
    model, ratings = trained(name), checkerboard()[0]
    said = model.parameters(ratings.users, ratings.films_count)
    assert 0.4 * said <= numbers_of(model) + 2 * (ratings.users + ratings.films_count) + 40 * 300
    assert numbers_of(model) <= said + 2 * (ratings.users + ratings.films_count)


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_have_none(name: str) -> None:
    assert trained(name).parameters(1000, 1000) == 0


def test_too_large_a_recommender_is_refused_with_the_numbers() -> None:
    settings = RecommenderSettings.build("ml-25m", "mult-dae", hidden_size=2000)
    films = EDITIONS["ml-25m"].films
    count = (films + 1) * 2000 + films * 2001
    assert parameters(settings) == count
    assert disk_bytes(settings) == 4 * count
    with pytest.raises(
        SettingsError, match=rf"up to {count:,} weights, \d\.\d GB while it trains; this server accepts"
    ):
        check_size(settings, replace(NO_LIMITS, weights=20e6))
    with pytest.raises(SettingsError, match=r"up to \d\.\d GB of memory while it trains .* accepts 2\.0 GB"):
        check_size(settings, replace(NO_LIMITS, training_bytes=2e9))
    check_size(settings, NO_LIMITS)


def test_every_default_on_the_smaller_editions_is_within_the_limits_of_a_visitor(tmp_path) -> None:  # type: ignore[no-untyped-def]
    allowed = limits_for(tmp_path, is_host=False, environment={})
    for data in ("ml-latest-small", "ml-100k"):
        for model in MODELS:
            check_size(RecommenderSettings.build(data, model), allowed)
