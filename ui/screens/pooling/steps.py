"""A pooling trace for the board: cells, steps in order, and the sentence of each step.

Pure; the arithmetic is in aecore/worked_examples/pooling.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aecore.worked_examples.pooling import (
    CORNERS,
    MOST,
    Trace,
    corner_of,
    crowded_windows,
    hidden_negatives,
    lost,
    squared_error,
    windows,
)

Say = list[str | float]
"""A sentence in pieces: texts, and numbers that the board formats."""


def board_data(trace: Trace, serial: int) -> dict[str, Any]:
    """The data of the board, arrays flat in reading order.

    `serial` is that of the visitor's last edit known to Python.
    """
    parts = trace.deconvolution
    return {
        "serial": serial, "most": MOST, "rows": trace.image.shape[0], "columns": trace.image.shape[1], "way": trace.way,
        "image": _flat(trace.image), "pooled": _flat(trace.pooled), "switches": _flat(trace.switches),
        "unpooled": _flat(trace.unpooled),
        "kernel": _flat(trace.kernel),
        "kernels": [_flat(kernel) for kernel in parts.kernels] if trace.way == "switch" else None,
        "parts": [_flat(part) for part in parts.parts], "sums": [_flat(total) for total in parts.sums],
        "overlaps": _flat(parts.overlaps), "answers": _answers(trace), "steps": _steps(trace),
    }  # fmt: skip


def _flat(values: np.ndarray) -> list[float]:
    return values.ravel().tolist()


def _steps(trace: Trace) -> list[dict[str, Any]]:
    count = trace.pooled.size
    each = range(count)
    return [
        {"stage": "image", "shown": [0, 0, 0], "lit": {}, "say": ["The image. Change any number, or press Play."]},
        *(_pool_step(trace, k) | {"shown": [k + 1, 0, 0]} for k in each),
        *(_unpool_step(trace, k) | {"shown": [count, k + 1, 0]} for k in each),
        *(_part_step(trace, k) | {"shown": [count, count, k + 1]} for k in each),
        {
            "stage": "result",
            "shown": [count, count, count],
            "lit": {},
            "say": _conclusion(trace) + _conclusion_on_sum(trace),
        },
    ]


def _pool_step(trace: Trace, k: int) -> dict[str, Any]:
    held, switch = windows(trace.image).reshape(-1, 4)[k], int(trace.switches.flat[k])
    corner = int(corner_of(trace.switches, trace.image.shape).flat[k])
    largest = float(trace.pooled.flat[k])
    say: Say = [
        "max(",
        *_joined(held, ", "),
        ") = ",
        largest,
        f", found {CORNERS[corner]}: switch {switch}, that is {_place(trace, switch)}.",
    ]
    equals = int((held == largest).sum())
    if equals > 1:
        say += [
            f" {('', '', 'Two', 'Three', 'All four')[equals]} cells hold ",
            largest,
            ": the first in reading order is taken.",
        ]
    return {
        "stage": "pool",
        "lit": {"image": _window(trace, k), "pooled": [k], "switches": [k]},
        "fly": [["image", switch], ["pooled", k]],
        "say": say,
    }


def _unpool_step(trace: Trace, k: int) -> dict[str, Any]:
    switch, value = int(trace.switches.flat[k]), float(trace.pooled.flat[k])
    say: Say = [
        value,
        f" goes back to its switch, {switch}: {_place(trace, switch)}. The other three cells of its window become 0.",
    ]
    gone = [trace.image.flat[cell] for cell in _window(trace, k) if cell != switch and trace.image.flat[cell] != 0]
    if gone:
        say += [" Lost here: ", *_joined(gone, ", "), "."]
    lit = {"pooled": [k], "switches": [k], "unpooled": _window(trace, k)}
    return {"stage": "unpool", "lit": lit, "fly": [["pooled", k], ["unpooled", switch]], "say": say}


def _part_step(trace: Trace, k: int) -> dict[str, Any]:
    parts, switch = trace.deconvolution, int(trace.switches.flat[k])
    cells, cut = _covered(trace, k)
    source = ["unpooled", switch] if trace.way == "spread" else ["pooled", k]
    value = float(parts.values[k])
    if trace.way == "switch":
        corner = CORNERS[int(corner_of(trace.switches, trace.image.shape).flat[k])]
        say: Say = [
            *_factor(value),
            (
                f" × a kernel that is 1 where the switch points, {corner}, and 0 elsewhere. "
                "Nothing overlaps: kernels are as wide as a step."
            ),
        ]
        middle = switch
    else:
        row, column = parts.corners[k] + 1
        middle = int(row * trace.image.shape[1] + column)
        say = [*_factor(value), f" × the kernel, its middle on {_place(trace, middle)}."]
        if cut:
            say += [f" {cut} of its 9 cells fall{'s' if cut == 1 else ''} off the edge."]
        say += _overlap(trace, k, cells)
    return {
        "stage": "part",
        "lit": {source[0]: [source[1]], "part": cells, "sums": cells},
        "fly": [source, ["sums", middle]],
        "say": say,
    }


def _overlap(trace: Trace, k: int, cells: list[int]) -> Say:
    """The sum in one cell that an earlier kernel covers, preferably with two nonzero numbers."""
    parts = trace.deconvolution
    earlier = {cell for j in range(k) for cell in _covered(trace, j)[0]}
    shared = [cell for cell in cells if cell in earlier]
    if not shared:
        return []
    cell = max(shared, key=lambda c: bool(parts.sums[k - 1].flat[c] and parts.parts[k].flat[c]))
    before, added, after = (
        float(values[at].flat[cell]) for values, at in ((parts.sums, k - 1), (parts.parts, k), (parts.sums, k))
    )
    count = f" {len(shared)} of its cells overlap" if len(shared) > 1 else " One of its cells overlaps"
    return [
        f"{count} what lies there, and the numbers are summed: {_place(trace, cell)}: ",
        before,
        " + ",
        *_factor(added),
        " = ",
        after,
        ".",
    ]


def _conclusion(trace: Trace) -> Say:
    """Whether the switches reconstruct the image, and why or why not."""
    gone = int((trace.unpooled != trace.image).sum())  # values are copied, so the comparison is exact
    if not gone:
        return [
            "The switches reconstruct the image exactly: no window holds more than one number other than 0, "
            "and none of these is negative."
        ]
    crowded, hidden = int(crowded_windows(trace.image).sum()), int(hidden_negatives(trace.image).sum())
    say: Say = [f"The switches cannot reconstruct everything: {gone} of {trace.image.size} cells differ."]
    if crowded:
        say += [f" {_windows(crowded)} more than one number other than 0, and only the largest of a window is kept."]
    if hidden:
        say += [
            f" {_windows(hidden)} zeros and one number below zero: there a 0 is the largest, and the number is lost."
        ]
    return say


def _conclusion_on_sum(trace: Trace) -> Say:
    """The error with the visitor's kernel; empty for the kernel at the switch, which adds nothing."""
    if trace.way == "switch":
        return []
    return [
        " The deconvolution with this kernel has a squared error of ",
        squared_error(trace.image, trace.deconvolution.total),
        ".",
    ]


