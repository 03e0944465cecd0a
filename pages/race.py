"""Race: two to six networks trained side by side from one form, and what each of them reached."""

import streamlit as st

from ui.app.frame import frame, refuse
from ui.screens.race.form import comparison_presets, race_form
from ui.screens.race.link import race_of_address, recall, runs_of_address
from ui.screens.race.panel import show_board
from ui.screens.race.picker import run_picker, start_here
from ui.widgets.run_actions import notice

frame(
    "Race",
    "Train two to six networks **side by side**: on the same pictures, in the same order, from the same seed. "
    "Then see what each of them reached, and what it took.",
    see="""
**The form** is the race. A line-up asks a question; change its lanes, add some, take some out. All lanes share the
data, the epochs, the batch size and the seed: every network sees the same examples in the same order, so what sets
them apart is the network.

**The table.** *Error per pixel* is the mean squared error on test examples; until a run has ended it is in italics,
and measured on validation examples. *Error per example* is the same, summed over its pixels. *Against PCA* compares
it with what straight lines reach with a code of the same size. *Probe accuracy* asks what the code knows of the
classes, though nobody told the network of them: logistic regression learns to name the class from the codes of at
most 5,000 training examples, its penalty is chosen on at most 5,000 validation examples, and it is scored on all test
examples. *Seconds* were spent training; runs that train at the same time share the machine. *Parameters* are all
weights and biases; the *code size* is how many numbers a code has. Bold is the best of those that have ended.

**The Pareto plot** sets what a network costs against how well it does.
Those on the dashed stairs are the ones to choose from: nothing else is both cheaper and better.
""",
)
notice()
recall()
race = race_of_address()
runs, problems = runs_of_address()
for sentence in problems:
    refuse(sentence)

comparison_presets(race)
form, result = st.container(key="run-first" if runs else "form-first").columns([1, 2.3], gap="large")
with form:
    race_form(race)
with result:
    if runs:
        show_board(runs)
    else:
        start_here()
    run_picker(runs, race.data)
