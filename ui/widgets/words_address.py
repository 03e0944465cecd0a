"""The address under which the words page shows what a run has learned."""

from __future__ import annotations

from typing import Any

from aecore.runs.store import Run

NOT_SETTINGS = ("kind", "data")


def words_address(run: Run) -> dict[str, Any]:
    """Query parameters: the texts, and every setting by its name."""
    settings = {name: str(value) for name, value in run.settings.items() if name not in NOT_SETTINGS}
    return {"texts": str(run.settings.get("data")), **settings}
