"""The rate-distortion chart: bytes against image similarity; pure, no Streamlit calls."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from aecore.analyses.rate_distortion import FORMS, Compressed
from aecore.foreign import in_chart
from ui.app.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from ui.widgets.log_axis import log_ticks, written

SYMBOLS = dict(zip(FORMS, ("circle", "square", "diamond", "triangle-up"), strict=True))
SIZES = dict(zip(FORMS, (11, 11, 14, 9), strict=True))
"""Of a network's marks: its last two forms nearly coincide, and the upper one must not hide the other."""
SIGNS = dict(zip(FORMS, "●■◆▲", strict=True))
COLOURS = {
    "Networks": ORANGE,
    "PCA": BLUE,
    "JPEG": VERMILION,
    "WebP": PURPLE,
    "PNG": GREEN,
    "WebP, lossless": SKY,
    "Raw pixels": GREY,
}
FILE_SYMBOLS = {"JPEG": "x", "WebP": "cross", "PNG": "star", "WebP, lossless": "star", "Raw pixels": "pentagon"}
TITLES = {"psnr": "PSNR, dB", "ssim": "SSIM", "mse": "mean squared error per pixel"}


def compression_figure(
    networks: dict[str, list[Compressed]], others: Sequence[Compressed], count: int, measure: str
) -> go.Figure:
    """Bytes per picture, with the bytes sent once shared by `count` pictures, against `measure`:
    a mark for each compressed form.

    networks: title -> its forms; others: PCA and files. Lossless ones lie on a dotted line at the edge.
    """
    every = [each for ways in networks.values() for each in ways] + list(others)
    edge = _edge([getattr(each, measure) for each in every if not each.is_lossless], measure)
    figure = go.Figure()
    for index, (title, ways) in enumerate(networks.items()):
        _add(
            figure,
            "Networks",
            ways,
            (count, measure, edge),
            labels=[title.split(" · ")[0]],
            dash="dot",
            is_first=index == 0,
        )
    for form in FORMS:
        sizes = [each for each in others if each.name == "PCA" and each.form == form]
        _add(
            figure,
            "PCA",
            sizes,
            (count, measure, edge),
            labels=[],
            is_first=not any(trace.name == "PCA" for trace in figure.data),
        )
    for name in FILE_SYMBOLS:
        _add(figure, name, [each for each in others if each.name == name], (count, measure, edge), labels=[])
    ticks = log_ticks([each.bytes_at(count) for each in every])
    figure.update_xaxes(
        title=f"bytes per picture, with {count:,} picture{'s' if count > 1 else ''} sent",
        type="log",
        tickvals=ticks,
        ticktext=[_short(tick) for tick in ticks],
    )
    figure.update_yaxes(title=TITLES[measure])
    if measure == "mse":
        errors = [each.mse for each in every if each.mse > 0] or [edge]
        ticks = [tick for tick in log_ticks(errors) if tick > edge * 1.5]
        figure.update_yaxes(type="log", tickvals=[edge, *ticks], ticktext=["lossless", *map(written, ticks)])
    elif measure == "psnr":
        ticks = list(range(0, int(edge), 10))
        figure.update_yaxes(tickvals=[*ticks, edge], ticktext=[*map(str, ticks), "lossless"])
    figure.add_hline(y=edge, line={"color": GREY, "dash": "dot", "width": 1})
    return figure.update_layout(height=460, hovermode="closest")


def label(each: Compressed) -> str:
    """A short label of a compressed form: 'PCA, code of 8' or 'JPEG, quality 50'."""
    if each.setting is None or "code of" in each.name:
        return each.name
    return f"{each.name}, {'quality' if each.name in FILE_SYMBOLS else 'code of'} {each.setting}"


def _add(
    figure: go.Figure,
    name: str,
    ways: Sequence[Compressed],
    view: tuple[int, str, float],
    *,
    labels: list[str],
    dash: str = "solid",
    is_first: bool = True,
) -> None:
    if not ways:
        return
    count, measure, edge = view
    figure.add_scatter(
        x=[each.bytes_at(count) for each in ways],
        y=[edge if each.is_lossless else getattr(each, measure) for each in ways],
        name=name, legendgroup=name, showlegend=is_first, mode="lines+markers+text" if labels else "lines+markers",
        text=[*[""] * (len(ways) - 1), *(f"<b>{in_chart(text)}</b>" for text in labels)], textposition="top left",
        line={"color": COLOURS[name], "width": 1.4, "dash": dash},
        marker={"symbol": [SYMBOLS.get(each.form) or FILE_SYMBOLS[each.name] for each in ways],
                "size": [SIZES[each.form] for each in ways] if labels else 8,
                "line": {"color": "white", "width": 1 if labels else 0}},
        customdata=[[in_chart(_hover(each))] for each in ways],
        hovertemplate="%{customdata[0]}<br>%{x:,.1f} bytes<extra></extra>",
    )  # fmt: skip


def _hover(each: Compressed) -> str:
    form = f" · {each.form}" if each.form else ""
    seen = "lossless" if each.is_lossless else f"{each.psnr:.1f} dB · SSIM {each.ssim:.3f} · MSE {each.mse:.5f}"
    return f"{label(each)}{form}<br>{seen}"


def _edge(values: list[float], measure: str) -> float:
    """Position of lossless forms."""
    if measure == "ssim":
        return 1.0
    return min(values, default=1e-4) / 3 if measure == "mse" else max(values, default=40.0) + 5


def _short(number: float) -> str:
    return f"{number:g}" if number < 1000 else f"{number / 1000:g}k" if number < 1e6 else f"{number / 1e6:g}M"
