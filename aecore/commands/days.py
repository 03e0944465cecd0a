"""The option `--days` of the commands that empty a trash."""

from __future__ import annotations

import argparse


def days(text: str) -> float:
    """A number of days; ArgumentTypeError, in a sentence, if it is none, or less than one."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 1 <= found < 36_525:
        raise argparse.ArgumentTypeError("from 1 to 36524 days; what was deleted today can always be brought back")
    return found
