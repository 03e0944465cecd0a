"""Terms on screen: one at the top, those that a search finds, or all of them by subject."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from ui.app.frame import refuse
from ui.app.places import TITLES
from ui.screens.glossary.link import TERM
from ui.widgets.glossary import SUBJECTS, TERMS, found, page_address


def show_chosen(name: str) -> None:
    """The term that the address names."""
    with st.container(border=True, key="chosen-term"):
        _show(name, f"chosen-{name}")


def show_found(text: str) -> None:
    """The terms that a search finds."""
    names = found(text)
    if not names:
        refuse(f"No term holds “{text}”. Try a shorter word.", icon=":material/search_off:")
        return
    st.caption(f"{len(names)} of {len(TERMS)} terms" if len(names) > 1 else f"One of {len(TERMS)} terms")
    _show_all(names)


def show_subjects() -> None:
    """All terms, a heading for each subject."""
    st.markdown(" · ".join(f"[{subject}](#{_anchor(subject)})" for subject in SUBJECTS))
    for subject, terms in SUBJECTS.items():
        st.header(subject, anchor=_anchor(subject))
        _show_all(terms)


def _anchor(subject: str) -> str:
    return subject.lower().replace(" ", "-")


def forget_term() -> None:
    """Removes the link's term from the top when another one is searched."""
    TERM.clear()


def _show_all(names: Iterable[str]) -> None:
    for name in names:
        _show(name, name)


def _show(name: str, anchor: str) -> None:
    """A term under a heading that can be linked to."""
    term = TERMS[name]
    st.subheader(term.title, anchor=anchor)
    st.markdown(term.meaning)
    if term.formula:
        st.latex(term.formula)
    others = f"Also: {', '.join(term.also)}. " if term.also else ""
    pages = " · ".join(f"[{TITLES[page]}]({page_address(page)})" for page in term.pages)
    st.caption(f"{others}{f'See it on: {pages}.' if pages else ''} [Link]({page_address('glossary', term=name)})")
