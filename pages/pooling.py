"""Pooling with switches: a small image there and back, every number in sight; then the same on a real digit."""

import streamlit as st

from aecore.worked_examples.pooling import follow
from ui.app.frame import frame
from ui.app.places import page_file
from ui.components.pooling_board import pooling_board
from ui.screens.pooling.controls import image_controls, way_control
from ui.screens.pooling.digits import digit_section
from ui.screens.pooling.link import BOARD, REAL, from_address, serial, take_edit
from ui.screens.pooling.steps import board_data

frame(
    "Pooling with switches",
    "**Max pooling** keeps the largest number of every 2 × 2 window and forgets the rest, even where the number was "
    "found. A **switch** remembers that place, so that the way back can put the number where it belongs. A "
    "convolutional autoencoder does this many times over: convolve and pool on the way to the code, unpool and "
    "deconvolve on the way to the picture.",
    see="""
**Pool.** Each 2 × 2 window of the image gives its largest number. The *switch* is the place of that number in the
image, counted from 0 in reading order, as PyTorch's `MaxPool2d(2, return_indices=True)` counts. If a window holds its
largest number more than once, the first in reading order is taken.

**Unpool.** Each number goes back to its switch; all other cells become 0. This is exact if no window holds more than
one number other than 0 and none of these is below zero: among zeros, a negative number is never the largest.

**Deconvolve.** A kernel is multiplied by each value, each product is put in its place, and what overlaps is summed.
"Deconvolution" is the customary name; it is a *transposed convolution* and undoes nothing by itself.

**Change any number** of the image or the kernel: click or Tab into a cell, type, press Enter. Arrow keys go from cell
to cell, Escape brings the old number back. Colour shows size; hatched cells are below zero.
""",
)
image, kernel = from_address("image"), from_address("kernel")
image_controls(image)
way = way_control()
pooling_board(board_data(follow(image, way, kernel), serial()), key=BOARD, on_edit=take_edit)

st.header("The same on a real digit", anchor=False)
st.markdown(
    "Here PyTorch does it, with `MaxPool2d`, `MaxUnpool2d` and `ConvTranspose2d`, "
    "and a whole test set tells what is lost without switches."
)
if st.toggle(
    "Pool real digits", help="Loads PyTorch and the digits; the rest of this page needs neither.", **REAL.bound()
):
    digit_section()

st.header("Go on", anchor=False)
st.markdown(
    "Here every kernel was chosen by hand or by one formula. An autoencoder finds its own, many of them, by training."
)
st.page_link(page_file("train"), label="**Train an autoencoder**", icon=":material/model_training:")
