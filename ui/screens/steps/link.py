"""Parameters of the address of the Steps page: tables, settings, the player's moment, and the comparison."""

from __future__ import annotations

from aecore.worked_examples.toy_training import ORDERS
from ui.app.address import Custom, Flag, Integer
from ui.app.address_choices import OneOf
from ui.app.url_state import Param
from ui.components.training_steps.lesson import COMPARED, HIDDEN, LAST_EPOCH, MOST_START, RATES, Moment
from ui.components.training_steps.ratings_table import KINDS, table_of

LENGTHS = (5, 10, 20, 50, 100, 200, LAST_EPOCH)
CURVES = ("epochs", "updates")


def _table(kind: str) -> Param:
    read = Custom(lambda text: table_of(text, kind).text, str)
    return Param(kind, read, None, "The table in the link cannot be read: {why}. You see the usual one instead.")


TABLES = {kind: _table(kind) for kind in KINDS}
RATINGS = Param("ratings", OneOf(list(KINDS), KINDS.__getitem__), "stars")
ORDER = Param("order", OneOf(ORDERS, str.capitalize), ORDERS[0])
NODES = Param("nodes", OneOf(HIDDEN), 2)
RATE = Param("rate", OneOf(RATES, lambda value: f"{value:g}"), 1.0)
START = Param("start", Integer(0, MOST_START), 1)
AT = Param(
    "at",
    Custom(Moment.of, str),
    Moment(),
    "The link's moment cannot be used: {why}. The player stands at the beginning.",
)
BOTH = Param("both", Flag(), True)
EPOCHS = Param("epochs", OneOf(LENGTHS), COMPARED)
OVER = Param("over", OneOf(CURVES), CURVES[0])
AFTER = Param("after", Integer(0, LAST_EPOCH), 50)
