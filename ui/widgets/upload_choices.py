"""How an upload was read, and selects to change that before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from aecore.datasets.uploads.base import NO_LABEL, Choice

_UNDERSTOOD = "_upload-understood"
"""Upload -> setting -> what was understood of it before the visitor chose anything."""


@dataclass(frozen=True)
class _Question:
    """A select: its label, the titles of its options, and its help."""

    label: str
    help: str
    words: dict[str, str] = field(default_factory=dict)


_QUESTIONS = {
    "array": _Question("Array to read", "The file holds several; the labels that belong to it come along."),
    "header": _Question(
        "First line", "Whether it names the columns or is a row like the others.",
        {"yes": "Names of the columns", "no": "A row like the others"},
    ),
    "label": _Question(
        "Label", "The column or array that says what an example is; it is not learned from.",
        {NO_LABEL: "None: all is data"},
    ),
    "left_out": _Question("Columns left out", "They are not learned from. Take a column back by its cross."),
    "gaps": _Question(
        "Cells without a number", "What is left out because of them.",
        {"rows": "Leave their rows out", "columns": "Leave their columns out"},
    ),
    "decimal": _Question(
        "Decimal sign", "The other sign then groups thousands, as in 1,234,567 or 1.234.567.",
        {"point": "Point: 1,234 is 1234", "comma": "Comma: 1,234 is 1.234"},
    ),
    "rows": _Question(
        "A row is", "Rows whose numbers make a square can be read as pictures.",
        {"numbers": "Numbers", "pictures": "A picture"},
    ),
    "scale": _Question(
        "What becomes 0 and 1", "Autoencoders here see numbers from 0 (black) to 1 (white).",
        {
            "kept": "0 and 1, as they are", "bytes": "0 and 255", "highest": "0 and the highest number",
            "range": "The lowest and the highest number", "columns": "Each column's own lowest and highest",
            "bits": "0 and the largest number of the bits in use", "full": "0 and 65,535",
        },
    ),
    "layout": _Question(
        "Pictures are counted by", "NumPy counts them by the first axis, MATLAB by the last.",
        {"first": "The first axis", "last": "The last axis"},
    ),
    "user_column": _Question("Users", "The column that says who gave the rating."),
    "film_column": _Question("Films", "The column that says which film was rated."),
    "stars_column": _Question("Ratings", "The column of the ratings."),
    "ratings_to": _Question(
        "The highest rating", "What becomes five stars, in files that do not say.",
        {"each": "As each file tells", "5": "5", "10": "10", "100": "100"},
    ),
    "lists": _Question(
        "Lists without ratings", "Only the name of a list tells whether its films were seen.",
        {"each": "By each file's name", "out": "Left out", "watch": "Films to watch", "seen": "Films seen"},
    ),
    "turn": _Question(
        "Orientation", "Some files, EMNIST's among them, hold their pictures on their side.",
        {
            "stored": "As stored", "transposed": "Rows and columns swapped", "right": "Turned right",
            "left": "Turned left", "around": "Upside down",
        },
    ),
}  # fmt: skip


def chosen_choices(upload: str) -> dict[str, str]:
    """Setting -> what the selects of this upload say; {} while they all say what was understood without them."""
    values = {setting: st.session_state.get(_key(setting, upload)) for setting in _QUESTIONS}
    found = {setting: _as_text(value) for setting, value in values.items() if value is not None}
    understood: dict[str, str] = st.session_state.get(_UNDERSTOOD, {}).get(upload, {})
    return found if any(understood.get(setting) != value for setting, value in found.items()) else {}


def ask_choices(choices: Sequence[Choice], upload: str) -> None:
    """A select for each ambiguous choice, showing what was taken, or nothing if that is "".

    upload: a key of the files.
    """
    if not choices:
        return
    is_untold = not chosen_choices(upload)
    if is_untold:
        st.session_state[_UNDERSTOOD] = {upload: {choice.setting: choice.taken for choice in choices}}
    with st.container(horizontal=True, key="upload-choices"):
        for choice in choices:
            question, key = _QUESTIONS[choice.setting], _key(choice.setting, upload)
            if choice.has_several:
                _ask_several(choice, question, key, is_untold)
                continue
            if st.session_state.get(key) not in (None, *((choice.taken,) if is_untold else choice.options)):
                st.session_state[key] = choice.taken or None  # if deleted, the browser would keep showing the old one
            st.selectbox(
                question.label, choice.options, index=choice.options.index(choice.taken) if choice.taken else None,
                key=key, width=250, placeholder="Choose one",
                format_func=lambda option, words=question.words: words.get(option, option), help=question.help,
            )  # fmt: skip


def _ask_several(choice: Choice, question: _Question, key: str, is_untold: bool) -> None:
    """A select of any number of options."""
    if key not in st.session_state or is_untold:
        st.session_state[key] = choice.chosen
    else:
        st.session_state[key] = [each for each in st.session_state[key] if each in choice.options]
    st.multiselect(question.label, choice.options, key=key, width=250, placeholder="None", help=question.help)


def _as_text(value: str | list[str]) -> str:
    """As a setting holds it: several options, each on a line."""
    return value if isinstance(value, str) else "\n".join(value) or NO_LABEL


def _key(setting: str, upload: str) -> str:
    return f"upload-{setting}-{upload}"
