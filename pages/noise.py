"""Noise lab: damage pictures in many ways, and see which networks can bring them back."""

import streamlit as st

from aecore.corruption.chain import apply
from aecore.datasets import card, is_ready
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.noise.form import damage_form, networks_form
from ui.screens.noise.hand import damaged_by_hand
from ui.screens.noise.link import AGAIN, DIFFERENCES, SWEEP
from ui.screens.noise.sweep import show_sweep
from ui.screens.noise.view import again_and_again, answers, show_answers
from ui.widgets.networks import source
from ui.widgets.run_actions import notice
from ui.widgets.source_pictures import choose_data, choose_pictures

frame(
    "Noise lab",
    "Damage pictures, by sliders or by hand, and see what each network makes of them. "
    "A *denoising* autoencoder has learned to give back the clean picture.",
    see="""
**In the form** you choose pictures, what is done to them, and which networks are to undo it. Everything is in the link.

**The rows** are the clean pictures, the damaged ones, and what each network makes of the damaged ones.
It never sees the clean ones.

*PSNR* and *SSIM* say how like the clean picture an answer is; the table explains them. A network that was trained on
one kind of damage may be helpless against another: try what it has never seen.
""",
    left_out="what you have drawn, photographed or damaged by hand",
)
notice()

form, view = st.columns([1, 2.3], gap="large")
with form:
    data = choose_data(for_drawings=True)
    shape = tuple(card(data).shape)
    pictures_here, damage_here = st.container(), st.container()
    chosen = networks_form(shape, data)
    sources = {}
    for name, title in chosen.items():
        try:
            sources[title] = source(name)
        except RunError as error:
            refuse(str(error))
    with pictures_here:
        pictures = choose_pictures(data, lambda: next(iter(sources.values()), None))
    with damage_here:
        chain, seed = damage_form(shape)

with view:
    if pictures is None:
        st.info("Choose pictures in the form.", icon=":material/image:")
        st.stop()
    clean = pictures.x
    noisy = damaged_by_hand(clean, apply(clean, chain, seed), (data, chain, seed))
    try:
        given = answers(sources, clean, noisy)
    except RunError as error:
        refuse(str(error))
        given = []
    has_differences = st.toggle(
        "Show what differs", help="A row of differences under each network's answers.", **DIFFERENCES.bound()
    )
    show_answers(clean, noisy, given, has_differences=has_differences)
    st.caption(pictures.about)
    can_sweep = bool(chain) and is_ready(data)
    if can_sweep and st.toggle(
        "Sweep it", help="Quality over the strength of the first damage, beside honest rivals.", **SWEEP.bound()
    ):
        show_sweep(sources, data, chain[0].name)
    if given and st.toggle(
        "Feed the answers back", help="Each answer becomes the next input, again and again.", **AGAIN.bound()
    ):
        again_and_again(given, noisy)
