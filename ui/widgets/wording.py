"""Phrases and numbers that are the same on every page."""

from __future__ import annotations

AS_MANY = "the code has numbers, or as are active for one example where that is fewer"
"""Components of the PCA that a network is compared with: as many as ..."""


IMAGE_SIMILARITY = (
    "*PSNR* is the squared error in decibels: 10 more means a tenth of the error. *SSIM* compares brightness, contrast "
    "and structure in small windows; 1 is the same picture. Both are computed for each picture and then averaged; the "
    "PSNR of the mean error is another number."
)
"""Explains the measures of image similarity on pages without hover help."""


def percent(share: float, decimals: int = 1) -> str:
    """A share with one decimal, or as many as asked for, with a no-break space before the sign."""
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%"
