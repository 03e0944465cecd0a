"""Names of the entries of a comparison: the variant, and settings that are not defaults."""

from __future__ import annotations

from typing import Any

from aecore.experiment.comparison import Comparison, ComparisonEntry, entry_knobs
from aecore.settings import Knob
from aecore.variants import VARIANTS
from ui.widgets.forms import as_text, word


def entry_names(race: Comparison) -> list[str]:
    """A name for each entry, no two alike."""
    names: list[str] = []
    for entry in race.entries:
        name, count = entry_name(entry), 1
        while name in names:
            count += 1
            name = f"{entry_name(entry)} ({count})"
        names.append(name)
    return names


def entry_name(entry: ComparisonEntry) -> str:
    """For instance 'Undercomplete · code size 5, learning rate 0.01'."""
    own = own_settings(entry)
    return VARIANTS[entry.variant].title + (f" · {own}" if own else "")


def own_settings(entry: ComparisonEntry) -> str:
    """Settings of an entry that are not defaults, for instance 'code size 5, learning rate 0.01'."""
    return ", ".join(_said(entry_knobs(entry.variant)[name], value) for name, value in entry.values.items())


def _said(each: Knob, value: Any) -> str:
    label = each.label[0].lower() + each.label[1:]
    if each.kind is bool:
        return label if value else f"no {label}"
    if each.name in ("start", "corruption"):
        return word(value).lower()
    if each.choices:
        return f"{label} {word(value)}"
    if each.kind is tuple:
        return f"{label} {as_text(value)}" if value else f"no {label}"
    return f"{label} {value:g}"
