"""Sweep: one kind of network trained with many settings, a grid or drawn at random; hopeless runs end early."""

import streamlit as st

from ui.app.frame import frame
from ui.screens.sweep.form import sweep_form
from ui.screens.sweep.link import recall, space_of_address, sweep_of_address
from ui.screens.sweep.panel import show_sweep
from ui.screens.sweep.shelf import choose_sweep, just_deleted, start_here, trash
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Sweep",
    f"Train the same {term('autoencoder')} with many settings: every combination of some values "
    f"({term('grid-search', 'grid search')}) or settings drawn at random ({term('random-search', 'random search')}). "
    f"See which settings lead to a small error on the {term('test-set', 'validation set')}, and stop hopeless runs "
    "early.",
    see="""
**The form.** Choose data and a kind of network, then the settings to search, and for each what to try: single values,
or a range from which numbers are drawn. A setting whose useful values span several powers of ten, such as the
learning rate, is drawn evenly on a logarithmic scale. All other settings are the same for all runs. Below the button
stands what the sweep takes: how many runs, about how long, and what it takes of your quota.

**Grid or random.** A grid is easy to read, but of two settings with five values each, 25 runs try only five values of
either. Drawn at random, 25 runs try 25 values of each; where only one of the settings matters, that finds its best
value more closely.

**Stopping early.** At each check a run goes on only if it is among the best of those that have come as far; otherwise
it is stopped there, measured and kept. No run waits for another (*asynchronous successive halving*, ASHA). Its risk:
a network that learns slowly at first is stopped although it would have won. While a
schedule still has to lower the learning rate, an error is not yet what it will become. So compare the winner with a
few full runs.

**The charts.** Each line of the first one is a run, from its settings to its validation error. *Best so far* shows
whether more runs still help. The rank correlations say which settings went together with a small error in these runs;
they are hints, not proof.

**The test error** is shown for one run only, the one with the smallest validation error. If you chose among many runs
by their test errors, the chosen one would look better than it is: among many, some are good by luck.

The runs wait in the queue a few at a time, in your turn, so that others are not held up; you can leave the page
meanwhile.
""",
    left_out="which run you have pressed",
)
notice()
recall()
just_deleted()
sweep = sweep_of_address()
form, result = st.container(key="run-first" if sweep else "form-first").columns([1, 2.3], gap="large")
with form.container(key="page-form"):
    sweep_form(space_of_address(sweep))
with result:
    if sweep:
        with st.container(key="sweep-result"):
            show_sweep(sweep)
    else:
        start_here()
    choose_sweep(sweep)
    trash()
