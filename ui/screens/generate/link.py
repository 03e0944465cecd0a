"""Parameters of the address of the Generate page, besides its first network."""

from __future__ import annotations

from aecore.latent.sampling import DEFAULT_COMPONENTS, WAYS
from ui.app.address import Integer, Number, Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS, NETWORK
from ui.app.url_state import Param

COMPONENTS = (2, 5, 10, 20, 40)
LATEST_DRAW = 9_999
LARGEST_SCALE = 2.0
_WAYS = OneOf(tuple(WAYS), lambda name: WAYS[name].title)

BESIDE = Param("beside", Text(ID_LETTERS), "", NETWORK.sentence)
WAY = Param("way", _WAYS, next(iter(WAYS)))
BESIDE_WAY = Param("beside-way", _WAYS, next(iter(WAYS)))
SCALE = Param("temperature", Number(0.0, LARGEST_SCALE), 1.0)
COMPONENTS_OF_MIXTURE = Param("hills", OneOf(COMPONENTS), DEFAULT_COMPONENTS)
DRAW = Param("draw", Integer(1, LATEST_DRAW), 1)
