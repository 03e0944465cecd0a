"""Words: short texts become zeros and ones, an embedding is learned from them,
and a map shows which words are similar.
"""

import streamlit as st

from aecore.datasets import DataError
from ui.app.frame import end_page, frame, refuse
from ui.screens.words.form import ask_settings, choose_texts, show_deleted_texts
from ui.screens.words.found import look
from ui.screens.words.panel import show_words
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Words",
    f"Codes are not only for pictures. Here an {term('autoencoder')} reads short texts, encodes each as a "
    f"{term('latent-code')}, and learns an {term('embedding', '**embedding**')} for every word: a short list of "
    "numbers. Words that occur in similar texts end up close together.",
    see=f"""
**1 · Texts as numbers.** Each word has a place in a row of zeros and ones ({term("one-hot", "*one-hot*")});
a text is the row with a 1 for each of its words (a {term("bag-of-words", "*bag of words*")}).

**2 · Learning.** Two networks, side by side. An *autoencoder* has to reconstruct the words of each text through a
bottleneck and sees no label. The other network is told the label of each text, as in most tutorials. In the
autoencoder, the code of a text is made from the embeddings of its words. Curves show both on training texts and on
texts that were held out.

**3 · Map.** The embedding of each word, drawn on a plane. Words of similar texts help to reconstruct (or to label)
the same texts, so training moves their embeddings in similar ways. Click a word to see its nearest neighbours.

**4 · Test.** A {term("confusion-matrix")}, on texts that were left out of training. Eight texts show how the parts
work together and prove nothing: take the film remarks for that.

**5 · Try it.** Write a sentence of your own.
""",
    left_out="texts that you have not added yet",
)
notice()

form, view = st.container(key="form-first").columns([1, 3], gap="large")
with form.container(key="page-form"):
    chosen = choose_texts()
    settings = ask_settings(*chosen) if chosen else None
    show_deleted_texts()
with view:
    if chosen is None or settings is None:
        st.info("Choose the texts to learn from, or bring your own.", icon=":material/short_text:")
        end_page()
    try:
        found = look(*chosen, settings)
    except DataError as error:
        refuse(str(error))
        end_page()
    show_words(found)
