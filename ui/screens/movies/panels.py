"""The panels of the Movies page. Only the chosen one is imported and computed."""

from __future__ import annotations

from importlib import import_module

from ui.screens.movies.link import FRIENDS, PANELS
from ui.screens.movies.mend import offer_mend
from ui.screens.movies.night_return import offer_return

_FUNCTIONS = (
    "recommend:recommend_panel",
    "mine:mine_panel",
    "taste:taste_panel",
    "importing:import_panel",
    "friends:friends_panel",
    "about:about_panel",
)
_PANELS = dict(zip(PANELS, _FUNCTIONS, strict=True))


def show_panel(name: str | None) -> None:
    """Shows a panel by its name."""
    if name in (None, *PANELS[:2]):
        offer_mend()
    if name != FRIENDS:
        offer_return()
    module, function = _PANELS[name or PANELS[0]].split(":")
    getattr(import_module(f"ui.screens.movies.{module}"), function)()
