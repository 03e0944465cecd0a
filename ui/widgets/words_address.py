"""The address of the Words page for a run."""

from __future__ import annotations

from aecore.runs.store import Run
from ui.app.address import Text
from ui.app.url_state import Pair, Param

NOT_SETTINGS = ("kind", "data")


def words_address(run: Run) -> list[Pair]:
    """Parameters and their values: the texts, and every setting by its name."""
    settings = {name: str(value) for name, value in run.settings.items() if name not in NOT_SETTINGS}
    values = {"texts": str(run.settings.get("data")), **settings}
    return [(Param(name, Text(120), ""), value) for name, value in values.items()]
