"""Texts of one's own: pasted line by line, or from a table with guessed columns."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from aecore.datasets import DataError
from aecore.datasets.uploads.base import Choice
from aecore.foreign import in_table
from aecore.runs.usage import QuotaError
from aecore.words.parsers import PASTED_TEXTS, TABLE, TABLE_TEXTS, TableView
from aecore.words.text_store import keep, keep_draft, read_draft
from aecore.words.texts import MOST_BYTES, TOO_LARGE, Texts
from ui.app.allowance import check_storage
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.words.link import DRAFT, TEXTS, go
from ui.widgets.own_data import note_title
from ui.widgets.reading import read, read_text
from ui.widgets.upload_choices import ask_choices, chosen_choices

PATTERN = (
    "friendly, What a lovely evening\nfriendly, Best soup in town\nunfriendly, "
    "We waited for an hour\nunfriendly, The soup was cold"
)

_WANTED = "words-wanted"
"""What the visitor wants to learn from, until it has been read."""


def bring_own(home: Path) -> None:
    """Takes texts by paste or by file, reports errors, and stores them on request."""
    how = st.segmented_control(
        "How", ("Paste", "CSV file"), default="Paste", required=True, key="words-how",
        help="Write or paste one text per line, or choose a table with a column of labels and a column of texts.",
    )  # fmt: skip
    try:
        texts = _pasted(home) if how == "Paste" else _from_table()
        if texts is not None:
            check_storage(sum(map(len, texts.texts)))
    except (DataError, QuotaError) as error:
        st.session_state.pop(_WANTED, None)
        refuse(str(error))
        return
    except OSError as error:
        refuse(f"The disk refused: {error.strerror or error}. Free some space and try again.")
        return
    if texts is not None:
        st.session_state.pop(_WANTED, None)
        go(TEXTS, keep(home, texts, services.owner()))
        note_title(services.texts, texts.key, texts.title)
        st.session_state["words-settle"] = texts.key
        st.rerun()


def _pasted(home: Path) -> Texts | None:
    draft = DRAFT.read()
    if "words-paste" not in st.session_state and draft:
        st.session_state["words-paste"] = read_draft(home, draft)
    pasted = st.text_area(
        "One text per line: label, comma, text", key="words-paste", height=230,
        placeholder=PATTERN, persist_state="session", max_chars=MOST_BYTES,
        help="The label is what stands before the first tab or comma. At least two labels, and two texts of each.",
    )  # fmt: skip
    if st.button(
        "Learn from these",
        key="words-use",
        type="primary",
        icon=":material/play_arrow:",
        help="Keeps the texts on this machine and learns.",
    ):
        if pasted.strip():
            go(DRAFT, _kept_draft(home, pasted))
        st.session_state[_WANTED] = pasted
    elif not pasted:
        st.caption("For instance, four lines such as those you see in grey.")
    return read_text(PASTED_TEXTS, pasted, "words") if st.session_state.get(_WANTED) == pasted else None


def _kept_draft(home: Path, pasted: str) -> str:
    """The key of what was pasted, which is kept as it is. DataError if it is too long, QuotaError if there is no room
    for it, OSError if the disk refuses; it then stays in its field alone.
    """
    size = len(pasted.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise DataError(f"These texts take {size / 2**20:,.1f} MB; {TOO_LARGE}")
    check_storage(size)
    return keep_draft(home, pasted, services.owner())


def _from_table() -> Texts | None:
    file = st.file_uploader(
        "A CSV file",
        type=["csv", "tsv", "txt"],
        key="words-file",
        max_upload_size=2 * MOST_BYTES >> 20,
        help="Columns separated by commas, semicolons or tabs.",
    )
    if file is None:
        return None
    told = chosen_choices(file.file_id).get("header")
    has_header = None if told is None else told == "yes"
    table = read(TABLE, [file], "words", has_header=has_header)
    if table is None:
        return None
    ask_choices([Choice("header", ("yes", "no"), "yes" if table.has_header else "no")], file.file_id)
    label, text = (_ask_column(table, file.name, *each) for each in (("Label", table.label), ("Text", table.text)))
    st.dataframe(
        {
            in_table(name): [in_table(row[index][:200]) for row in table.rows]
            for index, name in enumerate(table.columns)
        },
        hide_index=True,
        key="words-rows",
    )
    st.caption(f"The first rows of {table.count:,}.")
    wanted = (file.file_id, has_header, label, text)
    if st.button(
        "Learn from these",
        key="words-use-file",
        type="primary",
        icon=":material/play_arrow:",
        help="Keeps the texts on this machine and learns.",
    ):
        st.session_state[_WANTED] = wanted
    if st.session_state.get(_WANTED) != wanted:
        return None
    return read(TABLE_TEXTS, [file], "texts", has_header=has_header, label=label, text=text)


def _ask_column(table: TableView, file: str, title: str, guess: int) -> int:
    return st.selectbox(
        f"{title}s stand in", range(len(table.columns)), index=guess, format_func=lambda index: table.columns[index],
        key=f"words-column-{title}-{file}-{len(table.columns)}-{table.has_header}",
        help=f"The column that holds the {title.lower()} of each row. This one is a guess.",
    )  # fmt: skip
