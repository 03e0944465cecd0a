"""Two views of the Words page: texts as bags of words, and the training of the networks."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_markdown
from aecore.words.bags import words_of
from aecore.words.results import ALL
from aecore.words.scores import guessing
from ui.app.theme import plot
from ui.screens.words.figures import bags_figure, curve_figure
from ui.screens.words.found import Found
from ui.screens.words.link import IN_NUMBERS, put, take
from ui.screens.words.text import versus
from ui.widgets.glossary import term
from ui.widgets.wording import percent

MOST_ROWS, MOST_COLUMNS = 16, 36
"""Most rows and columns that can be read."""


def show_numbers(found: Found) -> None:
    """The vocabulary, one text as one-hot words, and the bags of the first texts."""
    known, texts = found.vocabulary, found.texts.texts
    left_out = known.found - len(known.words)
    st.markdown(
        f"A network takes numbers, not words. So the **{len(known.words):,} words** of the vocabulary are put in a row"
        + (f" ({left_out:,} others are too rare or too frequent and are left out)" if left_out else "")
        + (
            f". A word is then {term('one-hot', '**one-hot**')}: {len(known.words) - 1:,} zeros, and a single 1 at its "
            "own place. No two words are alike yet: all are equally far apart."
        )
    )
    rows_on_offer = tuple(map(str, range(min(len(texts), 200))))
    key = take(IN_NUMBERS, rows_on_offer, rows_on_offer[0])
    index = int(st.selectbox(
        "A text", rows_on_offer, format_func=lambda row: texts[int(row)][:80], key=key,
        index=int(st.session_state[key]), on_change=put, args=(IN_NUMBERS,), help="Its words, one row for each.",
    ))  # fmt: skip
    names, rows = known.one_hot(texts[index])
    if names:
        columns = _columns(found.bags, np.flatnonzero(rows.any(0)))
        figure = bags_figure(rows[:MOST_ROWS, columns], [known.words[column] for column in columns], names[:MOST_ROWS])
        plot(figure, "words-one-hot", f"One-hot rows of the words {', '.join(names[:MOST_ROWS])}.")
    unknown = [word for word in dict.fromkeys(words_of(texts[index])) if word not in known.words]
    st.caption(
        f"Not in the vocabulary: {in_markdown(', '.join(unknown[:20]))}."
        if unknown
        else f"All {len(names)} of its words are in the vocabulary."
    )
    st.markdown(
        f"Put the rows of a text on top of one another and you have its {term('bag-of-words', '**bag of words**')}: "
        "1 where a word occurs, 0 elsewhere. The order of the words is lost."
    )
    shown = _mixed_rows(found.labels)
    columns = _columns(found.bags[shown], np.zeros(0, int))
    names = [f"{found.texts.classes[found.labels[row]]} · {texts[row]}" for row in shown]
    plot(
        bags_figure(found.bags[np.ix_(shown, columns)], [known.words[column] for column in columns], names),
        "words-bags",
        "Bags of words, a row for each text.",
    )
    parts = [
        f"{len(shown)} of {len(texts):,} texts" if len(shown) < len(texts) else "",
        f"{len(columns)} of {len(known.words):,} words" if len(columns) < len(known.words) else "",
    ]
    if any(parts):
        st.caption(f"You see {' and '.join(filter(None, parts))}.")


def show_learning(found: Found, way: str) -> None:
    """Loss and accuracy over the epochs, on training texts and on held-out texts."""
    results = found.results
    words, size, classes = len(found.vocabulary.words), found.settings.embedding_size, len(found.texts.classes)
    numbers = f"{size} number{'s' if size > 1 else ''}"
    if way == "autoencoder":
        st.markdown(
            f"**{words:,} → {size} → {words:,}.** An autoencoder encodes each bag of words as a code of {numbers} "
            f"and has to reconstruct the bag. The first layer holds {numbers} for every word: **this column is the "
            "word's embedding**, and a text's code is the sum of the columns of its words. No label is seen. Only "
            "then a logistic regression learns to tell the labels from the codes."
        )
    else:
        st.markdown(
            f"**{words:,} → {size} → {classes}.** The way of most tutorials: each word gets {numbers}, a text's code "
            "is their mean, and a classifier on top is told the label. Its errors change the words' numbers too. "
            "That is *supervised* learning and no autoencoder."
        )
    trained = results.trainings.get(way, {}).get(ALL) if results else None
    if results is None or trained is None or not trained.loss:
        st.skeleton(height=320)
        return
    loss, looked, right = results.held_out_curve(way)
    left, middle = st.columns(2, gap="large")
    with left:
        title = "cross-entropy per word" if way == "autoencoder" else "cross-entropy per text"
        figure = curve_figure(
            (range(1, len(trained.loss) + 1), trained.loss), (range(1, len(loss) + 1), loss), f"loss: {title}"
        )
        plot(
            figure,
            "words-loss",
            f"Loss over the epochs: {trained.loss[-1]:.4f} at last on the texts it learns from"
            + (f", {loss[-1]:.4f} on others." if loss else "."),
            revision=way,
        )
    with middle:
        seen = [count / trained.count for count in trained.right]
        figure = curve_figure(
            (trained.looked, seen), (looked, right), "share of texts that are right", guessing(found.labels)
        )
        alt = (
            f"Accuracy over the epochs: {percent(seen[-1], 0)} on the texts it learns from."
            if seen
            else "Accuracy over the epochs."
        )
        plot(figure, "words-accuracy", alt, revision=way)
    if loss and loss[-1] > 1.05 * min(loss):
        best = int(np.argmin(loss)) + 1
        st.info(
            f"On texts it has not seen, the loss was smallest after epoch {best} and has grown since: "
            "from there on the network memorises its own texts (overfitting).",
            icon=":material/trending_up:",
        )
    if said := versus(found):
        st.markdown(said)
    hidden = (
        f" With {percent(found.settings.hidden_words)} of the words hidden, here as in training."
        if way == "autoencoder" and found.settings.hidden_words
        else ""
    )
    st.caption(
        "Blue: one network that learns from all texts. Red: networks that learn without some texts and are asked "
        f"about these; the mean over all texts.{hidden}"
    )


def _columns(bags: np.ndarray, always: np.ndarray) -> np.ndarray:
    """Up to MOST_COLUMNS words, by the alphabet: these, and the most frequent ones."""
    order = [
        *always.tolist(),
        *(column for column in np.argsort(-bags.sum(0), kind="stable").tolist() if column not in set(always.tolist())),
    ]
    return np.sort(np.array(order[:MOST_COLUMNS]))


def _mixed_rows(labels: np.ndarray) -> np.ndarray:
    """Up to MOST_ROWS texts, equally many of each class, in their order."""
    each = max(1, MOST_ROWS // (int(labels.max()) + 1))
    return np.sort(
        np.concatenate([np.flatnonzero(labels == label)[:each] for label in range(int(labels.max()) + 1)])[:MOST_ROWS]
    )
