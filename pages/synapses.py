"""Synapses: the toy network whose weights are set by hand."""

import streamlit as st

from ui.app.frame import frame
from ui.app.places import page_file
from ui.components.synapse_network import synapse_network
from ui.components.synapse_network.view import BIASES, HIDDEN, INPUTS, NAMES
from ui.screens.synapses import actions as act
from ui.screens.synapses.score import show_score
from ui.screens.synapses.tables import table_of, two_likes
from ui.widgets.glossary import term
from ui.widgets.lesson_links import lesson_links
from ui.widgets.live import part_of_page
from ui.widgets.run_actions import notice

view = act.current()
bottleneck = (
    f"The code is the {term('bottleneck')}. Can that work?"
    if view.network.hidden < view.network.inputs
    else f"The code is no {term('bottleneck')} here: it has room for all of them."
)
frame(
    "Synapses",
    f"A toy {term('autoencoder')}. {view.network.inputs} likes go in; the {term('encoder')} turns them into "
    f"**{view.network.hidden}** numbers, the {term('latent-code')}, and the {term('decoder')} should reconstruct the "
    f"same {view.network.inputs}. {bottleneck} Set every {term('weight')} yourself and find out.",
    see="""
**Nodes.** The left half is the *encoder*: a hidden node adds up the inputs, each times the weight of its synapse. The
values of the hidden nodes are the *latent code*. The right half is the *decoder*: an output node adds up the hidden
nodes in the same way, and all outputs together are the *reconstruction*. Point at a node (or reach it with the Tab
key) to see its sum below, with the current numbers.

**Synapses.** Blue and solid is +1: the value passes unchanged. Dashed is −1: its sign is reversed.
Click a synapse to flip it; drag up or down to give it any weight. The thicker the line, the larger the weight.

**The last step** turns sums into likes. Introductions often say *softmax* but describe one of two other things:
the highest output wins (an *arg max*), or every output of 1 or more counts (a *threshold*; 1 is the number with which
a like goes in). The real softmax
shares out 100 % between the outputs. You see all three side by side; as the temperature falls, the softmax becomes the
arg max.

**Training.** *Run* lets the network learn by gradient descent: *backpropagation* computes the gradients.
""",
)


def toy() -> None:
    """The network, its controls and what comes out of it."""
    notice()
    view = act.current()
    with st.container(key="page-form-presets"), st.container(horizontal=True, key="toy-presets"):
        for name in act.PRESETS:
            st.button(
                name,
                key=f"preset-{name}",
                on_click=act.use_preset,
                args=(name,),
                help=act.ABOUT.get(
                    name, "A textbook network that reconstructs every single like; here one film is liked."
                ),
            )
    with (
        st.container(key="page-form-options"),
        st.container(horizontal=True, vertical_alignment="bottom", key="toy-options"),
    ):
        st.selectbox(
            "Inputs",
            range(INPUTS[0], INPUTS[1] + 1),
            key="toy-inputs",
            on_change=act.resize,
            width=110,
            help="How many films, or kinds of music, there are to like.",
        )
        st.selectbox(
            "Hidden nodes", range(HIDDEN[0], HIDDEN[1] + 1), key="toy-hidden", on_change=act.resize, width=140,
            help="The size of the latent code. With as many hidden nodes as inputs, or more, the network can simply "
            "copy.",
        )  # fmt: skip
        st.segmented_control(
            "Biases", list(BIASES), key="toy-biases", on_change=act.restyle, required=True, format_func=act.bias_word,
            help="A bias is a number added to a node's sum, whatever comes in: f(w·x + b). The two drawings are the "
            "same thing: b inside the node, or a node that always says +1, with b as the weight of its synapse.",
        )  # fmt: skip
        st.segmented_control(
            "What is liked", list(NAMES), key="toy-names", on_change=act.restyle, required=True,
            format_func=str.capitalize, help="Only the words change: films, or kinds of music.",
        )  # fmt: skip
    drawing, score = st.container(key="form-first").columns([2.9, 1], gap="small")
    with drawing:
        synapse_network(view, act.revision(), act.flash(), act.take_drawing)
    act.write_address(view)

    with score.container(key="page-form-score"):
        show_score(view)

    st.subheader("Every single like at once", anchor=False)
    st.container(key="toy-single").html(table_of(view, 1))
    st.caption("Likes with the same hidden numbers have the same code: no decoder can tell them apart.")

    st.subheader("Two likes", anchor=False)
    with st.container(key="toy-double"):
        two_likes(view)


part_of_page(toy, rest=act.size)()

st.subheader("And real networks?", anchor=False)
st.markdown(
    "Nobody sets their weights by hand. Press **New random weights** and **Run** under the drawing. Gradient descent "
    "starts from the current weights; from *All +1* nothing happens, because all synapses are alike and every gradient "
    f"is zero. At each step {term('backpropagation')} works out how the "
    f"{term('cross-entropy')} (the surprise at the right answer) depends on every weight, and every weight moves a "
    f"little in the direction that makes it smaller. The {term('learning-rate')} says how far; once it learns, the "
    f"curve beside it shows the cross-entropy so far. Real networks use a random batch of examples for each step; that "
    f"is {term('sgd')}. Most real networks also pass each sum through an {term('activation-function')}, left out here."
)
st.page_link(page_file("train"), label="Train a network on pictures", icon=":material/model_training:")

lesson_links("synapses")
