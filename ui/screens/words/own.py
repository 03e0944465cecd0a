"""Texts of one's own: pasted line by line, or from a table with guessed columns."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from aecore.datasets import DataError
from aecore.datasets.uploads.base import Choice
from aecore.foreign import in_table
from aecore.words.tables import Table, read_table, texts_of
from aecore.words.text_store import keep, keep_draft, read_draft
from aecore.words.texts import MOST_BYTES, Texts, read_lines
from ui.app.frame import refuse
from ui.screens.words.link import DRAFT, TEXTS, go
from ui.widgets.upload_choices import ask_choices, chosen_choices

PATTERN = (
    "friendly, What a lovely evening\nfriendly, Best soup in town\nunfriendly, "
    "We waited for an hour\nunfriendly, The soup was cold"
)


def bring_own(home: Path) -> None:
    """Takes texts by paste or by file, reports errors, and stores them on request."""
    how = st.segmented_control(
        "How", ("Paste", "CSV file"), default="Paste", required=True, key="words-how",
        help="Write or paste one text per line, or choose a table with a column of labels and a column of texts.",
    )  # fmt: skip
    try:
        texts = _pasted(home) if how == "Paste" else _from_table()
    except DataError as error:
        refuse(str(error))
        return
    except OSError as error:
        refuse(f"The disk refused: {error.strerror or error}. Free some space and try again.")
        return
    if texts is not None:
        go(TEXTS, keep(home, texts))
        st.session_state["words-settle"] = texts.key
        st.rerun()


def _pasted(home: Path) -> Texts | None:
    draft = DRAFT.read()
    if "words-paste" not in st.session_state and draft:
        st.session_state["words-paste"] = read_draft(home, draft)
    pasted = st.text_area(
        "One text per line: label, comma, text", key="words-paste", height=230,
        placeholder=PATTERN, persist_state="session",
        help="The label is what stands before the first tab or comma. At least two labels, and two texts of each.",
    )  # fmt: skip
    if not st.button(
        "Learn from these",
        key="words-use",
        type="primary",
        icon=":material/play_arrow:",
        help="Keeps the texts on this machine and learns.",
    ):
        if not pasted:
            st.caption("For instance, four lines such as those you see in grey.")
        return None
    if pasted.strip():
        go(DRAFT, keep_draft(home, pasted))
    return read_lines(pasted)


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
    table = read_table(file.name, file.getvalue(), None if told is None else told == "yes")
    ask_choices([Choice("header", ("yes", "no"), "yes" if table.has_header else "no")], file.file_id)
    label, text = _ask_column(table, "Label", table.label), _ask_column(table, "Text", table.text)
    st.dataframe(
        {
            in_table(name): [in_table(row[index][:200]) for row in table.rows[:5]]
            for index, name in enumerate(table.columns)
        },
        hide_index=True,
        key="words-rows",
    )
    st.caption(f"The first rows of {len(table.rows):,}.")
    if not st.button(
        "Learn from these",
        key="words-use-file",
        type="primary",
        icon=":material/play_arrow:",
        help="Keeps the texts on this machine and learns.",
    ):
        return None
    return texts_of(table, label, text)


def _ask_column(table: Table, title: str, guess: int) -> int:
    return st.selectbox(
        f"{title}s stand in", range(len(table.columns)), index=guess, format_func=lambda index: table.columns[index],
        key=f"words-column-{title}-{table.name}-{len(table.columns)}-{table.has_header}",
        help=f"The column that holds the {title.lower()} of each row. This one is a guess.",
    )  # fmt: skip
