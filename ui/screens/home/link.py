"""Parameters of the address of the Home page: the model and the picture."""

from __future__ import annotations

from ui.app.address import Integer
from ui.app.address_choices import OneOf
from ui.app.url_state import Param
from ui.screens.home.models import HOME_MODELS

PICTURES = Param("pictures", OneOf(HOME_MODELS, str.capitalize), "faces")
PICTURE = Param("picture", Integer(0, 9_999), 0)
