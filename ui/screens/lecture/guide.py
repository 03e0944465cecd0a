"""How to give the first lecture, as it also stands in docs/lecture.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

GUIDE_FILE = Path(__file__).with_name("guide.md")


def show_guide() -> None:
    """The guide, in lines that are read easily."""
    with st.container(width=820, key="lecture-guide"):
        st.markdown(guide())


@cache
def guide() -> str:
    """The guide in Markdown, without its title, which is the page's."""
    return GUIDE_FILE.read_text(encoding="utf-8").partition("\n")[2].strip()
