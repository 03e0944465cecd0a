"""Uploaded data on any page: a button to delete it, a toast,
and a button to restore it from the trash.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from aecore.datasets.uploads.base import shown
from aecore.foreign import in_markdown
from aecore.stores.content import ContentStore, NotKeptError
from ui.app.frame import refuse
from ui.app.services import services
from ui.widgets.deleted import note_deleted, said_deleted
from ui.widgets.run_actions import told

HELP = "Moves it to the trash on this page, from where it can be brought back."
Then = Callable[[str], None]
"""Callback of the page after something was deleted or restored, with its id."""


def delete_button(store: ContentStore, id: str, title: str, *, label: str = "Delete", then: Then | None = None) -> None:
    """A button that moves an entry to the trash, for who may do so: uploads are kept by their content, and the same may
    be another visitor's too, so on a server of several people only its host deletes.
    """
    if not services.person().is_host:
        return
    st.button(
        label, key=f"delete-{id}", icon=":material/delete:", on_click=_delete, args=(store, id, title, then), help=HELP
    )


def damaged(store: ContentStore, readable: Collection[str], what: str) -> None:
    """Names stored entries that cannot be used, with a button to delete them.

    readable: ids of the rest; what: as in "texts".
    """
    for each in store.entries():
        if each.id not in readable:
            title = shown(each.title)
            refuse(f"The kept {what} '{title}' were changed or damaged. They have to be deleted and brought again.")
            delete_button(store, each.id, title)


def trash(store: ContentStore, *, then: Then | None = None) -> None:
    """Deleted entries, the last first and with an undo of its own; nothing if there are none, or for a visitor."""
    if not services.person().is_host:
        return
    deleted = store.deleted()
    here = {each.id: shown(each.title) for each in deleted}
    said_deleted(store.folder.name, here, lambda ids: [_restore(store, id, here[id], then) for id in ids])
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted)})", key=f"trash-{store.folder.name}", icon=":material/delete:"):
        for each in deleted:
            title = shown(each.title)
            st.button(
                f"Restore {in_markdown(title)}", key=f"restore-{each.id}", icon=":material/restore_from_trash:",
                on_click=_restore, args=(store, each.id, title, then), help="Puts it back where it was.",
            )  # fmt: skip


@told
def _delete(store: ContentStore, id: str, title: str, then: Then | None) -> None:
    _check()
    store.delete(id)
    if then:
        then(id)
    note_deleted(store.folder.name, (id,))
    st.toast(
        f"'{in_markdown(title)}' is in the trash. *Undo* on this page brings it back.",
        icon=":material/delete:",
        duration="long",
    )


@told
def _restore(store: ContentStore, id: str, title: str, then: Then | None) -> None:
    _check()
    store.restore(id)
    if then:
        then(id)
    st.toast(f"'{in_markdown(title)}' is back.", icon=":material/restore_from_trash:")


def _check() -> None:
    if not services.person().is_host:
        raise NotKeptError("Only the host of this server deletes what was brought, and brings it back.")
