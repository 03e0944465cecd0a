"""The map: points to hover over, pick and circle, and actions on the chosen ones."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from aecore.foreign import in_csv
from aecore.latent.code_set import CodeError, CodeSet
from aecore.latent.groups import keep_groups
from aecore.latent.maps import Map, MapRequest
from aecore.latent.neighbours import METRICS, nearest
from aecore.latent.selections import keep_selection
from ui.app.address import Integer
from ui.app.frame import refuse
from ui.app.links import GROUPS, NETWORK
from ui.app.services import services
from ui.app.url_state import go_to
from ui.components.latent_map import Answer, Atlas, Cloud, Mark, answer_in, latent_map
from ui.screens.latent.codes import atlas, positions_address
from ui.screens.latent.colours import Colouring
from ui.screens.latent.form import FIRST
from ui.screens.latent.link import METRIC, ONLY, POINT

KEY = "latent-map"
ALONE = "alone"
LINKED = 10
"""Nearest codes of the picked point that are joined to it on the map."""


def show_map(
    found: CodeSet, request: MapRequest, drawn: Map, colours: Colouring, marks: tuple[Mark, ...] = ()
) -> Answer:
    """Shows the map with the picked point and its neighbours; returns what has been picked and circled,
    as indices into `drawn.members`.
    """
    picked = picked_point(found)
    place = {int(member): index for index, member in enumerate(drawn.members)} if request.only else None
    here = picked if place is None else place.get(picked) if picked is not None else None
    linked: tuple[int, ...] = ()
    if picked is not None and here is not None:
        near = nearest(found.codes, found.codes[picked], LINKED, metric(), skip=picked)[0].tolist()
        linked = tuple(near if place is None else [place[each] for each in near if each in place])
    pictures = atlas(found)
    revision = f"{found.key}-{request.only}"
    circled = answer_in(KEY, revision, len(drawn.members)).selected
    cloud = Cloud(
        revision, len(drawn.members), request.dims, positions_address(found, request), colours.levels,
        colours.palette, is_live=not drawn.is_done, legend=colours.legend, names=found.classes,
        labels=None if found.labels is None else found.labels[drawn.members],
        atlas=_tiles(pictures) if pictures else None, numbers=drawn.members if request.only else None, picked=here,
        linked=linked, marks=marks, shown=circled if len(circled) and st.session_state.get(ALONE) else None,
    )  # fmt: skip

    def keep() -> None:
        index = answer_in(KEY, revision, len(drawn.members)).picked
        pick(None if index is None else int(drawn.members[index]))

    return latent_map(cloud, KEY, on_pick=keep)


def picked_point(found: CodeSet) -> int | None:
    """The point that the address names, if there is one of that number."""
    return POINT.among(Integer(0, len(found) - 1), None).read()


def pick(index: int | None) -> None:
    """Writes a point of the code set into the address."""
    POINT.put(index)


def metric() -> str:
    """The distance for neighbours in the latent space."""
    chosen = st.session_state.get(METRIC.name, METRICS[0])
    return chosen if chosen in METRICS else METRICS[0]


def show_chosen(found: CodeSet, request: MapRequest, drawn: Map, answer: Answer) -> None:
    """Actions on the circled points: a map of their own, a file, a direction between two groups of them."""
    chosen = drawn.members[answer.selected]
    with st.container(horizontal=True, vertical_alignment="center", key="chosen"):
        if request.only:
            st.button(
                "Back to all points",
                icon=":material/undo:",
                key="all-points",
                help="The map of all.",
                on_click=_keep_only,
                args=(found, None),
            )
        if not len(chosen):
            st.caption(
                "Circle points with the lasso or the box to map only these, to save them, "
                "or to find what makes two groups different."
            )
            return
        st.markdown(f"**{len(chosen):,}** chosen", width="content")
        st.toggle("Only these", key=ALONE, help="Hides all others; the map stays as it is.")
        st.button(
            "Map only these", icon=":material/filter_center_focus:", key="only-these", disabled=len(chosen) < 3,
            on_click=_keep_only, args=(found, chosen),
            help="A new map of these points alone: what is crowded here gets all the room.",
        )  # fmt: skip
        st.download_button(
            "Save as CSV", lambda: as_csv(found, chosen, drawn, request), f"codes-{found.data}.csv", "text/csv",
            icon=":material/download:", key="save-chosen",
            on_click="ignore", help="Number, class, error, place on the map and the code of each.",
        )  # fmt: skip
        for slot, name in (("group-a", "A"), ("group-b", "B")):
            st.button(
                f"Group {name}",
                key=slot,
                on_click=_keep_group,
                args=(slot, found, chosen),
                help=f"Keep these as group {name}, then choose others.",
            )


def show_groups(found: CodeSet) -> None:
    """The two stored groups, and a link to the direction between them."""
    groups = {name: _group(slot, found) for slot, name in (("group-a", "A"), ("group-b", "B"))}
    if all(group is None for group in groups.values()):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="groups"):
        words = ", ".join(f"group {name}: {len(group):,} points" for name, group in groups.items() if group is not None)
        st.markdown(f"Kept: {words}.", width="content")
        if all(group is not None for group in groups.values()) and st.button(
            "Move from A to B",
            icon=":material/arrow_forward:",
            key="translate-groups",
            type="primary",
            help="Opens Translate with the direction from A to B.",
        ):
            try:
                key = keep_groups(
                    services.store, found.data, found.rows[groups["A"]], found.rows[groups["B"]], ("group A", "group B")
                )
            except CodeError as error:
                refuse(str(error))
                return
            go_to("translate", (NETWORK, NETWORK.read() or FIRST), (GROUPS, key))


def as_csv(found: CodeSet, chosen: np.ndarray, drawn: Map, request: MapRequest) -> bytes:
    """Points of a code set as CSV: number, class, error, position on the map, code."""
    where = np.full((len(found), request.dims), np.nan, np.float32)
    where[drawn.members] = drawn.positions
    columns: dict[str, object] = {"number": chosen}
    if found.labels is not None:
        columns["class"] = [in_csv(found.classes[label]) for label in found.labels[chosen]]
    columns |= {"error": found.errors[chosen]} | {
        f"map_{axis}": where[chosen, index] for index, axis in enumerate("xyz"[: request.dims])
    }
    columns |= {f"code_{number + 1}": found.codes[chosen, number] for number in range(found.codes.shape[1])}
    file = io.BytesIO()
    pd.DataFrame(columns).to_csv(file, index=False, float_format="%.6g", quoting=csv.QUOTE_NONNUMERIC)
    return file.getvalue()


def _tiles(pictures: Any) -> Atlas:
    mosaic = pictures.mosaic
    return Atlas(pictures.address, mosaic.columns, mosaic.width, mosaic.height, mosaic.count)


def _keep_only(found: CodeSet, chosen: np.ndarray | None) -> None:
    """Writes these points, or all, into the address, and reruns the whole page:
    form and progress lie outside of the interactive part.
    """
    if chosen is None:
        ONLY.clear()
    else:
        ONLY.write(keep_selection(found, chosen))
    st.rerun()


def _keep_group(slot: str, found: CodeSet, chosen: np.ndarray) -> None:
    st.session_state[f"kept-{slot}"] = (found.key, chosen)


def _group(slot: str, found: CodeSet) -> np.ndarray | None:
    key, chosen = st.session_state.get(f"kept-{slot}", ("", None))
    return chosen if key == found.key else None
