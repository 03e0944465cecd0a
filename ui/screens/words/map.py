"""The map of words and of texts, and the nearest of the one that is picked."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from aecore.foreign import in_chart, in_table
from aecore.words.embedding import flat_map, nearest
from ui.app.theme import plot
from ui.screens.words.figures import Points, map_figure
from ui.screens.words.found import Found
from ui.screens.words.link import DRAWN, DRAWN_BY, MAP_OF, TEXT, THINGS, WORD, go, put, take
from ui.widgets.wording import percent

MOST_POINTS, MOST_WRITTEN, MOST_WRITTEN_TEXTS = 800, 45, 12
NEAREST = 6
MINE = 0.6
"""Share of a word's texts from which on it belongs to their class; otherwise it belongs to several."""

ROOM = (0.085, 0.035)
"""Width and height of a name, as shares of the map."""

CHART = "words-map"
STYLE = f"""<style>@media (max-width: 1000px) {{
  .st-key-{CHART} [data-testid="stHorizontalBlock"] {{ flex-direction: column; }}
  .st-key-{CHART} [data-testid="stColumn"] {{ width: 100%; min-width: 100%; flex: 0 0 auto; }}
}}</style>"""
"""On narrow screens the nearest are below the map."""


def show_map(found: Found, way: str) -> None:
    """Asks what to draw and how, draws it, and lists the nearest of the picked one."""
    things, drawn = _ask(found, way)
    embedding = found.embedding(way)
    assert embedding is not None
    vectors = embedding.vectors if things == "words" else embedding.codes(found.bags)
    names = list(found.vocabulary.words) if things == "words" else list(found.texts.texts)
    weights = found.bags.sum(0) if things == "words" else np.ones(len(names))
    rows = np.sort(np.argsort(-weights, kind="stable")[:MOST_POINTS])
    flat, kept = flat_map(vectors) if drawn == "pca" else (found.maps(way)[things], 0.0)
    st.html(STYLE)
    with st.container(key=CHART):
        chart, side = st.columns([1.8, 1], gap="medium")
    with side:
        picked = _pick(found, things, names, weights)
        order, similar = nearest(vectors, vectors[picked], NEAREST, picked)
        _table(found, things, names, order, similar)
    with chart:
        points = _points(found, things, flat, names, weights, rows, picked, order)
        _draw(
            points,
            things,
            f"Map of {len(rows)} {things}; nearest to {names[picked]}: {', '.join(names[i] for i in order)}.",
            f"{way}-{drawn}",
        )
    st.caption(_reading(found, things, drawn, kept, len(rows), len(names)))


def _ask(found: Found, way: str) -> tuple[str, str]:
    with st.container(horizontal=True, gap="medium"):
        key = take(MAP_OF, tuple(THINGS), MAP_OF.default)
        things = st.segmented_control(
            "Map of", tuple(THINGS), format_func=THINGS.get, required=True, key=key, default=st.session_state[key],
            on_change=put, args=(MAP_OF,),
            width="content", help="A word lies where its embedding is, a text where its code is.",
        )  # fmt: skip
        can = [name for name in DRAWN if name == "pca" or things in found.maps(way)]
        key = take(DRAWN_BY, can, can[-1])
        drawn = st.segmented_control(
            "Drawn by", can, format_func=DRAWN.get, required=True, key=key, default=st.session_state[key],
            on_change=put, args=(DRAWN_BY,), width="content",
            help="PCA is a shadow of the numbers on a plane; t-SNE keeps neighbours together and lets distances go. "
            "It needs at least 30 points.",
        )  # fmt: skip
    return things, drawn


def _pick(found: Found, things: str, names: list[str], weights: np.ndarray) -> int:
    name = "word" if things == "words" else "text"
    order = np.argsort(-weights, kind="stable")
    options = {
        (names[row] if name == "word" else str(row)): int(row) for row in (np.sort(order) if name == "word" else order)
    }
    param = WORD if name == "word" else TEXT
    key = take(param, tuple(options), next(iter(options)) if name == "text" else names[_telling(found, order)])
    st.selectbox(
        f"Nearest to the {name}", tuple(options), format_func=lambda each: names[options[each]][:80], key=key,
        index=list(options).index(st.session_state[key]),
        on_change=put, args=(param,), help=f"Or click a {name} on the map.",
    )  # fmt: skip
    return options[st.session_state[key]]


def _telling(found: Found, order: np.ndarray) -> int:
    """Of the most frequent words that belong to one class, the longest."""
    shares, counts = found.shares(), found.bags.sum(0)
    mine = [int(row) for row in order if shares[row].max() >= MINE] or order.tolist()
    return max(mine, key=lambda row: (counts[row], len(found.vocabulary.words[row])))


