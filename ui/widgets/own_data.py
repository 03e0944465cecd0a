"""What people brought, on any page: whose it is, buttons to keep and delete it, a toast,
and a button to restore it from the trash.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import streamlit as st

from aecore.datasets.uploads.base import shown
from aecore.foreign import in_markdown
from aecore.limits import in_gb, trash_days
from aecore.runs.usage import folder_bytes
from aecore.stores.content import NotKeptError
from ui.app.frame import refuse
from ui.app.owned_content import VisitorsContent
from ui.app.services import services
from ui.widgets.deleted import note_deleted, said_deleted
from ui.widgets.run_actions import say, told

HELP = "Moves it to the trash on this page, from where it can be brought back."
ONLY_BY_LINK = ", and others see it only by a link to it, or to a run that learned from it"
"""Who sees what a visitor of a shared server brings, as the end of a sentence."""

Then = Callable[[str], None]
"""Callback of the page after something was deleted or restored, with its id."""


def delete_button(
    store: VisitorsContent, id: str, title: str, *, label: str = "Delete", then: Then | None = None
) -> None:
    """A button that moves an entry to the trash; none on what is another visitor's."""
    if not store.is_anothers(id):
        st.button(
            label, key=f"delete-{id}", icon=":material/delete:", on_click=_delete, args=(store, id, title, then),
            help=HELP,
        )  # fmt: skip


def offer_to_keep(store: VisitorsContent, id: str, title: str) -> None:
    """Tells who uses what another visitor brought that it is theirs, with a button to keep it as well."""
    if not store.is_anothers(id):
        return
    st.caption(
        "Somebody else on this server brought this, or it was brought before uploads had owners. It is listed while "
        "the address names it; keep it to have it on your own lists."
    )
    st.button(
        "Keep it", key=f"keep-{id}", icon=":material/bookmark_add:", on_click=_keep, args=(store, id, title),
        help="It is yours, too, even if the other visitor deletes it. A run that you start on it keeps it as well.",
    )  # fmt: skip


def note_title(store: VisitorsContent, id: str, wanted: str) -> None:
    """Says what is now called otherwise than its visitor wanted, since others have the same or may restore it."""
    with suppress(NotKeptError):  # deleted in another tab
        title = store.get(id).title
        if wanted and title != wanted:
            st.session_state["notice"] = (
                f"The same content is here already, as '{title}'. Others have it too, or may restore it, so it keeps "
                "this name."
            )


def damaged(store: VisitorsContent, readable: Collection[str], what: str) -> None:
    """Names the visitor's entries that cannot be used, with a button to delete them.

    readable: ids of the rest; what: as in "texts".
    """
    for id in sorted(store.ids() - set(readable)):
        with suppress(NotKeptError):  # deleted in another tab
            title = shown(store.get(id).title)
            if store.may_change(id):
                refuse(f"The kept {what} '{title}' were changed or damaged. They have to be deleted and brought again.")
                delete_button(store, id, title)


def trash(store: VisitorsContent, *, then: Then | None = None) -> None:
    """The visitor's deleted entries, the last first and with an undo of its own; nothing if there are none."""
    deleted = store.deleted()
    here = {each.id: shown(each.title) for each in deleted}
    said_deleted(store.kind, here, lambda ids: [_restore(store, id, here[id], then) for id in ids])
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted)})", key=f"trash-{store.kind}", icon=":material/delete:"):
        days = trash_days(is_visitors=not services.person().is_host)
        if days < math.inf:
            st.caption(f"Can be restored for {days:g} days, longer where a run of yours learned from it.")
        for each in deleted:
            title = shown(each.title)
            st.button(
                f"Restore {in_markdown(title)}", key=f"restore-{each.id}", icon=":material/restore_from_trash:",
                on_click=_restore, args=(store, each.id, title, then), help="Puts it back where it was.",
            )  # fmt: skip
        _empty(store)


def _empty(store: VisitorsContent) -> None:
    """A button that removes what the visitor has deleted, behind another one."""
    if not (mine := store.discardable()):
        return
    what = f"all {len(mine):,} of them" if len(mine) > 1 else f"“{in_markdown(shown(mine[0].title))}”"
    size = in_gb(sum(folder_bytes(each.folder) for each in mine))
    with st.popover(
        "Empty the trash", icon=":material/delete_forever:", key=f"empty-{store.kind}",
        help="Deletes what is yours in this trash for good. Until then it counts towards the space that you may use.",
    ):  # fmt: skip
        st.markdown(
            f"This deletes {what} for good, {size} on the disk. It cannot be undone. Runs that learned from such data "
            "stay, but cannot show its examples any more unless somebody else keeps it."
        )
        st.button(
            "Delete for good", key=f"discard-{store.kind}", type="primary", icon=":material/delete_forever:",
            on_click=_discard, args=(store, tuple(each.id for each in mine)), help="Frees the space at once.",
        )  # fmt: skip


@told
def _delete(store: VisitorsContent, id: str, title: str, then: Then | None) -> None:
    store.delete(id)
    if then:
        then(id)
    note_deleted(store.kind, (id,))
    others = " Others who keep it still have it." if store.is_anothers(id) else ""
    st.toast(
        f"'{in_markdown(title)}' is in the trash. *Undo* on this page brings it back.{others}",
        icon=":material/delete:",
        duration="long",
    )


@told
def _restore(store: VisitorsContent, id: str, title: str, then: Then | None) -> None:
    store.restore(id)
    if then:
        then(id)
    st.toast(f"'{in_markdown(title)}' is back.", icon=":material/restore_from_trash:")


@told
def _discard(store: VisitorsContent, ids: Sequence[str]) -> None:
    for id in ids:
        store.discard(id)
    say("They are deleted for good." if len(ids) > 1 else "It is deleted for good.", ":material/delete_forever:")


@told
def _keep(store: VisitorsContent, id: str, title: str) -> None:
    store.keep(id)
    say(f"'{in_markdown(title)}' is yours, too.", ":material/bookmark_added:")
