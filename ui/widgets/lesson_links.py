"""What stands at the end of a page of the Learn section: its goal, questions about it, the lesson that uses it, and the
pages before and after.
"""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from ui.app.checks import show_check
from ui.app.places import TITLES, page_file
from ui.app.services import services
from ui.app.url_state import link_to_query

ORDER = ("home", "synapses", "steps", "pooling", "train", "tours")
"""The pages in the order in which they are best read."""

GOALS = {
    "home": ("You can say what the two halves do, and from what the reconstruction is painted.", "what", "meet"),
    "synapses": ("You know what encoder, code and decoder do, and how two numbers name four films.", "what", "toy"),
    "steps": ("You can follow an error back to the weights, and say what an epoch is.", "what", "error"),
    "pooling": ("You can say what max pooling keeps, what it forgets, and what switches are for.", "what", "shrink"),
    "train": ("You can train a network, read its loss, and find out whether it merely copies.", "copying", "big"),
}  # fmt: skip
"""Page -> what one can do after it, and the lesson and step that use it."""


def lesson_links(page: str) -> None:
    """Shows it; to be called at the end of a page."""
    from aecore.tours.schema import arrival

    goal, lesson, step = GOALS[page]
    tour, at = services.shelf.get(lesson), ORDER.index(page)
    place = arrival(tour, tour.index(step))
    with st.container(border=True, key="lesson-links"):
        st.markdown(f"**Goal of this page.** {goal}")
        show_check(page)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            if at:
                st.page_link(page_file(ORDER[at - 1]), label=TITLES[ORDER[at - 1]], icon=":material/arrow_back:")
            link_to_query(place.page, f"With questions: {in_markdown(tour.title)}", place.put, icon=":material/tour:")
            st.page_link(page_file(ORDER[at + 1]), label=TITLES[ORDER[at + 1]], icon=":material/arrow_forward:")
