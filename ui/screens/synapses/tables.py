"""Tables of the Synapses page as HTML: inputs, hidden values, outputs,
and whether the input is reconstructed.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import streamlit as st

from aecore.worked_examples.toy_network import arg_max, come_back, patterns, softmax
from ui.components.synapse_network.view import ToyView

STYLE = """<style>
.toy-table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
.toy-table th { text-align: left; font-weight: 600; font-size: .875rem; padding: 4px 8px; opacity: .8;
  white-space: nowrap; }
.toy-table td { padding: 5px 8px; border-top: 1px solid rgba(128, 128, 128, .3); white-space: nowrap; }
.toy-table .yes { font-weight: 600; } .toy-table .no { opacity: .75; }
.toy-scroll { overflow-x: auto; }
</style>"""


def number(value: float) -> str:
    """A formatted number: two decimals at most, a true minus sign, powers of ten when it is huge."""
    if not np.isfinite(value):
        return "–"
    text = (
        f"{abs(value):.1e}".replace("e+0", "·10^").replace("e+", "·10^")
        if abs(value) >= 1e5
        else f"{abs(value):.2f}".rstrip("0").rstrip(".")
    )
    return ("−" if value < 0 and text != "0" else "") + text


def vector(values: np.ndarray) -> str:
    """(1, 0, −1)"""
    return f"({', '.join(map(number, values))})"


def table_of(view: ToyView, likes: int) -> str:
    """Every input with `likes` likes: hidden, output, softmax of the liked ones,
    and whether it is reconstructed, read in each way.
    """
    network, x = view.applied, patterns(view.network.inputs, likes)
    h, o = network.encode(x), network.decode(network.encode(x))
    shares, by_top, by_threshold = (
        softmax(o, view.temperature),
        come_back(network, x),
        come_back(network, x, "threshold"),
    )
    rows = []
    for k, row in enumerate(x):
        names = " + ".join(view.labels[i] for i in np.flatnonzero(row))
        share = " + ".join(f"{shares[k, i]:.3f}" for i in np.flatnonzero(row))
        top = _mark(by_top[k]) + ("" if arg_max(o[k]).any() else " (a tie)")
        cells = [vector(row), vector(h[k]), vector(o[k]), share, top, _mark(by_threshold[k])]
        rows.append(f'<tr><td class="label">{names}</td>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = ("Liked", "Input", "Hidden", "Output", "Softmax", "Arg max", "Threshold")
    head = "".join(f"<th>{text}</th>" for text in heads)
    return (
        f'{STYLE}<div class="toy-scroll"><table '
        f'class="toy-table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def why_two_likes_fail(view: ToyView) -> str:
    """Why inputs with two likes fail in this network, in Markdown."""
    network, x = view.applied, patterns(view.network.inputs, 2)
    back = come_back(network, x, "threshold")
    groups: dict[tuple[float, ...], list[str]] = defaultdict(list)
    nothing = np.zeros((1, network.inputs))
    for row, h in zip([*nothing, *x], network.encode(np.vstack([nothing, x])), strict=True):
        names = " + ".join(view.labels[i] for i in np.flatnonzero(row)) or "liking nothing"
        groups[tuple(np.round(h, 6) + 0.0)].append(names)
    sentences = [
        f"With the threshold, **{int(back.sum())} of {len(x)}** pairs are reconstructed. With softmax or arg max "
        "**none** can be: softmax shares out a single 1, and arg max picks a single output."
    ]
    shared = [(code, names) for code, names in groups.items() if len(names) > 1]
    for code, alike in shared[:3]:
        sentences.append(
            f"*{_listed(alike)}* share the code {vector(np.array(code))}: from there no decoder can tell which it was."
        )
    if not shared:
        sentences.append(
            "Every pair has a code of its own here, so a better decoder could tell them apart; this one need not."
        )
    sentences.append(
        f"With one like there are {network.inputs} possible inputs, and a narrow code can keep them apart; "
        f"with any number of likes there are {2**network.inputs}."
    )
    return " ".join(sentences)


def _mark(is_back: bool) -> str:
    return '<span class="yes">✓ back</span>' if is_back else '<span class="no">✗ no</span>'


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def two_likes(view: ToyView) -> None:
    """Shows what becomes of inputs with two likes."""
    st.markdown(why_two_likes_fail(view))
    with st.expander("All inputs with two likes"):
        st.html(table_of(view, 2))
