"""What cards say of a film without a network: how many users rated it, and the tags that users gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aecore.files import read_json, write_json

DETAILS = "details.json"


@dataclass(frozen=True, eq=False)
class Details:
    """Facts about the F films of a model. raters: (F,) int32, users who rated each; None if unknown.

    users: of how many users. tags: column -> tags, those that most users gave the film first.
    """

    raters: np.ndarray | None = None
    users: int = 0
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def raters_of(self, column: int) -> int:
        """How many users rated the film in this column; 0 if unknown."""
        return 0 if self.raters is None else int(self.raters[column])


NO_DETAILS = Details()
"""Nothing is known."""


def write_details(details: Details, path: Path) -> None:
    """Writes the details as JSON."""
    raters = [] if details.raters is None else details.raters.tolist()
    tags = {str(column): list(each) for column, each in sorted(details.tags.items())}
    write_json(path, {"users": details.users, "raters": raters, "tags": tags}, indent=None)


def read_details(path: Path, count: int) -> Details:
    """Reads what `write_details` wrote for `count` films; a file that is missing or of other films tells nothing."""
    try:
        values = read_json(path)
        raters = np.array(values["raters"], np.int32)
        tags = {int(column): tuple(map(str, each)) for column, each in values["tags"].items() if int(column) < count}
        return Details(raters, int(values["users"]), tags) if raters.shape == (count,) else Details()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Details()
