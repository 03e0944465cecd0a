"""Rating scales: to 5, 10 or 100, given or inferred from the highest rating."""

from __future__ import annotations

SCALES = ("5", "10", "100")
"""Possible highest ratings; each becomes five stars."""


def scale_of(highest: float, wanted: str = "", usual: str = "") -> tuple[str, str]:
    """The scale of ratings with this maximum, and a sentence on the conversion, "" if there was none.

    wanted: one of SCALES, "" to infer it. usual: the scale that a column of this name usually has.
    """
    is_usual = bool(usual) and highest <= int(usual)
    scale = wanted or (usual if is_usual else next((each for each in SCALES if highest <= int(each)), SCALES[0]))
    why = "as was chosen" if wanted else "as is usual for its column" if is_usual else f"as the highest is {highest:g}"
    return scale, "" if scale == SCALES[0] else f"ratings go to {scale}, {why}; {scale} became 5 stars."
