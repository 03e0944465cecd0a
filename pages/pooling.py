"""Pooling with switches: pooling and deconvolution of a small image with every number, then of a real digit."""

import streamlit as st

from aecore.worked_examples.pooling import follow
from ui.app.frame import frame
from ui.app.places import page_file
from ui.components.pooling_board import pooling_board
from ui.screens.pooling.controls import image_controls, way_control
from ui.screens.pooling.digits import digit_section
from ui.screens.pooling.link import BOARD, REAL, from_address, serial, take_edit
from ui.screens.pooling.steps import board_data
from ui.widgets.glossary import term
from ui.widgets.lesson_links import lesson_links

CONVOLUTION = f"""
A **{term("convolution")}** looks for one small pattern everywhere. Its **{term("kernel")}**, a small table of weights,
slides over the picture; at each place it multiplies the pixels below it by its weights and adds them up. The sums form
a *map* of where the pattern is. The **{term("stride")}** is how far the kernel moves each time: with a stride of 2 the
map has half the height and width. **{term("padding", "Padding")}** is a frame of zeros that lets the kernel reach the
edge.

**Why pool?** A smaller map costs less, the next kernel sees more of the picture at once, and a shift by a pixel changes
little. The price is the exact place of what was found.

**In this app's networks** the convolutional autoencoders halve each map either by 2 × 2 max pooling or by a convolution
with stride 2, whichever you choose on the Train page. Their decoders use **no switches**, because everything has to
pass through the code. After pooling, each value is repeated in a 2 × 2 square and a convolution smooths the result;
after strides, a {term("transposed-convolution")} enlarges the map. Switches and unpooling appear on this page alone.
"""

frame(
    "Pooling with switches",
    f"**Max {term('pooling', 'pooling')}** keeps the largest number of every 2 × 2 window and forgets the others, "
    f"and also where it was found. **{term('switches', 'Switches')}** remember these places, so that "
    f"{term('unpooling')} can put each number back. This is how an {term('encoder')} made of "
    f"{term('convolution', 'convolutions')} can shrink a picture on the way to the {term('bottleneck')}, the "
    "latent code, and how its decoder could enlarge it again to paint the reconstruction.",
    see="""
**Pool.** Each 2 × 2 window of the image gives its largest number. The *switch* is the place of that number in the
image, counted from 0 in reading order, as in PyTorch's `MaxPool2d(2, return_indices=True)`. If a window holds its
largest number more than once, the first in reading order is taken.

**Unpool.** Each number goes back to its switch; all other cells become 0. This is exact if no window holds more than
one number other than 0 and no number is negative: among zeros, a negative number is never the largest. Switches are not
free: each says which of four cells, 2 more bits to keep.

**Deconvolve.** The kernel is multiplied by each value, each product is put in its place, and overlaps are summed.
"Deconvolution" is the customary name; it is a *transposed convolution* and does not undo a convolution.

**Play** shows this cell by cell. The reconstructions at the foot, with and without switches, stand there from the
start: compare their squared errors (0 is a perfect copy).

**Change any number** of the image or the kernel: click or Tab into a cell, type, press Enter. Arrow keys move from cell
to cell, Escape restores the old number. Colour shows size; hatched cells are below zero.
""",
)
image, kernel = from_address("image"), from_address("kernel")
with st.container(key="page-form"):
    image_controls(image)
    way = way_control()
pooling_board(board_data(follow(image, way, kernel), serial()), key=BOARD, on_edit=take_edit)

st.header("Convolution, and why networks pool", anchor=False)
st.markdown(CONVOLUTION)

st.header("The same on a real digit", anchor=False)
st.markdown(
    "Here PyTorch does the work, with `MaxPool2d`, `MaxUnpool2d` and `ConvTranspose2d`, "
    "and a whole test set shows what is lost without switches."
)
if st.toggle(
    "Pool real digits", help="Loads PyTorch and the digits; the rest of this page needs neither.", **REAL.bound()
):
    with st.container(key="pooling-digits"):
        digit_section()

st.header("Go on", anchor=False)
st.markdown(
    "On this page every kernel is chosen by hand or, for the real digits, fitted by least squares: the one with the "
    "smallest squared error over training digits. A convolutional autoencoder learns many kernels of its own, by "
    "training."
)
st.page_link(page_file("train"), label="**Train an autoencoder**", icon=":material/model_training:")

lesson_links("pooling")
