"""Parameters of the address of the Translate page, besides its network and the groups of the map."""

from __future__ import annotations

from ui.app.address import Integer, Number, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param

FINDERS = {"mean": "Mean difference", "logistic": "Linear separator"}
EARLIER = {"Means": "mean", "Border": "logistic"}
"""Titles of the finders in links of earlier versions."""

SIDES = ("Without", "With")
LATEST = 9_999
STRONGEST = 3.0

ATTRIBUTE = Param(
    "attribute",
    Text(ID_LETTERS),
    "",
    "These pictures have nothing called '{asked}' that could be changed. Something else is shown.",
)
FROM_CLASS = Param("from-class", Text(ID_LETTERS), "")
TO_CLASS = Param("to-class", Text(ID_LETTERS), "")
FINDER = Param("finder", OneOf(list(FINDERS), FINDERS.__getitem__, EARLIER), "mean")
SIDE = Param("side", OneOf(SIDES), SIDES[0])
DRAW = Param("shown", Integer(1, LATEST), 1)
STRENGTH = Param("strength", Number(0.0, STRONGEST), 1.0)
ONE = Param("one", Integer(1, 99), 1)
