"""Results of the Compression page: the chart, pictures of about one size, and the table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from aecore.analyses.rate_distortion import KEPT, Compressed, break_even_with_all
from aecore.foreign import in_markdown
from ui.app.theme import plot
from ui.screens.compression.figure import SIGNS, compression_figure, label
from ui.screens.compression.form import Counting
from ui.screens.compression.measures import Measured
from ui.widgets.picture_rows import Row, show_rows
from ui.widgets.wording import percent

FAR = 1.25
"""Sizes that differ by a larger factor are not about equal."""

SHORT = {"without header": "no header"}
"""Names of forms that are short enough to stand above a row of pictures."""

FAMILIES = ("JPEG", "WebP", "PNG", "WebP, lossless")

ALT = "Bytes per picture (rate) against image similarity, a mark for each method."


def show_chart(found: Measured, counting: Counting) -> None:
    """Bytes against image similarity."""
    networks = {title: [each for each in ways if each.form in counting.forms] for title, ways in found.networks.items()}
    others = [
        *(each for each in found.pca if each.form in counting.forms),
        *found.files_counted(counting.way),
        *found.raw,
    ]
    figure = compression_figure(networks, others, counting.count, counting.measure)
    plot(figure, "chart-compression", ALT, revision=f"{counting.measure} {list(networks)}")
    if not networks:
        return
    names = "; ".join(label(ways[0]).replace(" · ", ": ", 1) for ways in found.networks.values())
    st.caption(f"Networks: {in_markdown(names)}. {_marks(counting.forms)}")


def _marks(forms: Sequence[str]) -> str:
    """How the chart shows networks and PCA in these number formats."""
    if not forms:
        return "No number format is chosen, so neither their codes nor PCA's are on the chart."
    signs = ", ".join(f"{SIGNS[form]} {form}" for form in forms)
    curve = "a curve for each of these formats" if len(forms) > 1 else "a curve"
    return (
        f"Their codes and those of PCA are sent as {signs}. A network's number stands beside its {SIGNS[forms[-1]]}; "
        f"PCA has {curve}, along which its codes grow."
    )


def show_pictures(found: Measured, counting: Counting, budget: int) -> None:
    """The originals, and the reconstructions of each method at the bytes nearest to `budget`."""
    groups = [
        [each for ways in found.networks.values() for each in ways if each.form in counting.forms],
        [each for each in found.pca if each.form in counting.forms],
        *([each for each in found.files_counted(counting.way) if each.name == name] for name in FAMILIES),
    ]
    rows = [Row("Original", found.pictures[:KEPT], [f"{found.raw[0].per_picture:,.0f} bytes"])]
    for group in filter(None, groups):
        each = nearest(group, budget, counting.count)
        seen = "lossless" if each.is_lossless else f"{each.psnr:.1f} dB"
        size = each.bytes_at(counting.count)
        rows.append(Row(_full(each), each.pictures, [f"{_bytes(size)}{_off(size, budget)} · {seen}"]))
    show_rows(rows)


def nearest(ways: Sequence[Compressed], budget: float, count: int) -> Compressed:
    """The one whose bytes per picture differ from the budget by the smallest factor;
    a tie goes to the more similar one. Left out is what another beats in both bytes and PSNR.
    """
    sizes = [(each.bytes_at(count), -each.psnr) for each in ways]
    unbeaten = [
        each
        for each, own in zip(ways, sizes, strict=True)
        if not any(other != own and other[0] <= own[0] and other[1] <= own[1] for other in sizes)
    ]
    return min(unbeaten, key=lambda each: (round(abs(math.log(each.bytes_at(count) / budget)), 3), -each.psnr))


def show_table(found: Measured, counting: Counting) -> None:
    """Every compressed form on the chart, and the break-even of learned ones."""
    files = found.files_counted(counting.way)
    ways = [*found.learned(counting.forms), *files, *found.raw]
    learned = {id(each) for each in found.learned(counting.forms)}
    rows = [_row(each, counting.count, files if id(each) in learned else None) for each in ways]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="packings",
        column_config=COLUMNS,
        height=min(460, 36 * (len(rows) + 1) + 2),
    )


COLUMNS = {
    "Method": st.column_config.TextColumn(
        width=195, help="A network with its number, PCA with its code's size, a file with its quality."
    ),
    "Stored as": st.column_config.TextColumn(help="How the numbers of a code are written, or how a file is counted."),
    "Bytes each": st.column_config.NumberColumn(
        format="%.1f", help="Bytes for one picture, without what is sent once; mean over the pictures."
    ),
    "Sent once": st.column_config.NumberColumn(
        format="localized",
        help="Bytes that the receiver needs besides: decoder or PCA basis as float32, "
        "ends of the 8-bit scales, or the header.",
    ),
    "Bytes, shared": st.column_config.NumberColumn(
        format="%.1f", help="Bytes for one picture if the number of pictures set above share what is sent once."
    ),
    "PSNR, dB": st.column_config.NumberColumn(
        format="%.2f", help="Mean over the pictures. What is lossless has no error; 99 stands for it."
    ),
    "SSIM": st.column_config.NumberColumn(
        format="%.3f", help="Structural similarity, mean over the pictures. 1 is the same picture."
    ),
    "MSE": st.column_config.NumberColumn(
        format="%.5f", help="Mean squared error per pixel, of pixels between 0 and 1."
    ),
    "Pays off against JPEG": st.column_config.TextColumn(
        help="From how many pictures on it takes fewer bytes in all than the smallest JPEG that is no worse."
    ),
    "Pays off against PNG": st.column_config.TextColumn(
        help="From how many pictures on it takes fewer bytes in all than PNG, which loses nothing."
    ),
}


def _row(each: Compressed, count: int, files: Sequence[Compressed] | None) -> dict[str, object]:
    row = {
        "Method": label(each), "Stored as": each.form, "Bytes each": each.per_picture, "Sent once": each.once,
        "Bytes, shared": each.bytes_at(count), "PSNR, dB": each.psnr, "SSIM": each.ssim, "MSE": each.mse,
    }  # fmt: skip
    for name in ("JPEG", "PNG"):
        row[f"Pays off against {name}"] = (
            "" if files is None else pays(each, [file for file in files if file.name == name])
        )
    return row


def pays(each: Compressed, baselines: Sequence[Compressed]) -> str:
    """The number of pictures from which a learned form is smaller than every baseline that is no worse."""
    if not any(baseline.psnr >= each.psnr for baseline in baselines):
        return "none is as good"
    number = break_even_with_all(each, baselines)
    return "never" if number is None else "at once" if number == 1 else f"from {number:,} pictures"


def _full(each: Compressed) -> str:
    return f"{label(each)} · {SHORT.get(each.form, each.form)}" if each.form else label(each)


def _off(size: float, budget: int) -> str:
    """How far a size is from the budget, unless it is about the same."""
    if size > FAR * budget:
        return f", {size / budget:.1f} times as many"
    return f", {percent(size / budget, 0)} of it" if size * FAR < budget else ""


def _bytes(number: float) -> str:
    return f"{number:,.0f} bytes" if number >= 10 else f"{number:.1f} bytes"
