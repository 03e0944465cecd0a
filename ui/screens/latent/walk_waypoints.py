"""The examples on a path: chosen one by one or drawn from two classes,
reordered, and stored in the address.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_markdown
from aecore.latent.animation import as_pictures
from aecore.latent.code_set import CodeSet
from ui.app.address_choices import OneOf
from ui.screens.latent.codes import pictures
from ui.screens.latent.link import DRAW_FROM, DRAW_TO, PATH
from ui.screens.latent.link import MOST_STATIONS as MOST
from ui.screens.latent.view import pick, picked_point
from ui.screens.latent.walk_start import title_of
from ui.widgets.pictures import show_pictures


def chosen_points(found: CodeSet) -> list[int]:
    """The examples that the address names under `path`, at most five, each once."""
    parts = PATH.read()
    if none := [part for part in parts if not _is_example(part, found)]:
        PATH.refuse(f"there is no example {none[0]} here")
    return list(dict.fromkeys(int(part) for part in parts if part not in none))[:MOST]


def _is_example(text: str, found: CodeSet) -> bool:
    return text.isdecimal() and len(text) < 9 and int(text) < len(found)


def keep_points(points: list[int]) -> None:
    """Writes the examples into the address."""
    PATH.put([str(point) for point in points], unless=[])


def add_button(found: CodeSet, index: int) -> None:
    """A button of the inspector that appends the picked example to the path."""
    points = chosen_points(found)
    is_there, is_full = index in points, len(points) >= MOST
    label = f"On the path, place {points.index(index) + 1}" if is_there else "Add to path"
    st.button(
        label, icon=":material/add_location_alt:", key="add-to-path", on_click=keep_points,
        args=([*points, index],), disabled=is_there or is_full,
        help=f"A path has at most {MOST} examples; remove one first." if is_full and not is_there
        else "Two to five examples make a path. Walk › From example to example shows what lies between them.",
    )  # fmt: skip


def stations(found: CodeSet, members: np.ndarray) -> list[int]:
    """The chosen examples; fewer than two are completed by typical ones of other classes."""
    points = chosen_points(found)
    for typical in _typical(found, members):
        if len(points) >= 2:
            break
        is_new = found.labels is None or all(found.labels[typical] != found.labels[point] for point in points)
        if typical not in points and is_new:
            points.append(typical)
    return points if len(points) >= 2 else [*points, *(int(each) for each in members if int(each) not in points)][:2]


def basket(found: CodeSet, members: np.ndarray) -> None:
    """The examples as cards that can be moved and removed, with buttons to add and draw others."""
    points, shown = chosen_points(found), stations(found, members)
    with st.container(horizontal=True, key="basket"):
        for place, index in enumerate(shown):
            _card(found, points, place, index)
    with st.container(horizontal=True, vertical_alignment="bottom", key="basket-tools"):
        picked = picked_point(found)
        if picked is not None and picked not in points and len(points) < MOST:
            st.button(
                f"Add {in_markdown(title_of(found, picked))}", icon=":material/add:", key="basket-add",
                on_click=keep_points, args=([*points, picked],), help="Puts the picked example at the end.",
            )  # fmt: skip
        _draw(found, members)
        if points:
            st.button(
                "Empty it",
                icon=":material/delete_sweep:",
                key="basket-clear",
                on_click=keep_points,
                args=([],),
                help="Back to the first two.",
            )
    if len(points) < 2:
        st.caption(
            (
                "Nothing has been chosen yet: these are typical examples of two classes."
                if not points
                else "One more example, and the way is all yours."
            )
            + " Pick points on the map and add them, up to five."
        )


def _card(found: CodeSet, points: list[int], place: int, index: int) -> None:
    def swapped(step: int) -> list[int]:
        moved = list(points)
        moved[place], moved[place + step] = moved[place + step], moved[place]
        return moved

    with st.container(width=122, key=f"station-{place}", gap="xsmall"):
        show_pictures(
            as_pictures(pictures(found)[index : index + 1]),
            [title_of(found, index)],
            alt="Example",
            width=112,
            per_row=1,
        )
        is_own = place < len(points)
        with st.container(horizontal=True, gap=None, horizontal_alignment="center"):
            st.button("", icon=":material/chevron_left:", key=f"earlier-{place}", type="tertiary",
                      disabled=not is_own or place == 0,
                      on_click=lambda: keep_points(swapped(-1)), help="Earlier on the way")  # fmt: skip
            st.button(
                "",
                icon=":material/search:",
                key=f"look-{place}",
                type="tertiary",
                on_click=pick,
                args=(index,),
                help="Look at this example",
            )
            st.button("", icon=":material/close:", key=f"remove-{place}", type="tertiary", disabled=not is_own,
                      on_click=keep_points, args=([each for each in points if each != index],),
                      help="Take it off the way")  # fmt: skip
            st.button("", icon=":material/chevron_right:", key=f"later-{place}", type="tertiary",
                      disabled=not is_own or place + 1 >= len(points),
                      on_click=lambda: keep_points(swapped(1)), help="Later on the way")  # fmt: skip


def _draw(found: CodeSet, members: np.ndarray) -> None:
    """Draws random examples, of two classes where there are any."""
    classes = [] if found.labels is None else np.unique(found.labels[members]).tolist()
    if len(classes) < 2:
        st.button(
            "Draw two",
            icon=":material/casino:",
            key="basket-draw",
            on_click=_drawn,
            args=(members, None, 0, 0),
            help="Two examples at random.",
        )
        return
    for param, label, first in ((DRAW_FROM, "From", 0), (DRAW_TO, "to", 1)):
        if st.session_state.get(param.name, classes[0]) not in classes:  # chosen on the map of other points
            del st.session_state[param.name]
        title = found.classes.__getitem__
        bound = param.among(OneOf(classes, title), classes[first]).bound()
        st.selectbox(
            label, classes, index=first, format_func=title, width=130, help="A class to draw an example of.", **bound
        )
    ends = st.session_state[DRAW_FROM.name], st.session_state[DRAW_TO.name]
    st.button(
        "Draw",
        icon=":material/casino:",
        key="basket-draw",
        on_click=_drawn,
        args=(members, found.labels, *ends),
        help="One of each, at random.",
    )


def _drawn(members: np.ndarray, labels: np.ndarray | None, first: int, second: int) -> None:
    rng = np.random.default_rng()
    groups = [members, members] if labels is None else [members[labels[members] == each] for each in (first, second)]
    points: list[int] = []
    for group in groups:
        left = np.setdiff1d(group, points)
        points += [int(rng.choice(left))] if len(left) else []
    keep_points(points)


def _typical(found: CodeSet, members: np.ndarray) -> list[int]:
    """Of each class the example whose code is nearest to the mean of its class, classes far apart first;
    without classes, two far apart.
    """
    codes = found.codes[members]
    if found.labels is None:
        first = int(np.linalg.norm(codes - codes.mean(0), axis=1).argmax())
        return [int(members[first]), int(members[np.linalg.norm(codes - codes[first], axis=1).argmax()])]
    labels = found.labels[members]
    middles = {int(label): codes[labels == label].mean(0) for label in np.unique(labels)}
    order = sorted(middles, key=lambda label: -float(np.linalg.norm(middles[label] - codes.mean(0))))
    typical = []
    for label in order:
        mine = np.flatnonzero(labels == label)
        typical.append(int(members[mine[np.linalg.norm(codes[mine] - middles[label], axis=1).argmin()]]))
    return typical
