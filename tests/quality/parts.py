"""What `make quality` measures: parts, each a table of rows, and the goal of every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Figures = dict[str, float]
Goal = Callable[[Figures, dict[str, Figures]], bool]
"""A row's figures and those of every row of its part -> whether the goal is reached."""


@dataclass(frozen=True)
class Row:
    """One measurement. goal: in words; judge: None where nothing is promised. published: what papers or notes say."""

    title: str
    measure: Callable[[], Figures]
    goal: str = ""
    is_met: Goal | None = None
    published: str = ""


@dataclass(frozen=True)
class Part:
    """A table of the report.

    columns: figure -> heading and number format. needs_mnist: whether it wants that data set.
    """

    title: str
    about: str
    columns: dict[str, tuple[str, str]]
    rows: dict[str, Row]
    data: tuple[str, ...] = ("mnist",)


def at_most(figure: str, bound: float) -> Goal:
    """Reached if the figure is not above the bound."""
    return lambda mine, _: mine[figure] <= bound


def at_least(figure: str, bound: float) -> Goal:
    """Reached if the figure is not below the bound."""
    return lambda mine, _: mine[figure] >= bound
