"""Train: choose data and an autoencoder, press Train, and watch it learn."""

import streamlit as st

from aecore.datasets import card, is_ready
from ui.app.frame import frame
from ui.app.links import RUN
from ui.screens.train.form import preset_row, run_form
from ui.screens.train.panel import show_run
from ui.widgets.data_panel import data_download, sample_grid
from ui.widgets.run_actions import notice

frame(
    "Train an autoencoder",
    "Choose pictures and a network, press **Train**, and watch the network learn to squeeze each picture through a "
    "narrow code and get it back.",
    see="""
**The form** is everything that defines a run. Each setting explains itself behind its question mark,
and all of them are in the link.

**The rest** is the run. The *loss* is what training makes small. The *training loss* is measured on the pictures the
network learns from, the *validation loss* on pictures it never learns from: when the two part ways, the network has
begun to learn its pictures by heart.

The dashed lines are what there is to beat: answering with the average picture, and PCA, the best that straight lines
can do with a code of the same size. Below, test pictures come back through the network as it is at this moment, and
the weights of its first layer are drawn as pictures.
""",
)
notice()

if not RUN.is_there and "run" in st.session_state:
    RUN.write(st.session_state["run"])
run_id = RUN.read()

preset_row()
form, result = st.container(key="run-first" if run_id else "form-first").columns([1, 2.3], gap="large")
with form:
    run_form(has_download=bool(run_id))
name = st.session_state["data"]
with result:
    if run_id:
        st.session_state["run"] = run_id
        show_run(run_id)
    elif is_ready(name):
        st.subheader(f"Ready to train on {card(name).title}", anchor=False)
        st.markdown("These are some of the pictures the network will learn from. Press **Train**.")
        sample_grid(name)
    else:
        st.subheader(card(name).title, anchor=False)
        data_download(name)
