"""Words: short texts become zeros and ones, an embedding is learned from them,
and a map shows which words ended up together.
"""

import streamlit as st

from aecore.datasets import DataError
from ui.app.frame import frame, refuse
from ui.screens.words.form import ask_settings, choose_texts, show_deleted_texts
from ui.screens.words.found import look
from ui.screens.words.panel import show_words
from ui.widgets.run_actions import notice

frame(
    "Words",
    "A code is not only for pictures. Here a network reads short texts, squeezes each into a few numbers, and finds "
    "a place for every **word**: its *embedding*. Words that keep the same company end up close together.",
    see="""
**1 · Texts as numbers.** Each word is a place in a row of zeros and ones;
a text is the row with a 1 for each of its words.

**2 · Learning.** Two ways, side by side. An *autoencoder* has to give back the words of each text through a narrow
code and sees no label. The other network is told the label of each text, as in most tutorials. Curves show both on
texts they learn from and on texts that were kept away from them.

**3 · Map.** The embedding of each word, drawn on a plane. Click a word to see its nearest.

**4 · Test.** What was taken for what, on texts the network has not seen.
With eight texts, see what such figures can *not* show.

**5 · Try it.** Write a sentence of your own.
""",
)
notice()

form, view = st.container(key="form-first").columns([1, 3], gap="large")
with form:
    chosen = choose_texts()
    settings = ask_settings(*chosen) if chosen else None
    show_deleted_texts()
with view:
    if chosen is None or settings is None:
        st.info("First choose the texts to learn from, or bring your own.", icon=":material/short_text:")
        st.stop()
    try:
        found = look(*chosen, settings)
    except DataError as error:
        refuse(str(error))
        st.stop()
    show_words(found)
