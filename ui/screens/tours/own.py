"""Tours of one's own: those of the home, what is wrong with them, and how to write one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.tours.faults import TourError
from aecore.tours.reader import CHOICES, MOST_WORDS, STEPS
from ui.app.frame import refuse

EXAMPLE = """\
title: Noise and my own eyes
goal: You see from which noise level on you read less than a network does.
minutes: 5
steps:
  - id: clean                     # small letters, digits and dashes
    page: noise                   # as in the address of the page
    address: {data: digits, damage: masking_0.2}
    look: .st-key-noise-rows      # what is highlighted: a CSS selector, or title, menu, explanation, link
    text: |
      A fifth of all pixels has been set to 0. Compare *Clean* with *Corrupted*.
  - id: differences               # without a page: the same page, and what the learner has set stays
    text: Switch on **Show differences**.
    look: .st-key-differences
    wait:
      address: {differences: any} # or click: a CSS selector
  - id: question
    question:
      ask: What does a network need to restore a pixel?
      choices:
        - answer: Its neighbours
          why: It has learned how pixels of a digit go together.
        - answer: The clean picture
          why: It never sees that one here; it only did while it trained.
      right: 1                    # counted from 1
"""

WRITING = f"""
A tour is one YAML file. It has up to {STEPS[1]} steps; a text has at most {MOST_WORDS} words, with **bold**, *italics*,
`code`, lists and links; a question has {CHOICES[0]} to {CHOICES[1]} choices, and each says why it is right or wrong.
The parameters of an address are those that you see in the browser's address line when you set the controls of a page.

Save it under a name of small letters, for instance `my-tour.yaml`, and look whether it is sound:

```
python -m aecore tour check my-tour.yaml
python -m aecore tour preview my-tour.yaml
```

The first command names the line of whatever is wrong, the second prints every step. Then put the file into the folder
`tours` of the app's home (`AECORE_HOME`). It is listed here at once, and its address is that of any page with
`?tour=my-tour`. In a [room](/room), those who follow you see the step at which you are.
"""


def show_faults(errors: Sequence[TourError]) -> None:
    """What is wrong with the files of the home, each with its lines."""
    for error in errors:
        refuse(str(error).replace("\n", "\n\n"), icon=":material/error:")


def how_to_write() -> None:
    """How to write a tour, with an example."""
    with st.expander("Write a tour of your own", icon=":material/edit_note:", key="write-tour"):
        st.markdown(WRITING)
        st.code(EXAMPLE, language="yaml")
