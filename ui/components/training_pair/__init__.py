"""Networks side by side, each with its current weights."""

from __future__ import annotations

from aecore.worked_examples.toy_training import Weights
from ui.components.mount import mount
from ui.components.training_steps import numbers
from ui.components.training_steps.ratings_table import FILMS

_mount = mount("training-pair")


def training_pair(networks: dict[str, Weights], key: str) -> None:
    """Shows the networks, each under its title."""
    _mount(
        key=key,
        data={
            "films": FILMS,
            "networks": [{"title": title, "weights": numbers(weights)} for title, weights in networks.items()],
        },
    )
