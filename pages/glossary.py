"""Glossary: the field's words in plain English, each with an address of its own."""

import streamlit as st

from ui.app.frame import frame
from ui.screens.glossary.link import SEARCH, TERM
from ui.screens.glossary.view import forget_term, show_chosen, show_found, show_subjects

frame(
    "Glossary",
    "The words that people use for autoencoders, in plain English. Other pages link here where a word first appears.",
    see="""
**Search** looks through terms, their other names and their meanings.

**Each term** has a short meaning, a formula where one helps, and the pages of this app that show it.
*Link* leads to the term alone, so that you can pass it on.

**In formulas** *x* is the input, *f* the encoder, *z* the code, *g* the decoder and *y* the reconstruction. *W* are
weights, *b* biases, *φ* an activation function; *T* and *F*, *P* and *N* stand for true, false, positives and
negatives.
""",
)
text = st.text_input(
    "Search", placeholder="For example: bottleneck", icon=":material/search:", on_change=forget_term,
    help="Part of a term, of another name for it, or of its meaning.", **SEARCH.bound(),
)  # fmt: skip
chosen = TERM.read()
if chosen:
    show_chosen(chosen)
if text.strip():
    show_found(text)
else:
    show_subjects()
