"""The loss over the epochs as a small SVG picture, for where there is no plotting library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from aecore.progress import Progress

WIDTH, HEIGHT, MARGIN = 560, 220, 34
CURVES = (("training loss", "#2563eb"), ("validation loss", "#c2410c"))

Points = list[tuple[float, float]]


def curve_svg(name: str, records: Sequence[Progress]) -> str:
    """Training and validation loss of these records over the epochs, on a logarithmic scale, as SVG text."""
    training = [(each.epoch, sum(each.train.values())) for each in records]
    validation = [(each.epoch, sum(each.validation.values())) for each in records if each.validation]
    curves = [[point for point in curve if 0 < point[1] < math.inf] for curve in (training, validation)]
    values = [math.log10(y) for curve in curves for _, y in curve] or [0.0]
    low, high, last = min(values), max(values), max((epoch for epoch, _ in training), default=1.0) or 1.0

    def place(epoch: float, loss: float) -> str:
        share = (math.log10(loss) - low) / ((high - low) or 1.0)
        x, y = MARGIN + epoch / last * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f},{y:.1f}"

    drawn = []
    for row, ((title, colour), curve) in enumerate(zip(CURVES, curves, strict=True)):
        if curve:
            line = " ".join(place(*point) for point in curve)
            drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
            drawn.append(_text(WIDTH - MARGIN, 18 + 16 * row, f"{title} {curve[-1][1]:.5g}", colour, "end"))
    share = records[-1].share if records else 0.0
    below = f"epoch {last:.4g} · {share:.0%} of the training · logarithmic scale"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="{escape(name)}: loss over epochs" '
        f'font-family="sans-serif" font-size="13">{_text(MARGIN, 18, name, "currentColor")}{"".join(drawn)}'
        f"{_text(MARGIN, HEIGHT - 10, below, 'currentColor')}</svg>"
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
