"""Train: choose data and an autoencoder, press Train, and watch it learn."""

import streamlit as st

from aecore.datasets import card, is_ready
from aecore.foreign import in_markdown
from ui.app.frame import frame
from ui.app.links import RUN
from ui.screens.train.form import left_out, preset_row, rest_of_form, run_form
from ui.screens.train.panel import show_run
from ui.widgets.data_panel import data_download, sample_grid
from ui.widgets.glossary import term
from ui.widgets.lesson_links import lesson_links
from ui.widgets.live import part_of_page
from ui.widgets.run_actions import notice

frame(
    "Train an autoencoder",
    f"Choose pictures and an {term('autoencoder')}, press **Train**, and watch it learn to encode each picture as a "
    f"{term('latent-code')} and to decode it into a {term('reconstruction')}. The {term('loss')} falls as it learns.",
    see="""
**The form** is everything that defines the next run; a run on show may have other settings, which *Use its
settings* copies into the form. The question mark beside each setting explains it, and all are in the link. The bars
above *Train* are the layers, from the input to the code and back.

**The rest** is the run. The *loss* is what training minimises. The *training loss* is measured on the pictures the
network learns from, as a mean over the batches since the last point, while the weights still move; early on it can
exceed the *validation loss*, which is measured on pictures it never learns from. When the validation loss rises
while the training loss falls, the network is *overfitting*: it has begun to memorise its training pictures.

The dashed lines are baselines to beat, measured on the validation pictures. One answers every picture with the
average picture. The other is *PCA*, the best that a linear method can do with as many components as the code has
numbers. In a sparse code only the numbers that are active for one example count: 25 components for 1,000 units of
which 25 are kept.

Below are test pictures with their current reconstructions, and the weights of the first layer drawn as pictures.
""",
)
notice()

if not RUN.is_there and "run" in st.session_state:
    RUN.write(st.session_state["run"])
run_id = RUN.read()

with st.container(key="page-form-presets"):
    preset_row()
form, result = st.container(key="run-first" if run_id else "form-first").columns([1, 2.3], gap="large")
with form.container(key="page-form"):
    if run_id:
        st.html('<div id="settings"></div>')
        st.container(key="to-run").markdown("[:material/arrow_upward: The run on show](#run)")
    part_of_page(run_form, rest=rest_of_form)(bool(run_id))
name = st.session_state["data"]
with result:
    if run_id:
        st.session_state["run"] = run_id
        with st.container(key="train-result"):
            st.html('<div id="run"></div>')
            st.container(key="to-form").markdown("[:material/tune: Settings, to train one of your own](#settings)")
            show_run(run_id)
    elif is_ready(name):
        st.subheader(f"Ready to train on {in_markdown(card(name).title)}", anchor=False)
        st.markdown("Here are some of the pictures the network will learn from. Press **Train**.")
        sample_grid(name, left_out())
    else:
        st.subheader(in_markdown(card(name).title), anchor=False)
        data_download(name)

lesson_links("train")
