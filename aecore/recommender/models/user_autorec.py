"""User-based AutoRec: one hidden layer; inputs and outputs are a user's ratings of all films."""

from __future__ import annotations

from aecore.recommender.models.autorec import AutoRecSettings
from aecore.recommender.models.rated_rows import OfUsers
from aecore.recommender.models.rating_network import Recipe


class UserAutoRec(OfUsers):
    """h(r) = W g(V r + mu) + b, g the sigmoid, with the error of observed ratings only (Sedhain, Menon,
    Sanner & Xie 2015, WWW, eq. 1-2).

    r are the ratings minus their biases, so that the 0 of a missing rating means "as expected".
    """

    name = "user-autorec"
    settings_class = AutoRecSettings

    def recipe(self) -> Recipe:
        return self.settings.recipe
