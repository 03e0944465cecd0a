"""Home: an autoencoder in one interactive picture."""

import streamlit as st

from ui.app.address import Integer
from ui.app.frame import frame
from ui.app.places import page_file
from ui.components.hourglass import hourglass
from ui.screens.home.cards import CARDS
from ui.screens.home.figures import about
from ui.screens.home.link import PICTURE, PICTURES
from ui.screens.home.models import HOME_MODELS, home_model
from ui.widgets.glossary import term
from ui.widgets.lesson_links import lesson_links

frame(
    "Autoencoder Explorer",
    f"An **{term('autoencoder')}** is a neural network in two halves. Its **{term('encoder')}** turns a picture into a "
    f"few numbers, the {term('latent-code', '**latent code**')}. Its **{term('decoder')}** paints the picture again "
    f"from these numbers alone: the **{term('reconstruction')}**. The code is a "
    f"{term('bottleneck', '**bottleneck**')}, narrower than the picture, so the network has to find out what matters. "
    "Nobody tells it what the numbers mean.",
    see="""
**Pick a picture.** The *encoder* (blue) turns its pixels into the latent code (orange), the bottleneck of the network.
The *decoder* (green) has never seen the picture: the code is all it has. What it paints is the *reconstruction*.
What does not fit into the code is lost, fine detail first.

**Drag a bar.** Now the code is yours, and the decoder paints a picture that nobody ever drew.
Watch what changes: that is what this number has come to stand for. The black line on a bar is the
number, and the orange runs from 0 to it; each bar has a scale of its own, wide enough for almost all training pictures.

**How did it learn?** It was shown training pictures again and again. Each time, *backpropagation* worked out how the
error depends on every weight, and a variant of *stochastic gradient descent* (SGD) moved every weight a little, so that
the reconstructions came closer to the pictures. *Steps* shows both with all their numbers.
You see test pictures, from which it never learned. The app drew the faces and the shapes itself; the digits are real
handwriting. A face has 32 × 32 pixels of red, green and blue: 3,072 numbers.
""",
    left_out="a code that you have changed by hand",
)
chosen = st.container(key="page-form").segmented_control(
    "A small trained network for", HOME_MODELS, default="faces", required=True, format_func=str.capitalize,
    **PICTURES.bound(), help="Three networks, each trained on pictures of one kind.",
)  # fmt: skip
model = home_model(chosen)
shown = PICTURE.among(Integer(0, model.count - 1), 0).read()
hourglass(chosen, key="hourglass", chosen=shown, on_choose=PICTURE.write)
st.container(key="home-figures").caption(about(model))

st.header("Go on", anchor=False)
st.caption("New here? Take the cards in this order.")
with st.container(key="cards"):
    for first in range(0, len(CARDS), 3):
        for column, (page, icon, title, text) in zip(st.columns(3), CARDS[first : first + 3], strict=False):
            with column.container(border=True, height="stretch"):
                st.page_link(page_file(page), label=f"**{title}**", icon=f":material/{icon}:")
                st.markdown(text)

lesson_links("home")
