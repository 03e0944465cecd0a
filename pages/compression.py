"""Compression: rate-distortion of the codes of networks and PCA, and of picture files."""

import streamlit as st

from aecore.analyses.rate_distortion import FITTED_ON, SENT
from aecore.datasets import DataError
from ui.app.frame import end_page, frame, refuse
from ui.screens.compression.form import choose_counting, choose_networks, choose_other
from ui.screens.compression.measures import measured
from ui.screens.compression.panel import show_measuring
from ui.screens.compression.text import CLAIM, conclusions
from ui.screens.compression.view import show_table
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice
from ui.widgets.source_pictures import choose_data
from ui.widgets.titles import data_title

frame(
    "Compression",
    f"A {term('latent-code')} is smaller than its picture. Is an autoencoder, then, a good way to compress pictures? "
    f"Here its {term('rate-distortion')} trade-off is measured against {term('pca', 'PCA')} and picture files.",
    see=f"""
The first {SENT} test pictures are compressed by every method. The chart shows the bytes each takes (rate) and how much
of the picture is left, as PSNR or SSIM: **further left is smaller, further up is more similar to the original** (for
MSE, further down).

A network sends the numbers of its code, in 4, 2 or 1 bytes each. One byte means 256 levels between the smallest and
the largest value that each unit takes on the first {FITTED_ON:,} training pictures. *zlib* compresses the bytes of all
codes once more. PCA does the same with its components.

**Sent once** is what the receiver needs before the first picture: the decoder, or PCA's components, in 4 bytes a
number. The slider *Number of pictures sent* says how many pictures share this cost: with few, a network with a large
decoder lies far to the right, however short its code. Only the parameters needed for decoding count, not the program
that runs them.

Each mark on a curve of files is one quality setting. On the line *lossless* every pixel comes back exactly. A network
can be small because it knows one kind of picture: send another data set to see what that costs.

Files are written by Pillow. Small ones are mostly header, so they are also counted *without* it, by subtracting the
size of a black picture's file. That flatters them a little, because a black picture has a few bytes of its own. In *one
mosaic* all pictures are tiles of one large file, which suits JPEG and WebP better: they were made for larger pictures.

Every picture is first rounded to 256 levels, as in any file, and so is every reconstruction.
""",
)
notice()

with st.container(key="form-first"):
    form, view = st.columns([1, 2.3], gap="large")
with view:
    above_chart = st.container()
with form.container(key="page-form"):
    data = choose_data()
    trained_models = choose_networks(data)
    sent = choose_other(data)
    counting = choose_counting(above_chart)

with view:
    try:
        show_measuring(trained_models, data, sent, counting)
        found = measured(trained_models, data, sent)
    except DataError as error:
        refuse(str(error))
        end_page()

st.subheader("Results", anchor=False)
st.markdown(CLAIM)
if not found.is_complete:
    st.caption(f"The answer will appear here once all {found.total} methods have been measured.")
    end_page()
for sentence in conclusions(found, counting, data_title(data), data_title(sent)):
    st.markdown(sentence)
st.subheader("All measurements", anchor=False)
show_table(found, counting)
