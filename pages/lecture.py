"""Lecture: a check list that the app runs itself, how to give the first lecture, and a sheet to print."""

import streamlit as st

from ui.app.frame import frame
from ui.screens.lecture.check_list import check_list
from ui.screens.lecture.guide import show_guide
from ui.screens.lecture.link import CHECKS, GUIDE, PART, PARTS
from ui.screens.lecture.sheet_link import show_sheet
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Lecture",
    f"For lecturers: ten minutes of reading on how to show a class an {term('autoencoder')}, its "
    f"{term('latent-code')} and its training; a check list that the app runs itself; and a sheet with the addresses "
    "to print.",
)
notice()
part = st.segmented_control(
    "Part", PARTS, default=PARTS[0], required=True, label_visibility="collapsed", help="What to show.", **PART.bound()
)
if part == CHECKS:
    check_list()
elif part == GUIDE:
    show_guide()
else:
    show_sheet()