def _table(found: Found, things: str, names: list[str], order: np.ndarray, similar: np.ndarray) -> None:
    cells = {
        things.removesuffix("s"): [in_table(names[row]) for row in order],
        "cosine": similar.round(2),
        "distance": (1 - similar).round(2),
    }
    if things == "texts":
        cells["label"] = [in_table(found.texts.classes[found.labels[row]]) for row in order]
    st.dataframe(
        cells,
        hide_index=True, key=f"words-nearest-{things}", width="stretch",
        column_config={
            "cosine": st.column_config.NumberColumn(
                "cosine", format="%.2f", width=60, help="1: the same direction. 0: nothing in common. −1: opposite."),
            "distance": st.column_config.NumberColumn("distance", format="%.2f", width=68, help="1 minus the cosine."),
        },
    )  # fmt: skip
    st.caption(f"Measured among all {found.settings.embedding_size} numbers, not on the map.")


def _points(
    found: Found,
    things: str,
    flat: np.ndarray,
    names: list[str],
    weights: np.ndarray,
    rows: np.ndarray,
    picked: int,
    order: np.ndarray,
) -> Points:
    classes = found.texts.classes
    if things == "words":
        shares = found.shares()
        group = np.where(shares.max(1) >= MINE, shares.argmax(1), -1)
        says = [
            f"<b>{in_chart(names[row])}</b><br>in {int(weights[row])} "
            f"text{'s' if weights[row] > 1 else ''}: {in_chart(_counts(found, row))}"
            for row in rows
        ]
    else:
        group = found.labels
        says = [f"{in_chart(names[row][:90])}<br>{in_chart(classes[group[row]])}" for row in rows]
    most = MOST_WRITTEN if things == "words" else MOST_WRITTEN_TEXTS if len(names) <= MOST_WRITTEN_TEXTS else 0
    always = [picked, *order] if things == "words" else [picked]
    is_written = _legible(flat, np.argsort(-weights, kind="stable")[: 3 * most], always, most)
    place = {int(row): index for index, row in enumerate(rows)}
    linked = [place[int(row)] for row in order if int(row) in place]
    short = [_short(names[row]) for row in rows]
    keys = [names[row] if things == "words" else str(row) for row in rows]
    return Points(flat[rows], keys, short, says, group[rows], classes, is_written[rows], place.get(picked), linked)


def _legible(flat: np.ndarray, candidates: np.ndarray, always: list[int], most: int) -> np.ndarray:
    """(N,) whose names are written: `always`, and up to `most` of the candidates without
    overlaps.
    """
    place = (flat - flat.min(0)) / np.maximum(np.ptp(flat, axis=0), 1e-9)
    written = list(always)
    for row in candidates.tolist():
        away = np.abs(place[written] - place[row])
        if len(written) < most + len(always) and not ((away[:, 0] < ROOM[0]) & (away[:, 1] < ROOM[1])).any():
            written.append(row)
    return np.isin(np.arange(len(flat)), written)


def _draw(points: Points, things: str, alt: str, revision: str) -> None:
    plot(
        map_figure(points),
        f"{CHART}-{things}",
        alt,
        revision=revision,
        on_click=partial(_clicked, things),
        scrollZoom=True,
    )


def _clicked(things: str, name: str) -> None:
    go(WORD if things == "words" else TEXT, name)


def _counts(found: Found, row: int) -> str:
    counts = [int(found.bags[found.labels == label, row].sum()) for label in range(len(found.texts.classes))]
    return ", ".join(f"{count} {name}" for count, name in zip(counts, found.texts.classes, strict=True) if count)


def _short(text: str) -> str:
    return in_chart(text if len(text) <= 30 else text[:29] + "…")


def _reading(found: Found, things: str, drawn: str, kept: float, shown: int, total: int) -> str:
    size = found.settings.embedding_size
    how = (
        f"A plane cannot hold {size} numbers: this shadow (PCA) keeps {percent(kept)} of how they differ. "
        "What looks close here need not be close."
        if drawn == "pca" else "t-SNE keeps neighbours together; how large a group is and how far it lies "
        "from others carry no meaning."
    )  # fmt: skip
    what = (
        "A word has the colour of the label in whose texts it mostly occurs; the network saw no colours."
        if things == "words"
        else "A text has the colour of its label."
    )
    part = (
        f" The {shown:,} most frequent of {total:,} are drawn."
        if shown < total and things == "words"
        else f" {shown:,} of {total:,} are drawn."
        if shown < total
        else ""
    )
    return f"{what} {how}{part} Drag to move, wheel or pinch to zoom."
