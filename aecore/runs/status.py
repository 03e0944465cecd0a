"""The status of a run: the fields of status.json and their valid values."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from aecore.files import BrokenFileError, read_json

ACTIVE = ("queued", "preparing", "training")
RESUMABLE = ("paused", "interrupted", "diverged", "failed")
ENDED = ("stopped", "done")
STATES = (*ACTIVE, *RESUMABLE, *ENDED)
LATEST = 9e9
"""Times and durations are below this many seconds: the year 2255."""


NAMING = ("kind", "data", "variant", "model", "leave_out")
"""Settings that are texts in every kind of run; pages look them up in tables."""


@dataclass(frozen=True)
class Status:
    """The status of a run; `status.json`. Times are seconds since 1970.

    share: how much of what the message tells is done, 0 to 1, where it tells of work. owner: the mark of the person who
    made it, and may change it; "" where the server's host did, by the command line.
    """

    state: str = "queued"
    name: str = ""
    message: str = ""
    share: float = 0.0
    created: float = 0.0
    started: float = 0.0
    finished: float = 0.0
    seconds: float = 0.0
    device: str = ""
    is_fast: bool = False
    parameters: int = 0
    restarted_from: str = ""
    owner: str = ""
    baselines: dict[str, float] | None = None
    test: dict[str, float] | None = None

    @property
    def is_active(self) -> bool:
        """Whether it waits or trains."""
        return self.state in ACTIVE

    @property
    def is_resumable(self) -> bool:
        """Whether it can be resumed from its last checkpoint."""
        return self.state in RESUMABLE


def status_from(values: dict[str, Any]) -> Status:
    """The status from the values of a file.

    TypeError or ValueError unless every field has a valid type and value.
    """
    status = Status(**values)
    for each in fields(Status):
        value, kind = getattr(status, each.name), each.type
        if "dict" in kind:
            good = value is None or (isinstance(value, dict) and all(_is_number(number) for number in value.values()))
        elif kind == "float":
            good = _is_number(value) and 0 <= value < LATEST
        else:
            good = type(value).__name__ == kind
        if not good:
            raise ValueError(each.name)
    if status.state not in STATES:
        raise ValueError("state")
    return status


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_values(path: Path) -> tuple[dict[str, Any], str]:
    """What a file of a run holds, or nothing and why not: a sentence."""
    where = f"{path.name} of run {path.parent.name}"
    try:
        values = read_json(path, is_finite=True)
    except OSError as error:
        return {}, f"{where} cannot be read ({error.strerror or type(error).__name__})."
    except BrokenFileError:
        return {}, f"{where} cannot be read: it is no JSON; it seems to have been changed by hand."
    if isinstance(values, dict) and all(isinstance(values.get(name, ""), str) for name in NAMING):
        return values, ""
    return {}, f"{where} holds no settings; it seems to have been changed by hand."
