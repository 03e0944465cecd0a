"""Try it: a sentence of one's own, its known words, its code, its class, its nearest texts,
and the words that the decoder predicts.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_markdown, in_table
from aecore.words.bags import words_of
from aecore.words.embedding import Embedding, brought_back, nearest
from ui.app.theme import plot
from ui.screens.words.figures import class_figure, code_figure
from ui.screens.words.found import Found
from ui.screens.words.link import LONGEST, SENTENCE
from ui.widgets.wording import WHOLE_PERCENT_COLUMN, percent

NEAREST, EXPECTED = 5, 10


def show_split(found: Found, way: str) -> None:
    """Asks for a sentence and shows its code, its class and its reconstruction."""
    embedding = found.embedding(way)
    assert embedding is not None
    first = found.texts.texts[0][:LONGEST]
    sentence = st.text_input(
        "A sentence", max_chars=LONGEST, **SENTENCE.among(SENTENCE.kind, first).held("value"),
        help="Words that are in the vocabulary become numbers; all others are passed over.",
    )  # fmt: skip
    words = list(dict.fromkeys(words_of(sentence or "")))
    if not words:
        st.info("Write a sentence, or a single word.", icon=":material/edit:")
        return
    known = set(found.vocabulary.words)
    st.markdown(
        " ".join(
            f":green-badge[{in_markdown(word)}]"
            if word in known
            else f":gray-badge[:material/question_mark: {in_markdown(word)}]"
            for word in words
        )
    )
    bag = found.vocabulary.bags([sentence])
    ood_inputs = len(words) - int(bag.sum())
    if not bag.any():
        st.warning(
            "None of these words is in the vocabulary, so what follows is the answer to an empty text: a mere guess.",
            icon=":material/help:",
        )
    elif ood_inputs:
        are = "is" if ood_inputs == 1 else "are"
        st.caption(f"{ood_inputs} of {len(words)} words {are} not in the vocabulary and {are} passed over.")
    left, right = st.columns(2, gap="large")
    with left:
        _class(found, embedding, bag)
        st.subheader("Its code", anchor=False)
        code = embedding.codes(bag)[0]
        plot(code_figure(code), "words-code", "The code: " + ", ".join(f"{each:.2f}" for each in code[:20]))
        st.caption(
            "The mean of the embeddings of its words, and the bias of the layer."
            if embedding.is_mean
            else "The embeddings of its words and the bias of the layer, added up."
        )
    with right:
        _nearest_texts(found, embedding, bag)
        _expected(found, embedding, bag)


def _class(found: Found, embedding: Embedding, bag: np.ndarray) -> None:
    probabilities, classes = embedding.probabilities(bag)[0], found.texts.classes
    best = int(probabilities.argmax())
    st.subheader(f"Predicted class: {in_markdown(classes[best])}", anchor=False)
    plot(
        class_figure(probabilities, classes),
        "words-class",
        f"{classes[best]} with a probability of {percent(float(probabilities[best]), 0)}.",
    )
    st.caption("How sure the network is of itself. That is not how often it is right: see the test.")


def _nearest_texts(found: Found, embedding: Embedding, bag: np.ndarray) -> None:
    codes = embedding.codes(found.bags)
    order, similar = nearest(codes, embedding.codes(bag)[0], NEAREST)
    st.subheader("Nearest texts", anchor=False)
    st.dataframe(
        {
            "text": [in_table(found.texts.texts[row]) for row in order],
            "label": [in_table(found.texts.classes[found.labels[row]]) for row in order],
            "cosine": similar.round(2), "distance": (1 - similar).round(2),
        },
        hide_index=True, key="words-nearest-to-sentence", width="stretch",
        column_config={"text": st.column_config.TextColumn(width="medium"),
                       "cosine": st.column_config.NumberColumn(format="%.2f", help="Of the codes.")},
    )  # fmt: skip


def _expected(found: Found, embedding: Embedding, bag: np.ndarray) -> None:
    st.subheader("Reconstruction", anchor=False)
    if embedding.decoder is None:
        st.caption(
            "This network has no decoder: it was never trained to reconstruct anything. Choose *The words alone* above."
        )
        return
    chances = embedding.expected(bag)[0]
    order = np.argsort(-chances, kind="stable")[:EXPECTED]
    st.dataframe(
        {"word": [found.vocabulary.words[row] for row in order], "expected": 100 * chances[order],
         "in it": bag[0, order] > 0},
        hide_index=True, key="words-expected", width="stretch",
        column_config={"expected": st.column_config.ProgressColumn(
            "expected", min_value=0, max_value=100, format=WHOLE_PERCENT_COLUMN, help="In the decoder's view.")},
    )  # fmt: skip
    share = brought_back(found.bags, embedding.expected(found.bags))
    st.caption(
        f"Over all {len(found.labels):,} texts it has learned from, {percent(share)} of the words are among those that "
        "the decoder expects most."
    )
