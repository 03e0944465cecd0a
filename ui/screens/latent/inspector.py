"""Inspector of one point of the map: the example, its reconstruction, its code,
and its nearest neighbours in the latent space.
"""

from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from aecore.foreign import in_markdown
from aecore.latent.code_set import CodeSet
from aecore.latent.neighbours import METRICS, nearest
from aecore.latent.preservation import Preservation
from aecore.pretrained.trained_models import TrainedModel
from ui.app.theme import CODE, plot
from ui.screens.latent.codes import pictures
from ui.screens.latent.link import METRIC, METRIC_NAMES
from ui.screens.latent.view import metric, pick, picked_point
from ui.screens.latent.walk_waypoints import add_button
from ui.widgets.networks import reconstruct
from ui.widgets.pictures import as_bytes, show_columns, show_pictures
from ui.widgets.wording import percent

NEIGHBOURS = 10
BARS = 64
"""Most numbers of a code that are drawn; of a longer one the largest."""

NUMBER = re.compile(r"#?\s*(\d+)")


def search(found: CodeSet) -> None:
    """Finds a point by its number, or the next one of a class by its name."""

    def go_there() -> None:
        text = st.session_state["search"].strip()
        match = find(found, text, picked_point(found))
        st.session_state["not-found"] = "" if match is not None or not text else text
        if match is not None:
            pick(match)

    st.text_input(
        "Find", key="search", on_change=go_there, placeholder="a number, or a class" if found.classes else "a number",
        label_visibility="collapsed", icon=":material/search:", help="Type the number of an example, or the "
        "name of a class: each search for a class goes on to its next example. A class whose name is a number "
        "is found by 'class 4'.",
    )  # fmt: skip
    if missed := st.session_state.get("not-found"):
        st.caption(
            f"Nothing is called '{in_markdown(missed[:30])}' here: numbers run from 0 to {len(found) - 1:,}"
            + (", classes are " + in_markdown(_few(found.classes)) if found.classes else "")
            + "."
        )


def find(found: CodeSet, text: str, after: int | None) -> int | None:
    """The point of that number, or the first of that class behind `after`; None if there is none."""
    by_number = NUMBER.fullmatch(text)
    if by_number:
        return int(by_number[1]) if int(by_number[1]) < len(found) else None
    name = text.casefold().removeprefix("class").strip()
    names = [each.casefold() for each in found.classes]
    if found.labels is None or not name or name not in names:
        return None
    mine = np.flatnonzero(found.labels == names.index(name))
    later = mine[mine > (-1 if after is None else after)]
    return int((later if len(later) else mine)[0]) if len(mine) else None


def inspector(
    found: CodeSet, trained_model: TrainedModel, preservation: Preservation | None, members: np.ndarray
) -> None:
    """The picked point, or how to pick one."""
    index = picked_point(found)
    if index is None:
        st.markdown("**Pick a point**")
        st.caption(
            "Click one on the map, or find one by its number. Here you will see the example, "
            "what the network makes of it, its code, and the codes next to it."
        )
        return
    name = "" if found.labels is None else f" · {in_markdown(found.classes[found.labels[index]])}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Example {index:,}**{name}", width="stretch")
        st.button(
            "",
            icon=":material/close:",
            key="let-go",
            type="tertiary",
            on_click=pick,
            args=(None,),
            help="Deselect this point.",
        )
    x = pictures(found)[index : index + 1]
    back = reconstruct(trained_model, x)
    if x.ndim == 4:
        show_pictures(
            np.concatenate([as_bytes(x), as_bytes(back)]),
            ["original", "reconstruction"],
            alt=f"Example {index}",
            width=92,
            per_row=2,
        )
    else:
        st.caption(f"In: {_numbers(x[0])}  \nBack: {_numbers(back[0])}")
    st.caption(
        f"Squared error {found.errors[index]:.4g}; {percent(np.mean(found.errors < found.errors[index]), 0)} of the "
        "others are reconstructed better."
    )
    add_button(found, index)
    _code(found.codes[index])
    _neighbours(found, index, preservation, members)


def _code(code: np.ndarray) -> None:
    shown = np.arange(len(code)) if len(code) <= BARS else np.sort(np.argsort(-np.abs(code), kind="stable")[:BARS])
    figure = go.Figure(
        go.Bar(
            x=[str(unit + 1) for unit in shown],
            y=code[shown],
            marker_color=CODE,
            hovertemplate="number %{x}: %{y:.3f}<extra></extra>",
        )
    )
    figure.update_layout(
        height=130, showlegend=False, hovermode="closest", xaxis={"type": "category", "nticks": 8}, bargap=0.15
    )
    st.markdown(
        f"**Its code**, {len(code)} number{'s' if len(code) > 1 else ''}"
        + (f" (the {BARS} largest are drawn)" if len(code) > BARS else "")
    )
    plot(figure, "code-bars", f"The code as bars: {_numbers(code[shown])}")


def _neighbours(found: CodeSet, index: int, preservation: Preservation | None, members: np.ndarray) -> None:
    st.markdown("**Nearest in the latent space**")
    st.segmented_control(
        "Distance", METRICS, default=METRICS[0], required=True, format_func=METRIC_NAMES.__getitem__, **METRIC.bound(),
        label_visibility="collapsed",
        help="The straight (Euclidean) distance between codes, or 1 minus the cosine of the angle between them.",
    )  # fmt: skip
    near, far = nearest(found.codes, found.codes[index], NEIGHBOURS, metric(), skip=index)
    captions = [f"{distance:.2g}" for distance in far]
    if pictures(found).ndim == 4:
        show_columns([pictures(found)[near]], captions, alt="Neighbour at distance", width=46, per_row=5)
    of_class = ["" if found.labels is None else f"· {found.classes[found.labels[each]]}" for each in near]
    titles = [f"{each:,} {in_markdown(what)}" for each, what in zip(near, of_class, strict=True)]
    st.pills(
        "Go to a neighbour", near.tolist(), format_func=dict(zip(near.tolist(), titles, strict=True)).__getitem__,
        key=f"neighbour-{index}",
        label_visibility="collapsed", on_change=_go, args=(f"neighbour-{index}",), help="Picks that example.",
    )  # fmt: skip
    if found.labels is not None:
        same = int((found.labels[near] == found.labels[index]).sum())
        st.caption(f"{same} of {len(near)} are of the same class.")
    place = np.flatnonzero(members == index)
    if preservation is not None and len(place):
        st.caption(
            f"On this map: {percent(preservation.kept[place[0]], 0)} of its {preservation.near} nearest codes are "
            f"among its {preservation.near} nearest points. Trustworthiness here {preservation.trust[place[0]]:.3f}."
        )


def _go(key: str) -> None:
    pick(st.session_state[key])


def _numbers(values: np.ndarray) -> str:
    flat = values.ravel()
    return ", ".join(f"{value:.3g}" for value in flat[:12]) + (" …" if len(flat) > 12 else "")


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
