"""Parameters of the address of the Noise lab."""

from __future__ import annotations

from aecore.corruption.chain import CorruptionStep, as_text, from_text
from ui.app.address import Custom, Flag, Integer, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param
from ui.screens.noise.figures import NAMES

FIRST = (CorruptionStep("gaussian", 0.5),)
ANY_SHAPE = (1, 28, 28)


def _chains(shape: tuple[int, ...]) -> Custom:
    return Custom(lambda text: from_text(text, shape), as_text)


CORRUPTION = Param("damage", _chains(ANY_SHAPE), FIRST, "{why} The default corruption is used instead.")
SEED = Param("seed", Integer(0, 9_999), 0)
BY_HAND = Param("by-hand", Flag(), False)
HAND_NUMBER = Param("hand-number", Integer(1), 1)
DIFFERENCES = Param("differences", Flag(), False)
SWEEP = Param("sweep", Flag(), False)
FED_BACK = Param("fed-back", Text(ID_LETTERS), "")
"""The network whose reconstructions are fed back to it, by its title."""

AGAIN = Param("again", Flag(), False)
MEASURE = Param("measure", OneOf(list(NAMES), NAMES.__getitem__), "psnr")


def read_corruption(shape: tuple[int, ...]) -> tuple[CorruptionStep, ...]:
    """The chain of corruptions in the address; the default one if it cannot be applied to examples of this shape."""
    return CORRUPTION.among(_chains(shape), FIRST).read()


def keep_corruption(chain: tuple[CorruptionStep, ...]) -> None:
    """Writes the chain of corruptions into the address."""
    CORRUPTION.write(chain)
