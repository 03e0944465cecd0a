"""What the Train page keeps in its address beyond the settings of a run."""

from __future__ import annotations

from aecore.variants import VARIANTS
from ui.app.address import Text
from ui.app.address_choices import OneOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param

VARIANT = Param("variant", OneOf(tuple(VARIANTS), lambda name: VARIANTS[name].title), next(iter(VARIANTS)))
LEAVE_OUT = Param("leave_out", Text(ID_LETTERS), "")
"""The left-out class; the settings refuse one that the data do not have."""

INSIDE = Param("inside", Text(ID_LETTERS), "")
"""The view of the diagnostics."""
