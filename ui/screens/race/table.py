"""The table of a comparison: figures of each run as HTML, with a sentence for every missing figure."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aecore.experiment.results import Result
from ui.widgets.marks import Mark
from ui.widgets.run_states import STATES
from ui.widgets.wording import percent


@dataclass(frozen=True)
class Column:
    """A figure of each run: how it is read and formatted, and which value is best."""

    title: str
    value: Callable[[Result], float | None]
    text: Callable[[float], str]
    is_more_better: bool = False


def _change(share: float) -> str:
    """How much more or less: '−50 %'."""
    return f"{'−' if share < 0 else '+'}{percent(abs(share), 0)}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


COLUMNS = (
    Column("Error per pixel", lambda result: result.mse, "{:.5f}".format),
    Column("per example", lambda result: result.squared_error, "{:.3f}".format),
    Column("against PCA", lambda result: result.excess, _change),
    Column("Probe accuracy", lambda result: result.probe, percent, is_more_better=True),
    Column("Seconds", lambda result: result.seconds, "{:.1f}".format),
    Column("Parameters", lambda result: result.parameters, _whole),
    Column("Code size", lambda result: result.code_size, _whole),
)
ERRORS = COLUMNS[:3]
"""Measured on validation examples until the run has ended."""


UNPROBED = "no probe: measured by an earlier version, or there are fewer than 2 or more than 100 classes."


def table_html(results: Sequence[Result]) -> str:
    """A row for each run; the best of those that have ended is bold."""
    bests = {column.title: _best(column, results) for column in COLUMNS}
    head = "".join(f'<th scope="col">{column.title}</th>' for column in COLUMNS)
    rows = "".join(_row(Mark(number), result, bests) for number, result in enumerate(results, 1))
    return (
        '<div class="race-table" tabindex="0"><table><thead><tr><th '
        f'scope="col">Run</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def reasons(results: Sequence[Result], has_classes: bool) -> list[str]:
    """A sentence for each kind of missing figure: of which runs, and why."""
    found: dict[str, list[int]] = {}
    for number, result in enumerate(results, 1):
        for reason in _missing(result, has_classes):
            found.setdefault(reason, []).append(number)
    told = [f"{_runs(numbers)}: {reason}" for reason, numbers in found.items()]
    return told if has_classes else [*told, "No probe: this data has no classes that it could tell apart."]


def _missing(result: Result, has_classes: bool) -> list[str]:
    why = []
    if result.mse is None:
        why.append("no error yet: the first comes with the end of the first epoch.")
    if result.mse is not None and result.excess is None:
        why.append("no comparison with PCA, which with a code as large as this loses nothing.")
    if result.probe is None and has_classes:
        why.append(UNPROBED if result.is_measured else "no probe yet: codes are probed when a training has ended.")
    if result.code_size is None:
        why.append("its settings or its data cannot be read any more.")
    return why


def _runs(numbers: Sequence[int]) -> str:
    return f"Run {numbers[0]}" if len(numbers) == 1 else f"Runs {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _best(column: Column, results: Sequence[Result]) -> float | None:
    """The best value among at least two runs that have ended, unless all are equal."""
    values = [value for result in results if result.is_measured and (value := column.value(result)) is not None]
    if len(set(values)) < 2:
        return None
    return max(values) if column.is_more_better else min(values)


def _row(mark: Mark, result: Result, bests: dict[str, float | None]) -> str:
    cells = "".join(_cell(column, result, bests[column.title]) for column in COLUMNS)
    return (
        f'<tr><th scope="row">{mark.swatch()} <span '
        f'class="race-name">{html.escape(result.name)}</span>{_progress(result)}</th>{cells}</tr>'
    )


def _progress(result: Result) -> str:
    label = STATES.get(result.state, (result.state,))[0]
    where = f" · {html.escape(result.device)}" if result.device else ""
    if result.is_measured:
        return f"<small>{label}{where}</small>"
    return (
        f'<small>{label} · {percent(result.share, 0)}{where}<span class="race-bar"><i '
        f'style="width:{result.share:.1%}"></i></span></small>'
    )


def _cell(column: Column, result: Result, best: float | None) -> str:
    value = column.value(result)
    if value is None:
        return "<td>–</td>"
    text = column.text(value)
    if column in ERRORS and not result.is_measured:
        return f'<td class="so-far">{text}</td>'
    return f"<td><b>{text}</b></td>" if result.is_measured and value == best else f"<td>{text}</td>"


LITTLE = 0.005
"""A difference of two errors, as a share of the larger one, that is not told."""


def conclusion(results: Sequence[Result], errors: Sequence[Sequence[float | None]] = ()) -> str:
    """What the table says once all have ended, in Markdown: who has the smallest error, by how much, at what cost, and
    whether chance could explain it; "" before.

    errors: of each entry with every random seed, where there are several.
    """
    ranked = sorted(
        (each for each in enumerate(results, 1) if each[1].is_measured and each[1].mse is not None),
        key=lambda each: each[1].mse or 0.0,
    )
    if len(ranked) < len(results) or len(ranked) < 2:
        return ""
    (number, best), (other, second) = ranked[:2]
    gap = 1 - (best.mse or 0.0) / (second.mse or 1.0)
    by = f"the error of {number} is {percent(gap, 0)} smaller" if gap >= LITTLE else "their errors are about the same"
    told = f"**Smallest error: {number}**{_told(best)}. Next is {other}{_told(second)}; {by}."
    if not errors:
        return f"{told} Each ran from one random seed: whether chance explains it, *Three seeds each* would show."
    mine, theirs = ([each for each in errors[place - 1] if each is not None] for place in (number, other))
    if max(mine) < min(theirs):
        return (
            f"{told} That is so with every random seed: the largest error of {number} is below the smallest of {other}."
        )
    return f"{told} But their errors overlap from seed to seed, so that chance alone may explain it."


def _told(result: Result) -> str:
    """'(49 % below PCA, 19,274 parameters)'."""
    side = (
        ""
        if result.excess is None
        else f"{percent(abs(result.excess), 0)} {'above' if result.excess > 0 else 'below'} PCA"
    )
    cost = "" if result.parameters is None else f"{result.parameters:,} parameters"
    words = ", ".join(filter(None, (side, cost)))
    return f" ({words})" if words else ""
