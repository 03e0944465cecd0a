"""The size of a recommender, known from its settings and its ratings before it is trained."""

from __future__ import annotations

from aecore.limits import Limits, in_gb
from aecore.recommender.ratings.sources import card
from aecore.recommender.training.settings import RecommenderSettings
from aecore.settings import SettingsError

NETWORK_BYTES, CLOSED_FORM_BYTES, NUMBER_BYTES = 16, 12, 4
"""For each weight: memory while a network trains (weight, gradient and two moments), or while a closed form is solved;
and the disk.
"""


def parameters(settings: RecommenderSettings) -> int:
    """The most weights and biases that training keeps in memory. RatingsError if the ratings are gone."""
    ratings = card(settings.data)
    return settings.make().parameters(ratings.users, ratings.films)


def disk_bytes(settings: RecommenderSettings) -> int:
    """What the trained recommender takes on the disk, at most."""
    return NUMBER_BYTES * parameters(settings)


def check_size(settings: RecommenderSettings, limits: Limits, processes: int = 1) -> None:
    """SettingsError, with the numbers, if a recommender is larger than this machine accepts.

    processes: of this machine, which train it together; each keeps all weights.
    """
    count, is_closed_form = parameters(settings), settings.make().is_closed_form
    needed = (CLOSED_FORM_BYTES if is_closed_form else NETWORK_BYTES) * count * processes
    if count > limits.weights and not is_closed_form:
        raise SettingsError(
            f"This recommender would have up to {count:,} weights, {in_gb(needed)} while it trains; this server "
            f"accepts {limits.weights:,.0f}. Use smaller layers, or ratings of fewer films."
        )
    if needed > limits.training_bytes:
        raise SettingsError(
            f"This recommender would take up to {in_gb(needed)} of memory while it trains ({count:,} weights); this "
            f"machine accepts {in_gb(limits.training_bytes)}. Use smaller layers, or ratings of fewer films."
        )
