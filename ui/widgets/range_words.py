"""How often the range on a card held, in a sentence."""

from __future__ import annotations

from aecore.recommender.evaluation.published import RANGES, measured

GIVEN = "10"


def range_words() -> str:
    """How many actual ratings lay in the range of the built-in recommender; "" if that was not measured."""
    row = measured(RANGES).get(GIVEN, {})
    if not {"on_bar", "in_range", "users"} <= row.keys():
        return ""
    return (
        f"With {GIVEN} ratings given, {row['on_bar']:.0f} of 100 other ratings of the {row['users']:.0f} users of whom "
        f"the built-in recommender has learned nothing lay on the coloured part, and {row['in_range']:.0f} of 100 "
        "within the ends as they are written."
    )
