"""Parameters of the address of the Anomaly page."""

from __future__ import annotations

import math

from aecore.analyses.anomaly_examples import CLASS, FADED, NOISE, OTHER, SHUFFLED
from ui.app.address import Custom, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS, NETWORK
from ui.app.url_state import Param
from ui.widgets.own_pictures import OWN

FIRST = "digits-without-3"
"""The default network."""

KINDS = [CLASS, OTHER, NOISE, SHUFFLED, FADED, *OWN]
GROUPS = ("Normal", "Odd")


def _above_zero(text: str) -> float:
    value = float(text) if text.isascii() and len(text) < 40 else math.nan
    if not 0 < value < math.inf:
        raise ValueError("not above zero")
    return value


THRESHOLD = Param(
    "threshold", Custom(_above_zero, lambda value: f"{value:.4g}"), None,
    "The threshold of this link, '{asked}', is not a number above zero. The suggested one is used instead.",
)  # fmt: skip
ODD = Param("odd", OneOf(KINDS), KINDS[0])
ODD_CLASS = Param("odd-class", Text(ID_LETTERS), "")
OTHER_DATA = Param(
    "other-data", Text(ID_LETTERS), "", "The data set of this link, '{asked}', is not on this machine; {instead}."
)
GROUP = Param("group", OneOf(GROUPS), GROUPS[0])


def keep_network(name: str) -> None:
    """Puts the network into the address; threshold and odd class are reset."""
    NETWORK.write(name)
    THRESHOLD.clear()
    ODD_CLASS.forget()


def read_threshold(suggested: float) -> float:
    """The threshold of the address, or the suggested one."""
    value = THRESHOLD.read()
    return rounded(suggested) if value is None else value


def keep_threshold(value: float | None) -> None:
    """Puts the threshold into the address; None goes back to the suggested one."""
    THRESHOLD.put(value)


def rounded(value: float) -> float:
    """The threshold as in the address."""
    return float(f"{value:.4g}")
