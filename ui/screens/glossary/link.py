"""Parameters of the address of the Glossary page: a term, and a search."""

from __future__ import annotations

from ui.app.address import Text
from ui.app.address_choices import OneOf
from ui.app.url_state import Param
from ui.widgets.glossary import TERMS

TERM = Param(
    "term", OneOf(tuple(TERMS)), None, "The glossary has no term '{asked}'. All of its terms are below."
)  # fmt: skip
SEARCH = Param("search", Text(60), "")
