"""A line that names what was just deleted, with an undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from aecore.foreign import in_markdown

LISTED = 3


def note_deleted(kind: str, ids: Sequence[str]) -> None:
    """Remembers what this visitor has just deleted of a kind; to be called by what deletes."""
    st.session_state[_slot(kind)] = tuple(ids)


def said_deleted(kind: str, titles: Mapping[str, str], undo: Callable[[Sequence[str]], object]) -> None:
    """Names what was deleted last, with a button to restore it.

    titles: of what is in the trash now; the rest is not named.
    """
    ids = [id for id in st.session_state.get(_slot(kind), ()) if id in titles]
    if not ids:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"deleted-{kind}"):
        st.success(f"Deleted: {_listed([titles[id] for id in ids])}.", icon=":material/delete:", width="stretch")
        st.button(
            "Undo", key=f"undo-{kind}", icon=":material/undo:", on_click=undo, args=(ids,),
            help="Puts it back where it was.",
        )  # fmt: skip


def _listed(titles: Sequence[str]) -> str:
    more = len(titles) - LISTED
    return ", ".join(f"“{in_markdown(title)}”" for title in titles[:LISTED]) + (f" and {more} more" if more > 0 else "")


def _slot(kind: str) -> str:
    return f"_deleted_{kind}"
