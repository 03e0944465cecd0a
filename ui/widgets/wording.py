"""Phrases and numbers that are the same on every page."""

from __future__ import annotations

AS_MANY = "the code has numbers (of a sparse code, as many as are not zero for one example)"
"""Components of the PCA that a network is compared with: as many as ..."""


IMAGE_SIMILARITY = (
    "*PSNR* is the squared error in decibels: 10 more means a tenth of the error. *SSIM* compares brightness, contrast "
    "and structure in small windows; 1 is the same picture. Both are computed for each picture and then averaged; the "
    "PSNR of the mean error is another number."
)
"""Explains the measures of image similarity on pages without hover help."""


PERCENT_SIGN = "\N{NO-BREAK SPACE}%"
"""As it follows a number everywhere: in sentences, tables and charts."""

PERCENT_COLUMN, WHOLE_PERCENT_COLUMN = (f"%.{decimals}f{PERCENT_SIGN}%" for decimals in (1, 0))
"""Formats of a table's column that holds per cent, which still sorts by its numbers."""


def starts_in(seconds: float | None) -> str:
    """A sentence that says in how many minutes something starts, after a blank; "" where that is unknown or now."""
    return f" It starts in {about(seconds)}." if seconds else ""


def about(seconds: float) -> str:
    """A duration in round minutes or hours: "about 23 minutes"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute{'' if minutes == 1 else 's'}"
    return f"about {round(minutes / 60)} hours"


def percent(share: float, decimals: int = 1) -> str:
    """A share with one decimal, or as many as asked for, and the sign."""
    return f"{100 * share:.{decimals}f}{PERCENT_SIGN}"


def percent_in(axis: str, decimals: int = 1) -> str:
    """The part of a chart's hover text that writes a value in per cent: 'x', 'y' or 'customdata[0]'."""
    return f"%{{{axis}:.{decimals}f}}{PERCENT_SIGN}"
