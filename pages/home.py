"""Home: what an autoencoder does, in one picture that can be played with."""

import streamlit as st

from ui.app.address import Integer
from ui.app.frame import frame
from ui.app.places import page_file
from ui.components.hourglass import hourglass
from ui.screens.home.link import PICTURE, PICTURES
from ui.screens.home.models import HOME_MODELS, home_model

frame(
    "Autoencoder Explorer",
    "An **autoencoder** is a network that learns to squeeze a picture into a few numbers, the **code**, and to "
    "paint the picture again from these numbers alone. Nobody tells it what the numbers should mean: it finds out "
    "what matters by itself.",
    see="""
**Pick a picture.** The *encoder* (blue) turns its pixels into a code (orange).
The *decoder* (green) has never seen the picture: it has only the code to paint from.

**Drag a bar.** Now the code is yours, and the decoder paints a picture that nobody ever drew.
What one bar changes is what that number has come to stand for.

The models here were trained by this app on its training pictures; what you see are test pictures,
which they never learned from.
""",
    left_out="a code that you have changed by hand",
)
chosen = st.segmented_control(
    "A small trained network for", HOME_MODELS, default="faces", required=True, format_func=str.capitalize,
    **PICTURES.bound(), help="Three networks, each trained on pictures of one kind.",
)  # fmt: skip
model = home_model(chosen)
picture = hourglass(chosen, key="hourglass", chosen=PICTURE.among(Integer(0, model.count - 1), 0).read())
if picture or PICTURE.is_there:
    PICTURE.write(picture)
st.caption(model.protocol)

st.header("Go on", anchor=False)
CARDS = (
    (
        "synapses",
        "hub",
        "Set the synapses yourself",
        "Four likes through two numbers and back: flip every weight by hand, or watch it learn.",
    ),
    (
        "steps",
        "footprint",
        "Follow a training, number by number",
        "One row of ratings goes in, an error comes out, and every weight moves a little.",
    ),
    (
        "pooling",
        "grid_on",
        "Pool and unpool",
        "What a convolutional network throws away, and the switches that remember where it was.",
    ),
    (
        "train",
        "model_training",
        "Train one yourself",
        "Choose pictures and a network, press Train, and watch blurs turn into pictures.",
    ),
    (
        "race",
        "sports_score",
        "Let several race",
        "Two to six networks, the same pictures, one chart: what do curves, sparsity or depth buy?",
    ),
    (
        "data",
        "grid_view",
        "See what it learns from",
        "Digits, shapes, faces and clothes, or pictures and tables of your own.",
    ),
    (
        "noise",
        "grain",
        "Damage pictures",
        "Noise, holes, smears, or your own drawing: which network brings the picture back?",
    ),
    (
        "features",
        "category",
        "Use the codes",
        "How well do simple classifiers do on codes, next to raw pixels and PCA?",
    ),
    (
        "runs",
        "stacked_line_chart",
        "Compare what you trained",
        "Every run is kept: open it again, lay curves over each other, take the weights home.",
    ),
    (
        "anomaly",
        "search_insights",
        "Find what does not belong",
        "A network that knows one kind of picture reconstructs others badly: the error becomes an alarm.",
    ),
    (
        "compression",
        "compress",
        "Send pictures as codes",
        "Is a code a good way to send a picture? Bytes against quality, beside JPEG, WebP and PCA.",
    ),
    (
        "latent",
        "bubble_chart",
        "Walk on the map of codes",
        "Every picture is a point; move between the points and see what the decoder paints there.",
    ),
    (
        "generate",
        "casino",
        "Make pictures up",
        "Draw codes that no picture ever had, decode them, and measure how real they look.",
    ),
    (
        "translate",
        "face_retouching_natural",
        "Add a smile",
        "Find a direction in the latent space and move a picture along it.",
    ),
    (
        "words",
        "match_word",
        "Learn from words",
        "An autoencoder of short texts places words of like meaning near each other.",
    ),
    (
        "movies",
        "movie",
        "Rate films",
        "Rate a few films, and an autoencoder recommends others; it says why.",
    ),
    (
        "recommender",
        "recommend",
        "Train a recommender",
        "The same idea on a large table of ratings, measured against simpler models.",
    ),
)
with st.container(key="cards"):
    for first in range(0, len(CARDS), 3):
        for column, (page, icon, title, text) in zip(st.columns(3), CARDS[first : first + 3], strict=False):
            with column.container(border=True, height="stretch"):
                st.page_link(page_file(page), label=f"**{title}**", icon=f":material/{icon}:")
                st.markdown(text)
