"""Runs: what the visitor has trained, or everything for the host; to open, compare, download or delete."""

import streamlit as st

from ui.app.allowance import usage_line
from ui.app.frame import frame
from ui.app.places import page_file
from ui.app.services import services
from ui.screens.runs.comparison import compare, newest_with_curves
from ui.screens.runs.elsewhere import compare_on_race
from ui.screens.runs.link import link_says
from ui.screens.runs.one_run import one_run, open_run
from ui.screens.runs.table import run_table
from ui.screens.runs.trash import just_deleted, trash
from ui.widgets.glossary import term
from ui.widgets.run_actions import delete, notice

is_host = services.person().is_host
what = "Everything that was trained on this machine, by this app or from the command line" if is_host else "Your runs"
frame(
    "Runs",
    f"{what}, and how well {'it does' if is_host else 'they do'} on the {term('test-set', 'test set')}. "
    f"{term('pca', 'PCA')} is the baseline. Tick one run to open, rename, download or delete it, several to compare "
    "them.",
    see="""
A *run* is one training of one network. The *test error* is the mean squared error per pixel (pixels lie between 0
and 1; 0 is a perfect copy) on pictures that were used neither for training nor for choosing settings. It is
measured when training has ended; the curves, drawn epoch by epoch, use the validation set. *PCA* is the error of
the best linear method with as many components as the code has numbers, or, where fewer of them are active (not zero)
for one example, as many as that. Errors on different data, or with codes of different sizes, are not comparable:
compare each run with its own PCA. Where a network loses to PCA, more epochs, another learning rate or hidden layers
may help: *Open*, then *Use its settings*. Recommenders and words have measures of their own. Curves show the error per
pixel, so that runs with different losses can share one axis.

*Seconds* were spent training. *Paused* and *Interrupted* runs can continue; *Diverged*: the loss grew without bound;
*Stopped early*: ended by hand, then tested. **Open** shows a run on its own page, where it can continue.
""",
    link_says=link_says,
)
notice()
deleted = services.store.deleted()
just_deleted(deleted)
NEWEST = 4
runs = services.store.list()
if runs or deleted:
    st.caption(f"{usage_line()} {services.jobs.where}")
if not runs:
    st.info(
        "Nothing has been trained here yet." if is_host else "You have trained nothing yet.",
        icon=":material/model_training:",
    )
    st.page_link(page_file("train"), label="Train the first one", icon=":material/play_arrow:")
else:
    chosen = run_table(runs)
    if len(chosen) == 1:
        if st.button("Open", key="open", type="primary", icon=":material/open_in_new:"):
            open_run(chosen[0])
        one_run(chosen[0])
    compare_on_race(chosen)
    shown = chosen or newest_with_curves(runs, NEWEST)
    if shown or any(run.is_recommender for run in runs):
        compare(shown)
    if not chosen and shown:
        these = f"these are the {len(shown)} newest networks" if len(shown) > 1 else "this is the newest network"
        st.caption(f"Nothing is ticked: {these} with a curve.")
    mine = [run for run in chosen if services.may_change(run)]
    if len(chosen) > 1 and mine:
        st.button(
            f"Delete these {len(mine):,}",
            key="delete-all",
            icon=":material/delete:",
            on_click=delete,
            args=(tuple(run.id for run in mine),),
        )
trash(deleted)
