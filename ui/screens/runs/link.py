"""Parameters of the address of the Runs page: what is looked for, and the page of the list."""

from __future__ import annotations

from ui.app.address import Flag, Integer, Text
from ui.app.address_choices import OneOf
from ui.app.url_state import Param
from ui.widgets.run_states import STATES

ANY = "any"
NAME_LETTERS = 120


def state_title(state: str) -> str:
    """A state of runs, or any, as the page calls it."""
    return STATES[state][0] if state in STATES else "Any"


def link_says() -> str:
    """What the link to this page opens, which is not what its sender sees."""
    return (
        "The link holds what is searched for, the order of the list, and how curves are drawn. Everyone sees their own "
        "runs there, and none of them is ticked."
    )


FIND = Param("find", Text(NAME_LETTERS), "")
"""Part of a name."""

STATE = Param("state", OneOf((ANY, *STATES), state_title), ANY)

NEWEST, SMALLEST_ERROR, BY_NAME = "Newest", "Smallest test error", "Name"
ORDER = Param("sort", OneOf((NEWEST, SMALLEST_ERROR, BY_NAME)), NEWEST)
"""What the list is sorted by."""

AXES = ("epoch", "seconds")
AXIS = Param("axis", OneOf(AXES), AXES[0])
IS_LOG = Param("log", Flag(), True)
"""Of the chart that compares runs."""

_SENTENCE = "The address asks for page “{asked}” of a list, which has no such page. The first one is shown."
PAGE = Param("page", Integer(1), 1, _SENTENCE)
TRASH_PAGE = Param("trash_page", Integer(1), 1, _SENTENCE)