def _windows(count: int) -> str:
    return "One window holds" if count == 1 else f"{count} windows hold"


def _answers(trace: Trace) -> list[dict[str, Any]]:
    """The reconstruction by each way, with its squared error, the cells that differ,
    and whether its error is the smallest.
    """
    ways = [
        ("With switches", "each value at its switch", trace.unpooled),
        ("Without: top left", "each value in its window's first cell", trace.top_left),
        ("Without: repeated", "each value in its whole window", trace.repeated),
    ]
    if trace.way != "switch":
        ways.append(("Deconvolution", "the sum above, with this kernel", trace.deconvolution.total))
    errors = [squared_error(trace.image, values) for _, _, values in ways]
    return [
        {
            "title": title, "note": note, "values": _flat(values), "error": error, "best": error == min(errors),
            "lost": np.flatnonzero(lost(trace.image, values)).tolist(),
        }
        for (title, note, values), error in zip(ways, errors, strict=True)
    ]  # fmt: skip


def _window(trace: Trace, k: int) -> list[int]:
    cells = windows(np.arange(trace.image.size).reshape(trace.image.shape))
    return cells.reshape(-1, 4)[k].tolist()


def _covered(trace: Trace, k: int) -> tuple[list[int], int]:
    """The cells of the image that kernel k covers, and how many of its own lie beyond the edge."""
    height, width = trace.image.shape
    row, column = trace.deconvolution.corners[k].tolist()
    size = trace.deconvolution.kernels.shape[1]
    inside = [
        r * width + c
        for r in range(row, row + size)
        for c in range(column, column + size)
        if 0 <= r < height and 0 <= c < width
    ]
    return inside, size * size - len(inside)


def _place(trace: Trace, cell: int) -> str:
    row, column = divmod(cell, trace.image.shape[1])
    return f"row {row + 1}, column {column + 1}"


def _joined(values: Any, between: str) -> Say:
    pieces: Say = []
    for value in values:
        pieces += [between, float(value)] if pieces else [float(value)]
    return pieces


def _factor(value: float) -> Say:
    """A number inside a product or a sum: in brackets when it is negative."""
    return ["(", value, ")"] if value < 0 else [value]
