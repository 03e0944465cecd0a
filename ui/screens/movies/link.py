"""The parameters of the Movies page in the address; the user's key is in a cookie, never in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecore.recommender.serving.film_night import RULES
from aecore.recommender.serving.night_state import MOST_GUESTS
from aecore.rooms.queries import LETTERS, SIZE
from ui.app.address import Flag, Integer, Interval, Text
from ui.app.address_choices import Key, Keys, OneOf, SomeOf
from ui.app.url_state import Param

PANELS = ("Recommendations", "My ratings", "Your taste", "Import", "Friends", "About")
NOVELTY = {"Well-known": -1.0, "Rather known": -0.5, "As it comes": 0.0, "Less known": 0.5, "Hidden gems": 1.0}
OLDEST, LATEST = 1900, 2100
SHOWN, MOST = 24, 240
ON_MAP_CHOICES = ("Well-known", "All", "Only mine")
MOST_CIRCLED = 200
FROM = ("All films", "Watchlists", "A file")
KINDS = {"Rated": None, "Watchlist": "watchlist", "Not for me": "not for me", "Seen": "seen", "Not seen": "not seen"}
ORDERS = ("Latest first", "Highest first", "Lowest first", "By title", "Newest film first")

COUNTED = " · "
"""Separates the name of a list from its number of films."""


@dataclass(frozen=True)
class Counted(OneOf):
    """One of several lists, whose titles end with a count that may have changed since the address was written."""

    def read(self, texts: Sequence[str]) -> Any:
        """'Watchlist · 3' -> 'Watchlist', whatever the present count."""
        return super().read([texts[-1].partition(COUNTED)[0]])


VIEW = Param("view", OneOf(PANELS), PANELS[0])
FILM = Param(
    "film", Integer(0, 999_999_999), None, "The address asks for film={asked}, but there is no such film here."
)
WHO = Param("who", Integer(1, 999), 1)
SHOW = Param("show", Integer(SHOWN, MOST), SHOWN)
WITH = Param("with", Keys(".", MOST_GUESTS, "[0-9a-z]{1,20}"), ())
POPULARITY_NOVELTY = Param("dial", OneOf(tuple(NOVELTY)), "As it comes")
GENRES = Param("genres", SomeOf(()), [])
WITHOUT = Param("without", SomeOf(()), [])
YEARS = Param("years", Interval(OLDEST, LATEST), (OLDEST, LATEST))
ON_MAP = Param("on-map", OneOf(ON_MAP_CHOICES), ON_MAP_CHOICES[0])
CIRCLED = Param("circled", Keys(".", MOST_CIRCLED, "[0-9a-z]{1,6}"), ())
ONLY_MINE = Param("only-mine", Flag(), False)
RULE = Param("rule", OneOf(tuple(RULES), str.capitalize, {"Veto": "no dislikes", "veto": "no dislikes"}), "average")
"""How films for a group are sorted. "Veto" is what earlier versions called the last rule."""

NIGHT = Param("night", Key(f"[{LETTERS}]{{{SIZE}}}"), "", "The address asks for film night “{asked}”, but {why}.")
"""The film night to which a link or a QR code invites."""

FRIENDS = PANELS[4]
AGAIN = Param("again", Flag(), False)
THERE = Param("there", SomeOf(()), [])
CHOOSE_FROM = Param("from", OneOf(FROM), FROM[0])
SHOWN_LIST = Param("list", Counted(tuple(KINDS)), "Rated")
ORDER = Param("order", OneOf(ORDERS), ORDERS[0])
HAS = Param("has", Text(200), "")
GIVEN = Param("given", OneOf(("5", "10", "20")), "10")
