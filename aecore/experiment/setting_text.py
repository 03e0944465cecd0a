"""Settings as text for a link: `undercomplete__latent_size_5__widths_32-16`, a name and what is set for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from aecore.settings import Knob, SettingsError, parse

LONGEST_TEXT = 2000
BETWEEN_PIECES, BETWEEN_SETTINGS, NO_LAYERS, NO_TEXT = "~", "__", "none", "."


def piece_of(name: str, values: dict[str, Any]) -> str:
    """A name and the settings that belong to it; `values_of` reads these back."""
    return BETWEEN_SETTINGS.join([name, *(f"{key}_{written(value)}" for key, value in values.items())])


def values_of(settings: list[str], knobs: dict[str, Knob], owner: str) -> dict[str, Any]:
    """The values of settings such as `latent_size_5`. SettingsError if one is unknown, of a wrong type or out of
    bounds.
    """
    values = {}
    for setting in settings:
        name, _, text = setting.rpartition("_")
        if name not in knobs:
            raise SettingsError(f"'{setting[:40]}' is no setting of {owner}; there are {', '.join(knobs)}.")
        values[name] = value_of(knobs[name], text)
    return values


def value_of(knob: Knob, text: str) -> Any:
    """The value that `written` has made this text of. SettingsError if it cannot be read or is out of bounds."""
    if knob.kind is str:
        text = "" if text == NO_TEXT else unquote(text)
    is_none = knob.kind is tuple and text == NO_LAYERS
    return () if is_none else parse(knob, text[:60])


def written(value: Any) -> str:
    """One value as text of which no letter has to be escaped in an address."""
    if isinstance(value, tuple | list):
        return "-".join(map(str, value)) or NO_LAYERS
    if isinstance(value, str):
        return (
            quote(value, safe="").replace("_", "%5F").replace("~", "%7E").replace(".", "%2E") or NO_TEXT
        )  # a class may be called anything
    return str(value).lower() if isinstance(value, bool) else str(value)
