"""Evaluation: confusion matrix and classification report on held-out texts,
each text with its prediction, and conclusions.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_chart, in_table
from aecore.words.results import ALL, confusion
from aecore.words.scores import report
from ui.app.theme import plot
from ui.screens.words.found import Found
from ui.screens.words.link import ASKED_ABOUT, ON, put, take
from ui.screens.words.text import how_measured, what_it_shows
from ui.widgets.confusion import MOST_CLASSES, confusion_figure
from ui.widgets.wording import PERCENT_COLUMN


def show_test(found: Found, way: str) -> None:
    """The predictions for held-out texts, or for training texts for comparison."""
    st.markdown("\n\n".join(what_it_shows(found, way)))
    key = take(ASKED_ABOUT, tuple(ON), ASKED_ABOUT.default)
    on = st.segmented_control(
        "Tested on", tuple(ON), format_func=ON.get, required=True, key=key, default=st.session_state[key],
        on_change=put, args=(ASKED_ABOUT,),
        help="The texts a network learned from are easy for it. What it makes of others is the test.",
    )  # fmt: skip
    answers, sure = _answers(found, way, on)
    if not (answers >= 0).any():
        st.skeleton(height=240)
        return
    counts = confusion(found.labels, answers, len(found.texts.classes))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Confusion matrix", anchor=False)
        _matrix(found, counts)
    with right:
        st.subheader("Classification report", anchor=False)
        _report(counts, found.texts.classes)
    st.subheader("Text by text", anchor=False)
    _texts(found, answers, sure, on)
    st.caption(how_measured(found, way))


def _answers(found: Found, way: str, on: str) -> tuple[np.ndarray, np.ndarray]:
    assert found.results is not None
    if on == "unseen":
        return found.results.answers(way)
    trained = found.results.trainings[way][ALL]
    return np.array(trained.found), np.array(trained.sure)


def _matrix(found: Found, counts: np.ndarray) -> None:
    classes = found.texts.classes
    if len(classes) > MOST_CLASSES:
        st.dataframe(counts)
        return
    says = [
        in_chart(f"{classes[i]} taken for {classes[j]}: {counts[i, j]}")
        for i in range(len(classes))
        for j in range(len(classes))
    ]
    figure = confusion_figure(counts, classes, (0, 0), says)
    figure.layout.shapes = ()  # no cell can be chosen here
    figure.update_layout(clickmode="none")
    plot(
        figure,
        "words-confusion",
        "Confusion matrix, rows the true class, columns the predicted class. "
        + ". ".join(text for text, count in zip(says, counts.ravel(), strict=True) if count),
    )
    st.caption("A row for each true label, a column for each predicted label. Green is right.")


def _report(counts: np.ndarray, classes: tuple[str, ...]) -> None:
    lines = report(counts, classes)
    st.dataframe(
        {
            "label": [in_table(line.name) for line in lines], "precision": [line.precision for line in lines],
            "recall": [line.recall for line in lines],
            "F1": [line.f1 for line in lines], "texts": [line.support for line in lines],
        },
        hide_index=True, key="words-report", width="stretch",
        column_config={
            "precision": st.column_config.NumberColumn(
                format="%.2f", help="Of the texts predicted to have this label, the share that have it."),
            "recall": st.column_config.NumberColumn(
                format="%.2f", help="Of the texts with this label, the share that were found."),
            "F1": st.column_config.NumberColumn(format="%.2f", help="Between the two: 2 × precision × recall "
                                                "/ (precision + recall)."),
            "texts": st.column_config.NumberColumn(help="Tested texts with this label."),
        },
    )  # fmt: skip
    total = int(counts.sum())
    st.caption(
        f"{int(np.trace(counts)):,} of {total:,} right. Where a label was never predicted, its precision counts as 0."
    )


def _texts(found: Found, answers: np.ndarray, sure: np.ndarray, on: str) -> None:
    classes, known = found.texts.classes, found.known_elsewhere() if on == "unseen" else found.bags.sum(1).astype(int)
    rows = np.flatnonzero(answers >= 0)
    rows = rows[np.argsort(answers[rows] == found.labels[rows], kind="stable")]
    st.dataframe(
        {
            "text": [in_table(found.texts.texts[row]) for row in rows],
            "label": [in_table(classes[found.labels[row]]) for row in rows],
            "taken for": [in_table(classes[answers[row]]) for row in rows],
            "right": (answers[rows] == found.labels[rows]),
            "sure": 100 * sure[rows], "words known": known[rows],
        },
        hide_index=True, key="words-answers", width="stretch", height=320,
        column_config={
            "text": st.column_config.TextColumn(width=300),
            "sure": st.column_config.NumberColumn(
                "sure", format=PERCENT_COLUMN, help="The probability that the network gives to its prediction."),
            "words known": st.column_config.NumberColumn(help="Words of the text that were in its training texts."),
        },
    )  # fmt: skip
    st.caption("Wrong ones first.")
