"""How high ratings go: to 5, 10 or 100, found from all of them or told."""

from __future__ import annotations

SCALES = ("5", "10", "100")
"""What the highest rating may be; five stars stand for it."""


def scale_of(highest: float, wanted: str = "") -> tuple[str, str]:
    """The scale of ratings of which this is the highest, and what that did to them, "" if nothing.

    wanted: one of SCALES, "" to find out.
    """
    scale = wanted or next((each for each in SCALES if highest <= int(each)), SCALES[0])
    why = "as was chosen" if wanted else f"as the highest is {highest:g}"
    return scale, "" if scale == SCALES[0] else f"ratings go to {scale}, {why}; {scale} became 5 stars."
