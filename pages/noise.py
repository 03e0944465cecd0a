"""Noise lab: corrupt pictures in many ways, and compare how networks denoise them."""

import streamlit as st

from aecore.corruption.chain import apply
from aecore.datasets import card, is_ready
from aecore.foreign import in_markdown
from aecore.runs.store import RunError
from aecore.stores.fingerprint import fingerprint
from ui.app.frame import frame, refuse
from ui.app.services import services
from ui.screens.noise.form import corruption_form, level_key, networks_form
from ui.screens.noise.hand import corrupted_by_hand
from ui.screens.noise.link import AGAIN, DIFFERENCES, SWEEP
from ui.screens.noise.rows import answers
from ui.screens.noise.rows_route import View, wait_for_rest
from ui.screens.noise.sweep import show_sweep
from ui.screens.noise.view import again_and_again, show_answers
from ui.widgets.glossary import term
from ui.widgets.live import part_of_page
from ui.widgets.networks import trained_model
from ui.widgets.run_actions import notice
from ui.widgets.source_pictures import choose_data, choose_pictures

frame(
    "Noise lab",
    f"Corrupt pictures, by sliders or by hand, and see how each network reconstructs them. A "
    f"{term('denoising', '**denoising autoencoder**')} has learned to remove the "
    f"{term('corruption')} and return the clean picture.",
    see="""
**In the form** you choose pictures, the corruptions, and the networks that are to undo them. Everything is in the
link.

**The rows** are the clean pictures, the corrupted ones, and each network's reconstructions. Here a network gets only
the corrupted pictures; the clean ones serve to measure it. None of these test pictures were in its training.

*PSNR* and *SSIM* say how similar a reconstruction is to the clean picture: the higher, the better. The decibels (dB)
beside a row are its PSNR. *MSE* is the mean squared error per pixel: 0 is a perfect copy. *Learned to undo* names the
corruption in a network's training.

**What to expect.** A denoising network was trained on one kind of corruption, and may be helpless against another:
try one that it has never seen. A network that learned without corruption has never met such pictures: the encoder
gives them codes in the wrong places, and the decoder paints wrong strokes. Where noise hides a stroke altogether,
any network can only paint what is likely there: details blur, and it may invent some. Sixteen pictures are few:
*Sweep the noise level* measures on more.
""",
    left_out="what you have drawn, photographed or corrupted by hand",
)


def lab() -> None:
    """All below the head of the page, which nothing here changes."""
    tab = fingerprint(services.tab().encode())
    wait_for_rest(tab)
    notice()

    form, view = st.columns([1, 2.3], gap="large")
    with form.container(key="page-form"):
        data = choose_data(for_drawings=True)
        shape = tuple(card(data).shape)
        pictures_here, corruption_here = st.container(), st.container()
        chosen = networks_form(shape, data)
        trained_models = {}
        for name, title in chosen.items():
            try:
                trained_models[title] = trained_model(name)
            except RunError as error:
                refuse(str(error))
        with pictures_here:
            pictures = choose_pictures(data, lambda: next(iter(trained_models.values()), None))
        with corruption_here:
            chain, seed = corruption_form(shape)

    with view:
        if pictures is None:
            st.info("Choose pictures in the form.", icon=":material/image:")
            return
        clean = pictures.x
        damaged = apply(clean, chain, seed)
        noisy = corrupted_by_hand(clean, damaged, (data, chain, seed))
        try:
            given = answers(trained_models, clean, noisy)
        except RunError as error:
            refuse(str(error))
            given = []
        has_differences = st.toggle(
            "Show differences", help="A row of differences under each network's reconstructions.", **DIFFERENCES.bound()
        )
        rows = View(clean, chain, seed, trained_models if given else {}, has_differences)
        is_by_hand = noisy is not damaged
        show_answers(rows, noisy, given, [level_key(index) for index in range(len(chain))], tab, is_by_hand=is_by_hand)
        st.caption(in_markdown(pictures.about))
        can_sweep = bool(chain) and is_ready(data)
        if can_sweep and st.toggle(
            "Sweep the noise level",
            help="Image similarity over the strength of the first corruption, beside classical denoisers.",
            **SWEEP.bound(),
        ):
            with st.container(key="noise-sweep"):
                show_sweep(trained_models, data, chain[0].name)
        if given and st.toggle(
            "Feed reconstructions back",
            help="Each reconstruction becomes the next input, again and again.",
            **AGAIN.bound(),
        ):
            again_and_again(given, noisy)


part_of_page(lab)()
