"""What the lanes of a race are called: the variant, and what a lane sets by itself."""

from __future__ import annotations

from typing import Any

from aecore.experiment.comparison import Comparison, ComparisonEntry, lane_knobs
from aecore.settings import Knob
from aecore.variants import VARIANTS
from ui.widgets.forms import as_text, word


def lane_names(race: Comparison) -> list[str]:
    """A name for each lane, no two alike."""
    names: list[str] = []
    for lane in race.lanes:
        name, count = lane_name(lane), 1
        while name in names:
            count += 1
            name = f"{lane_name(lane)} ({count})"
        names.append(name)
    return names


def lane_name(lane: ComparisonEntry) -> str:
    """For instance 'Undercomplete · code size 5, learning rate 0.01'."""
    own = own_settings(lane)
    return VARIANTS[lane.variant].title + (f" · {own}" if own else "")


def own_settings(lane: ComparisonEntry) -> str:
    """What a lane sets by itself, for instance 'code size 5, learning rate 0.01'; empty for what suits it anyway."""
    return ", ".join(_said(lane_knobs(lane.variant)[name], value) for name, value in lane.values.items())


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
